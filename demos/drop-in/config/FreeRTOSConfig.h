/* The project's own configuration. What the provisioning service needs is marked. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#define configUSE_PREEMPTION                       1
#define configUSE_TIME_SLICING                     1
#define configCPU_CLOCK_HZ                         25000000UL
#define configTICK_RATE_HZ                         1000
#define configTICK_TYPE_WIDTH_IN_BITS              TICK_TYPE_WIDTH_32_BITS /* needed */
#define configMAX_PRIORITIES                       8
#define configMINIMAL_STACK_SIZE                   128
#define configMAX_TASK_NAME_LEN                    16
#define configUSE_MUTEXES                          1
#define configUSE_EVENT_GROUPS                     1 /* needed */
#define configUSE_IDLE_HOOK                        0
#define configUSE_TICK_HOOK                        0
#define configCHECK_FOR_STACK_OVERFLOW             2
#define configUSE_MALLOC_FAILED_HOOK               1
#define configSUPPORT_DYNAMIC_ALLOCATION           1 /* needed */
#define configSUPPORT_STATIC_ALLOCATION            0
#define configTOTAL_HEAP_SIZE                      ( 64 * 1024 )

#define configUSE_TIMERS                           1
#define configTIMER_TASK_PRIORITY                  4
#define configTIMER_QUEUE_LENGTH                   8
#define configTIMER_TASK_STACK_DEPTH               1024
#define configUSE_DAEMON_TASK_STARTUP_HOOK         1

#define configKERNEL_INTERRUPT_PRIORITY            ( 7 << 5 )
#define configMAX_SYSCALL_INTERRUPT_PRIORITY       ( 5 << 5 )
#define vPortSVCHandler                            SVC_Handler
#define xPortPendSVHandler                         PendSV_Handler
#define xPortSysTickHandler                        SysTick_Handler

#define INCLUDE_vTaskDelay                         1 /* needed */
#define INCLUDE_vTaskDelete                        1 /* needed */
#define INCLUDE_vTaskSuspend                       1

void vAssertCalled( const char * pcFile,
                    unsigned long ulLine );
#define configASSERT( x )    if( !( x ) ) vAssertCalled( __FILE__, __LINE__ )

/* Where the provisioning service's log goes as well. */
void vLoggingPrintf( const char * pcFormat,
                     ... );
#define configPRINTF( X )    vLoggingPrintf X

#endif /* FREERTOS_CONFIG_H */
