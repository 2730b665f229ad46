/*
 * Compiled with the firmware's own compiler, headers, macros and flags. It makes no code: it compiles
 * only where all sizes, offsets, enum widths and values are those the archive was built with.
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
