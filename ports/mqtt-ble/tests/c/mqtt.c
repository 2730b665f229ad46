/* MQTT over BLE from C: a session of every packet, split anywhere; bad messages; no room; the end. */
#include "run.h"

#include <string.h>

#include "iot_ble_data_transfer.h"
#include "iot_ble_mqtt_transport.h"

const char * const pcProgram = "mqtt";

struct NetworkContext
{
    BleTransportParams_t * pParams;
};

static BleTransportParams_t xParams;
static NetworkContext_t xContext = { &xParams };
static uint8_t ucBuffer[ 1024 ];
/* What AcceptData gave last; it runs in the BLE host's task. */
static volatile MQTTBLEStatus_t xAccepted;

static void prvChannel( IotBleDataTransferChannelEvent_t xEvent,
                        IotBleDataTransferChannel_t * pxChannel,
                        void * pvContext )
{
    ( void ) pxChannel;

    if( xEvent == IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED )
    {
        xAccepted = IotBleMqttTransportAcceptData( pvContext );
    }
}

/* Sends bytes told in hexadecimal, in pieces of that size. */
static bool bSends( const char * pcHex,
                    size_t xPiece )
{
    uint8_t ucBytes[ 600 ];
    size_t xLength = xFromHex( pcHex, ucBytes, sizeof( ucBytes ) );

    for( size_t xAt = 0; xAt < xLength; xAt += xPiece )
    {
        size_t xNow = ( xLength - xAt < xPiece ) ? xLength - xAt : xPiece;

        if( IotBleMqttTransportSend( &xContext, &ucBytes[ xAt ], xNow ) != ( int32_t ) xNow )
        {
            return false;
        }
    }

    return true;
}

/* The client gets exactly these bytes now. */
static bool bGets( const char * pcHex )
{
    uint8_t ucWanted[ 64 ];
    uint8_t ucBytes[ 64 ];
    size_t xLength = xFromHex( pcHex, ucWanted, sizeof( ucWanted ) );

    for( size_t xAt = 0; xAt < xLength; xAt++ )
    {
        /* One by one, as coreMQTT reads a packet's head. */
        if( IotBleMqttTransportReceive( &xContext, &ucBytes[ xAt ], 1 ) != 1 )
        {
            return false;
        }
    }

    return ( memcmp( ucBytes, ucWanted, xLength ) == 0 ) && ( IotBleMqttTransportReceive( &xContext, ucBytes, sizeof( ucBytes ) ) == 0 );
}

static bool bTakes( const char * pcHex,
                    MQTTBLEStatus_t xStatus )
{
    return bWrites( pcHex ) && ( xAccepted == xStatus );
}

static void prvSession( size_t xPiece )
{
    CHECK( bSends( "101200044d5154540402003c00067468696e6731", xPiece ) );
    CHECK( bAnswers( "a46177016164667468696e67316161781e65782e696f742e75732d656173742d312e616d617a6f6e6177732e636f6d6163f5", 1000 ) );
    CHECK( bTakes( "a2617302617702", MQTTBLESuccess ) && bGets( "20020000" ) );
    CHECK( bSends( "820c00050003612f620000016301", xPiece ) );
    CHECK( bAnswers( "a461770861768263612f626163616f820001616905", 1000 ) );
    CHECK( bTakes( "a3616905617300617709", MQTTBLESuccess ) && bGets( "900400050000" ) );
    /* The second topic's own answer is not the client's. */
    CHECK( bTakes( "a3616905617301617709", MQTTBLESuccess ) && bGets( "" ) );
    CHECK( bSends( "32090003612f6201026869", xPiece ) );
    CHECK( bAnswers( "a5617703617563612f62616e01616b4268696169190102", 1000 ) );
    CHECK( bTakes( "a26169190102617704", MQTTBLESuccess ) && bGets( "40020102" ) );
    CHECK( bTakes( "a56169190102616b426869616e01617563612f62617703", MQTTBLESuccess ) );
    CHECK( bGets( "32090003612f6201026869" ) );
    CHECK( bSends( "40020102", xPiece ) && bAnswers( "a26177046169190102", 1000 ) );
    CHECK( bSends( "c000", xPiece ) && bAnswers( "a161770c", 1000 ) );
    CHECK( bTakes( "a161770d", MQTTBLESuccess ) && bGets( "d000" ) );
    CHECK( bSends( "e000", xPiece ) && bAnswers( "a161770e", 1000 ) );
}

