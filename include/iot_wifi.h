/*
 * The WiFi abstraction, as the platform contract: what a platform provides and the provisioning
 * service calls. For projects that have no iot_wifi.h of their own; a project that has one points
 * the build at it instead. Names, types, values and defaults are those of the upstream interface.
 *
 * Every function is called from a task and may block. Lengths never count a terminating NUL, and
 * no array needs one.
 */
#ifndef IOT_WIFI_H
#define IOT_WIFI_H

#include <stdint.h>

#include "FreeRTOS.h"

#if defined( __has_include )
    #if __has_include( "aws_wifi_config.h" )
        #include "aws_wifi_config.h"
    #endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes, in bytes or entries. */
#ifndef wificonfigMAX_SSID_LEN
    #define wificonfigMAX_SSID_LEN            32
#endif
#ifndef wificonfigMAX_BSSID_LEN
    #define wificonfigMAX_BSSID_LEN           6
#endif
#ifndef wificonfigMAX_PASSPHRASE_LEN
    #define wificonfigMAX_PASSPHRASE_LEN      63
#endif
#ifndef wificonfigMAX_WEPKEYS
    #define wificonfigMAX_WEPKEYS             4
#endif
#ifndef wificonfigMAX_WEPKEY_LEN
    #define wificonfigMAX_WEPKEY_LEN          26
#endif
#ifndef wificonfigMAX_NETWORK_PROFILES
    #define wificonfigMAX_NETWORK_PROFILES    8
#endif

/* What a call came to. These numbers also go over the air, as the status of a response. */
typedef enum
{
    eWiFiSuccess = 0,
    eWiFiFailure = 1,
    eWiFiTimeout = 2,
    eWiFiNotSupported = 3
} WIFIReturnCode_t;

/* How an access point is protected. These numbers also go over the air. */
typedef enum
{
    eWiFiSecurityOpen = 0,
    eWiFiSecurityWEP = 1,
    eWiFiSecurityWPA = 2,
    eWiFiSecurityWPA2 = 3,
    eWiFiSecurityWPA2_ent = 4,
    eWiFiSecurityWPA3 = 5,
    eWiFiSecurityNotSupported = 6
} WIFISecurity_t;

typedef struct
{
    char cKey[ wificonfigMAX_WEPKEY_LEN ];
    uint8_t ucLength;
} WIFIWEPKey_t;

typedef struct
{
    char cPassphrase[ wificonfigMAX_PASSPHRASE_LEN ];
    uint8_t ucLength;
} WIFIWPAPassphrase_t;

/* What WIFI_ConnectAP needs to join a network. */
typedef struct
{
    uint8_t ucSSID[ wificonfigMAX_SSID_LEN ];
    uint8_t ucSSIDLength;
    WIFISecurity_t xSecurity;
    union
    {
        WIFIWEPKey_t xWEP[ wificonfigMAX_WEPKEYS ];
        WIFIWPAPassphrase_t xWPA;
    } xPassword;
    uint8_t ucDefaultWEPKeyIndex;
    uint8_t ucChannel; /* 0: any */
} WIFINetworkParams_t;

/* One access point a scan found. An entry whose SSID length is 0 is unused, or hides its name. */
typedef struct
{
    uint8_t ucSSID[ wificonfigMAX_SSID_LEN ];
    uint8_t ucSSIDLength;
    uint8_t ucBSSID[ wificonfigMAX_BSSID_LEN ];
    WIFISecurity_t xSecurity;
    int8_t cRSSI; /* dBm */
    uint8_t ucChannel;
} WIFIScanResult_t;

/* One saved network. */
typedef struct
{
    uint8_t ucSSID[ wificonfigMAX_SSID_LEN ];
    uint8_t ucSSIDLength;
    uint8_t ucBSSID[ wificonfigMAX_BSSID_LEN ];
    char cPassword[ wificonfigMAX_PASSPHRASE_LEN ];
    uint8_t ucPasswordLength;
    WIFISecurity_t xSecurity;
} WIFINetworkProfile_t;

typedef enum
{
    eWiFiIPAddressTypeV4 = 0,
    eWiFiIPAddressTypeV6 = 1,
    eWiFiIPAddressTypeNotSupported = 2
} WIFIIPAddressType_t;

/* ulAddress[ 0 ] holds an IPv4 address in network byte order. */
typedef struct
{
    WIFIIPAddressType_t xType;
    uint32_t ulAddress[ 4 ];
} WIFIIPAddress_t;

typedef struct
{
    WIFIIPAddress_t xIPAddress;
    WIFIIPAddress_t xNetMask;
    WIFIIPAddress_t xGateway;
    WIFIIPAddress_t xDns1;
    WIFIIPAddress_t xDns2;
} WIFIIPConfiguration_t;

