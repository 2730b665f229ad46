/*
 * What the platform's structures look like to the firmware's own compiler: sizes, offsets, widths.
 * Compiled, never run. The figures are those measured on the original headers.
 */
#include <stddef.h>

#include "iot_ble_data_transfer.h"
#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision.h"
#include "wifi_provision_platform.h"

#if defined( __arm__ ) && !defined( ABI_WIDE_ENUMS )
    /* The ARM embedded ABI makes enums as narrow as their values allow. */
    #define NARROW( xNarrow, xWide )    ( xNarrow )
#else
    #define NARROW( xNarrow, xWide )    ( xWide )
#endif

#define SIZE( xType, xBytes )             _Static_assert( sizeof( xType ) == ( xBytes ), "size of " # xType )
#define PLACE( xType, xMember, xBytes )   _Static_assert( offsetof( xType, xMember ) == ( xBytes ), "place of " # xMember " in " # xType )
#define VALUE( xName, xNumber )           _Static_assert( ( xName ) == ( xNumber ), "value of " # xName )

SIZE( WIFIReturnCode_t, NARROW( 1, 4 ) );
SIZE( WIFISecurity_t, NARROW( 1, 4 ) );
SIZE( IotBleWiFiProvRequest_t, NARROW( 1, 4 ) );
SIZE( IotBleDataTransferChannelEvent_t, NARROW( 1, 4 ) );

SIZE( WIFINetworkProfile_t, NARROW( 104, 108 ) );
PLACE( WIFINetworkProfile_t, ucSSID, 0 );
PLACE( WIFINetworkProfile_t, ucSSIDLength, 32 );
PLACE( WIFINetworkProfile_t, ucBSSID, 33 );
PLACE( WIFINetworkProfile_t, cPassword, 39 );
PLACE( WIFINetworkProfile_t, ucPasswordLength, 102 );
PLACE( WIFINetworkProfile_t, xSecurity, NARROW( 103, 104 ) );

SIZE( WIFIScanResult_t, NARROW( 42, 48 ) );
PLACE( WIFIScanResult_t, ucSSIDLength, 32 );
PLACE( WIFIScanResult_t, ucBSSID, 33 );
PLACE( WIFIScanResult_t, xSecurity, NARROW( 39, 40 ) );
PLACE( WIFIScanResult_t, cRSSI, NARROW( 40, 44 ) );
PLACE( WIFIScanResult_t, ucChannel, NARROW( 41, 45 ) );

SIZE( WIFINetworkParams_t, NARROW( 144, 152 ) );
PLACE( WIFINetworkParams_t, ucSSIDLength, 32 );
PLACE( WIFINetworkParams_t, xSecurity, NARROW( 33, 36 ) );
PLACE( WIFINetworkParams_t, xPassword, NARROW( 34, 40 ) );
PLACE( WIFINetworkParams_t, ucDefaultWEPKeyIndex, NARROW( 142, 148 ) );
PLACE( WIFINetworkParams_t, ucChannel, NARROW( 143, 149 ) );
SIZE( WIFIWEPKey_t, 27 );
SIZE( WIFIWPAPassphrase_t, 64 );

SIZE( IotBleWifiProvListNetworksRequest_t, 4 );
SIZE( IotBleWifiProvAddNetworkRequest_t, NARROW( 106, 112 ) );
SIZE( IotBleWifiProvEditNetworkRequest_t, 4 );
SIZE( IotBleWifiProvDeleteNetworkRequest_t, 2 );
SIZE( IotBleWifiProvNetworkInfo_t, 8 );
PLACE( IotBleWifiProvNetworkInfo_t, index, 4 );
SIZE( IotBleWifiProvResponse_t, NARROW( 16, 20 ) );
PLACE( IotBleWifiProvResponse_t, status, NARROW( 1, 4 ) );
PLACE( IotBleWifiProvResponse_t, networkInfo, NARROW( 4, 8 ) );

SIZE( IotBleWifiProvSerializer_t, 28 );
PLACE( IotBleWifiProvSerializer_t, getRequestType, 0 );
PLACE( IotBleWifiProvSerializer_t, deserializeListNetworkRequest, 4 );
PLACE( IotBleWifiProvSerializer_t, deserializeAddNetworkRequest, 8 );
PLACE( IotBleWifiProvSerializer_t, deserializeEditNetworkRequest, 12 );
PLACE( IotBleWifiProvSerializer_t, deserializeDeleteNetworkRequest, 16 );
PLACE( IotBleWifiProvSerializer_t, getSerializedSizeForResponse, 20 );
PLACE( IotBleWifiProvSerializer_t, serializeResponse, 24 );

VALUE( eWiFiSuccess, 0 );
VALUE( eWiFiFailure, 1 );
VALUE( eWiFiTimeout, 2 );
VALUE( eWiFiNotSupported, 3 );
VALUE( eWiFiSecurityOpen, 0 );
VALUE( eWiFiSecurityWEP, 1 );
VALUE( eWiFiSecurityWPA, 2 );
VALUE( eWiFiSecurityWPA2, 3 );
VALUE( eWiFiSecurityWPA2_ent, 4 );
VALUE( eWiFiSecurityWPA3, 5 );
VALUE( eWiFiSecurityNotSupported, 6 );
VALUE( eWiFiEventDisconnected, 3 );
VALUE( eWiFiEventIPReady, 5 );
VALUE( eWiFiEventMax, 12 );
VALUE( IotBleWiFiProvRequestInvalid, 0 );
VALUE( IotBleWiFiProvRequestListNetwork, 1 );
VALUE( IotBleWiFiProvRequestAddNetwork, 2 );
VALUE( IotBleWiFiProvRequestEditNetwork, 3 );
VALUE( IotBleWiFiProvRequestDeleteNetwork, 4 );
VALUE( IotBleWiFiProvRequestStop, 5 );
VALUE( IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED, 0 );
VALUE( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED, 1 );
VALUE( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT, 2 );
VALUE( IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED, 3 );
VALUE( IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING, 1 );
VALUE( IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS, 10 );
VALUE( IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS, 8 );