/* A message that cannot be taken leaves nothing in the channel, and the next one is not affected. */
static void prvBadMessages( void )
{
    static uint8_t ucLong[ 700 ];

    static const uint8_t ucHead[] = { 0xa4, 0x61, 'w', 3, 0x61, 'n', 0, 0x61, 'u', 0x61, 't', 0x61, 'k', 0x59 };
    const size_t xPayload = sizeof( ucLong ) - sizeof( ucHead ) - 2U;

    ( void ) memcpy( ucLong, ucHead, sizeof( ucHead ) );
    ucLong[ sizeof( ucHead ) ] = ( uint8_t ) ( xPayload >> 8 );
    ucLong[ sizeof( ucHead ) + 1U ] = ( uint8_t ) xPayload;

    CHECK( bSends( "101200044d5154540402003c00067468696e6731", 100 ) );
    CHECK( bAnswers( "a46177016164667468696e67316161781e65782e696f742e75732d656173742d312e616d617a6f6e6177732e636f6d6163f5", 1000 ) );
    CHECK( bTakes( "a2617302617702", MQTTBLESuccess ) && bGets( "20020000" ) );
    CHECK( bTakes( "a3", MQTTBLEBadResponse ) );
    CHECK( bTakes( "a2616900617704", MQTTBLEBadResponse ) );
    CHECK( bPhoneWrite( ucLong, sizeof( ucLong ) ) && ( xAccepted == MQTTBLENoMemory ) );
    CHECK( bTakes( "a161770d", MQTTBLESuccess ) && bGets( "d000" ) );
    /* QoS 2 and too many bytes are refused; the packet behind is not. */
    CHECK( !bSends( "34080003612f6201026869", 100 ) );
    CHECK( bSends( "c000", 1 ) && bAnswers( "a161770c", 1000 ) );
    CHECK( xPhoneUnread() == 0U );
    /* The proxy loses the broker behind what waits. */
    CHECK( bTakes( "a161770d", MQTTBLESuccess ) );
    CHECK( bTakes( "a2617303617702", MQTTBLEServerRefused ) );
    CHECK( IotBleMqttTransportReceive( &xContext, ucLong, 2 ) == 2 );
    CHECK( IotBleMqttTransportReceive( &xContext, ucLong, 2 ) == -1 );
    /* And refuses the next connection. */
    CHECK( bSends( "101200044d5154540402003c00067468696e6731", 100 ) );
    CHECK( bAnswers( "a46177016164667468696e67316161781e65782e696f742e75732d656173742d312e616d617a6f6e6177732e636f6d6163f5", 1000 ) );
    CHECK( bTakes( "a2617304617702", MQTTBLEServerRefused ) && bGets( "20020005" ) );
}

/* Receive waits as long as it was told, and no longer when something comes. */
static intptr_t xReceives( intptr_t xLength )
{
    static uint8_t ucBytes[ 64 ];

    return IotBleMqttTransportReceive( &xContext, ucBytes, ( size_t ) xLength );
}

static void prvWaiting( void )
{
    static Call_t xCall = { .pvFunction = xReceives, .xArgument = 4 };
    uint8_t ucByte;
    TickType_t xBegan = xTaskGetTickCount();

    CHECK( IotBleMqttTransportReceive( &xContext, &ucByte, 1 ) == 0 );
    CHECK( xTaskGetTickCount() - xBegan >= pdMS_TO_TICKS( IOT_BLE_MQTT_TRANSPORT_RECEIVE_MS ) );
    IotBleMqttTransportSetReceiveTimeout( &xContext, 0 );
    xBegan = xTaskGetTickCount();
    CHECK( IotBleMqttTransportReceive( &xContext, &ucByte, 1 ) == 0 );
    CHECK( xTaskGetTickCount() - xBegan < pdMS_TO_TICKS( IOT_BLE_MQTT_TRANSPORT_RECEIVE_MS ) );
    IotBleMqttTransportSetReceiveTimeout( &xContext, 3600000 );
    CHECK( bSends( "101200044d5154540402003c00067468696e6731", 7 ) );
    CHECK( bAnswers( "a46177016164667468696e67316161781e65782e696f742e75732d656173742d312e616d617a6f6e6177732e636f6d6163f5", 1000 ) );
    xBegan = xTaskGetTickCount();
    vBegin( &xCall, 3 );
    CHECK( bTakes( "a2617302617702", MQTTBLESuccess ) );
    CHECK( bEnds( &xCall, 10000 ) && ( xCall.xResult == 4 ) );
    CHECK( xTaskGetTickCount() - xBegan < pdMS_TO_TICKS( 3600000 ) );
    IotBleMqttTransportSetReceiveTimeout( &xContext, IOT_BLE_MQTT_TRANSPORT_RECEIVE_MS );
}

