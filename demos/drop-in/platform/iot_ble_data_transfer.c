/*
 * The project's BLE middleware, as far as provisioning sees it: one channel for whole messages. A
 * stand-in: the phone is a task of this image (phone.c) and not behind a radio.
 */
#include "iot_ble_data_transfer.h"

#include <string.h>

#include "FreeRTOS.h"
#include "queue.h"
#include "phone_link.h"

struct IotBleDataTransferChannel
{
    bool xOpen;
    IotBleDataTransferChannelCallback_t xCallback;
    void * pvContext;
    const uint8_t * pucReceived; /* only during the callback */
    size_t xReceived;
};

static IotBleDataTransferChannel_t xChannel;
static QueueHandle_t xToPhone;

bool IotBleDataTransfer_Init( void )
{
    if( xToPhone == NULL )
    {
        xToPhone = xQueueCreate( 4, sizeof( PhoneMessage_t ) );
    }

    return xToPhone != NULL;
}

IotBleDataTransferChannel_t * IotBleDataTransfer_Open( uint8_t channelIdentifier )
{
    if( ( channelIdentifier != IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING ) || xChannel.xOpen )
    {
        return NULL;
    }

    xChannel.xOpen = true;
    return &xChannel;
}

bool IotBleDataTransfer_SetCallback( IotBleDataTransferChannel_t * pChannel,
                                     const IotBleDataTransferChannelCallback_t callback,
                                     void * pContext )
{
    if( pChannel->xCallback != NULL )
    {
        return false;
    }

    pChannel->pvContext = pContext;
    pChannel->xCallback = callback;
    /* The phone is always ready. */
    callback( IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED, pChannel, pContext );
    return true;
}

size_t IotBleDataTransfer_Send( IotBleDataTransferChannel_t * pChannel,
                                const uint8_t * const pMessage,
                                size_t messageLength )
{
    PhoneMessage_t xMessage = { 0 };

    if( !pChannel->xOpen || ( messageLength > sizeof( xMessage.ucBytes ) ) )
    {
        return 0;
    }

    xMessage.xLength = messageLength;
    memcpy( xMessage.ucBytes, pMessage, messageLength );
    return ( xQueueSend( xToPhone, &xMessage, pdMS_TO_TICKS( 2000 ) ) == pdTRUE ) ? messageLength : 0;
}

size_t IotBleDataTransfer_Receive( IotBleDataTransferChannel_t * pChannel,
                                   uint8_t * pBuffer,
                                   size_t bytesRequested )
{
    const size_t xTaken = ( bytesRequested < pChannel->xReceived ) ? bytesRequested : pChannel->xReceived;

    if( ( pBuffer != NULL ) && ( xTaken > 0 ) )
    {
        memcpy( pBuffer, pChannel->pucReceived, xTaken );
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
    pChannel->xOpen = false;
}

void IotBleDataTransfer_Reset( IotBleDataTransferChannel_t * pChannel )
{
    pChannel->xOpen = false;
    pChannel->xCallback = NULL;
    pChannel->pvContext = NULL;
}

bool IotBleDataTransfer_Cleanup( void )
{
    return true;
}

bool xPhoneWrites( const uint8_t * pucMessage,
                   size_t xLength )
{
    if( !xChannel.xOpen || ( xChannel.xCallback == NULL ) )
    {
        return false;
    }

    xChannel.pucReceived = pucMessage;
    xChannel.xReceived = xLength;
    xChannel.xCallback( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED, &xChannel, xChannel.pvContext );
    xChannel.pucReceived = NULL;
    xChannel.xReceived = 0;
    return true;
}

bool xPhoneReads( PhoneMessage_t * pxMessage,
                  uint32_t ulMilliseconds )
{
    return xQueueReceive( xToPhone, pxMessage, pdMS_TO_TICKS( ulMilliseconds ) ) == pdTRUE;
}
