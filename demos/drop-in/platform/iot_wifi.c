/*
 * The project's WiFi port. A stand-in: two access points in the air, the saved networks in memory.
 * A real one talks to a radio and keeps the networks in flash; the functions are the same.
 */
#include "iot_wifi.h"

#include <stdbool.h>
#include <string.h>

#include "semphr.h"

typedef struct
{
    const char * pcName;
    uint8_t ucBssid[ wificonfigMAX_BSSID_LEN ];
    WIFISecurity_t xSecurity;
    const char * pcPassphrase;
    int8_t cRssi;
} AccessPoint_t;

static const AccessPoint_t xAir[] =
{
    { "HomeNetwork", { 2, 0, 0, 0, 0, 1 }, eWiFiSecurityWPA2, "password0123", -50 },
    { "Cafe",        { 2, 0, 0, 0, 0, 2 }, eWiFiSecurityOpen, "",             -70 }
};
#define AIR_SIZE    ( sizeof( xAir ) / sizeof( xAir[ 0 ] ) )

/* Owned by whoever holds xLock: the service's task and the application call in here. */
static SemaphoreHandle_t xLock;
static WIFINetworkProfile_t xSaved[ wificonfigMAX_NETWORK_PROFILES ];
static uint16_t usSaved;
static const AccessPoint_t * pxJoined;

static bool prvNamed( const AccessPoint_t * pxPoint,
                      const uint8_t * pucSsid,
                      uint8_t ucLength )
{
    return ( strlen( pxPoint->pcName ) == ucLength ) && ( memcmp( pxPoint->pcName, pucSsid, ucLength ) == 0 );
}

WIFIReturnCode_t WIFI_On( void )
{
    if( xLock == NULL )
    {
        xLock = xSemaphoreCreateMutex();
    }

    return ( xLock != NULL ) ? eWiFiSuccess : eWiFiFailure;
}

WIFIReturnCode_t WIFI_Off( void )
{
    return WIFI_Disconnect();
}

WIFIReturnCode_t WIFI_ConnectAP( const WIFINetworkParams_t * const pxNetworkParams )
{
    const WIFIWPAPassphrase_t * pxKey = &pxNetworkParams->xPassword.xWPA;
    WIFIReturnCode_t xResult = eWiFiTimeout;

    xSemaphoreTake( xLock, portMAX_DELAY );

    for( size_t i = 0; i < AIR_SIZE; i++ )
    {
        const AccessPoint_t * pxPoint = &xAir[ i ];

        if( prvNamed( pxPoint, pxNetworkParams->ucSSID, pxNetworkParams->ucSSIDLength ) &&
            ( pxPoint->xSecurity == pxNetworkParams->xSecurity ) )
        {
            const bool xOpen = ( pxPoint->xSecurity == eWiFiSecurityOpen );
            const bool xRight = xOpen || ( ( strlen( pxPoint->pcPassphrase ) == pxKey->ucLength ) &&
                                           ( memcmp( pxPoint->pcPassphrase, pxKey->cPassphrase, pxKey->ucLength ) == 0 ) );

            pxJoined = xRight ? pxPoint : NULL;
            xResult = xRight ? eWiFiSuccess : eWiFiFailure;
        }
    }

    xSemaphoreGive( xLock );
    return xResult;
}

WIFIReturnCode_t WIFI_Disconnect( void )
{
    xSemaphoreTake( xLock, portMAX_DELAY );
    pxJoined = NULL;
    xSemaphoreGive( xLock );
    return eWiFiSuccess;
}

BaseType_t WIFI_IsConnected( const WIFINetworkParams_t * pxNetworkParams )
{
    BaseType_t xIs;

    xSemaphoreTake( xLock, portMAX_DELAY );
    xIs = ( pxJoined != NULL ) && ( ( pxNetworkParams == NULL ) ||
                                    prvNamed( pxJoined, pxNetworkParams->ucSSID, pxNetworkParams->ucSSIDLength ) );
    xSemaphoreGive( xLock );
    return xIs ? pdTRUE : pdFALSE;
}

WIFIReturnCode_t WIFI_Scan( WIFIScanResult_t * pxBuffer,
                            uint8_t ucNumNetworks )
{
    memset( pxBuffer, 0, sizeof( *pxBuffer ) * ucNumNetworks );

    for( size_t i = 0; ( i < AIR_SIZE ) && ( i < ucNumNetworks ); i++ )
    {
        pxBuffer[ i ].ucSSIDLength = ( uint8_t ) strlen( xAir[ i ].pcName );
        memcpy( pxBuffer[ i ].ucSSID, xAir[ i ].pcName, pxBuffer[ i ].ucSSIDLength );
        memcpy( pxBuffer[ i ].ucBSSID, xAir[ i ].ucBssid, wificonfigMAX_BSSID_LEN );
        pxBuffer[ i ].xSecurity = xAir[ i ].xSecurity;
        pxBuffer[ i ].cRSSI = xAir[ i ].cRssi;
        pxBuffer[ i ].ucChannel = 6;
    }

    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_NetworkAdd( const WIFINetworkProfile_t * const pxNetworkProfile,
                                  uint16_t * pusIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    xSemaphoreTake( xLock, portMAX_DELAY );

    if( usSaved < wificonfigMAX_NETWORK_PROFILES )
    {
        xSaved[ usSaved ] = *pxNetworkProfile;
        *pusIndex = usSaved++;
        xResult = eWiFiSuccess;
    }

    xSemaphoreGive( xLock );
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkGet( WIFINetworkProfile_t * pxNetworkProfile,
                                  uint16_t usIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    xSemaphoreTake( xLock, portMAX_DELAY );

    if( usIndex < usSaved )
    {
        *pxNetworkProfile = xSaved[ usIndex ];
        xResult = eWiFiSuccess;
    }

    xSemaphoreGive( xLock );
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkDelete( uint16_t usIndex )
{
    WIFIReturnCode_t xResult = eWiFiFailure;

    xSemaphoreTake( xLock, portMAX_DELAY );

    if( usIndex < usSaved )
    {
        usSaved--;
        memmove( &xSaved[ usIndex ], &xSaved[ usIndex + 1 ], sizeof( xSaved[ 0 ] ) * ( size_t ) ( usSaved - usIndex ) );
        memset( &xSaved[ usSaved ], 0, sizeof( xSaved[ 0 ] ) ); /* a passphrase was in it */
        xResult = eWiFiSuccess;
    }

    xSemaphoreGive( xLock );
    return xResult;
}

/* Asked with Espressif's protocol alone. */
WIFIReturnCode_t WIFI_GetIPInfo( WIFIIPConfiguration_t * pxIPInfo )
{
    static const uint8_t ucAddress[] = { 192, 0, 2, 7 };
    WIFIReturnCode_t xResult = eWiFiFailure;

    memset( pxIPInfo, 0, sizeof( *pxIPInfo ) );
    xSemaphoreTake( xLock, portMAX_DELAY );

    if( pxJoined != NULL )
    {
        pxIPInfo->xIPAddress.xType = eWiFiIPAddressTypeV4;
        memcpy( &pxIPInfo->xIPAddress.ulAddress[ 0 ], ucAddress, sizeof( ucAddress ) );
        xResult = eWiFiSuccess;
    }

    xSemaphoreGive( xLock );
    return xResult;
}
