/* An application that defines IotBleWifiProv_GetSerializer itself: its messages are plain text, and the
 * service speaks them. Then its table misbehaves: wrong sizes, half a message, wild numbers. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char * const pcProgram = "custom";

/* How the table misbehaves. */
static size_t xClaimedSize;      /* 0: as long as it is */
static bool bSizeFails;
static uint32_t ulWritesFail;    /* so many writes fail, half done */
static bool bReadFails;          /* after a key was written */
static IotBleWiFiProvRequest_t xClaimedType;
static uint8_t ucSsidLength;     /* 0: as long as it is */
static uint8_t ucKeyLength;
static WIFISecurity_t xSecurity = eWiFiSecurityWPA2;

static bool prvType( const uint8_t * pMessage,
                     size_t length,
                     IotBleWiFiProvRequest_t * pRequestType )
{
    static const char cKinds[] = "?LAED";
    const char * pcKind = ( length == 0U ) ? NULL : memchr( cKinds, pMessage[ 0 ], sizeof( cKinds ) - 1U );

    if( xClaimedType != IotBleWiFiProvRequestInvalid )
    {
        *pRequestType = xClaimedType;
        return true;
    }

    if( pcKind == NULL )
    {
        return false;
    }

    *pRequestType = ( IotBleWiFiProvRequest_t ) ( pcKind - cKinds );
    return true;
}

/* Reads numbers between spaces behind the first letter. */
static int prvNumbers( const uint8_t * pData,
                       size_t length,
                       int * piFirst,
                       int * piSecond )
{
    char cText[ 64 ] = { 0 };

    ( void ) memcpy( cText, pData, ( length < sizeof( cText ) - 1U ) ? length : sizeof( cText ) - 1U );
    return sscanf( &cText[ 1 ], "%d %d", piFirst, piSecond );
}

static bool prvList( const uint8_t * pData,
                     size_t length,
                     IotBleWifiProvListNetworksRequest_t * pRequest )
{
    int iMost;

    if( prvNumbers( pData, length, &iMost, &( int ) { 0 } ) < 1 )
    {
        return false;
    }

    pRequest->scanSize = ( int16_t ) iMost;
    return true;
}

/* "A 3" joins a saved network; "A name key" saves one. */
static bool prvAdd( const uint8_t * pData,
                    size_t length,
                    IotBleWifiProvAddNetworkRequest_t * pRequest )
{
    char cText[ 64 ] = { 0 };
    char cName[ 33 ] = { 0 };
    char cKey[ 33 ] = { 0 };
    int iIndex;

    ( void ) memcpy( cText, pData, ( length < sizeof( cText ) - 1U ) ? length : sizeof( cText ) - 1U );

    if( sscanf( &cText[ 1 ], "%d", &iIndex ) == 1 )
    {
        pRequest->info.index = ( int16_t ) iIndex;
        pRequest->isProvisioned = true;
        return true;
    }

    if( sscanf( &cText[ 1 ], " %32s %32s", cName, cKey ) != 2 )
    {
        return false;
    }

    ( void ) memcpy( pRequest->info.network.ucSSID, cName, strlen( cName ) );
    ( void ) memcpy( pRequest->info.network.cPassword, cKey, strlen( cKey ) );
    pRequest->info.network.ucSSIDLength = ( ucSsidLength != 0U ) ? ucSsidLength : ( uint8_t ) strlen( cName );
    pRequest->info.network.ucPasswordLength = ( ucKeyLength != 0U ) ? ucKeyLength : ( uint8_t ) strlen( cKey );
    pRequest->info.network.xSecurity = xSecurity;
    pRequest->shouldConnect = true;
    return !bReadFails;
}

static bool prvEdit( const uint8_t * pData,
                     size_t length,
                     IotBleWifiProvEditNetworkRequest_t * pRequest )
{
    int iFrom;
    int iTo;

    if( prvNumbers( pData, length, &iFrom, &iTo ) != 2 )
    {
        return false;
    }

    pRequest->currentPriorityIndex = ( int16_t ) iFrom;
    pRequest->newPriorityIndex = ( int16_t ) iTo;
    return true;
}

static bool prvDelete( const uint8_t * pData,
                       size_t length,
                       IotBleWifiProvDeleteNetworkRequest_t * pRequest )
{
    int iIndex;

    if( prvNumbers( pData, length, &iIndex, &( int ) { 0 } ) < 1 )
    {
        return false;
    }

    pRequest->priorityIndex = ( int16_t ) iIndex;
    return true;
}

