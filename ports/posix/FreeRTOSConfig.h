/*
 * The kernel on Linux, by its own POSIX port. What the ABI depends on (32-bit ticks, stack depth's
 * type) is as in freertos-kernel/config, which the prebuilt drop-in was made with.
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#define configUSE_PREEMPTION                     1
#define configUSE_TIME_SLICING                   1
#define configTICK_RATE_HZ                       1000
#define configTICK_TYPE_WIDTH_IN_BITS            TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                     8
/* Only holds the thread's handle: the real stack is the thread's. */
#define configMINIMAL_STACK_SIZE                 128
#define configMAX_TASK_NAME_LEN                  16
#define configUSE_MUTEXES                        1
#define configUSE_RECURSIVE_MUTEXES              0
#define configUSE_COUNTING_SEMAPHORES            1
#define configUSE_EVENT_GROUPS                   1
#define configUSE_TIMERS                         0
#define configUSE_IDLE_HOOK                      0
#define configUSE_TICK_HOOK                      0
#define configUSE_TRACE_FACILITY                 0
#define configSUPPORT_DYNAMIC_ALLOCATION         1
#define configSUPPORT_STATIC_ALLOCATION          0
#define configUSE_PORT_OPTIMISED_TASK_SELECTION  0
#define configCHECK_FOR_STACK_OVERFLOW           0

/* While every task waits, time leaps to when the first one has to go on: a join of ten seconds
 * takes none. See time.c. */
#define configUSE_TICKLESS_IDLE                  1
#define portSUPPRESS_TICKS_AND_SLEEP( xTicks )   vPosixLeap( xTicks )

#define INCLUDE_vTaskDelay                       1
#define INCLUDE_vTaskDelayUntil                  0
#define INCLUDE_vTaskDelete                      1
#define INCLUDE_vTaskSuspend                     1
#define INCLUDE_vTaskPrioritySet                 0
#define INCLUDE_uxTaskPriorityGet                1
#define INCLUDE_eTaskGetState                    1
#define INCLUDE_xTaskGetSchedulerState           1
#define INCLUDE_xTaskGetCurrentTaskHandle        1
#define INCLUDE_uxTaskGetStackHighWaterMark      0

#ifdef __cplusplus
extern "C" {
#endif

void vAssertCalled( const char * pcFile,
                    int iLine );
void vPosixLeap( unsigned long ulTicks );

#ifdef __cplusplus
}
#endif

#define configASSERT( x )    do { if( !( x ) ) { vAssertCalled( __FILE__, __LINE__ ); } } while( 0 )

#endif /* FREERTOS_CONFIG_H */
