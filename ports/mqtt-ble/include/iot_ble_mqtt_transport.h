/*
 * MQTT over BLE as a transport of coreMQTT: standard MQTT 3.1.1 packets in and out, and a proxy on the
 * phone that has the connection to the broker. Functions and status values are those of the upstream
 * interface. What is not carried: QoS 2 and a will (refused), user name and password (left out, the
 * phone signs in as itself), keep-alive time, retain and DUP (left out).
 *
 *     static uint8_t ucBuffer[ IOT_BLE_MQTT_TRANSPORT_BUFFER_FULL ];
 *     static BleTransportParams_t xParams;
 *     static NetworkContext_t xContext = { &xParams };
 *
 *     xParams.pChannel = IotBleDataTransfer_Open( IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_MQTT );
 *
 *     if( ( xParams.pChannel != NULL ) &&
 *         IotBleMqttTransportInit( ucBuffer, sizeof( ucBuffer ), &xContext ) )
 *     {
 *         IotBleMqttTransportSetEndpoint( &xContext, clientcredentialMQTT_BROKER_ENDPOINT );
 *         IotBleDataTransfer_SetCallback( xParams.pChannel, prvChannel, &xContext );
 *     }
 *
 * and in prvChannel, at DATA_RECEIVED: IotBleMqttTransportAcceptData( pContext ).
 */
#ifndef IOT_BLE_MQTT_TRANSPORT_H_
#define IOT_BLE_MQTT_TRANSPORT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iot_ble_data_transfer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A buffer for 4 KiB of payload and a topic of 480 bytes, each way; and the smallest there is. Three
 * sevenths of a buffer hold the message being sent, the rest what waits for Receive. A quarter of that,
 * 256 bytes at most, is kept free of PUBLISH packets, for acknowledgements. */
#define IOT_BLE_MQTT_TRANSPORT_BUFFER_FULL    10752U
#define IOT_BLE_MQTT_TRANSPORT_BUFFER_LEAST   256U

/* How long Receive waits until SetReceiveTimeout, in milliseconds. */
#define IOT_BLE_MQTT_TRANSPORT_RECEIVE_MS     250U

typedef enum MQTTBLEStatus
{
    MQTTBLESuccess = 0,     /* taken in, or nothing the client must hear of */
    MQTTBLEBadParameter,    /* NULL, not initialised, or no message there */
    MQTTBLENoMemory,        /* no room beside what waits, or never: the message is dropped whole. Beside what waits, and
                             * unless it was a message of QoS 0, the connection ends: see Receive. One that never fits
                             * stays unacknowledged, and keeps a place of the broker's: have a buffer of
                             * IOT_BLE_MQTT_TRANSPORT_BUFFER_FULL, and a proxy that minds what the device takes */
    MQTTBLEBadResponse,     /* not understood: the message is dropped */
    MQTTBLEServerRefused    /* the proxy could not connect to the broker, or lost it */
} MQTTBLEStatus_t;

/* One transport. To be zero before the first Init. */
typedef struct BleTransportParams
{
    /* The channel, from IotBleDataTransfer_Open; set by the application before Send and AcceptData. */
    IotBleDataTransferChannel_t * pChannel;
    /* The library's own. */
    uintptr_t uxState[ 64 ];
} BleTransportParams_t;

/* The application defines it, as coreMQTT wants; its first member is a BleTransportParams_t *. */
struct NetworkContext;
#ifndef TRANSPORT_INTERFACE_H_
    typedef struct NetworkContext NetworkContext_t;
#endif

/* Begins a connection: nothing of an earlier one is left. To be called again, after Cleanup, when the
 * channel was closed. The buffer must stay until Cleanup. False: NULL, a buffer too small, initialised
 * already, or no heap for an event group.
 * Context: any task; does not block. */
bool IotBleMqttTransportInit( void * pBuffer,
                              size_t bufSize,
                              NetworkContext_t * pContext );

/* Gives the event group back. No task may be inside the other functions, and AcceptData must not come
 * any more: close the channel first.
 * Context: any task; does not block. */
void IotBleMqttTransportCleanup( const NetworkContext_t * pContext );

/* The broker's host name, which CONNECT tells the phone; an addition to the upstream interface, which
 * took it from aws_clientcredential.h. The text must stay until Cleanup. Empty until set.
 * False: NULL, not initialised, or no UTF-8.
 * Context: the task that calls Send; does not block. */
bool IotBleMqttTransportSetEndpoint( NetworkContext_t * pContext,
                                     const char * pcEndpoint );

/* Takes in the message the channel has, whatever it is: it never stays there.
 * Context: the channel's DATA_RECEIVED event; does not block. */
MQTTBLEStatus_t IotBleMqttTransportAcceptData( const NetworkContext_t * pContext );

/* Sends packets; they may be split over calls at any place. Gives bytesToSend, or -1 when a packet
 * cannot be carried or the channel did not take its message: then none of that packet went out; and when
 * there is no channel. Not 0, at which coreMQTT would send the bytes again.
 * Context: one task; blocks as IotBleDataTransfer_Send does, up to 2 s. */
int32_t IotBleMqttTransportSend( NetworkContext_t * pContext,
                                 const void * pBuffer,
                                 size_t bytesToSend );

/* Takes bytes that wait, 1 to bytesToRecv; 0 when none came in time; -1 when none will come, because
 * the proxy lost the broker or a packet found no room, and for bad parameters. What waits comes first,
 * and can be acknowledged. After -1 connect again, and the broker sends again what it has no
 * acknowledgement for; behind a proxy that acknowledges in the device's stead, as Amazon's SDKs do, what was
 * lost is not sent again.
 * Context: one task, also another than Send's; blocks for the time set. */
int32_t IotBleMqttTransportReceive( NetworkContext_t * pContext,
                                    void * pBuffer,
                                    size_t bytesToRecv );

/* Sets how long Receive waits, in milliseconds; 0 is one tick.
 * Context: the task that calls Receive; does not block. */
void IotBleMqttTransportSetReceiveTimeout( NetworkContext_t * pContext,
                                           uint32_t timeoutMilliSec );

#ifdef __cplusplus
}
#endif

#endif /* IOT_BLE_MQTT_TRANSPORT_H_ */
