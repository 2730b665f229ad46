/*
 * What the archive for ESP-IDF is built with: the types and figures of its kernel that the archive sees. ESP-IDF's own
 * configuration is a project's sdkconfig; src/wifi_provision_check.c and src/kernel.c compare.
 */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#define configUSE_PREEMPTION                  1
#define configCPU_CLOCK_HZ                    160000000UL
/* CONFIG_FREERTOS_HZ, ESP-IDF's default. */
#define configTICK_RATE_HZ                    100
#define configTICK_TYPE_WIDTH_IN_BITS         TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES                  25
#define configMINIMAL_STACK_SIZE              1536
#define configMAX_TASK_NAME_LEN               16
#define configSTACK_DEPTH_TYPE                uint32_t
#define configUSE_MUTEXES                     1
#define configUSE_EVENT_GROUPS                1
#define configUSE_IDLE_HOOK                   0
#define configUSE_TICK_HOOK                   0
#define configSUPPORT_DYNAMIC_ALLOCATION      1
#define configMTIME_BASE_ADDRESS              0
#define configMTIMECMP_BASE_ADDRESS           0

#define INCLUDE_vTaskDelay                    1
#define INCLUDE_vTaskDelete                   1
#define INCLUDE_vTaskSuspend                  1

/* ESP-IDF counts stacks in bytes. */
#define WIFI_PROVISION_TASK_STACK_DEPTH       6144
#define WIFI_PROVISION_TASK_PRIORITY          5

#endif /* FREERTOS_CONFIG_H */
