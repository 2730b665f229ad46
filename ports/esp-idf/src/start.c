/*
 * The order in which it all begins.
 */
#include "glue.h"

#include "esp_log.h"
#include "freertos/FreeRTOS.h"

#include "iot_wifi.h"
#include "wifi_provision.h"
#include "wifi_provision_platform.h"

#define TAG    "wifi_provision"

/* Context: the service's task and NimBLE's. */
void WIFI_PROVISION_Log( const char * pcLine )
{
    ESP_LOGI( TAG, "%s", pcLine );
}

esp_err_t WIFI_PROVISION_IDF_Start( WIFI_PROVISION_CompareCallback_t xCompare )
{
    esp_err_t xError = STORE_GLUE_Start();

    if( xError == ESP_OK )
    {
        xError = WIFI_GLUE_Start();
    }

    if( ( xError == ESP_OK ) && ( WIFI_On() != eWiFiSuccess ) )
    {
        xError = ESP_FAIL;
    }

    if( ( xError == ESP_OK ) && !CHANNEL_Start() )
    {
        xError = ESP_ERR_NO_MEM;
    }

    if( xError == ESP_OK )
    {
        xError = BLE_GLUE_Start( xCompare );
    }

    if( ( xError == ESP_OK ) && ( ( WIFI_PROVISION_Init() != pdTRUE ) || ( WIFI_PROVISION_Start() != pdTRUE ) ) )
    {
        xError = ESP_FAIL;
    }

    return xError;
}
