/* In place of the demo's phone.c: a phone and an application that speak lines of text. The application
 * defines IotBleWifiProv_GetSerializer itself; everything else of the demo is as it was. */
#include <stdio.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"
#include "iot_ble_wifi_provisioning.h"
#include "phone.h"
#include "phone_link.h"

#define PATIENCE    10000u

/* "L", "A" (HomeNetwork), "J n" (join), "E n m" and "D n", of one digit each. */
static bool prvType( const uint8_t * pMessage,
                     size_t length,
                     IotBleWiFiProvRequest_t * pRequestType )
{
    switch( ( length != 0u ) ? pMessage[ 0 ] : 0 )
    {
        case 'L':
            *pRequestType = IotBleWiFiProvRequestListNetwork;
            return true;

        case 'A':
        case 'J':
            *pRequestType = IotBleWiFiProvRequestAddNetwork;
            return true;

        case 'E':
            *pRequestType = IotBleWiFiProvRequestEditNetwork;
            return true;

        case 'D':
            *pRequestType = IotBleWiFiProvRequestDeleteNetwork;
            return true;

        default:
            return false;
    }
}

static bool prvNumber( const uint8_t * pData,
                       size_t length,
                       size_t xNth,
                       int16_t * psNumber )
{
    size_t xAt = 2u + 2u * xNth;

    if( ( length <= xAt ) || ( pData[ xAt ] < '0' ) || ( pData[ xAt ] > '9' ) )
    {
        return false;
    }

    *psNumber = ( int16_t ) ( pData[ xAt ] - '0' );
    return true;
}

static bool prvList( const uint8_t * pData,
                     size_t length,
                     IotBleWifiProvListNetworksRequest_t * pRequest )
{
    ( void ) pData;
    ( void ) length;
    pRequest->scanSize = 1;
    return true;
}

static bool prvAdd( const uint8_t * pData,
                    size_t length,
                    IotBleWifiProvAddNetworkRequest_t * pRequest )
{
    static const char cName[] = "HomeNetwork";
    static const char cKey[] = "password0123";

    if( pData[ 0 ] == 'J' )
    {
        pRequest->isProvisioned = true;
        return prvNumber( pData, length, 0, &pRequest->info.index );
    }

    ( void ) memcpy( pRequest->info.network.ucSSID, cName, sizeof( cName ) - 1u );
    pRequest->info.network.ucSSIDLength = sizeof( cName ) - 1u;
    ( void ) memcpy( pRequest->info.network.cPassword, cKey, sizeof( cKey ) - 1u );
    pRequest->info.network.ucPasswordLength = sizeof( cKey ) - 1u;
    pRequest->info.network.xSecurity = eWiFiSecurityWPA2;
    pRequest->shouldConnect = true;
    return true;
}

static bool prvEdit( const uint8_t * pData,
                     size_t length,
                     IotBleWifiProvEditNetworkRequest_t * pRequest )
{
    return prvNumber( pData, length, 0, &pRequest->currentPriorityIndex ) && prvNumber( pData, length, 1, &pRequest->newPriorityIndex );
}

static bool prvDelete( const uint8_t * pData,
                       size_t length,
                       IotBleWifiProvDeleteNetworkRequest_t * pRequest )
{
    return prvNumber( pData, length, 0, &pRequest->priorityIndex );
}

static int prvText( const IotBleWifiProvResponse_t * pResponse,
                    char * pcText,
                    size_t xRoom )
{
    const IotBleWifiProvNetworkInfo_t * pxInfo = &pResponse->networkInfo;

    if( pResponse->statusOnly )
    {
        return snprintf( pcText, xRoom, "status %d", ( int ) pResponse->status );
    }

    if( pxInfo->isSavedNetwork )
    {
        return snprintf( pcText, xRoom, "saved %.*s%s", ( int ) pxInfo->info.pSavedNetwork->ucSSIDLength,
                         ( const char * ) pxInfo->info.pSavedNetwork->ucSSID, pxInfo->isLast ? "." : "" );
    }

    return snprintf( pcText, xRoom, "found %.*s%s", ( int ) pxInfo->info.pScannedNetwork->ucSSIDLength,
                     ( const char * ) pxInfo->info.pScannedNetwork->ucSSID, pxInfo->isLast ? "." : "" );
}

static bool prvSize( const IotBleWifiProvResponse_t * pResponse,
                     size_t * pLength )
{
    *pLength = ( size_t ) prvText( pResponse, NULL, 0 );
    return true;
}

static bool prvWrite( const IotBleWifiProvResponse_t * pResponse,
                      uint8_t * pBuffer,
                      size_t length )
{
    char cText[ 64 ];
    size_t xText = ( size_t ) prvText( pResponse, cText, sizeof( cText ) );

    if( ( xText >= sizeof( cText ) ) || ( xText > length ) )
    {
        return false;
    }

    ( void ) memcpy( pBuffer, cText, xText );
    return true;
}

IotBleWifiProvSerializer_t * IotBleWifiProv_GetSerializer( void )
{
    static IotBleWifiProvSerializer_t xTable =
    {
        .getRequestType                  = prvType,
        .deserializeListNetworkRequest   = prvList,
        .deserializeAddNetworkRequest    = prvAdd,
        .deserializeEditNetworkRequest   = prvEdit,
        .deserializeDeleteNetworkRequest = prvDelete,
        .getSerializedSizeForResponse    = prvSize,
        .serializeResponse               = prvWrite
    };

    return &xTable;
}

static const struct
{
    const char * pcSays;
    const char * pcHears[ 3 ];
}
xScript[] =
{
    { "L",     { "found HomeNetwork." } },
    { "A",     { "status 0" } },
    { "L",     { "saved HomeNetwork.", "found HomeNetwork." } },
    { "J 0",   { "status 0" } },
    { "J 1",   { "status 1" } },
    { "E 0 0", { "status 0" } },
    { "E 0",   { "status 1" } },
    { "D 1",   { "status 1" } }
};

int iPhonePlay( void )
{
    static PhoneMessage_t xMessage;
    int iWrong = 0;

    for( size_t i = 0; i < sizeof( xScript ) / sizeof( xScript[ 0 ] ); i++ )
    {
        const char * pcSays = xScript[ i ].pcSays;

        configPRINTF( ( "-> %s\r\n", pcSays ) );

        if( !xPhoneWrites( ( const uint8_t * ) pcSays, strlen( pcSays ) ) )
        {
            iWrong++;
        }

        for( size_t j = 0; ( j < 3u ) && ( xScript[ i ].pcHears[ j ] != NULL ); j++ )
        {
            const char * pcRight = xScript[ i ].pcHears[ j ];
            bool bCame = xPhoneReads( &xMessage, PATIENCE );

            configPRINTF( ( "  <- %.*s\r\n", bCame ? ( int ) xMessage.xLength : 0, ( const char * ) xMessage.ucBytes ) );

            if( !bCame || ( xMessage.xLength != strlen( pcRight ) ) || ( memcmp( xMessage.ucBytes, pcRight, xMessage.xLength ) != 0 ) )
            {
                configPRINTF( ( "  WRONG: %s\r\n", pcRight ) );
                iWrong++;
            }
        }
    }

    return iWrong;
}
