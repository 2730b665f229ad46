/* The kernel of the measuring image: what the archive was built for, on this board, without ticks
 * (see harness_kernel.c). */
#ifndef MEASURE_FREERTOS_CONFIG_H
#define MEASURE_FREERTOS_CONFIG_H

#include "../../../freertos-kernel/config/FreeRTOSConfig.h"

#undef INCLUDE_uxTaskGetStackHighWaterMark
#define INCLUDE_uxTaskGetStackHighWaterMark    1
#undef INCLUDE_vTaskSuspend
#define INCLUDE_vTaskSuspend                   1

#define vPortSVCHandler                        SVC_Handler
#define xPortPendSVHandler                     PendSV_Handler
#define xPortSysTickHandler                    SysTick_Handler

void give_up( const char * why ) __attribute__( ( noreturn ) );
#define configASSERT( what )    do { if( !( what ) ) give_up( "the kernel asserts " #what ); } while( 0 )

#endif