static int prvText( const IotBleWifiProvResponse_t * pResponse,
                    char * pcText,
                    size_t xRoom )
{
    const IotBleWifiProvNetworkInfo_t * pxInfo = &pResponse->networkInfo;

    if( pResponse->statusOnly )
    {
        return snprintf( pcText, xRoom, "%d=%d", ( int ) pResponse->requestType, ( int ) pResponse->status );
    }

    if( pxInfo->isSavedNetwork )
    {
        const WIFINetworkProfile_t * pxNetwork = pxInfo->info.pSavedNetwork;

        return snprintf( pcText, xRoom, "saved %u %.*s%s%s", ( unsigned ) pxInfo->index, ( int ) pxNetwork->ucSSIDLength,
                         ( const char * ) pxNetwork->ucSSID, pxInfo->isConnected ? " on" : "", pxInfo->isLast ? " last" : "" );
    }

    const WIFIScanResult_t * pxFound = pxInfo->info.pScannedNetwork;

    return snprintf( pcText, xRoom, "found %.*s%s", ( int ) pxFound->ucSSIDLength, ( const char * ) pxFound->ucSSID, pxInfo->isLast ? " last" : "" );
}

static bool prvSize( const IotBleWifiProvResponse_t * pResponse,
                     size_t * pLength )
{
    char cText[ 128 ];

    *pLength = ( size_t ) prvText( pResponse, cText, sizeof( cText ) );
    *pLength = ( xClaimedSize != 0U ) ? xClaimedSize : *pLength;
    return !bSizeFails;
}

static bool prvWrite( const IotBleWifiProvResponse_t * pResponse,
                      uint8_t * pBuffer,
                      size_t length )
{
    char cText[ 128 ];
    size_t xText = ( size_t ) prvText( pResponse, cText, sizeof( cText ) );

    if( ulWritesFail != 0U )
    {
        ulWritesFail--;
        ( void ) memcpy( pBuffer, cText, xText / 2U );
        return false;
    }

    ( void ) memcpy( pBuffer, cText, ( xText < length ) ? xText : length );
    return true;
}

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

static uint32_t ulAsked;

IotBleWifiProvSerializer_t * IotBleWifiProv_GetSerializer( void )
{
    ulAsked++;
    return &xTable;
}

static bool prvSays( const char * pcText )
{
    return bPhoneWrite( pcText, strlen( pcText ) );
}

static bool prvHears( const char * pcText )
{
    PhoneAnswer_t xAnswer;

    if( !bPhoneAnswer( &xAnswer, 1000 ) )
    {
        return false;
    }

    if( ( xAnswer.xLength != strlen( pcText ) ) || ( memcmp( xAnswer.ucBytes, pcText, xAnswer.xLength ) != 0 ) )
    {
        ( void ) printf( "heard \"%.*s\"\n", ( int ) xAnswer.xLength, ( const char * ) xAnswer.ucBytes );
        return false;
    }

    return true;
}

static bool prvHearsNothing( void )
{
    PhoneAnswer_t xAnswer;

    return !bPhoneAnswer( &xAnswer, 200 );
}

/* Everything a phone can ask, in text. */
static void prvSpeaks( void )
{
    WIFINetworkProfile_t xProfile;

    CHECK( prvSays( "A home password" ) );
    CHECK( prvHears( "2=0" ) );
    CHECK( prvSays( "A work password" ) );
    CHECK( prvHears( "2=0" ) );
    CHECK( ulStored() == 2U );
    CHECK( WIFI_NetworkGet( &xProfile, 1 ) == eWiFiSuccess );
    CHECK( ( xProfile.ucSSIDLength == 4U ) && ( memcmp( xProfile.ucSSID, "work", 4 ) == 0 ) );
    CHECK( ( xProfile.ucPasswordLength == 8U ) && ( memcmp( xProfile.cPassword, "password", 8 ) == 0 ) );
    CHECK( prvSays( "L 1" ) );
    CHECK( prvHears( "saved 0 work on" ) );
    CHECK( prvHears( "saved 1 home last" ) );
    CHECK( prvHears( "1=0" ) );
    CHECK( prvSays( "E 1 0" ) );
    CHECK( prvHears( "3=0" ) );
    CHECK( prvSays( "A 0" ) );
    CHECK( prvHears( "2=0" ) );
    CHECK( prvSays( "L 1" ) );
    CHECK( prvHears( "saved 0 home on" ) );
    CHECK( prvHears( "saved 1 work last" ) );
    CHECK( prvHears( "1=0" ) );
    CHECK( prvSays( "D 1" ) );
    CHECK( prvHears( "4=0" ) );
    CHECK( ulStored() == 1U );
    /* What it does not know, what is nothing at all, and what is our own format, is dropped. */
    CHECK( prvSays( "X" ) );
    CHECK( prvSays( "" ) );
    CHECK( bWrites( "a2617703616700" ) );
    CHECK( prvHearsNothing() );
    /* What it knows and cannot read is a failure. */
    CHECK( prvSays( "E one two" ) );
    CHECK( prvHears( "3=1" ) );
}

