#ifndef ESP_WIFI_H
#define ESP_WIFI_H
#include <stdbool.h>
#include <stdint.h>
#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
extern esp_event_base_t const WIFI_EVENT;
typedef enum { WIFI_EVENT_WIFI_READY = 0, WIFI_EVENT_SCAN_DONE, WIFI_EVENT_STA_START, WIFI_EVENT_STA_STOP, WIFI_EVENT_STA_CONNECTED, WIFI_EVENT_STA_DISCONNECTED } wifi_event_t;
typedef enum { WIFI_MODE_NULL = 0, WIFI_MODE_STA } wifi_mode_t;
typedef enum { WIFI_STORAGE_FLASH, WIFI_STORAGE_RAM } wifi_storage_t;
typedef enum { WIFI_IF_STA = 0, WIFI_IF_AP } wifi_interface_t;
typedef enum { WIFI_AUTH_OPEN = 0, WIFI_AUTH_WEP, WIFI_AUTH_WPA_PSK, WIFI_AUTH_WPA2_PSK, WIFI_AUTH_WPA_WPA2_PSK, WIFI_AUTH_ENTERPRISE, WIFI_AUTH_WPA2_ENTERPRISE = WIFI_AUTH_ENTERPRISE, WIFI_AUTH_WPA3_PSK, WIFI_AUTH_WPA2_WPA3_PSK, WIFI_AUTH_MAX } wifi_auth_mode_t;
typedef enum { WPA3_SAE_PWE_UNSPECIFIED, WPA3_SAE_PWE_HUNT_AND_PECK, WPA3_SAE_PWE_HASH_TO_ELEMENT, WPA3_SAE_PWE_BOTH } wifi_sae_pwe_method_t;
typedef struct { int magic; } wifi_init_config_t;
#define WIFI_INIT_CONFIG_DEFAULT()    { .magic = 0x1F2F3F4F }
typedef struct { int8_t rssi; wifi_auth_mode_t authmode; } wifi_scan_threshold_t;
typedef struct { bool capable; bool required; } wifi_pmf_config_t;
typedef struct
{
    uint8_t ssid[ 32 ];
    uint8_t password[ 64 ];
    uint8_t channel;
    wifi_scan_threshold_t threshold;
    wifi_pmf_config_t pmf_cfg;
    wifi_sae_pwe_method_t sae_pwe_h2e;
} wifi_sta_config_t;
typedef union { wifi_sta_config_t sta; } wifi_config_t;
typedef struct { uint8_t bssid[ 6 ]; uint8_t ssid[ 33 ]; uint8_t primary; int8_t rssi; wifi_auth_mode_t authmode; } wifi_ap_record_t;
typedef struct wifi_scan_config wifi_scan_config_t;
esp_netif_t * esp_netif_create_default_wifi_sta( void );
esp_err_t esp_wifi_init( const wifi_init_config_t * );
esp_err_t esp_wifi_set_storage( wifi_storage_t );
esp_err_t esp_wifi_set_mode( wifi_mode_t );
esp_err_t esp_wifi_set_config( wifi_interface_t, wifi_config_t * );
esp_err_t esp_wifi_start( void );
esp_err_t esp_wifi_stop( void );
esp_err_t esp_wifi_connect( void );
esp_err_t esp_wifi_disconnect( void );
esp_err_t esp_wifi_scan_start( const wifi_scan_config_t *, bool );
esp_err_t esp_wifi_scan_get_ap_record( wifi_ap_record_t * );
esp_err_t esp_wifi_clear_ap_list( void );
esp_err_t esp_wifi_sta_get_ap_info( wifi_ap_record_t * );
#endif
