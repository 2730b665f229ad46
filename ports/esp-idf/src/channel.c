/*
 * IotBleDataTransfer_*: whole messages over GATT values, for the provisioning channel. Messages shorter than a chunk are one
 * write or one notification; longer ones are chunks, of which a shorter one is the last.
 */
#include "glue.h"

#include <string.h>

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "iot_ble_data_transfer.h"

/* How long a message waits behind a large one that the phone has yet to fetch. */
#define SEND_TIMEOUT    pdMS_TO_TICKS( 2000U )

struct IotBleDataTransferChannel
{
    bool xReady; /* the phone wrote 1 */
    bool xUsed;  /* an application owns the channel */
    bool xOpen;  /* messages flow */
    bool xSubscribed[ 2 ];
    IotBleDataTransferChannelCallback_t xCallback;
    void * pvContext;

    /* What is shown inside DATA_RECEIVED. */
    const uint8_t * pucReceived;
    size_t xReceived;

    uint8_t ucIncoming[ GLUE_MESSAGE_MAX ];
    size_t xIncoming;
    bool xOverlong; /* only the end of this message is looked for */

    uint8_t ucOutgoing[ GLUE_MESSAGE_MAX ];
    size_t xOutgoing;
    size_t xFetched;
    bool xSending; /* the phone has yet to fetch the end */
};

static IotBleDataTransferChannel_t xChannel;

/* Guards the channel; never held while a callback runs. */
static SemaphoreHandle_t xLock = NULL;

/* Given while nothing large is under way. */
static SemaphoreHandle_t xMaySend = NULL;

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

/* A request may hold a passphrase, so the compiler must not leave this out. */
static void prvWipe( uint8_t * pucBytes,
                     size_t xLength )
{
    volatile uint8_t * pucByte = pucBytes;

    while( xLength-- > 0 )
    {
        *pucByte++ = 0;
    }
}

/*-----------------------------------------------------------*/

static void prvTell( IotBleDataTransferChannelEvent_t xEvent )
{
    IotBleDataTransferChannelCallback_t xCallback;
    void * pvContext;

    prvLock();
    xCallback = xChannel.xCallback;
    pvContext = xChannel.pvContext;
    prvUnlock();

    if( xCallback != NULL )
    {
        xCallback( xEvent, &xChannel, pvContext );
    }
}

/*-----------------------------------------------------------*/

/* With the lock held. Whether somebody is to be told. */
static bool prvClose( void )
{
    bool xWasOpen = xChannel.xOpen;

    xChannel.xOpen = false;
    prvWipe( xChannel.ucIncoming, xChannel.xIncoming );
    xChannel.xIncoming = 0;
    xChannel.xOverlong = false;

    if( xChannel.xSending )
    {
        xChannel.xSending = false;
        ( void ) xSemaphoreGive( xMaySend );
    }

    return xWasOpen;
}

/*-----------------------------------------------------------*/

bool CHANNEL_Start( void )
{
    xLock = xSemaphoreCreateMutex();
    xMaySend = xSemaphoreCreateBinary();

    if( ( xLock == NULL ) || ( xMaySend == NULL ) )
    {
        return false;
    }

    return xSemaphoreGive( xMaySend ) == pdTRUE;
}

bool CHANNEL_IsReady( void )
{
    return xChannel.xReady;
}

void CHANNEL_Control( bool xReady )
{
    bool xTell;

    prvLock();
    xChannel.xReady = xReady;
    xTell = ( xChannel.xOpen != xReady ) && xChannel.xUsed && ( xChannel.xCallback != NULL );

    if( !xReady )
    {
        ( void ) prvClose();
    }
    else if( xChannel.xUsed )
    {
        xChannel.xOpen = true;
    }

    prvUnlock();

    if( xTell )
    {
        prvTell( xReady ? IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED : IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED );
    }
}

void CHANNEL_Disconnected( void )
{
    bool xTell;

    prvLock();
    xChannel.xReady = false;
    xChannel.xSubscribed[ 0 ] = false;
    xChannel.xSubscribed[ 1 ] = false;
    xTell = prvClose();
    prvUnlock();

    if( xTell )
    {
        prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED );
    }
}

void CHANNEL_Subscribed( bool xLarge,
                         bool xOn )
{
    prvLock();
    xChannel.xSubscribed[ xLarge ? 1 : 0 ] = xOn;
    prvUnlock();
}

/*-----------------------------------------------------------*/

void CHANNEL_Received( const uint8_t * pucMessage,
                       size_t xLength )
{
    if( xChannel.xOpen && ( xLength > 0 ) )
    {
        xChannel.pucReceived = pucMessage;
        xChannel.xReceived = xLength;
        prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED );
        xChannel.pucReceived = NULL;
        xChannel.xReceived = 0;
    }
}

void CHANNEL_ReceivedChunk( const uint8_t * pucChunk,
                            size_t xLength )
{
    bool xLast = xLength < BLE_GLUE_ChunkSize();
    size_t xWhole = 0;

    prvLock();

    if( !xChannel.xOpen )
    {
        ( void ) prvClose();
    }
    else
    {
        if( xLength > ( sizeof( xChannel.ucIncoming ) - xChannel.xIncoming ) )
        {
            xChannel.xOverlong = true;
        }

        if( !xChannel.xOverlong )
        {
            ( void ) memcpy( &xChannel.ucIncoming[ xChannel.xIncoming ], pucChunk, xLength );
            xChannel.xIncoming += xLength;
        }

        if( xLast )
        {
            xWhole = xChannel.xOverlong ? 0 : xChannel.xIncoming;
        }
    }

    prvUnlock();

    if( xWhole > 0 )
    {
        CHANNEL_Received( xChannel.ucIncoming, xWhole );
    }

    if( xLast )
    {
        prvLock();
        prvWipe( xChannel.ucIncoming, xChannel.xIncoming );
        xChannel.xIncoming = 0;
        xChannel.xOverlong = false;
        prvUnlock();
    }
}

