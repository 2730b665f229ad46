/*
 * WiFi provisioning over BLE: the interface of the final generation. Names, types and values are
 * those of the upstream interface; where a function does better than the C service did, its text
 * says so.
 *
 * All functions may be called from any task, in any order and more than once; none from an
 * interrupt. What is called too early or too late fails with its return value.
 */
#ifndef IOT_BLE_WIFI_PROVISIONING_H_
#define IOT_BLE_WIFI_PROVISIONING_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iot_wifi.h"

/* The upstream header brings the BLE middleware along; a project that has it may count on that. */
#if defined( __has_include )
    #if __has_include( "iot_ble.h" )
        #include "iot_ble.h"
    #endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Limits. (The first name is misspelt upstream; it is part of the interface.) Where iot_wifi.h defines
 * wificonfigMAX_NETWORK_PROFILES, the service keeps the smaller of that and MAX_SAVED_NETWORKS. */
#ifndef IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS
    #define IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS      ( 10 )
#endif
#ifndef IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS
    #define IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS    ( 8 )
#endif

/* Not used by the service; part of the interface. */
typedef enum
{
    IOT_BLE_WIFI_PROV_CONNECT = 0x01,
    IOT_BLE_WIFI_PROV_CONNECTED = 0x02,
    IOT_BLE_WIFI_PROV_DELETED = 0x04,
    IOT_BLE_WIFI_PROV_FAILED = 0x08
} IotBleWifiProvEvent_t;

/* Kinds of request. Not the numbers on the air. */
typedef enum
{
    IotBleWiFiProvRequestInvalid = 0,
    IotBleWiFiProvRequestListNetwork = 1,
    IotBleWiFiProvRequestAddNetwork = 2,
    IotBleWiFiProvRequestEditNetwork = 3,
    IotBleWiFiProvRequestDeleteNetwork = 4,
    IotBleWiFiProvRequestStop = 5
} IotBleWiFiProvRequest_t;

typedef struct
{
    int16_t scanSize;
    int16_t scanTimeoutMS;
} IotBleWifiProvListNetworksRequest_t;

typedef struct
{
    union
    {
        WIFINetworkProfile_t network;
        int16_t index;
    } info;
    bool isProvisioned : 1; /* true: info.index is a saved network to join */
    bool shouldConnect : 1;
} IotBleWifiProvAddNetworkRequest_t;

typedef struct
{
    int16_t currentPriorityIndex;
    int16_t newPriorityIndex;
} IotBleWifiProvEditNetworkRequest_t;

typedef struct
{
    int16_t priorityIndex;
} IotBleWifiProvDeleteNetworkRequest_t;

typedef struct
{
    union
    {
        WIFIScanResult_t * pScannedNetwork;
        WIFINetworkProfile_t * pSavedNetwork;
    } info;
    uint16_t index;
    bool isSavedNetwork : 1;
    bool isConnected : 1;
    bool isHidden : 1;
    bool isLast : 1;
} IotBleWifiProvNetworkInfo_t;

typedef struct IotBleWifiProvResponse
{
    IotBleWiFiProvRequest_t requestType; /* the request this answers */
    WIFIReturnCode_t status;
    IotBleWifiProvNetworkInfo_t networkInfo;
    bool statusOnly : 1;
} IotBleWifiProvResponse_t;

/* How messages are read and written. Every function may be called from several tasks at once. */
typedef struct
{
    bool ( * getRequestType )( const uint8_t * pMessage,
                               size_t length,
                               IotBleWiFiProvRequest_t * pRequeustType );
    bool ( * deserializeListNetworkRequest )( const uint8_t * pData,
                                              size_t length,
                                              IotBleWifiProvListNetworksRequest_t * pListNetworksRequest );
    bool ( * deserializeAddNetworkRequest )( const uint8_t * pData,
                                             size_t length,
                                             IotBleWifiProvAddNetworkRequest_t * pAddNetworkRequest );
    bool ( * deserializeEditNetworkRequest )( const uint8_t * pData,
                                              size_t length,
                                              IotBleWifiProvEditNetworkRequest_t * pEditNetworkRequest );
    bool ( * deserializeDeleteNetworkRequest )( const uint8_t * pData,
                                                size_t length,
                                                IotBleWifiProvDeleteNetworkRequest_t * pDeleteNetworkRequest );
    bool ( * getSerializedSizeForResponse )( const IotBleWifiProvResponse_t * pResponse,
                                             size_t * length );
    bool ( * serializeResponse )( const IotBleWifiProvResponse_t * pResponse,
                                  uint8_t * pBuffer,
                                  size_t length );
} IotBleWifiProvSerializer_t;

/* Makes the service ready. WiFi must be on: the store is read, and of two saved networks that are the
 * same to the last byte, as a power cut in the middle of a move leaves them, one is removed. Blocks as
 * long as the store does, and for a request from before Deinit at most WIFI_PROVISION_STOP_TIMEOUT_MS: the
 * repair is then left to a later Init. Calling it again does no harm and returns true. */
bool IotBleWifiProv_Init( void );

/* Serves phones in the calling task until Stop. False when not initialised, when another task
 * serves already, or when the channel cannot be opened. */
bool IotBleWifiProv_RunProcessLoop( void );

/* How many networks are saved, counted in the store at once, whoever else is at work there: also before Init and
 * after Deinit, so WiFi must be on. Blocks as long as the store does. 0 when that does not answer in time. */
uint32_t IotBleWifiProv_GetNumNetworks( void );

/* Joins the saved network of that priority; 0 is the highest. Blocks as long as the driver does.
 * On failure the device returns to the saved network it was on, if there was one. False also when a
 * request in progress takes longer than two minutes. */
bool IotBleWifiProv_Connect( uint32_t networkIndex );

/* Ends the process loop after the request in progress; true also when no loop runs. Does not wait. */
bool IotBleWifiProv_Stop( void );

/* Deletes every saved network, and leaves WiFi when it was on one of them. */
bool IotBleWifiProv_EraseAllNetworks( void );

/* Stops the loop. A request in progress for longer than WIFI_PROVISION_STOP_TIMEOUT_MS is still
 * carried out, and the loop ends with it. What stays for the next Init is one event group. */
void IotBleWifiProv_Deinit( void );

/* Never NULL. An application may define it itself when the archive was made for that
 * (WIFI_PROVISION_CUSTOM_SERIALIZER, see docs/PORTING.md): Init asks for the table, which then stays. */
IotBleWifiProvSerializer_t * IotBleWifiProv_GetSerializer( void );

#ifdef __cplusplus
}
#endif

#endif /* IOT_BLE_WIFI_PROVISIONING_H_ */