typedef enum
{
    eWiFiReasonUnspecified = 0,
    eWiFiReasonAPNotFound = 1,
    eWiFiReasonAuthExpired = 2,
    eWiFiReasonAuthLeaveBSS = 3,
    eWiFiReasonAuthFailed = 4,
    eWiFiReasonAssocExpired = 5,
    eWiFiReasonAssocTooMany = 6,
    eWiFiReasonAssocPowerCapBad = 7,
    eWiFiReasonAssocSupChanBad = 8,
    eWiFiReasonAssocFailed = 9,
    eWiFiReasonIEInvalid = 10,
    eWiFiReasonMICFailure = 11,
    eWiFiReason4WayTimeout = 12,
    eWiFiReason4WayIEDiffer = 13,
    eWiFiReason4WayFailed = 14,
    eWiFiReasonAKMPInvalid = 15,
    eWiFiReasonPairwiseCipherInvalid = 16,
    eWiFiReasonGroupCipherInvalid = 17,
    eWiFiReasonRSNVersionInvalid = 18,
    eWiFiReasonRSNCapInvalid = 19,
    eWiFiReasonGroupKeyUpdateTimeout = 20,
    eWiFiReasonCipherSuiteRejected = 21,
    eWiFiReason8021XAuthFailed = 22,
    eWiFiReasonBeaconTimeout = 23,
    eWiFiReasonLinkFailed = 24,
    eWiFiReasonDHCPExpired = 25,
    eWiFiReasonDHCPFailed = 26,
    eWiFiReasonMax
} WIFIReason_t;

typedef enum
{
    eWiFiEventReady = 0,
    eWiFiEventScanDone = 1,
    eWiFiEventConnected = 2,
    eWiFiEventDisconnected = 3,
    eWiFiEventConnectionFailed = 4,
    eWiFiEventIPReady = 5,
    eWiFiEventAPStateChanged = 6,
    eWiFiEventAPStationConnected = 7,
    eWiFiEventAPStationDisconnected = 8,
    eWiFiEventWPSSuccess = 9,
    eWiFiEventWPSFailed = 10,
    eWiFiEventWPSTimeout = 11,
    eWiFiEventMax
} WIFIEventType_t;

typedef struct
{
    WIFIIPAddress_t xIPAddress;
} WIFIEventInfoIPReady_t;

typedef struct
{
    WIFIReason_t xReason;
} WIFIEventInfoDisconnected_t;

typedef struct
{
    WIFIEventType_t xEventType;
    union
    {
        WIFIEventInfoIPReady_t xIPReady;
        WIFIEventInfoDisconnected_t xDisconnected;
    } xInfo;
} WIFIEvent_t;

/* Called from a task of the platform; must not block. */
typedef void ( * WIFIEventHandler_t )( WIFIEvent_t * xEvent );

WIFIReturnCode_t WIFI_On( void );
WIFIReturnCode_t WIFI_Off( void );

/* Blocks until the station is connected and has an address, or the attempt failed. */
WIFIReturnCode_t WIFI_ConnectAP( const WIFINetworkParams_t * const pxNetworkParams );
WIFIReturnCode_t WIFI_Disconnect( void );

/* pdTRUE when connected: to the SSID given, or, for NULL, to any network. */
BaseType_t WIFI_IsConnected( const WIFINetworkParams_t * pxNetworkParams );

/* Blocks. Fills at most ucNumNetworks entries; the rest keep SSID length 0. */
WIFIReturnCode_t WIFI_Scan( WIFIScanResult_t * pxBuffer,
                            uint8_t ucNumNetworks );

/* Appends a network to the store and gives its index there. */
WIFIReturnCode_t WIFI_NetworkAdd( const WIFINetworkProfile_t * const pxNetworkProfile,
                                  uint16_t * pusIndex );

/* Fails for an index at or past the number of saved networks. */
WIFIReturnCode_t WIFI_NetworkGet( WIFINetworkProfile_t * pxNetworkProfile,
                                  uint16_t usIndex );

/* Removes a network; higher indices move down by one. */
WIFIReturnCode_t WIFI_NetworkDelete( uint16_t usIndex );

WIFIReturnCode_t WIFI_GetIPInfo( WIFIIPConfiguration_t * pxIPInfo );

/* A NULL handler unregisters. */
WIFIReturnCode_t WIFI_RegisterEvent( WIFIEventType_t xEventType,
                                     WIFIEventHandler_t xHandler );

#ifdef __cplusplus
}
#endif

#endif /* IOT_WIFI_H */
