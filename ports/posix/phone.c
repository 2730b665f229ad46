/*
 * The data-transfer channel and the phone behind it. What a phone does happens in the BLE host's
 * task, one thing after the other, as on a device. A message lies in a heap block of exactly its
 * size that is gone when the callback has returned, so that a sanitizer sees who reads beyond or
 * too late.
 */
#include <stdlib.h>
#include <string.h>

#include "FreeRTOS.h"
#include "queue.h"
#include "semphr.h"
#include "task.h"

#include "iot_ble_data_transfer.h"
#include "phone.h"

#define HOST_PRIORITY    5
/* The largest that fits one notification at an MTU of 23 is 19 bytes: most answers are large. */
#define TRANSFER         20U
#define UNREAD_MOST      256U
#define FETCH_MS         2000U

struct IotBleDataTransferChannel
{
    IotBleDataTransferChannelCallback_t pvCallback;
    void * pvContext;
    bool bIsUsed;
    bool bIsOpen;
    bool bIsReady;
    uint8_t * pucReceived;
    size_t xReceived;
};

typedef enum
{
    eCome,
    eGo,
    eWrite
} Doing_t;

/* Something the phone does. */
typedef struct
{
    Doing_t xDoing;
    const void * pvMessage;
    size_t xLength;
    bool bHeard;
    SemaphoreHandle_t xDone;
} Event_t;

PhoneBehaviour_t xPhoneBehaviour;

static struct IotBleDataTransferChannel xChannel;
static QueueHandle_t xEvents;
static QueueHandle_t xAnswers;
/* Taken while a large answer waits to be fetched. */
static SemaphoreHandle_t xSendComplete;

/* Whether anybody heard it. */
static bool bTell( IotBleDataTransferChannelEvent_t xEvent )
{
    IotBleDataTransferChannelCallback_t pvCallback = xChannel.pvCallback;

    if( pvCallback != NULL )
    {
        pvCallback( xEvent, &xChannel, xChannel.pvContext );
    }

    return pvCallback != NULL;
}

static void prvSetReady( bool bIsReady )
{
    bool bWasOpen = xChannel.bIsOpen;

    xChannel.bIsReady = bIsReady;

    if( xChannel.pvCallback != NULL )
    {
        xChannel.bIsOpen = bIsReady;

        if( bWasOpen != bIsReady )
        {
            ( void ) bTell( bIsReady ? IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED : IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED );
        }
    }
}

/* What lies there becomes unreadable at once: it was wiped, and its block freed. */
static void prvForgetReceived( void )
{
    uint8_t * pucReceived;
    size_t xReceived;

    taskENTER_CRITICAL();
    pucReceived = xChannel.pucReceived;
    xReceived = xChannel.xReceived;
    xChannel.pucReceived = NULL;
    xChannel.xReceived = 0;
    taskEXIT_CRITICAL();

    if( pucReceived != NULL )
    {
        ( void ) memset( pucReceived, 0xff, xReceived );
        vPortFree( pucReceived );
    }
}

/* The message lies behind what was left of the one before, as large ones do. */
static bool prvReceive( const void * pvMessage,
                        size_t xLength )
{
    size_t xLeft = xChannel.xReceived;
    size_t xWhole = xLeft + xLength;
    /* A block of no bytes is none; the address is not. */
    uint8_t * pucReceived = pvPortMalloc( ( xWhole == 0U ) ? 1U : xWhole );
    uint8_t * pucBefore = NULL;
    bool bHeard;

    configASSERT( pucReceived != NULL );

    if( xLength != 0U )
    {
        ( void ) memcpy( &pucReceived[ xLeft ], pvMessage, xLength );
    }

    taskENTER_CRITICAL();
    /* Not closed meanwhile. */
    bHeard = xChannel.bIsOpen && ( xChannel.pvCallback != NULL ) && ( xChannel.xReceived == xLeft );

    if( bHeard )
    {
        pucBefore = xChannel.pucReceived;

        if( xLeft != 0U )
        {
            ( void ) memcpy( pucReceived, pucBefore, xLeft );
        }

        xChannel.pucReceived = pucReceived;
        xChannel.xReceived = xWhole;
    }

    taskEXIT_CRITICAL();
    vPortFree( bHeard ? pucBefore : pucReceived );

    if( !bHeard )
    {
        return false;
    }

    bHeard = bTell( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED );

    if( xChannel.xReceived == 0U )
    {
        prvForgetReceived();
    }

    return bHeard;
}

