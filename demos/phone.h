/*
 * Whether a phone is connected over Bluetooth.
 */
#ifndef PHONE_H_
#define PHONE_H_

#include <stdbool.h>

#include "FreeRTOS.h"

/* Begins to watch. After IotBle_Init. pdPASS, or pdFAIL when Bluetooth does not tell. */
BaseType_t PHONE_Watch( void );

/* Any task; does not block. */
bool PHONE_IsConnected( void );

#endif /* PHONE_H_ */
