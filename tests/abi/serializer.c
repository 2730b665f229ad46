/* The table of message functions, called from C: every vector, rooms too small, and NULL. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vector.h"

#include "vectors.h"

const char * const pcProgram = "serializer";

static const char * pcVector = "none";

#define HOLDS( bIsSo )    do { if( !( bIsSo ) ) { ( void ) printf( "vector %s: ", pcVector ); ( void ) fflush( stdout ); vWrong( __FILE__, __LINE__, #bIsSo ); } } while( 0 )

static const IotBleWifiProvSerializer_t * pxTable;

/* What a function must not leave as it was, if it is to be zeroed first. */
#define DIRT    0xa5

static bool prvIsZero( const void * pvBlock,
                       size_t xLength )
{
    const uint8_t * pucBytes = pvBlock;

    for( size_t i = 0; i < xLength; i++ )
    {
        if( pucBytes[ i ] != 0U )
        {
            return false;
        }
    }

    return true;
}

/* A block of exactly these bytes, so that a sanitizer sees who reads beyond. */
static uint8_t * prvBlock( const char * pcHex,
                           size_t * pxLength )
{
    size_t xLength = strlen( pcHex ) / 2U;
    uint8_t * pucBlock = malloc( ( xLength == 0U ) ? 1U : xLength );

    CHECK( pucBlock != NULL );
    *pxLength = xFromHex( pcHex, pucBlock, xLength );
    return pucBlock;
}

static bool prvSame( const uint8_t * pucBytes,
                     size_t xLength,
                     const char * pcHex )
{
    uint8_t ucWanted[ 256 ];

    return ( xFromHex( pcHex, ucWanted, sizeof( ucWanted ) ) == xLength ) && ( memcmp( pucBytes, ucWanted, xLength ) == 0 );
}

/* Reads the message by the function for its kind; false when that refuses it. */
static bool prvRead( const Reading_t * pxVector,
                     const uint8_t * pucMessage,
                     size_t xLength,
                     bool bCompare )
{
    IotBleWifiProvListNetworksRequest_t xList;
    IotBleWifiProvAddNetworkRequest_t xAdd;
    IotBleWifiProvEditNetworkRequest_t xEdit;
    IotBleWifiProvDeleteNetworkRequest_t xDelete;
    bool bRead;

    switch( pxVector->ulKind )
    {
        case 1:
            ( void ) memset( &xList, DIRT, sizeof( xList ) );
            bRead = pxTable->deserializeListNetworkRequest( pucMessage, xLength, &xList );
            HOLDS( bRead || prvIsZero( &xList, sizeof( xList ) ) );
            break;

        case 3:
            ( void ) memset( &xAdd, DIRT, sizeof( xAdd ) );
            bRead = pxTable->deserializeAddNetworkRequest( pucMessage, xLength, &xAdd );
            HOLDS( bRead || prvIsZero( &xAdd, sizeof( xAdd ) ) );

            if( bRead && bCompare )
            {
                HOLDS( xAdd.isProvisioned == pxVector->bIsProvisioned );

                if( xAdd.isProvisioned )
                {
                    HOLDS( xAdd.info.index == pxVector->lFirst );
                }
                else
                {
                    const WIFINetworkProfile_t * pxNetwork = &xAdd.info.network;

                    HOLDS( xAdd.shouldConnect == pxVector->bShouldConnect );
                    HOLDS( prvSame( pxNetwork->ucSSID, pxNetwork->ucSSIDLength, pxVector->pcSsid ) );
                    HOLDS( prvSame( pxNetwork->ucBSSID, sizeof( pxNetwork->ucBSSID ), pxVector->pcBssid ) );
                    HOLDS( prvSame( ( const uint8_t * ) pxNetwork->cPassword, pxNetwork->ucPasswordLength, pxVector->pcPassword ) );
                    HOLDS( pxNetwork->xSecurity == ( WIFISecurity_t ) pxVector->ulSecurity );
                }
            }

            break;

        case 5:
            ( void ) memset( &xEdit, DIRT, sizeof( xEdit ) );
            bRead = pxTable->deserializeEditNetworkRequest( pucMessage, xLength, &xEdit );
            HOLDS( bRead || prvIsZero( &xEdit, sizeof( xEdit ) ) );
            HOLDS( !bRead || !bCompare || ( ( xEdit.currentPriorityIndex == pxVector->lFirst ) && ( xEdit.newPriorityIndex == pxVector->lSecond ) ) );
            break;

        default:
            ( void ) memset( &xDelete, DIRT, sizeof( xDelete ) );
            bRead = pxTable->deserializeDeleteNetworkRequest( pucMessage, xLength, &xDelete );
            HOLDS( bRead || prvIsZero( &xDelete, sizeof( xDelete ) ) );
            HOLDS( !bRead || !bCompare || ( xDelete.priorityIndex == pxVector->lFirst ) );
            break;
    }

    return bRead;
}

