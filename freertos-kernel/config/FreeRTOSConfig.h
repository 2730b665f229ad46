/*
 * The kernel configuration the prebuilt drop-in assumes where no project configuration is given.
 * Only what the ABI depends on matters here: 32-bit ticks, 32-bit base types, and the functions
 * the service calls. A project's own FreeRTOSConfig.h is used instead with FREERTOS_CONFIG_DIR.
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#define configUSE_PREEMPTION                       1
#define configUSE_TIME_SLICING                     1
#define configCPU_CLOCK_HZ                         25000000UL
#define configTICK_RATE_HZ                         1000
#define configTICK_TYPE_WIDTH_IN_BITS              TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                       8
#define configMINIMAL_STACK_SIZE                   128
#define configMAX_TASK_NAME_LEN                    16
#define configUSE_MUTEXES                          1
#define configUSE_RECURSIVE_MUTEXES                0
#define configUSE_COUNTING_SEMAPHORES              1
#define configUSE_EVENT_GROUPS                     1
#define configUSE_TIMERS                           0
#define configUSE_IDLE_HOOK                        0
#define configUSE_TICK_HOOK                        0
#define configUSE_TRACE_FACILITY                   0
#define configSUPPORT_DYNAMIC_ALLOCATION           1
#define configSUPPORT_STATIC_ALLOCATION            0
#define configTOTAL_HEAP_SIZE                      65536
#define configKERNEL_INTERRUPT_PRIORITY            ( 7 << 5 )
#define configMAX_SYSCALL_INTERRUPT_PRIORITY       ( 5 << 5 )
#define configMTIME_BASE_ADDRESS                   0
#define configMTIMECMP_BASE_ADDRESS                0
#define configUSE_PORT_OPTIMISED_TASK_SELECTION    0

/* What the ports of some cores insist on (Cortex-M0 and M33). */
#define configENABLE_MPU                           0
#define configENABLE_FPU                           0
#define configENABLE_TRUSTZONE                     0
#define configRUN_FREERTOS_SECURE_ONLY             1

#define INCLUDE_vTaskDelay                         1
#define INCLUDE_vTaskDelayUntil                    0
#define INCLUDE_vTaskDelete                        1
#define INCLUDE_vTaskSuspend                       1
#define INCLUDE_xTaskGetSchedulerState             1
#define INCLUDE_xTaskGetCurrentTaskHandle          1
#define INCLUDE_uxTaskGetStackHighWaterMark        0

#endif /* FREERTOS_CONFIG_H */