/* A table's numbers are held to the bounds of every request. */
static void prvBounds( void )
{
    static const char * const pcWrong[] = { "A 1", "A -1", "A 32767", "A -32768" };

    for( size_t i = 0; i < sizeof( pcWrong ) / sizeof( pcWrong[ 0 ] ); i++ )
    {
        CHECK( prvSays( pcWrong[ i ] ) );
        CHECK( prvHears( "2=1" ) );
    }

    CHECK( prvSays( "D -1" ) && prvHears( "4=1" ) );
    CHECK( prvSays( "D 1" ) && prvHears( "4=1" ) );
    CHECK( prvSays( "E 0 -1" ) && prvHears( "3=1" ) );
    CHECK( prvSays( "E 32767 0" ) && prvHears( "3=1" ) );

    /* More than there can be is all there can be. */
    CHECK( prvSays( "L -5" ) && prvHears( "saved 0 home on last" ) && prvHears( "1=0" ) );
    CHECK( prvSays( "L 32767" ) && prvHears( "saved 0 home on last" ) && prvHears( "1=0" ) );

    ucSsidLength = 255;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    ucSsidLength = wificonfigMAX_SSID_LEN + 1;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    ucSsidLength = 0;
    ucKeyLength = 255;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    ucKeyLength = 1;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    ucKeyLength = 0;
    xSecurity = ( WIFISecurity_t ) 99;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    xSecurity = eWiFiSecurityWPA2_ent;
    CHECK( prvSays( "A other password" ) && prvHears( "2=3" ) );
    xSecurity = eWiFiSecurityWPA2;
    bReadFails = true;
    CHECK( prvSays( "A other password" ) && prvHears( "2=1" ) );
    bReadFails = false;
    CHECK( ulStored() == 1U );

    for( int iType = IotBleWiFiProvRequestStop; iType < 300; iType += 97 )
    {
        xClaimedType = ( IotBleWiFiProvRequest_t ) iType;
        CHECK( prvSays( "D 0" ) );
        CHECK( prvHearsNothing() );
    }

    xClaimedType = IotBleWiFiProvRequestInvalid;
    CHECK( ulStored() == 1U );
}

/* What cannot be written is told, if that can be. */
static void prvWritesBadly( void )
{
    PhoneAnswer_t xAnswer;

    /* Longer than it fills: zeros, never what lay there before. */
    xClaimedSize = 100;
    CHECK( prvSays( "D 7" ) );
    CHECK( bPhoneAnswer( &xAnswer, 1000 ) && ( xAnswer.xLength == 100U ) && ( memcmp( xAnswer.ucBytes, "4=1", 4 ) == 0 ) );

    for( size_t i = 3; i < xAnswer.xLength; i++ )
    {
        CHECK( xAnswer.ucBytes[ i ] == 0U );
    }

    /* More than any answer may have: nothing is asked of the heap. */
    static const size_t xTooMuch[] = { 1025, 65536, 0x7FFFFFFF, SIZE_MAX };

    for( size_t i = 0; i < sizeof( xTooMuch ) / sizeof( xTooMuch[ 0 ] ); i++ )
    {
        xClaimedSize = xTooMuch[ i ];
        CHECK( prvSays( "L 1" ) );
        CHECK( prvSays( "D 7" ) );
        CHECK( prvHearsNothing() );
    }

    xClaimedSize = 0;
    bSizeFails = true;
    CHECK( prvSays( "D 7" ) );
    CHECK( prvHearsNothing() );
    bSizeFails = false;
    /* A network cannot be written: the list ends with a failure. */
    ulWritesFail = 1;
    CHECK( prvSays( "L 1" ) );
    CHECK( prvHears( "1=1" ) );
    CHECK( prvHearsNothing() );
    /* No memory for one answer; the phone itself takes two blocks. */
    vHeapFailAfter( 2 );
    CHECK( prvSays( "L 1" ) );
    CHECK( prvHears( "1=1" ) );
    vHeapFailNever();
    CHECK( prvSays( "L 1" ) && prvHears( "saved 0 home on last" ) && prvHears( "1=0" ) );
}

/* A table with holes does what it has. */
static void prvHoles( void )
{
    IotBleWifiProvSerializer_t xWhole = xTable;

    xTable.deserializeDeleteNetworkRequest = NULL;
    CHECK( prvSays( "D 0" ) && prvHears( "4=1" ) );
    xTable.serializeResponse = NULL;
    CHECK( prvSays( "E 0 0" ) && prvHearsNothing() );
    xTable = xWhole;
    xTable.getSerializedSizeForResponse = NULL;
    CHECK( prvSays( "E 0 0" ) && prvHearsNothing() );
    xTable.getRequestType = NULL;
    CHECK( prvSays( "E 0 0" ) && prvHearsNothing() );
    xTable = xWhole;
    CHECK( prvSays( "E 0 0" ) && prvHears( "3=0" ) );
    CHECK( ulStored() == 1U );
}

void vProgram( void )
{
    uint32_t ulFlat;

    vWiFiReset( 0, 0 );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( ulAsked == 1U );
    ulFlat = ulHeapBlocks();
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    /* The table stays as long as the service. */
    CHECK( IotBleWifiProv_Init() );
    CHECK( ulAsked == 1U );
    prvSpeaks();
    prvBounds();
    prvWritesBadly();
    prvHoles();
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bHeapReturnsTo( ulFlat ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( IotBleWifiProv_Init() );
    CHECK( ulAsked == 2U );
    IotBleWifiProv_Deinit();
}