/* Every function without what it needs. */
static void prvWrongCalls( void )
{
    static NetworkContext_t xEmpty = { NULL };
    uint8_t ucByte = 0xc0;

    CHECK( !IotBleMqttTransportInit( NULL, sizeof( ucBuffer ), &xContext ) );
    CHECK( !IotBleMqttTransportInit( ucBuffer, IOT_BLE_MQTT_TRANSPORT_BUFFER_LEAST - 1U, &xContext ) );
    CHECK( !IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), NULL ) );
    CHECK( !IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), &xEmpty ) );
    vHeapFailAfter( 0 );
    CHECK( !IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), &xContext ) );
    vHeapFailNever();

    for( const NetworkContext_t * pxContext = &xContext; ; pxContext = NULL )
    {
        NetworkContext_t * pxWrong = ( NetworkContext_t * ) pxContext;

        CHECK( IotBleMqttTransportSend( pxWrong, &ucByte, 1 ) == -1 );
        CHECK( IotBleMqttTransportReceive( pxWrong, &ucByte, 1 ) == -1 );
        CHECK( IotBleMqttTransportAcceptData( pxWrong ) == MQTTBLEBadParameter );
        CHECK( !IotBleMqttTransportSetEndpoint( pxWrong, "x" ) );
        IotBleMqttTransportSetReceiveTimeout( pxWrong, 1 );
        IotBleMqttTransportCleanup( pxWrong );

        if( pxContext == NULL )
        {
            return;
        }
    }
}

static void prvInit( void )
{
    CHECK( IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), &xContext ) );
    CHECK( !IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), &xContext ) );
    CHECK( !IotBleMqttTransportSetEndpoint( &xContext, NULL ) );
    CHECK( !IotBleMqttTransportSetEndpoint( &xContext, "\xff" ) );
    CHECK( IotBleMqttTransportSetEndpoint( &xContext, "ex.iot.us-east-1.amazonaws.com" ) );
}

void vProgram( void )
{
    uint32_t ulBlocks;

    prvWrongCalls();
    ulBlocks = ulHeapBlocks();
    prvInit();
    /* No channel yet: nothing is taken, not even the beginning of a packet. */
    CHECK( IotBleMqttTransportSend( &xContext, "\x10", 1 ) == -1 );
    CHECK( IotBleMqttTransportAcceptData( &xContext ) == MQTTBLEBadParameter );
    /* The platform here has one channel, and what it is for is nothing to the transport. */
    xParams.pChannel = IotBleDataTransfer_Open( IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING );
    CHECK( xParams.pChannel != NULL );
    CHECK( IotBleDataTransfer_SetCallback( xParams.pChannel, prvChannel, &xContext ) );
    vPhoneReset( true );

    for( size_t xPiece = 1; xPiece < 24; xPiece++ )
    {
        prvSession( xPiece );
    }

    prvBadMessages();
    prvWaiting();

    /* Half a packet when the phone goes, and a new connection that knows nothing of it. */
    CHECK( bSends( "32090003612f", 100 ) );
    vPhoneGo();
    CHECK( !bSends( "6201026869", 100 ) );
    IotBleMqttTransportCleanup( &xContext );
    CHECK( bHeapReturnsTo( ulBlocks ) );
    prvInit();
    vPhoneCome();
    prvSession( 5 );
    IotBleDataTransfer_Close( xParams.pChannel );
    IotBleDataTransfer_Reset( xParams.pChannel );
    IotBleMqttTransportCleanup( &xContext );
    CHECK( bHeapReturnsTo( ulBlocks ) );
}
