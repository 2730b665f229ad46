/*
 * Whether a phone that may use this device is connected over Bluetooth.
 */
#ifndef PHONE_H_
#define PHONE_H_

#include <stdbool.h>

#include "FreeRTOS.h"

/* Begins to watch. After IotBle_Init. pdPASS, or pdFAIL when Bluetooth does not tell. */
BaseType_t PHONE_Watch( void );

/* Whether a phone is there that has proved who it is. One that is merely in range may connect, too, and
 * nobody shall wait for it. Any task; does not block. */
bool PHONE_IsTrusted( void );

#endif /* PHONE_H_ */
