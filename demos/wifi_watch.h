/*
 * Tells one task that WiFi came or went.
 */
#ifndef WIFI_WATCH_H_
#define WIFI_WATCH_H_

#include "FreeRTOS.h"

/* Begins to watch. pdPASS, or pdFAIL without memory or events. */
BaseType_t WIFI_WATCH_Start( void );

/* Sleeps until WiFi has come or gone since the last call, at most xTimeout ticks. pdTRUE when it has. */
BaseType_t WIFI_WATCH_Wait( TickType_t xTimeout );

#endif /* WIFI_WATCH_H_ */