static void prvHost( void * pvParameters )
{
    Event_t * pxEvent;

    ( void ) pvParameters;

    for( ; ; )
    {
        if( xQueueReceive( xEvents, &pxEvent, portMAX_DELAY ) == pdTRUE )
        {
            if( pxEvent->xDoing == eWrite )
            {
                pxEvent->bHeard = prvReceive( pxEvent->pvMessage, pxEvent->xLength );
            }
            else
            {
                prvSetReady( pxEvent->xDoing == eCome );
            }

            ( void ) xSemaphoreGive( pxEvent->xDone );
        }
    }
}

void vPhoneStart( void )
{
    xEvents = xQueueCreate( 8, sizeof( Event_t * ) );
    xAnswers = xQueueCreate( UNREAD_MOST, sizeof( PhoneAnswer_t ) );
    xSendComplete = xSemaphoreCreateBinary();
    configASSERT( ( xEvents != NULL ) && ( xAnswers != NULL ) && ( xSendComplete != NULL ) );
    ( void ) xSemaphoreGive( xSendComplete );
    configASSERT( xTaskCreate( prvHost, "ble-host", configMINIMAL_STACK_SIZE, NULL, HOST_PRIORITY, NULL ) == pdPASS );
}

static bool prvDo( Doing_t xDoing,
                   const void * pvMessage,
                   size_t xLength )
{
    Event_t xEvent = { .xDoing = xDoing, .pvMessage = pvMessage, .xLength = xLength };
    Event_t * pxEvent = &xEvent;

    xEvent.xDone = xSemaphoreCreateBinary();
    configASSERT( xEvent.xDone != NULL );
    configASSERT( xQueueSend( xEvents, &pxEvent, portMAX_DELAY ) == pdTRUE );
    configASSERT( xSemaphoreTake( xEvent.xDone, portMAX_DELAY ) == pdTRUE );
    vSemaphoreDelete( xEvent.xDone );
    return xEvent.bHeard;
}

void vPhoneCome( void )
{
    ( void ) prvDo( eCome, NULL, 0 );
}

void vPhoneGo( void )
{
    ( void ) prvDo( eGo, NULL, 0 );
}

bool bPhoneWrite( const void * pvMessage,
                  size_t xLength )
{
    return prvDo( eWrite, pvMessage, xLength );
}

void vPhoneReset( bool bIsThere )
{
    ( void ) memset( &xPhoneBehaviour, 0, sizeof( xPhoneBehaviour ) );
    ( void ) xSemaphoreGive( xSendComplete );
    ( void ) prvDo( bIsThere ? eCome : eGo, NULL, 0 );
    ( void ) xQueueReset( xAnswers );
}

bool bPhoneAnswer( PhoneAnswer_t * pxAnswer,
                   uint32_t ulMs )
{
    return xQueueReceive( xAnswers, pxAnswer, pdMS_TO_TICKS( ulMs ) ) == pdTRUE;
}

size_t xPhoneUnread( void )
{
    return uxQueueMessagesWaiting( xAnswers );
}

bool bPhoneIsHeard( void )
{
    return xChannel.pvCallback != NULL;
}

/* The platform contract. */

bool IotBleDataTransfer_Init( void )
{
    return true;
}

IotBleDataTransferChannel_t * IotBleDataTransfer_Open( uint8_t channelIdentifier )
{
    bool bMayOpen;

    if( xPhoneBehaviour.pvInOpen != NULL )
    {
        xPhoneBehaviour.pvInOpen();
    }

    taskENTER_CRITICAL();
    bMayOpen = ( channelIdentifier == IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING ) && !xChannel.bIsUsed && !xPhoneBehaviour.bCannotOpen;

    if( bMayOpen )
    {
        xChannel.bIsUsed = true;
        xChannel.bIsOpen = xChannel.bIsReady;
    }

    taskEXIT_CRITICAL();
    return bMayOpen ? &xChannel : NULL;
}

