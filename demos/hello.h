/*
 * The hello world over MQTT: numbered messages to a topic of its own, and what comes back.
 */
#ifndef HELLO_H_
#define HELLO_H_

#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"

/* Subscribes to the topic and begins to publish, in a task of its own, over whatever network carries
 * data. Once. pdFAIL when the device is not provisioned with a broker, and says so.
 *
 * Each line on the console is about one thing:
 *   MQTT: connected over WiFi            MQTT: disconnected from WiFi
 *   MQTT: message 7 sent over WiFi       again after each loss until it is acknowledged
 *   MQTT: message 7 acknowledged over BLE
 *   MQTT: message 7 received over BLE    may come twice */
BaseType_t HELLO_Start( void );

/* Publishes messages beside the periodic ones: so many at once, of so many bytes each (0: as the
 * periodic ones). Returns how many were taken. */
uint32_t HELLO_Burst( uint32_t ulCount,
                      size_t xBytes );

/* Stops the periodic messages, or goes on with them. */
void HELLO_Pause( BaseType_t xPause );

#endif /* HELLO_H_ */
