/*
 * WIFI_*: the station, on esp_wifi. The driver's own copy of a passphrase is in RAM alone; networks are saved by store.c.
 */
#include "glue.h"

#include <string.h>

#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_wifi.h"
#include "freertos/FreeRTOS.h"
#include "freertos/event_groups.h"
#include "sdkconfig.h"

#include "iot_wifi.h"

#define TAG             "wifi_provision"

/* What became of a join. */
#define GOT_ADDRESS     ( 1U << 0 )
#define FAILED          ( 1U << 1 )
#define LEFT            ( 1U << 2 )

#define JOIN_TIMEOUT    pdMS_TO_TICKS( CONFIG_WIFI_PROVISION_JOIN_TIMEOUT_S * 1000U )
#define LEAVE_TIMEOUT   pdMS_TO_TICKS( 3000U )

static EventGroupHandle_t xEvents = NULL;

/* Written in the event task. */
static volatile bool xAssociated = false;
static volatile bool xHasAddress = false;

/*-----------------------------------------------------------*/

/* Context: the event task. */
static void prvOnEvent( void * pvNothing,
                        esp_event_base_t xBase,
                        int32_t lId,
                        void * pvData )
{
    ( void ) pvNothing;
    ( void ) pvData;

    if( ( xBase == WIFI_EVENT ) && ( lId == WIFI_EVENT_STA_CONNECTED ) )
    {
        xAssociated = true;
    }
    else if( ( xBase == WIFI_EVENT ) && ( lId == WIFI_EVENT_STA_DISCONNECTED ) )
    {
        xAssociated = false;
        xHasAddress = false;
        ( void ) xEventGroupSetBits( xEvents, FAILED | LEFT );
    }
    else if( ( xBase == IP_EVENT ) && ( lId == IP_EVENT_STA_GOT_IP ) )
    {
        xHasAddress = true;
        ( void ) xEventGroupSetBits( xEvents, GOT_ADDRESS );
    }
}

/*-----------------------------------------------------------*/

esp_err_t WIFI_GLUE_Start( void )
{
    wifi_init_config_t xConfig = WIFI_INIT_CONFIG_DEFAULT();
    esp_err_t xError;

    xEvents = xEventGroupCreate();

    if( xEvents == NULL )
    {
        return ESP_ERR_NO_MEM;
    }

    xError = esp_netif_init();

    if( xError == ESP_OK )
    {
        xError = esp_event_loop_create_default();

        /* The application may have made it. */
        if( xError == ESP_ERR_INVALID_STATE )
        {
            xError = ESP_OK;
        }
    }

    if( ( xError == ESP_OK ) && ( esp_netif_create_default_wifi_sta() == NULL ) )
    {
        xError = ESP_FAIL;
    }

    if( xError == ESP_OK )
    {
        xError = esp_wifi_init( &xConfig );
    }

    if( xError == ESP_OK )
    {
        xError = esp_event_handler_register( WIFI_EVENT, ESP_EVENT_ANY_ID, prvOnEvent, NULL );
    }

    if( xError == ESP_OK )
    {
        xError = esp_event_handler_register( IP_EVENT, IP_EVENT_STA_GOT_IP, prvOnEvent, NULL );
    }

    if( xError == ESP_OK )
    {
        xError = esp_wifi_set_storage( WIFI_STORAGE_RAM );
    }

    if( xError == ESP_OK )
    {
        xError = esp_wifi_set_mode( WIFI_MODE_STA );
    }

    return xError;
}

/*-----------------------------------------------------------*/

WIFIReturnCode_t WIFI_On( void )
{
    return ( esp_wifi_start() == ESP_OK ) ? eWiFiSuccess : eWiFiFailure;
}

WIFIReturnCode_t WIFI_Off( void )
{
    return ( esp_wifi_stop() == ESP_OK ) ? eWiFiSuccess : eWiFiFailure;
}

/*-----------------------------------------------------------*/

/* What the network must have at the least; false when the driver cannot do it. */
static bool prvThreshold( WIFISecurity_t xSecurity,
                          wifi_auth_mode_t * pxMode )
{
    switch( xSecurity )
    {
        case eWiFiSecurityOpen:
            *pxMode = WIFI_AUTH_OPEN;
            return true;

        case eWiFiSecurityWEP:
            *pxMode = WIFI_AUTH_WEP;
            return true;

        case eWiFiSecurityWPA:
            *pxMode = WIFI_AUTH_WPA_PSK;
            return true;

        case eWiFiSecurityWPA2:
            *pxMode = WIFI_AUTH_WPA2_PSK;
            return true;

        case eWiFiSecurityWPA3:
            *pxMode = WIFI_AUTH_WPA3_PSK;
            return true;

        default:
            return false;
    }
}

static bool prvStation( const WIFINetworkParams_t * pxParams,
                        wifi_config_t * pxConfig )
{
    const char * pcKey = pxParams->xPassword.xWPA.cPassphrase;
    size_t xKey = pxParams->xPassword.xWPA.ucLength;

    if( ( pxParams->ucSSIDLength > sizeof( pxConfig->sta.ssid ) ) ||
        !prvThreshold( pxParams->xSecurity, &pxConfig->sta.threshold.authmode ) )
    {
        return false;
    }

    if( pxParams->xSecurity == eWiFiSecurityWEP )
    {
        const WIFIWEPKey_t * pxKey = &pxParams->xPassword.xWEP[ pxParams->ucDefaultWEPKeyIndex % wificonfigMAX_WEPKEYS ];

        pcKey = pxKey->cKey;
        xKey = pxKey->ucLength;
    }
    else if( pxParams->xSecurity == eWiFiSecurityOpen )
    {
        xKey = 0;
    }

    if( xKey > sizeof( pxConfig->sta.password ) )
    {
        return false;
    }

    ( void ) memcpy( pxConfig->sta.ssid, pxParams->ucSSID, pxParams->ucSSIDLength );
    ( void ) memcpy( pxConfig->sta.password, pcKey, xKey );
    pxConfig->sta.channel = pxParams->ucChannel;
    pxConfig->sta.sae_pwe_h2e = WPA3_SAE_PWE_BOTH;
    pxConfig->sta.pmf_cfg.capable = true;
    return true;
}

