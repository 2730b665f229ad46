/* What Rust cannot write: a variadic function, memory whose size is the kernel's; and what the C library would need a standard
 * output for. */
#include <stdarg.h>
#include <stdio.h>

#include "FreeRTOS.h"
#include "task.h"

/* Longer lines are cut. */
#define LINE_LENGTH    200

/* src/logger.rs */
extern void board_log_from_c( const char * pcLine );

void vLoggingPrintf( const char * pcFormat,
                     ... )
{
    char cLine[ LINE_LENGTH ];
    va_list xArguments;

    va_start( xArguments, pcFormat );
    ( void ) vsnprintf( cLine, sizeof( cLine ), pcFormat, xArguments );
    va_end( xArguments );
    board_log_from_c( cLine );
}

/* The stacks of the kernel's own tasks. That of the timer task, which runs the application's start and no radio, lies in the 8 KB
 * of RTC fast memory, where there is nothing else: a little slower, and out of DMA's reach. */
void vApplicationGetTimerTaskMemory( StaticTask_t ** ppxTask,
                                     StackType_t ** ppxStack,
                                     configSTACK_DEPTH_TYPE * puxWords )
{
    static StaticTask_t xTask;
    static StackType_t uxStack[ configTIMER_TASK_STACK_DEPTH ]
    __attribute__( ( section( ".rtc_fast.bss" ) ) );

    *ppxTask = &xTask;
    *ppxStack = uxStack;
    *puxWords = configTIMER_TASK_STACK_DEPTH;
}

void vApplicationGetIdleTaskMemory( StaticTask_t ** ppxTask,
                                    StackType_t ** ppxStack,
                                    configSTACK_DEPTH_TYPE * puxWords )
{
    static StaticTask_t xTask;
    static StackType_t uxStack[ configMINIMAL_STACK_SIZE ];

    *ppxTask = &xTask;
    *ppxStack = uxStack;
    *puxWords = configMINIMAL_STACK_SIZE;
}

/* esp-hal's linker script says where it lies. Defined here too, or the linker takes the C library's, with a constructor. */
unsigned int __stack_chk_guard;

/* The radios' blobs have words of their own. They go nowhere, so that no secret is among them. */
int puts( const char * pcLine )
{
    ( void ) pcLine;
    return 0;
}