static void prvReading( const Reading_t * pxVector )
{
    static const IotBleWiFiProvRequest_t xTypes[] = { 0, 1, 0, 2, 0, 3, 0, 4 };
    IotBleWiFiProvRequest_t xType = IotBleWiFiProvRequestStop;
    size_t xLength;
    uint8_t * pucMessage = prvBlock( pxVector->pcMessage, &xLength );
    bool bKnown;

    pcVector = pxVector->pcId;
    bKnown = pxTable->getRequestType( pucMessage, xLength, &xType );
    HOLDS( bKnown == ( xType != IotBleWiFiProvRequestInvalid ) );

    if( pxVector->lOutcome == VECTOR_ACCEPTED )
    {
        HOLDS( bKnown && ( xType == xTypes[ pxVector->ulKind ] ) );
        HOLDS( prvRead( pxVector, pucMessage, xLength, true ) );

        /* Cut anywhere, it is a message that has to be refused, or one without the bytes behind it. */
        for( size_t xCut = 0; xCut < xLength; xCut++ )
        {
            uint8_t * pucCut = malloc( ( xCut == 0U ) ? 1U : xCut );

            CHECK( pucCut != NULL );
            ( void ) memcpy( pucCut, pucMessage, xCut );
            ( void ) pxTable->getRequestType( pucCut, xCut, &xType );
            ( void ) prvRead( pxVector, pucCut, xCut, false );
            free( pucCut );
        }
    }
    else
    {
        /* An index out of range may be read: the service refuses it. */
        HOLDS( ( pxVector->lOutcome != VECTOR_DROPPED ) || !prvRead( pxVector, pucMessage, xLength, false ) );
    }

    free( pucMessage );
}

static void prvDescribe( const Writing_t * pxVector,
                         IotBleWifiProvResponse_t * pxResponse,
                         WIFINetworkProfile_t * pxSaved,
                         WIFIScanResult_t * pxScanned )
{
    ( void ) memset( pxResponse, 0, sizeof( *pxResponse ) );
    ( void ) memset( pxSaved, 0, sizeof( *pxSaved ) );
    ( void ) memset( pxScanned, 0, sizeof( *pxScanned ) );
    pxResponse->requestType = ( IotBleWiFiProvRequest_t ) pxVector->ulRequestType;
    pxResponse->status = ( WIFIReturnCode_t ) pxVector->ulStatus;
    pxResponse->statusOnly = pxVector->bStatusOnly;
    pxResponse->networkInfo.isSavedNetwork = pxVector->bIsSaved;
    pxResponse->networkInfo.isHidden = pxVector->bIsHidden;
    pxResponse->networkInfo.isConnected = pxVector->bIsConnected;
    pxResponse->networkInfo.isLast = pxVector->bIsLast;
    pxResponse->networkInfo.index = ( uint16_t ) pxVector->ulIndex;

    if( pxVector->bIsSaved )
    {
        pxSaved->ucSSIDLength = ( uint8_t ) xFromHex( pxVector->pcSsid, pxSaved->ucSSID, sizeof( pxSaved->ucSSID ) );
        ( void ) xFromHex( pxVector->pcBssid, pxSaved->ucBSSID, sizeof( pxSaved->ucBSSID ) );
        pxSaved->xSecurity = ( WIFISecurity_t ) pxVector->ulSecurity;
        pxResponse->networkInfo.info.pSavedNetwork = pxSaved;
    }
    else
    {
        pxScanned->ucSSIDLength = ( uint8_t ) xFromHex( pxVector->pcSsid, pxScanned->ucSSID, sizeof( pxScanned->ucSSID ) );
        ( void ) xFromHex( pxVector->pcBssid, pxScanned->ucBSSID, sizeof( pxScanned->ucBSSID ) );
        pxScanned->xSecurity = ( WIFISecurity_t ) pxVector->ulSecurity;
        pxScanned->cRSSI = ( int8_t ) pxVector->lRssi;
        pxResponse->networkInfo.info.pScannedNetwork = pxScanned;
    }
}

