/* Back to how the device left the factory: no saved networks, no known phones, another secret for Espressif's apps. */
#ifndef FACTORY_RESET_H_
#define FACTORY_RESET_H_

#include "FreeRTOS.h"

/*
 * Stops the service and Espressif's endpoints, forgets every phone (one that is connected loses its link) and the endpoints'
 * secret, deletes every saved network, leaves WiFi, and starts both again, the endpoints as they were. pdTRUE when the flash
 * has all of it: nothing comes back after a power cut, and nothing that a phone asked for before is done afterwards. pdFALSE
 * when a part of it was not done; what could be done is.
 *
 * The next secret is shown on the console. A device whose secret is printed on it keeps it instead: ESPRESSIF_Forget is then
 * IotBleProtocomm_Stop alone, and whoever has read the label may provision the device again.
 *
 * Context: a task that is neither BLE's nor the service's; blocks as long as leaving WiFi does, and
 * 15 s more at most.
 */
BaseType_t FACTORY_RESET_Run( void );

#endif /* FACTORY_RESET_H_ */
