/* A station, and the access points around it. */
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "wifi.h"

#define POINTS    10U

static WIFIScanResult_t xAir[ POINTS ];
static uint32_t ulOnAir;
static uint8_t ucJoined[ wificonfigMAX_SSID_LEN ];
static uint32_t ulJoinedLength;

typedef struct
{
    const WIFINetworkParams_t * pxNetwork;
    WIFIScanResult_t * pxBuffer;
    uint8_t ucCount;
} Arguments_t;

void vWiFiReset( uint32_t ulSaved,
                 uint32_t ulScanned )
{
    vStoreReset( ulSaved );
    ( void ) memset( xWiFiBehaviour, 0, sizeof( xWiFiBehaviour ) );
    ( void ) memset( ulWiFiCalls, 0, sizeof( ulWiFiCalls ) );
    ( void ) memset( xAir, 0, sizeof( xAir ) );

    for( uint32_t i = 0; i < ulScanned; i++ )
    {
        WIFIScanResult_t * pxPoint = &xAir[ i ];

        ( void ) memcpy( pxPoint->ucSSID, "ScanNetwork00", 13 );
        pxPoint->ucSSID[ 12 ] = ( uint8_t ) ( '0' + i );
        pxPoint->ucSSIDLength = 13;
        pxPoint->xSecurity = eWiFiSecurityWPA2;
        pxPoint->cRSSI = ( int8_t ) ( -40 - 4 * ( int ) i );
        pxPoint->ucChannel = 1;

        for( uint32_t j = 0; j < sizeof( pxPoint->ucBSSID ); j++ )
        {
            pxPoint->ucBSSID[ j ] = ( uint8_t ) ( 0xa0U + i + j );
        }
    }

    ulOnAir = ulScanned;
    ulJoinedLength = 0;
}

uint32_t ulJoined( const uint8_t ** ppucName )
{
    *ppucName = ucJoined;
    return ulJoinedLength;
}

WIFIReturnCode_t WIFI_On( void )
{
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_Off( void )
{
    ulJoinedLength = 0;
    return eWiFiSuccess;
}

static WIFIReturnCode_t prvConnect( void * pvArguments,
                                    const WiFiBehaviour_t * pxBehaviour )
{
    const WIFINetworkParams_t * pxNetwork = ( ( Arguments_t * ) pvArguments )->pxNetwork;

    ( void ) pxBehaviour;

    if( ( pxNetwork->ucSSIDLength == 0U ) || ( pxNetwork->ucSSIDLength > sizeof( ucJoined ) ) )
    {
        return eWiFiFailure;
    }

    taskENTER_CRITICAL();
    ( void ) memcpy( ucJoined, pxNetwork->ucSSID, pxNetwork->ucSSIDLength );
    ulJoinedLength = pxNetwork->ucSSIDLength;
    taskEXIT_CRITICAL();
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_ConnectAP( const WIFINetworkParams_t * const pxNetworkParams )
{
    Arguments_t xArguments = { .pxNetwork = pxNetworkParams };

    /* Whatever the outcome: the driver leaves the network it is on first. */
    ulJoinedLength = 0;
    return xWiFiDo( eCallConnect, prvConnect, &xArguments );
}

WIFIReturnCode_t WIFI_GetIPInfo( WIFIIPConfiguration_t * pxIPInfo )
{
    static const uint8_t ucAddress[ 4 ] = { 10, 0, 0, 2 };

    if( ulJoinedLength == 0U )
    {
        return eWiFiFailure;
    }

    ( void ) memset( pxIPInfo, 0, sizeof( *pxIPInfo ) );
    pxIPInfo->xIPAddress.xType = eWiFiIPAddressTypeV4;
    ( void ) memcpy( pxIPInfo->xIPAddress.ulAddress, ucAddress, sizeof( ucAddress ) );
    return eWiFiSuccess;
}

static WIFIReturnCode_t prvDisconnect( void * pvArguments,
                                       const WiFiBehaviour_t * pxBehaviour )
{
    ( void ) pvArguments;
    ( void ) pxBehaviour;
    ulJoinedLength = 0;
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_Disconnect( void )
{
    return xWiFiDo( eCallDisconnect, prvDisconnect, NULL );
}

static WIFIReturnCode_t prvIsConnected( void * pvArguments,
                                        const WiFiBehaviour_t * pxBehaviour )
{
    const WIFINetworkParams_t * pxNetwork = ( ( Arguments_t * ) pvArguments )->pxNetwork;
    BaseType_t xIs = ulJoinedLength != 0U;

    ( void ) pxBehaviour;

    if( ( pxNetwork != NULL ) && ( xIs == pdTRUE ) )
    {
        xIs = ( pxNetwork->ucSSIDLength == ulJoinedLength ) && ( memcmp( pxNetwork->ucSSID, ucJoined, ulJoinedLength ) == 0 );
    }

    return xIs ? eWiFiSuccess : eWiFiFailure;
}

BaseType_t WIFI_IsConnected( const WIFINetworkParams_t * pxNetworkParams )
{
    Arguments_t xArguments = { .pxNetwork = pxNetworkParams };

    return ( xWiFiDo( eCallIsConnected, prvIsConnected, &xArguments ) == eWiFiSuccess ) ? pdTRUE : pdFALSE;
}

static WIFIReturnCode_t prvScan( void * pvArguments,
                                 const WiFiBehaviour_t * pxBehaviour )
{
    const Arguments_t * pxArguments = pvArguments;
    uint32_t ulShown = ( ulOnAir < pxArguments->ucCount ) ? ulOnAir : pxArguments->ucCount;

    ( void ) memcpy( pxArguments->pxBuffer, xAir, ulShown * sizeof( xAir[ 0 ] ) );

    if( pxBehaviour->bGarbage )
    {
        /* As many as there is room for, however few exist, and with numbers out of any range. */
        for( uint32_t i = 0; i < pxArguments->ucCount; i++ )
        {
            pxArguments->pxBuffer[ i ].ucSSIDLength = UINT8_MAX;
            pxArguments->pxBuffer[ i ].xSecurity = ( WIFISecurity_t ) 77;
            pxArguments->pxBuffer[ i ].cRSSI = 127;
        }
    }

    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_Scan( WIFIScanResult_t * pxBuffer,
                            uint8_t ucNumNetworks )
{
    Arguments_t xArguments = { .pxBuffer = pxBuffer, .ucCount = ucNumNetworks };

    return xWiFiDo( eCallScan, prvScan, &xArguments );
}
