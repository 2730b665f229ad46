/*
 * What the board esp32c3 offers its application.
 */
#ifndef BOARD_H_
#define BOARD_H_

#include <stdint.h>

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Starts the console, flash, the radios and the tasks that serve them, and the watchdog. Once, from main,
 * before the scheduler. Restarts when it cannot. */
void BOARD_Init( void );

/* Restarts the processor. Does not return. */
void BOARD_Reset( void ) __attribute__( ( noreturn ) );

/* Says the exit code and restarts: a field device has nowhere else to go. Does not return. */
void BOARD_Exit( int iCode ) __attribute__( ( noreturn ) );

/* Waits until something was typed at the console, and takes at most ulLength bytes of it.
 * Returns how many; 0 after xTimeout ticks. One task at a time. */
int32_t xPortGetUserInput( uint8_t * pucBuffer,
                           uint32_t ulLength,
                           TickType_t xTimeout );

#ifdef __cplusplus
}
#endif

#endif /* BOARD_H_ */