static void prvWriting( const Writing_t * pxVector )
{
    IotBleWifiProvResponse_t xResponse;
    WIFINetworkProfile_t xSaved;
    WIFIScanResult_t xScanned;
    size_t xLength = 0;

    pcVector = pxVector->pcId;
    prvDescribe( pxVector, &xResponse, &xSaved, &xScanned );
    HOLDS( pxTable->getSerializedSizeForResponse( &xResponse, &xLength ) );
    HOLDS( xLength == pxVector->ulLength );

    /* Every room up to one byte more than needed. */
    for( size_t xRoom = 0; xRoom <= xLength + 1U; xRoom++ )
    {
        uint8_t * pucRoom = malloc( ( xRoom == 0U ) ? 1U : xRoom );

        CHECK( pucRoom != NULL );
        ( void ) memset( pucRoom, DIRT, ( xRoom == 0U ) ? 1U : xRoom );
        HOLDS( pxTable->serializeResponse( &xResponse, pucRoom, xRoom ) == ( xRoom >= xLength ) );
        HOLDS( ( pxVector->pcBytes == NULL ) || ( xRoom < xLength ) || prvSame( pucRoom, xLength, pxVector->pcBytes ) );
        HOLDS( ( xRoom <= xLength ) || ( pucRoom[ xLength ] == DIRT ) );
        free( pucRoom );
    }

    HOLDS( !pxTable->serializeResponse( &xResponse, NULL, xLength ) );
    HOLDS( !pxTable->getSerializedSizeForResponse( &xResponse, NULL ) );
}