/*-----------------------------------------------------------*/

WIFIReturnCode_t WIFI_Disconnect( void )
{
    if( !xAssociated )
    {
        ( void ) esp_wifi_disconnect();
        return eWiFiSuccess;
    }

    ( void ) xEventGroupClearBits( xEvents, LEFT );

    if( esp_wifi_disconnect() != ESP_OK )
    {
        return eWiFiFailure;
    }

    return ( ( xEventGroupWaitBits( xEvents, LEFT, pdTRUE, pdFALSE, LEAVE_TIMEOUT ) & LEFT ) != 0 ) ? eWiFiSuccess : eWiFiTimeout;
}

WIFIReturnCode_t WIFI_ConnectAP( const WIFINetworkParams_t * const pxNetworkParams )
{
    static wifi_config_t xConfig;
    EventBits_t xOutcome;
    esp_err_t xError;

    ( void ) memset( &xConfig, 0, sizeof( xConfig ) );

    if( !prvStation( pxNetworkParams, &xConfig ) )
    {
        return eWiFiNotSupported;
    }

    ( void ) WIFI_Disconnect();
    ( void ) xEventGroupClearBits( xEvents, GOT_ADDRESS | FAILED );
    xError = esp_wifi_set_config( WIFI_IF_STA, &xConfig );
    ( void ) memset( xConfig.sta.password, 0, sizeof( xConfig.sta.password ) );

    if( ( xError != ESP_OK ) || ( esp_wifi_connect() != ESP_OK ) )
    {
        return eWiFiFailure;
    }

    xOutcome = xEventGroupWaitBits( xEvents, GOT_ADDRESS | FAILED, pdTRUE, pdFALSE, JOIN_TIMEOUT );

    if( ( xOutcome & FAILED ) != 0 )
    {
        return eWiFiFailure;
    }

    if( ( xOutcome & GOT_ADDRESS ) != 0 )
    {
        return eWiFiSuccess;
    }

    ( void ) WIFI_Disconnect();
    return eWiFiTimeout;
}

/*-----------------------------------------------------------*/

BaseType_t WIFI_IsConnected( const WIFINetworkParams_t * pxNetworkParams )
{
    wifi_ap_record_t xJoined;
    size_t xLength;

    if( !xHasAddress )
    {
        return pdFALSE;
    }

    if( pxNetworkParams == NULL )
    {
        return pdTRUE;
    }

    if( esp_wifi_sta_get_ap_info( &xJoined ) != ESP_OK )
    {
        return pdFALSE;
    }

    xLength = strnlen( ( const char * ) xJoined.ssid, sizeof( xJoined.ssid ) );
    return ( ( xLength == pxNetworkParams->ucSSIDLength ) &&
             ( memcmp( xJoined.ssid, pxNetworkParams->ucSSID, xLength ) == 0 ) ) ? pdTRUE : pdFALSE;
}

/*-----------------------------------------------------------*/

static WIFISecurity_t prvSecurity( wifi_auth_mode_t xMode )
{
    switch( xMode )
    {
        case WIFI_AUTH_OPEN:
            return eWiFiSecurityOpen;

        case WIFI_AUTH_WEP:
            return eWiFiSecurityWEP;

        case WIFI_AUTH_WPA_PSK:
            return eWiFiSecurityWPA;

        case WIFI_AUTH_WPA2_PSK:
        case WIFI_AUTH_WPA_WPA2_PSK:
        case WIFI_AUTH_WPA2_WPA3_PSK:
            return eWiFiSecurityWPA2;

        case WIFI_AUTH_WPA3_PSK:
            return eWiFiSecurityWPA3;

        case WIFI_AUTH_WPA2_ENTERPRISE:
            return eWiFiSecurityWPA2_ent;

        default:
            return eWiFiSecurityNotSupported;
    }
}

WIFIReturnCode_t WIFI_Scan( WIFIScanResult_t * pxBuffer,
                            uint8_t ucNumNetworks )
{
    wifi_ap_record_t xFound;
    uint8_t ucAt = 0;

    if( esp_wifi_scan_start( NULL, true ) != ESP_OK )
    {
        return eWiFiFailure;
    }

    /* The strongest come first. */
    while( ( ucAt < ucNumNetworks ) && ( esp_wifi_scan_get_ap_record( &xFound ) == ESP_OK ) )
    {
        WIFIScanResult_t * pxResult = &pxBuffer[ ucAt ];
        size_t xLength = strnlen( ( const char * ) xFound.ssid, wificonfigMAX_SSID_LEN );

        ( void ) memcpy( pxResult->ucSSID, xFound.ssid, xLength );
        ( void ) memcpy( pxResult->ucBSSID, xFound.bssid, sizeof( pxResult->ucBSSID ) );
        pxResult->ucSSIDLength = ( uint8_t ) xLength;
        pxResult->xSecurity = prvSecurity( xFound.authmode );
        pxResult->cRSSI = xFound.rssi;
        pxResult->ucChannel = xFound.primary;
        ucAt++;
    }

    /* What is left over is the driver's until it is told. */
    if( esp_wifi_clear_ap_list() != ESP_OK )
    {
        ESP_LOGW( TAG, "a scan's memory was not given back" );
    }

    return eWiFiSuccess;
}
