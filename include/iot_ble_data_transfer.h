/*
 * The data-transfer channel, as the platform contract: whole messages over GATT, large ones in
 * chunks. For projects that have no iot_ble_data_transfer.h of their own. Names, types and values
 * are those of the upstream interface.
 */
#ifndef IOT_BLE_DATA_TRANSFER_H_
#define IOT_BLE_DATA_TRANSFER_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_MQTT
    #define IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_MQTT                 ( 0x00 )
#endif
#ifndef IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING
    #define IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING    ( 0x01 )
#endif

typedef enum IotBleDataTransferChannelEvent
{
    IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED = 0,
    IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED,
    IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT,
    IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED
} IotBleDataTransferChannelEvent_t;

typedef struct IotBleDataTransferChannel IotBleDataTransferChannel_t;

/* Called in the context of the BLE host; must not block. */
typedef void ( * IotBleDataTransferChannelCallback_t )( IotBleDataTransferChannelEvent_t event,
                                                        IotBleDataTransferChannel_t * pChannel,
                                                        void * pContext );

bool IotBleDataTransfer_Init( void );

/* NULL when the identifier is unknown or the channel is in use. */
IotBleDataTransferChannel_t * IotBleDataTransfer_Open( uint8_t channelIdentifier );

/* Fires OPENED at once when the phone is ready already. False when a callback is set. */
bool IotBleDataTransfer_SetCallback( IotBleDataTransferChannel_t * pChannel,
                                     const IotBleDataTransferChannelCallback_t callback,
                                     void * pContext );

/* Sends one whole message; returns how much of it was taken. May block 2 s behind a large one. */
size_t IotBleDataTransfer_Send( IotBleDataTransferChannel_t * pChannel,
                                const uint8_t * const pMessage,
                                size_t messageLength );

/* Takes received bytes; a NULL buffer discards them. Only inside DATA_RECEIVED. */
size_t IotBleDataTransfer_Receive( IotBleDataTransferChannel_t * pChannel,
                                   uint8_t * pBuffer,
                                   size_t bytesRequested );

/* Shows the received bytes without taking them. Only inside DATA_RECEIVED. */
void IotBleDataTransfer_PeekReceiveBuffer( IotBleDataTransferChannel_t * pChannel,
                                           const uint8_t ** pBuffer,
                                           size_t * pBufferLength );

void IotBleDataTransfer_Close( IotBleDataTransferChannel_t * pChannel );

/* Gives up the channel and its callback. */
void IotBleDataTransfer_Reset( IotBleDataTransferChannel_t * pChannel );

bool IotBleDataTransfer_Cleanup( void );

#ifdef __cplusplus
}
#endif

#endif /* IOT_BLE_DATA_TRANSFER_H_ */
