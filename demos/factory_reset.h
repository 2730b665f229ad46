/* Back to how the device left the factory: no saved networks, no known phones. */
#ifndef FACTORY_RESET_H_
#define FACTORY_RESET_H_

#include "FreeRTOS.h"

/*
 * Stops the service, forgets every phone (one that is connected loses its link), deletes every saved network, leaves
 * WiFi, and starts the service again. pdTRUE when the flash has all of it: nothing comes back after a power cut, and
 * nothing that a phone asked for before is done afterwards. pdFALSE when a part of it was not done; what could be done is.
 *
 * The secret by which Espressif's apps prove that they hold the device (iot_ble_protocomm.h) stays: it may
 * be printed on the device. Whoever has read it may provision the device again.
 *
 * Context: a task that is neither BLE's nor the service's; blocks as long as leaving WiFi does, and
 * 5 s more at most.
 */
BaseType_t FACTORY_RESET_Run( void );

#endif /* FACTORY_RESET_H_ */