bool IotBleDataTransfer_SetCallback( IotBleDataTransferChannel_t * pChannel,
                                     const IotBleDataTransferChannelCallback_t callback,
                                     void * pContext )
{
    bool bMaySet;

    taskENTER_CRITICAL();
    bMaySet = ( pChannel == &xChannel ) && xChannel.bIsUsed && ( callback != NULL ) && ( xChannel.pvCallback == NULL ) && !xPhoneBehaviour.bCannotSetCallback;

    if( bMaySet )
    {
        xChannel.pvContext = pContext;
        xChannel.pvCallback = callback;
    }

    taskEXIT_CRITICAL();

    if( bMaySet && xChannel.bIsOpen )
    {
        ( void ) bTell( IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED );
    }

    return bMaySet;
}

/* Hands an answer to the phone, which may leave after it. */
static void prvToPhone( const uint8_t * pucMessage,
                        size_t xLength )
{
    PhoneAnswer_t xAnswer = { .xLength = xLength };

    configASSERT( xLength <= sizeof( xAnswer.ucBytes ) );
    ( void ) memcpy( xAnswer.ucBytes, pucMessage, xLength );
    configASSERT( xQueueSend( xAnswers, &xAnswer, 0 ) == pdTRUE );

    if( ( xPhoneBehaviour.ulClosesAfter != 0U ) && ( --xPhoneBehaviour.ulClosesAfter == 0U ) )
    {
        vPhoneGo();
    }
}

size_t IotBleDataTransfer_Send( IotBleDataTransferChannel_t * pChannel,
                                const uint8_t * const pMessage,
                                size_t messageLength )
{
    if( ( pChannel != &xChannel ) || !xChannel.bIsOpen )
    {
        return 0;
    }

    if( xPhoneBehaviour.bTakesHalf )
    {
        return messageLength / 2U;
    }

    if( messageLength >= TRANSFER )
    {
        if( xSemaphoreTake( xSendComplete, pdMS_TO_TICKS( FETCH_MS ) ) != pdTRUE )
        {
            return 0;
        }

        if( !xPhoneBehaviour.bNeverFetches )
        {
            ( void ) xSemaphoreGive( xSendComplete );
        }
    }

    prvToPhone( pMessage, messageLength );
    ( void ) bTell( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT );
    return messageLength;
}

size_t IotBleDataTransfer_Receive( IotBleDataTransferChannel_t * pChannel,
                                   uint8_t * pBuffer,
                                   size_t bytesRequested )
{
    size_t xTaken = ( bytesRequested < xChannel.xReceived ) ? bytesRequested : xChannel.xReceived;

    /* The upstream middleware does not look whether Close has freed its buffer meanwhile. */
    configASSERT( ( pChannel == &xChannel ) && ( xChannel.pucReceived != NULL ) );

    if( ( pBuffer != NULL ) && ( xTaken != 0U ) )
    {
        ( void ) memcpy( pBuffer, xChannel.pucReceived, xTaken );
    }

    /* What is left moves to the front, where a next look finds it. */
    if( xTaken != 0U )
    {
        ( void ) memmove( xChannel.pucReceived, &xChannel.pucReceived[ xTaken ], xChannel.xReceived - xTaken );
    }

    xChannel.xReceived -= xTaken;
    return xTaken;
}

void IotBleDataTransfer_PeekReceiveBuffer( IotBleDataTransferChannel_t * pChannel,
                                           const uint8_t ** pBuffer,
                                           size_t * pBufferLength )
{
    configASSERT( pChannel == &xChannel );
    *pBuffer = ( xChannel.xReceived == 0U ) ? NULL : xChannel.pucReceived;
    *pBufferLength = xChannel.xReceived;
}

void IotBleDataTransfer_Close( IotBleDataTransferChannel_t * pChannel )
{
    if( ( pChannel == &xChannel ) && xChannel.bIsOpen )
    {
        xChannel.bIsOpen = false;
        prvForgetReceived();
        ( void ) bTell( IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED );
    }
}

void IotBleDataTransfer_Reset( IotBleDataTransferChannel_t * pChannel )
{
    if( pChannel == &xChannel )
    {
        taskENTER_CRITICAL();
        xChannel.pvCallback = NULL;
        xChannel.pvContext = NULL;
        xChannel.bIsUsed = false;
        taskEXIT_CRITICAL();
    }
}

bool IotBleDataTransfer_Cleanup( void )
{
    return true;
}
