/*
 * The kernel on the ESP32-C3, with the port in ports/riscv32. One tick is one millisecond. Interrupts use the stack of the
 * task they interrupt, so every stack here has room for them (2 KB).
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

/* Scheduling. The radios' software wants its tasks at 22 and 23 of 25. */
#define configUSE_PREEMPTION                       1
#define configUSE_TIME_SLICING                     1
#define configUSE_PORT_OPTIMISED_TASK_SELECTION    0
#define configCPU_CLOCK_HZ                         160000000UL
#define configTICK_RATE_HZ                         1000
#define configTICK_TYPE_WIDTH_IN_BITS              TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                       25
/* In words of 4 bytes; the idle task's stack. */
#define configMINIMAL_STACK_SIZE                   768
#define configMAX_TASK_NAME_LEN                    16
#define configSTACK_DEPTH_TYPE                     uint32_t
#define configIDLE_SHOULD_YIELD                    1

/* What the kernel offers. Notification 0 belongs to executors, 1 to whoever owns the task. The two thread-local pointers
 * are port-radio-rtos's. */
#define configUSE_TASK_NOTIFICATIONS               1
#define configTASK_NOTIFICATION_ARRAY_ENTRIES      2
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS    2
#define configUSE_MUTEXES                          1
#define configUSE_RECURSIVE_MUTEXES                1
#define configUSE_COUNTING_SEMAPHORES              1
#define configUSE_EVENT_GROUPS                     1
#define configUSE_STREAM_BUFFERS                   1

/* Timers; the daemon task also runs vApplicationDaemonTaskStartupHook. */
#define configUSE_TIMERS                           1
#define configTIMER_TASK_PRIORITY                  6
#define configTIMER_QUEUE_LENGTH                   10
#define configTIMER_TASK_STACK_DEPTH               2048
#define configUSE_DAEMON_TASK_STARTUP_HOOK         1

/* Memory: pvPortMalloc and vPortFree are the board's, on the heap it shares with the radios' software; so is that of the
 * kernel's own tasks. */
#define configSUPPORT_STATIC_ALLOCATION            1
#define configSUPPORT_DYNAMIC_ALLOCATION           1
#define configKERNEL_PROVIDED_STATIC_MEMORY        0

/* Hooks of the board. */
#define configUSE_IDLE_HOOK                        1
#define configUSE_TICK_HOOK                        1
#define configUSE_MALLOC_FAILED_HOOK               0
#define configCHECK_FOR_STACK_OVERFLOW             2

/* Figures for the console. */
#define configUSE_TRACE_FACILITY                   1
#define configGENERATE_RUN_TIME_STATS              0

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
/* Prints the place and restarts. */
    void vAssertCalled( const char * pcFile,
                        int iLine );

/* One line of log, without a line end. */
    void vLoggingPrintf( const char * pcFormat,
                         ... ) __attribute__( ( format( printf, 1, 2 ) ) );
#endif

#define configASSERT( x )     do { if( ( x ) == 0 ) { vAssertCalled( __FILE__, __LINE__ ); } } while( 0 )
#define configPRINTF( X )     vLoggingPrintf X

#endif /* FREERTOS_CONFIG_H */
