/*
 * The provisioning service on ESP-IDF: NimBLE, esp_wifi and NVS below it. What it does is in wifi_provision.h.
 */
#ifndef WIFI_PROVISION_IDF_H_
#define WIFI_PROVISION_IDF_H_

#include <stdbool.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Shows a number (six digits) to compare with the phone's. Called in NimBLE's task; must not block. */
typedef void ( * WIFI_PROVISION_CompareCallback_t )( uint32_t ulNumber );

/* Starts NVS, WiFi, NimBLE and the service. Once, from app_main; it blocks shortly. Phones find the device when this
 * returns ESP_OK. Without a callback every pairing is refused. NimBLE is the component's own: the application must not
 * start it, and adds services of its own before with ble_gatts_count_cfg and ble_gatts_add_svcs. */
esp_err_t WIFI_PROVISION_IDF_Start( WIFI_PROVISION_CompareCallback_t xCompare );

/* The user's answer about the number that was shown. From any task; false when nobody asks about that number any more: an
 * answer that comes late counts for no other. */
bool WIFI_PROVISION_IDF_Answer( uint32_t ulNumber,
                                bool xSame );

/* Forgets all phones, and ends the link of one that is connected. A phone that has lost its key cannot pair anew before: no
 * phone's bond goes because somebody with its address asks to pair. For a button or a factory reset. From any task;
 * false when the store fails. */
bool WIFI_PROVISION_IDF_ForgetPhones( void );

#ifdef __cplusplus
}
#endif

#endif /* WIFI_PROVISION_IDF_H_ */