static void prvNull( void )
{
    static const uint8_t ucDelete[] = { 0xa2, 0x61, 0x67, 0x00, 0x61, 0x77, 0x07 };
    IotBleWiFiProvRequest_t xType;
    IotBleWifiProvListNetworksRequest_t xList;
    IotBleWifiProvAddNetworkRequest_t xAdd;
    IotBleWifiProvEditNetworkRequest_t xEdit;
    IotBleWifiProvDeleteNetworkRequest_t xDelete;
    IotBleWifiProvResponse_t xResponse = { .requestType = IotBleWiFiProvRequestListNetwork };
    uint8_t ucRoom[ 128 ];
    size_t xLength = 0;

    pcVector = "NULL";

    /* A NULL message, whatever its length, is an empty one. */
    for( size_t xSaid = 0; xSaid < 8U; xSaid += 7U )
    {
        HOLDS( !pxTable->getRequestType( NULL, xSaid, &xType ) );
        HOLDS( !pxTable->deserializeListNetworkRequest( NULL, xSaid, &xList ) );
        HOLDS( !pxTable->deserializeAddNetworkRequest( NULL, xSaid, &xAdd ) );
        HOLDS( !pxTable->deserializeEditNetworkRequest( NULL, xSaid, &xEdit ) );
        HOLDS( !pxTable->deserializeDeleteNetworkRequest( NULL, xSaid, &xDelete ) );
    }

    HOLDS( !pxTable->getRequestType( ucDelete, SIZE_MAX, &xType ) );
    HOLDS( !pxTable->getRequestType( ucDelete, sizeof( ucDelete ), NULL ) );
    HOLDS( !pxTable->deserializeListNetworkRequest( ucDelete, sizeof( ucDelete ), NULL ) );
    HOLDS( !pxTable->deserializeAddNetworkRequest( ucDelete, sizeof( ucDelete ), NULL ) );
    HOLDS( !pxTable->deserializeEditNetworkRequest( ucDelete, sizeof( ucDelete ), NULL ) );
    HOLDS( !pxTable->deserializeDeleteNetworkRequest( ucDelete, sizeof( ucDelete ), NULL ) );
    /* Of another kind. */
    HOLDS( !pxTable->deserializeListNetworkRequest( ucDelete, sizeof( ucDelete ), &xList ) );
    HOLDS( !pxTable->deserializeAddNetworkRequest( ucDelete, sizeof( ucDelete ), &xAdd ) );
    HOLDS( !pxTable->deserializeEditNetworkRequest( ucDelete, sizeof( ucDelete ), &xEdit ) );
    HOLDS( !pxTable->getSerializedSizeForResponse( NULL, &xLength ) );
    HOLDS( !pxTable->getSerializedSizeForResponse( NULL, NULL ) );
    HOLDS( !pxTable->serializeResponse( NULL, ucRoom, sizeof( ucRoom ) ) );

    /* A response that points to no network. */
    for( int i = 0; i < 2; i++ )
    {
        xResponse.networkInfo.isSavedNetwork = i != 0;
        HOLDS( !pxTable->getSerializedSizeForResponse( &xResponse, &xLength ) );
        HOLDS( !pxTable->serializeResponse( &xResponse, ucRoom, sizeof( ucRoom ) ) );
    }

    /* Numbers that are no kind of request, and no status. */
    xResponse.statusOnly = true;
    xResponse.requestType = IotBleWiFiProvRequestStop;
    HOLDS( !pxTable->serializeResponse( &xResponse, ucRoom, sizeof( ucRoom ) ) );
    xResponse.requestType = ( IotBleWiFiProvRequest_t ) 77;
    HOLDS( !pxTable->serializeResponse( &xResponse, ucRoom, sizeof( ucRoom ) ) );
    xResponse.requestType = IotBleWiFiProvRequestAddNetwork;
    xResponse.status = ( WIFIReturnCode_t ) 77;
    HOLDS( !pxTable->serializeResponse( &xResponse, ucRoom, sizeof( ucRoom ) ) );
}

/* A driver's names that are longer than the array. */
static void prvLongName( void )
{
    IotBleWifiProvResponse_t xResponse = { .requestType = IotBleWiFiProvRequestListNetwork };
    WIFIScanResult_t * pxScanned = calloc( 1, sizeof( *pxScanned ) );
    uint8_t ucRoom[ 128 ];
    size_t xLength = 0;

    pcVector = "a name of 255 bytes";
    CHECK( pxScanned != NULL );
    pxScanned->ucSSIDLength = UINT8_MAX;
    pxScanned->xSecurity = ( WIFISecurity_t ) 77;
    pxScanned->cRSSI = INT8_MIN;
    xResponse.networkInfo.info.pScannedNetwork = pxScanned;
    HOLDS( pxTable->getSerializedSizeForResponse( &xResponse, &xLength ) );
    HOLDS( xLength <= sizeof( ucRoom ) );
    HOLDS( pxTable->serializeResponse( &xResponse, ucRoom, xLength ) );
    free( pxScanned );
}

void vProgram( void )
{
    pxTable = IotBleWifiProv_GetSerializer();
    CHECK( pxTable != NULL );
    CHECK( pxTable == IotBleWifiProv_GetSerializer() );

    for( size_t i = 0; i < COUNT_OF( xReadings ); i++ )
    {
        prvReading( &xReadings[ i ] );
    }

    for( size_t i = 0; i < COUNT_OF( xWritings ); i++ )
    {
        prvWriting( &xWritings[ i ] );
    }

    prvNull();
    prvLongName();
    ( void ) xExchanges;
}
