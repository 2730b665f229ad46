/*
 * Optional extensions of the platform contract. The archive has a weak default of each; a platform
 * that can do better defines the function itself.
 */
#ifndef WIFI_PROVISION_PLATFORM_H_
#define WIFI_PROVISION_PLATFORM_H_

#include <stdint.h>

#include "iot_wifi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Moves one saved network from storage index usFrom to storage index usTo, the others keeping
 * their order, in one atomic write: a power cut leaves the old order or the new one. Without it
 * the service moves networks with WIFI_NetworkGet, _Add and _Delete.
 * The default returns eWiFiNotSupported. */
WIFIReturnCode_t WIFI_NetworkMove( uint16_t usFrom,
                                   uint16_t usTo );

/* Puts *pxNetworkProfile in the place of the saved network at storage index usIndex, in one atomic write: that
 * network is gone, those behind it move down by one, and the new one is the last, as if it had been added. A power cut leaves
 * the old list or the new one; so does a call that fails: the old one. Called with Espressif's protocol alone, when a
 * network that is saved already is provisioned anew. Without it the service does so with WIFI_NetworkAdd and _Delete, and a
 * store with no free place has to delete first.
 * The default returns eWiFiNotSupported. */
WIFIReturnCode_t WIFI_NetworkReplace( uint16_t usIndex,
                                      const WIFINetworkProfile_t * const pxNetworkProfile );

/* Takes one line of log without a line end; never a secret. Called from the service's task and, when a
 * message is dropped or refused, in the context of the BLE host: must not block. The default drops it. */
void WIFI_PROVISION_Log( const char * pcLine );

#ifdef __cplusplus
}
#endif

#endif /* WIFI_PROVISION_PLATFORM_H_ */
