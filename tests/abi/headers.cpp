// Every header from C++, alone and together, in either order. Compiled, never run.
#include "wifi_provision_platform.h"
#include "wifi_provision.h"
#include "iot_ble_wifi_provisioning.h"
#include "iot_ble_data_transfer.h"
#include "iot_wifi.h"
#include "iot_ble_mqtt_transport.h"

#include "iot_ble_mqtt_transport.h"
#include "iot_wifi.h"
#include "iot_ble_data_transfer.h"
#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision.h"
#include "wifi_provision_platform.h"

// Called as C++ calls C: the names are not mangled, and the types are those of C++.
bool bProvisions();

bool bProvisions()
{
    bool bIsReady = IotBleWifiProv_Init();
    IotBleWifiProvSerializer_t * pxTable = IotBleWifiProv_GetSerializer();
    IotBleWifiProvResponse_t xResponse{};
    size_t xLength = 0;

    xResponse.requestType = IotBleWiFiProvRequestListNetwork;
    xResponse.status = eWiFiSuccess;
    xResponse.statusOnly = true;
    return bIsReady && pxTable->getSerializedSizeForResponse( &xResponse, &xLength ) && WIFI_PROVISION_Start() == pdTRUE;
}
