/*
 * The service's headers know the kernel without the folder that ESP-IDF keeps it in. And the service's settings, which an
 * ESP-IDF project has no FreeRTOSConfig.h of its own for: as in config/FreeRTOSConfig.h, which the archive was built with.
 */
#include "freertos/FreeRTOS.h"

/* Bytes. */
#ifndef WIFI_PROVISION_TASK_STACK_DEPTH
    #define WIFI_PROVISION_TASK_STACK_DEPTH    6144
#endif
#ifndef WIFI_PROVISION_TASK_PRIORITY
    #define WIFI_PROVISION_TASK_PRIORITY       5
#endif
