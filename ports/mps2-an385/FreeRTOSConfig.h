/*
 * The kernel on QEMU's mps2-an385: a Cortex-M3 at 25 MHz. One tick is one millisecond.
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

/* Scheduling. */
#define configUSE_PREEMPTION                       1
#define configUSE_TIME_SLICING                     1
#define configUSE_PORT_OPTIMISED_TASK_SELECTION    1
#define configCPU_CLOCK_HZ                         25000000UL
#define configTICK_RATE_HZ                         1000
#define configTICK_TYPE_WIDTH_IN_BITS              TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                       8
#define configMINIMAL_STACK_SIZE                   128
#define configMAX_TASK_NAME_LEN                    16
#define configSTACK_DEPTH_TYPE                     uint16_t

/* What the kernel offers. Notification 0 belongs to executors, 1 to whoever owns the task. */
#define configUSE_TASK_NOTIFICATIONS               1
#define configTASK_NOTIFICATION_ARRAY_ENTRIES      2
#define configUSE_MUTEXES                          1
#define configUSE_RECURSIVE_MUTEXES                1
#define configUSE_COUNTING_SEMAPHORES              1
#define configUSE_EVENT_GROUPS                     1
#define configUSE_STREAM_BUFFERS                   1

/* Timers; the daemon task also runs vApplicationDaemonTaskStartupHook. */
#define configUSE_TIMERS                           1
#define configTIMER_TASK_PRIORITY                  ( configMAX_PRIORITIES - 2 )
#define configTIMER_QUEUE_LENGTH                   10
#define configTIMER_TASK_STACK_DEPTH               2048
#define configUSE_DAEMON_TASK_STARTUP_HOOK         1

/* Memory. */
#define configSUPPORT_STATIC_ALLOCATION            1
#define configSUPPORT_DYNAMIC_ALLOCATION           1
#define configKERNEL_PROVIDED_STATIC_MEMORY        1
#define configTOTAL_HEAP_SIZE                      ( 256 * 1024 )
#define configAPPLICATION_ALLOCATED_HEAP           0

/* Hooks; ports/mps2-an385/src/hooks.rs has them. */
#define configUSE_IDLE_HOOK                        1
#define configUSE_TICK_HOOK                        1
#define configUSE_MALLOC_FAILED_HOOK               1
#define configCHECK_FOR_STACK_OVERFLOW             2

/* Figures for the console's `heap` and `stacks`. */
#define configUSE_TRACE_FACILITY                   1
#define configGENERATE_RUN_TIME_STATS              0

/* Interrupts: three priority bits; those that call the kernel are at 5 to 7. */
#define configKERNEL_INTERRUPT_PRIORITY            ( 7 << 5 )
#define configMAX_SYSCALL_INTERRUPT_PRIORITY       ( 5 << 5 )

/* The vector table of cortex-m-rt calls the kernel's handlers by these names. */
#define vPortSVCHandler                            SVCall
#define xPortPendSVHandler                         PendSV
#define xPortSysTickHandler                        SysTick

/* The provisioning service calls this port's WIFI_* on its stack, and the flash store under them. */
#define WIFI_PROVISION_TASK_STACK_DEPTH            2560

#define INCLUDE_vTaskPrioritySet                   1
#define INCLUDE_uxTaskPriorityGet                  1
#define INCLUDE_vTaskDelete                        1
#define INCLUDE_vTaskSuspend                       1
#define INCLUDE_vTaskDelayUntil                    1
#define INCLUDE_vTaskDelay                         1
#define INCLUDE_xTaskGetSchedulerState             1
#define INCLUDE_xTaskGetCurrentTaskHandle          1
#define INCLUDE_uxTaskGetStackHighWaterMark        1
#define INCLUDE_xTaskGetIdleTaskHandle             1
#define INCLUDE_eTaskGetState                      1
#define INCLUDE_xTimerPendFunctionCall             1

#ifndef __ASSEMBLER__
/* Prints the place and ends the machine. */
    void vAssertCalled( const char * pcFile,
                        int iLine );

/* One line of log, without a line end. */
    void vLoggingPrintf( const char * pcFormat,
                         ... ) __attribute__( ( format( printf, 1, 2 ) ) );
#endif

#define configASSERT( x )     if( ( x ) == 0 ) vAssertCalled( __FILE__, __LINE__ )
#define configPRINTF( X )     vLoggingPrintf X

#endif /* FREERTOS_CONFIG_H */
