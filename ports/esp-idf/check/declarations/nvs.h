#ifndef NVS_H
#define NVS_H
#include <stddef.h>
#include <stdint.h>
#include "esp_err.h"
typedef uint32_t nvs_handle_t;
typedef enum { NVS_READONLY, NVS_READWRITE } nvs_open_mode_t;
#define ESP_ERR_NVS_BASE                 0x1100
#define ESP_ERR_NVS_NOT_FOUND            ( ESP_ERR_NVS_BASE + 0x02 )
#define ESP_ERR_NVS_NO_FREE_PAGES        ( ESP_ERR_NVS_BASE + 0x0d )
#define ESP_ERR_NVS_NEW_VERSION_FOUND    ( ESP_ERR_NVS_BASE + 0x10 )
esp_err_t nvs_open( const char *, nvs_open_mode_t, nvs_handle_t * );
esp_err_t nvs_get_blob( nvs_handle_t, const char *, void *, size_t * );
esp_err_t nvs_set_blob( nvs_handle_t, const char *, const void *, size_t );
esp_err_t nvs_commit( nvs_handle_t );
#endif
