/* The weak default of IotBleWifiProv_GetSerializer: an application's own definition replaces it, and
 * the service speaks the application's format then (see custom.rs). Not in Rust, which has no weak
 * definitions, and would take its own for the only one there can be. */
#include "iot_ble_wifi_provisioning.h"

/* In serializer.rs. */
extern const IotBleWifiProvSerializer_t wifi_provision_serializer;

__attribute__( ( weak ) ) IotBleWifiProvSerializer_t * IotBleWifiProv_GetSerializer( void )
{
    /* C's type is not const, but nobody writes to it: it lies in flash. */
    return ( IotBleWifiProvSerializer_t * ) &wifi_provision_serializer;
}