/*-----------------------------------------------------------*/

const uint8_t * CHANNEL_NextChunk( size_t * pxLength )
{
    size_t xRoom = BLE_GLUE_ChunkSize();
    const uint8_t * pucChunk = &xChannel.ucOutgoing[ xChannel.xFetched ];
    bool xSent = false;

    *pxLength = 0;
    prvLock();

    if( xChannel.xSending )
    {
        size_t xRest = xChannel.xOutgoing - xChannel.xFetched;

        *pxLength = ( xRest < xRoom ) ? xRest : xRoom;
        xChannel.xFetched += *pxLength;
        xSent = *pxLength < xRoom;
        xChannel.xSending = !xSent;
    }

    prvUnlock();

    if( xSent )
    {
        ( void ) xSemaphoreGive( xMaySend );
        prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT );
    }

    return pucChunk;
}

/*-----------------------------------------------------------*/

bool IotBleDataTransfer_Init( void )
{
    return xLock != NULL;
}

IotBleDataTransferChannel_t * IotBleDataTransfer_Open( uint8_t channelIdentifier )
{
    bool xTaken = false;

    if( ( channelIdentifier != IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING ) || ( xLock == NULL ) )
    {
        return NULL;
    }

    prvLock();

    if( !xChannel.xUsed )
    {
        xChannel.xUsed = true;
        xChannel.xOpen = xChannel.xReady;
        xTaken = true;
    }

    prvUnlock();
    return xTaken ? &xChannel : NULL;
}

bool IotBleDataTransfer_SetCallback( IotBleDataTransferChannel_t * pChannel,
                                     const IotBleDataTransferChannelCallback_t callback,
                                     void * pContext )
{
    bool xSet = false;
    bool xTell;

    prvLock();

    if( pChannel->xUsed && ( pChannel->xCallback == NULL ) )
    {
        pChannel->xCallback = callback;
        pChannel->pvContext = pContext;
        xSet = true;
    }

    xTell = xSet && pChannel->xOpen;
    prvUnlock();

    if( xTell )
    {
        prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED );
    }

    return xSet;
}

/*-----------------------------------------------------------*/

size_t IotBleDataTransfer_Send( IotBleDataTransferChannel_t * pChannel,
                                const uint8_t * const pMessage,
                                size_t messageLength )
{
    size_t xRoom = BLE_GLUE_ChunkSize();
    bool xLarge = messageLength >= xRoom;
    bool xGoes = false;

    if( ( xRoom == 0 ) || ( messageLength == 0 ) || ( messageLength > sizeof( pChannel->ucOutgoing ) ) ||
        ( xSemaphoreTake( xMaySend, SEND_TIMEOUT ) != pdTRUE ) )
    {
        return 0;
    }

    prvLock();

    if( pChannel->xOpen && pChannel->xSubscribed[ xLarge ? 1 : 0 ] )
    {
        xGoes = true;

        if( xLarge )
        {
            /* Queued whole before the first chunk leaves, so that the phone may fetch as fast as it likes. */
            ( void ) memcpy( pChannel->ucOutgoing, pMessage, messageLength );
            pChannel->xOutgoing = messageLength;
            pChannel->xFetched = xRoom;
            pChannel->xSending = true;
        }
    }

    prvUnlock();

    if( xGoes && BLE_GLUE_Notify( xLarge, pMessage, xLarge ? xRoom : messageLength ) )
    {
        if( !xLarge )
        {
            ( void ) xSemaphoreGive( xMaySend );
            prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT );
        }

        return messageLength;
    }

    prvLock();
    pChannel->xSending = false;
    prvUnlock();
    ( void ) xSemaphoreGive( xMaySend );
    return 0;
}

/*-----------------------------------------------------------*/

size_t IotBleDataTransfer_Receive( IotBleDataTransferChannel_t * pChannel,
                                   uint8_t * pBuffer,
                                   size_t bytesRequested )
{
    size_t xTaken = ( bytesRequested < pChannel->xReceived ) ? bytesRequested : pChannel->xReceived;

    if( xTaken == 0 )
    {
        return 0;
    }

    if( pBuffer != NULL )
    {
        ( void ) memcpy( pBuffer, pChannel->pucReceived, xTaken );
    }

    pChannel->pucReceived += xTaken;
    pChannel->xReceived -= xTaken;
    return xTaken;
}

void IotBleDataTransfer_PeekReceiveBuffer( IotBleDataTransferChannel_t * pChannel,
                                           const uint8_t ** pBuffer,
                                           size_t * pBufferLength )
{
    *pBuffer = pChannel->pucReceived;
    *pBufferLength = pChannel->xReceived;
}

void IotBleDataTransfer_Close( IotBleDataTransferChannel_t * pChannel )
{
    bool xTell;

    ( void ) pChannel;
    prvLock();
    xTell = prvClose();
    prvUnlock();

    if( xTell )
    {
        prvTell( IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED );
    }
}

void IotBleDataTransfer_Reset( IotBleDataTransferChannel_t * pChannel )
{
    prvLock();
    ( void ) prvClose();
    pChannel->xUsed = false;
    pChannel->xCallback = NULL;
    pChannel->pvContext = NULL;
    prvUnlock();
}

bool IotBleDataTransfer_Cleanup( void )
{
    return true;
}
