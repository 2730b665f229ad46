/*
 * WIFI_Network*: saved networks in NVS, all of them in one entry, so that every change is there whole or not at all.
 */
#include "glue.h"

#include <string.h>

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "nvs.h"
#include "nvs_flash.h"

#include "iot_wifi.h"
#include "wifi_provision_platform.h"

#define NAMESPACE    "wifi_provision"
#define KEY          "networks"

/* It goes up when an entry's form changes. */
#define FORM         1U

typedef struct
{
    uint16_t usForm;
    uint16_t usCount;
    WIFINetworkProfile_t xNetworks[ wificonfigMAX_NETWORK_PROFILES ];
} Saved_t;

static Saved_t xSaved;
static nvs_handle_t xHandle;
static SemaphoreHandle_t xLock = NULL;

/*-----------------------------------------------------------*/

static void prvLock( void )
{
    ( void ) xSemaphoreTake( xLock, portMAX_DELAY );
}

static void prvUnlock( void )
{
    ( void ) xSemaphoreGive( xLock );
}

/*-----------------------------------------------------------*/

/* What flash holds, again in memory. */
static esp_err_t prvLoad( void )
{
    size_t xLength = sizeof( xSaved );
    esp_err_t xError = nvs_get_blob( xHandle, KEY, &xSaved, &xLength );

    if( ( xError != ESP_OK ) || ( xLength != sizeof( xSaved ) ) || ( xSaved.usForm != FORM ) ||
        ( xSaved.usCount > wificonfigMAX_NETWORK_PROFILES ) )
    {
        ( void ) memset( &xSaved, 0, sizeof( xSaved ) );
        xSaved.usForm = FORM;
    }

    return ( xError == ESP_ERR_NVS_NOT_FOUND ) ? ESP_OK : xError;
}

/* When flash does not take it, what was saved before is in memory again. */
static WIFIReturnCode_t prvSave( void )
{
    if( ( nvs_set_blob( xHandle, KEY, &xSaved, sizeof( xSaved ) ) == ESP_OK ) && ( nvs_commit( xHandle ) == ESP_OK ) )
    {
        return eWiFiSuccess;
    }

    ( void ) prvLoad();
    return eWiFiFailure;
}

/*-----------------------------------------------------------*/

esp_err_t STORE_GLUE_Start( void )
{
    esp_err_t xError;

    xLock = xSemaphoreCreateMutex();

    if( xLock == NULL )
    {
        return ESP_ERR_NO_MEM;
    }

    xError = nvs_flash_init();

    if( ( xError == ESP_ERR_NVS_NO_FREE_PAGES ) || ( xError == ESP_ERR_NVS_NEW_VERSION_FOUND ) )
    {
        /* Not erased here: other components keep what is theirs in the same partition. */
        return xError;
    }

    if( xError == ESP_OK )
    {
        xError = nvs_open( NAMESPACE, NVS_READWRITE, &xHandle );
    }

    return ( xError == ESP_OK ) ? prvLoad() : xError;
}

/*-----------------------------------------------------------*/

WIFIReturnCode_t WIFI_NetworkAdd( const WIFINetworkProfile_t * const pxNetworkProfile,
                                  uint16_t * pusIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( xSaved.usCount < wificonfigMAX_NETWORK_PROFILES )
    {
        xSaved.xNetworks[ xSaved.usCount ] = *pxNetworkProfile;
        *pusIndex = xSaved.usCount;
        xSaved.usCount++;
        xResult = prvSave();
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkGet( WIFINetworkProfile_t * pxNetworkProfile,
                                  uint16_t usIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( usIndex < xSaved.usCount )
    {
        *pxNetworkProfile = xSaved.xNetworks[ usIndex ];
        xResult = eWiFiSuccess;
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkDelete( uint16_t usIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( usIndex < xSaved.usCount )
    {
        size_t xBehind = ( size_t ) xSaved.usCount - usIndex - 1U;

        ( void ) memmove( &xSaved.xNetworks[ usIndex ], &xSaved.xNetworks[ usIndex + 1U ],
                          xBehind * sizeof( xSaved.xNetworks[ 0 ] ) );
        xSaved.usCount--;
        ( void ) memset( &xSaved.xNetworks[ xSaved.usCount ], 0, sizeof( xSaved.xNetworks[ 0 ] ) );
        xResult = prvSave();
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkReplace( uint16_t usIndex,
                                      const WIFINetworkProfile_t * const pxNetworkProfile )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( usIndex < xSaved.usCount )
    {
        size_t xBehind = ( size_t ) xSaved.usCount - usIndex - 1U;

        ( void ) memmove( &xSaved.xNetworks[ usIndex ], &xSaved.xNetworks[ usIndex + 1U ],
                          xBehind * sizeof( xSaved.xNetworks[ 0 ] ) );
        xSaved.xNetworks[ xSaved.usCount - 1U ] = *pxNetworkProfile;
        xResult = prvSave();
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkMove( uint16_t usFrom,
                                   uint16_t usTo )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( ( usFrom < xSaved.usCount ) && ( usTo < xSaved.usCount ) )
    {
        static WIFINetworkProfile_t xMoved;

        xMoved = xSaved.xNetworks[ usFrom ];

        if( usFrom < usTo )
        {
            ( void ) memmove( &xSaved.xNetworks[ usFrom ], &xSaved.xNetworks[ usFrom + 1U ],
                              ( size_t ) ( usTo - usFrom ) * sizeof( xMoved ) );
        }
        else
        {
            ( void ) memmove( &xSaved.xNetworks[ usTo + 1U ], &xSaved.xNetworks[ usTo ],
                              ( size_t ) ( usFrom - usTo ) * sizeof( xMoved ) );
        }

        xSaved.xNetworks[ usTo ] = xMoved;
        ( void ) memset( &xMoved, 0, sizeof( xMoved ) );
        xResult = prvSave();
    }

    prvUnlock();
    return xResult;
}
