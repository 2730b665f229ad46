#include "hello.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "semphr.h"
#include "task.h"

#include "demo_config.h"
#include "port_mqtt.h"

#define TASK_STACK       1024
#define TASK_PRIORITY    ( tskIDLE_PRIORITY + 1 )

/* "hello world " and a number. */
#define GREETING         "hello world %lu"
#define SHORT_MESSAGE    32

static char cTopic[ PORT_MQTT_TOPIC_MAX + 1 ] = "hello/";

/* One publisher at a time: the message's number is in it before it is given. */
static SemaphoreHandle_t xPublisher = NULL;

/* As long as a message may be; taken from the heap when there is a broker. */
static char * pcPayload = NULL;
static uint32_t ulPublished = 0;
static volatile bool xPaused = false;

/*-----------------------------------------------------------*/

static const char * prvName( uint32_t ulNetwork )
{
    return ( ulNetwork == PORT_MQTT_BLE ) ? "BLE" : "WiFi";
}

/*-----------------------------------------------------------*/

/* The number in a message, 0 when it is none of ours. */
static unsigned long prvNumber( const PortMqttEvent_t * pxEvent )
{
    static const char cBefore[] = "hello world ";
    char cText[ SHORT_MESSAGE ];
    size_t xLength = ( pxEvent->xPayloadLength < sizeof( cText ) ) ? pxEvent->xPayloadLength : sizeof( cText ) - 1;

    ( void ) memcpy( cText, pxEvent->pvPayload, xLength );
    cText[ xLength ] = '\0';
    return ( strncmp( cText, cBefore, sizeof( cBefore ) - 1 ) == 0 ) ? strtoul( &cText[ sizeof( cBefore ) - 1 ], NULL, 10 ) : 0;
}

/*-----------------------------------------------------------*/

/* In the task "mqtt". */
static void prvHappened( const PortMqttEvent_t * pxEvent )
{
    const char * pcOver = prvName( pxEvent->ulNetwork );

    switch( pxEvent->ulEvent )
    {
        case PORT_MQTT_CONNECTED:
            configPRINTF( ( "MQTT: connected over %s", pcOver ) );
            break;

        case PORT_MQTT_DISCONNECTED:
            configPRINTF( ( "MQTT: disconnected from %s", pcOver ) );
            break;

        case PORT_MQTT_SENT:
            configPRINTF( ( "MQTT: message %lu sent over %s", ( unsigned long ) pxEvent->ulMessage, pcOver ) );
            break;

        case PORT_MQTT_ACKNOWLEDGED:
            configPRINTF( ( "MQTT: message %lu acknowledged over %s", ( unsigned long ) pxEvent->ulMessage, pcOver ) );
            break;

        case PORT_MQTT_REFUSED:
            configPRINTF( ( "MQTT: the subscription to %s is refused", cTopic ) );
            break;

        case PORT_MQTT_MESSAGE:
            configPRINTF( ( "MQTT: message %lu received over %s, %u bytes", prvNumber( pxEvent ), pcOver,
                            ( unsigned ) pxEvent->xPayloadLength ) );
            break;

        default:
            break;
    }
}

/*-----------------------------------------------------------*/

/* Publishes the next number. */
static int32_t prvPublish( size_t xBytes )
{
    int32_t lResult;
    size_t xLength;

    ( void ) xSemaphoreTake( xPublisher, portMAX_DELAY );
    xLength = ( size_t ) snprintf( pcPayload, SHORT_MESSAGE, GREETING, ( unsigned long ) ulPublished + 1UL );

    if( xBytes > xLength )
    {
        xBytes = ( xBytes < PORT_MQTT_PAYLOAD_MAX ) ? xBytes : PORT_MQTT_PAYLOAD_MAX;
        ( void ) memset( &pcPayload[ xLength ], ' ', xBytes - xLength );
        xLength = xBytes;
    }

    lResult = PORT_MqttPublish( cTopic, pcPayload, xLength, 1, NULL );

    if( lResult == 0 )
    {
        ulPublished++;
    }

    ( void ) xSemaphoreGive( xPublisher );
    return lResult;
}

/*-----------------------------------------------------------*/

static void prvTask( void * pvParameters )
{
    bool xToldFull = false;

    ( void ) pvParameters;

    for( ; ; )
    {
        if( !xPaused )
        {
            int32_t lResult = prvPublish( 0 );

            if( ( lResult == PORT_MQTT_FULL ) && !xToldFull )
            {
                configPRINTF( ( "MQTT: %u messages wait for a network; no more are taken", ( unsigned ) PORT_MqttWaiting() ) );
            }

            xToldFull = ( lResult == PORT_MQTT_FULL );
        }

        vTaskDelay( pdMS_TO_TICKS( democonfigHELLO_PERIOD_MS ) );
    }
}

/*-----------------------------------------------------------*/

BaseType_t HELLO_Start( void )
{
    size_t xStem = strlen( cTopic );

    if( PORT_MqttClientId( &cTopic[ xStem ], sizeof( cTopic ) - xStem ) != 0 )
    {
        configPRINTF( ( "MQTT: no broker is provisioned, so there is no hello world" ) );
        return pdFAIL;
    }

    pcPayload = pvPortMalloc( PORT_MQTT_PAYLOAD_MAX );
    xPublisher = ( pcPayload != NULL ) ? xSemaphoreCreateMutex() : NULL;

    if( ( xPublisher == NULL ) || ( PORT_MqttSubscribe( cTopic, 1 ) != 0 ) ||
        ( PORT_MqttStart( prvHappened ) != 0 ) ||
        ( xTaskCreate( prvTask, "hello", TASK_STACK, NULL, TASK_PRIORITY, NULL ) != pdPASS ) )
    {
        configPRINTF( ( "MQTT: the hello world cannot be started" ) );
        return pdFAIL;
    }

    configPRINTF( ( "MQTT: hello world on topic %s", cTopic ) );
    return pdPASS;
}

/*-----------------------------------------------------------*/

uint32_t HELLO_Burst( uint32_t ulCount,
                      size_t xBytes )
{
    uint32_t ulTaken = 0;

    while( ( xPublisher != NULL ) && ( ulTaken < ulCount ) && ( prvPublish( xBytes ) == 0 ) )
    {
        ulTaken++;
    }

    return ulTaken;
}

/*-----------------------------------------------------------*/

void HELLO_Pause( BaseType_t xPause )
{
    xPaused = ( xPause != pdFALSE );
}
