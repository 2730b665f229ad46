/*
 * PORT_Mqtt*, as a device answers that no broker was provisioned for. The client itself (ports/mqtt, ports/mqtt-ble) takes 65 KB of
 * static memory and a stack of 34 KB; beside both radios the chip has no room for that. Nor has it a date to judge certificates by.
 */
#include "port_mqtt.h"

int32_t PORT_MqttStart( PortMqttCallback_t xCallback )
{
    ( void ) xCallback;
    return PORT_MQTT_NO_SETTINGS;
}

int32_t PORT_MqttPublish( const char * pcTopic,
                          const void * pvPayload,
                          size_t xLength,
                          uint8_t ucQos,
                          uint32_t * pulMessage )
{
    ( void ) pcTopic;
    ( void ) pvPayload;
    ( void ) xLength;
    ( void ) ucQos;
    ( void ) pulMessage;
    return PORT_MQTT_NO_SETTINGS;
}

int32_t PORT_MqttSubscribe( const char * pcFilter,
                            uint8_t ucQos )
{
    ( void ) pcFilter;
    ( void ) ucQos;
    return PORT_MQTT_NO_SETTINGS;
}

uint32_t PORT_MqttNetwork( void )
{
    return PORT_MQTT_OFFLINE;
}

size_t PORT_MqttWaiting( void )
{
    return 0;
}

int32_t PORT_MqttClientId( char * pcBuffer,
                           size_t xLength )
{
    ( void ) pcBuffer;
    ( void ) xLength;
    return PORT_MQTT_NO_SETTINGS;
}
