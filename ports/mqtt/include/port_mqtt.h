/*
 * MQTT 3.1.1 over whatever network carries data: TLS 1.3 over WiFi, or a phone's proxy over BLE. The
 * session goes on over each switch between them without the application doing anything.
 *
 * The broker and the device's identity are provisioned, not set here; see ports/mqtt/src/settings.rs.
 */
#ifndef PORT_MQTT_H
#define PORT_MQTT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes. Longer ones are refused. */
#define PORT_MQTT_TOPIC_MAX      128
#define PORT_MQTT_PAYLOAD_MAX    4096

#define PORT_MQTT_FULL           ( -1 ) /* so many messages wait; try again after an acknowledgement */
#define PORT_MQTT_TOPIC          ( -2 ) /* a topic or filter that is empty, too long or malformed */
#define PORT_MQTT_TOO_LONG       ( -3 ) /* a payload that is too long */
#define PORT_MQTT_INVALID        ( -4 ) /* a bad argument */
#define PORT_MQTT_NO_SETTINGS    ( -5 ) /* the device is not provisioned with a broker */
#define PORT_MQTT_STARTED        ( -6 ) /* it was started before */

/* What carries the session. The numbers are those of AWSIOT_NETWORK_TYPE_*. */
#define PORT_MQTT_OFFLINE        0
#define PORT_MQTT_WIFI           1
#define PORT_MQTT_BLE            2

/* What has happened. */
#define PORT_MQTT_CONNECTED       1 /* the broker accepted us */
#define PORT_MQTT_DISCONNECTED    2 /* the connection has ended; another one comes by itself */
#define PORT_MQTT_SENT            3 /* a message went out; again after each loss until acknowledged */
#define PORT_MQTT_ACKNOWLEDGED    4 /* a message of QoS 1 is at the broker */
#define PORT_MQTT_SUBSCRIBED      5 /* a subscription holds */
#define PORT_MQTT_REFUSED         6 /* a subscription is refused */
#define PORT_MQTT_MESSAGE         7 /* a message has come; at QoS 1 it may come again */

typedef struct
{
    uint32_t ulEvent;          /* PORT_MQTT_CONNECTED ... */
    uint32_t ulNetwork;        /* PORT_MQTT_WIFI or _BLE; PORT_MQTT_OFFLINE at _SUBSCRIBED and _REFUSED */
    uint32_t ulMessage;        /* _SENT and _ACKNOWLEDGED: the number PORT_MqttPublish gave */
    const char * pcTopic;      /* _MESSAGE: no NUL at its end */
    size_t xTopicLength;
    const void * pvPayload;    /* _MESSAGE */
    size_t xPayloadLength;
} PortMqttEvent_t;

/* Called in the task "mqtt". Must not block; may publish and subscribe. What the event points to is
 * valid during the call. */
typedef void (* PortMqttCallback_t)( const PortMqttEvent_t * pxEvent );

/* Begins; once. 0, or PORT_MQTT_NO_SETTINGS, _INVALID or _STARTED, and nothing has changed. Messages may
 * be published before. */
int32_t PORT_MqttStart( PortMqttCallback_t xCallback );

/* Takes a message of QoS 0 or 1 and returns at once. 0; *pulMessage, unless it is NULL, is then its
 * number, written before any event tells of it: they count from 1. Or _FULL, _TOPIC, _TOO_LONG,
 * _INVALID, and nothing is taken. Messages go out in this order. */
int32_t PORT_MqttPublish( const char * pcTopic,
                          const void * pvPayload,
                          size_t xLength,
                          uint8_t ucQos,
                          uint32_t * pulMessage );

/* Subscribes to a filter at QoS 0 or 1, now and after each reconnection; up to 4. 0 or an error. */
int32_t PORT_MqttSubscribe( const char * pcFilter,
                            uint8_t ucQos );

/* What carries the session now: PORT_MQTT_OFFLINE, _WIFI or _BLE. */
uint32_t PORT_MqttNetwork( void );

/* How many messages are not done: of QoS 1 those the broker has not acknowledged yet, of QoS 0 those that
 * have not gone out. One that is done leaves its room when those before it are done, too; only
 * PORT_MqttPublish knows whether another is taken. */
size_t PORT_MqttWaiting( void );

/* The client identifier, ended by NUL, cut off to fit. 0 or an error. */
int32_t PORT_MqttClientId( char * pcBuffer,
                           size_t xLength );

#ifdef __cplusplus
}
#endif

#endif /* PORT_MQTT_H */
