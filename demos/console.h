/*
 * Somebody at the console: answers numeric comparisons and types commands.
 */
#ifndef CONSOLE_H_
#define CONSOLE_H_

#include "FreeRTOS.h"

/* Starts the console's task. pdPASS, or pdFAIL without memory. */
BaseType_t CONSOLE_Start( void );

/* Has Bluetooth ask here before it pairs. After IotBle_Init. */
BaseType_t CONSOLE_CompareNumbers( void );

#endif /* CONSOLE_H_ */
