/* The kernel for the tests of the RTOS layer, on both worlds. See the list in ports/radio-rtos/src/lib.rs. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#define configUSE_PREEMPTION                       1
#define configUSE_TIME_SLICING                     1
#define configUSE_PORT_OPTIMISED_TASK_SELECTION    0
#define configTICK_RATE_HZ                         1000
#define configTICK_TYPE_WIDTH_IN_BITS              TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                       25
/* In words. The idle task's stack is also that of the interrupts that come while it runs. */
#define configMINIMAL_STACK_SIZE                   1024
#define configMAX_TASK_NAME_LEN                    16
#define configSTACK_DEPTH_TYPE                     uint32_t
#define configIDLE_SHOULD_YIELD                    1

#define configUSE_TASK_NOTIFICATIONS               1
#define configTASK_NOTIFICATION_ARRAY_ENTRIES      2
#define configUSE_MUTEXES                          1
#define configUSE_RECURSIVE_MUTEXES                1
#define configUSE_COUNTING_SEMAPHORES              1
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS    2
#define configUSE_TIMERS                           0
#define configUSE_EVENT_GROUPS                     0
#define configUSE_STREAM_BUFFERS                   0

#define configSUPPORT_STATIC_ALLOCATION            1
#define configKERNEL_PROVIDED_STATIC_MEMORY        1
#define configSUPPORT_DYNAMIC_ALLOCATION           1
#define configTOTAL_HEAP_SIZE                      ( 512 * 1024 )
#define configUSE_MALLOC_FAILED_HOOK               0

#define configUSE_IDLE_HOOK                        0
#ifdef __riscv
    #define configUSE_TICK_HOOK                    0
    #define configCHECK_FOR_STACK_OVERFLOW         2
#else
/* The tick is the host's only interrupt. Each task's stack is a thread's. */
    #define configUSE_TICK_HOOK                    1
    #define configCHECK_FOR_STACK_OVERFLOW         0
#endif

#define INCLUDE_vTaskPrioritySet                   1
#define INCLUDE_uxTaskPriorityGet                  1
#define INCLUDE_vTaskDelete                        1
#define INCLUDE_vTaskSuspend                       1
#define INCLUDE_vTaskDelay                         1
#define INCLUDE_xTaskGetSchedulerState             1
#define INCLUDE_xTaskGetCurrentTaskHandle          1

#ifndef __ASSEMBLER__
/* Prints the place and ends the run. */
    void vAssertCalled( const char * pcFile,
                        int iLine );
#endif

#define configASSERT( x )    do { if( ( x ) == 0 ) { vAssertCalled( __FILE__, __LINE__ ); } } while( 0 )

#endif /* FREERTOS_CONFIG_H */
