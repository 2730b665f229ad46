/*
 * Compiled with the firmware's own compiler, headers, macros and flags. It makes no code: it compiles
 * only where all sizes, offsets, enum widths and values are those the archive was built with, and the
 * kernel has what the service needs.
 */
#include <stddef.h>

#include "FreeRTOS.h"
#include "task.h"
#include "event_groups.h"
#include "iot_wifi.h"
#include "iot_ble_data_transfer.h"
#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision.h"

#include "wifi_provision_abi.h"

/* Older kernels have no switch for event groups. */
#if defined( configUSE_EVENT_GROUPS ) && ( configUSE_EVENT_GROUPS == 0 )
    #error "wifi_provision needs event groups: configUSE_EVENT_GROUPS 1 in FreeRTOSConfig.h"
#endif
#if ( INCLUDE_vTaskDelete == 0 )
    #error "wifi_provision ends its own task: INCLUDE_vTaskDelete 1 in FreeRTOSConfig.h"
#endif
#if ( INCLUDE_vTaskDelay == 0 )
    #error "wifi_provision waits: INCLUDE_vTaskDelay 1 in FreeRTOSConfig.h"
#endif
#if ( configSUPPORT_DYNAMIC_ALLOCATION == 0 )
    #error "wifi_provision creates a task and an event group: configSUPPORT_DYNAMIC_ALLOCATION 1 in FreeRTOSConfig.h"
#endif
