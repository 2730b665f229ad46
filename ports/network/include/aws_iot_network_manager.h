/*
 * The network manager: which networks the device has, which of them carry data, and joining the
 * saved WiFi networks. Names, types and values are those of the upstream interface; what it does
 * better stands at each function.
 *
 * All functions may be called from any task and inside the callbacks here, in any order, none from an
 * interrupt. Those that block say so.
 */
#ifndef AWS_IOT_NETWORK_MANAGER_H_
#define AWS_IOT_NETWORK_MANAGER_H_

#include <stdint.h>

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Networks, and masks of them. There is no Ethernet here: a bit for it is taken as not given. */
#define AWSIOT_NETWORK_TYPE_NONE      0x00000000U
#define AWSIOT_NETWORK_TYPE_WIFI      0x00000001U
#define AWSIOT_NETWORK_TYPE_BLE       0x00000002U
#define AWSIOT_NETWORK_TYPE_ETH       0x00000004U
#define AWSIOT_NETWORK_TYPE_ALL       0x00000007U
#define AWSIOT_NETWORK_TYPE_TCP_IP    ( AWSIOT_NETWORK_TYPE_WIFI | AWSIOT_NETWORK_TYPE_ETH )

/* How many subscriptions there can be; one more is refused. */
#define AWSIOT_NETWORK_MAX_SUBSCRIPTIONS    5

/* WiFi is connected when a network is joined and gave an address. BLE is connected when a phone has
 * opened the data-transfer channel of MQTT, by writing 1 to the control characteristic of service
 * 0: a proxy is there. A phone that is merely connected, or that provisions, carries no data. */
typedef enum AwsIotNetworkState
{
    eNetworkStateDisabled = 0, /* switched off */
    eNetworkStateEnabled,      /* switched on, and carries nothing */
    eNetworkStateConnected     /* carries data */
} AwsIotNetworkState_t;

/* Names a subscription; no later one has the same name. */
typedef void * IotNetworkManagerSubscription_t;
#define IOT_NETWORK_MANAGER_SUBSCRIPTION_INITIALIZER    NULL

/* The application's own; the manager looks into none of it. */
typedef struct IotNetworkInterface IotNetworkInterface_t;

/* Tells one network's new state, in the manager's task, whose stack has 2 KB for it. It may block, but
 * nobody is told anything meanwhile. No lock is held: it may call anything here, also to remove its
 * own subscription. States that follow each other quickly may be told as one, the latest; that a
 * connection was lost is always told, also when it is back. */
typedef void ( * AwsIotNetworkStateChangeCb_t )( uint32_t ulNetworkType,
                                                 AwsIotNetworkState_t xNetworkState,
                                                 void * pvContext );

/* Starts the manager's task. All networks are disabled. pdTRUE also when it has been started already;
 * pdFALSE when memory is short. */
BaseType_t AwsIotNetworkManager_Init( void );

/* Calls xCallback when one of the networks changes from now on; the present states are not told. The
 * handle, which may be NULL, is for the removal; it is written before the first call. pdFALSE for a
 * callback that is NULL, for networks that are all unknown, and when there are
 * AWSIOT_NETWORK_MAX_SUBSCRIPTIONS already. */
BaseType_t AwsIotNetworkManager_SubscribeForStateChange( uint32_t ulNetworkTypes,
                                                         AwsIotNetworkStateChangeCb_t xCallback,
                                                         void * pvContext,
                                                         IotNetworkManagerSubscription_t * pxHandle );

/* Removes a subscription. On return with pdTRUE the callback does not run and will not be called
 * again, so its context may go; inside a callback of this manager, the call that is under way goes
 * on to its end. Waits for a callback that runs, 5 s at most. pdFALSE when there is no such
 * subscription, or when its callback has not returned in time: it is removed then, and its context
 * must stay until it has. */
BaseType_t AwsIotNetworkManager_RemoveSubscription( IotNetworkManagerSubscription_t xHandle );

/* Switches networks on and gives those of the mask that are on now, also those that were before.
 * BLE: IotBle_Init once, IotBle_On; numeric comparison is the application's. WiFi: WIFI_On, and
 * joining as by xWiFiConnectTaskInitialize. Blocks as long as those do, and behind another task in
 * this function or the next. */
uint32_t AwsIotNetworkManager_EnableNetwork( uint32_t ulNetworkTypes );

/* Switches networks off and gives those of the mask that are off now. WiFi: as
 * vWiFiConnectTaskDestroy, then WIFI_Disconnect and WIFI_Off; what a phone joins before it has gone
 * off is left again. BLE: IotBle_Off, which also sends a phone away that provisions. Inside a callback of
 * Bluetooth that is not waited for: BLE is disabled and goes off soon, and is not in the result. Blocks
 * as long as those do. */
uint32_t AwsIotNetworkManager_DisableNetwork( uint32_t ulNetworkTypes );

/* Masks of the networks there are, of those at eNetworkStateEnabled (not connected ones), and of
 * those at eNetworkStateConnected. Do not block. */
uint32_t AwsIotNetworkManager_GetConfiguredNetworks( void );
uint32_t AwsIotNetworkManager_GetEnabledNetworks( void );
uint32_t AwsIotNetworkManager_GetConnectedNetworks( void );

/* The network that should carry data now, one bit or AWSIOT_NETWORK_TYPE_NONE: WiFi, else BLE. WiFi
 * that is back while BLE carries data counts from when it has lasted 5 s. Does not block. An
 * extension. */
uint32_t AwsIotNetworkManager_GetPreferredNetwork( void );

/* Keeps what the three functions below give for one network; NULL at first. The pointers are handed
 * back as they are, so what they point to must stay. pdFALSE unless exactly one known network is
 * named. Does not block. An extension: upstream had these compiled in. */
BaseType_t AwsIotNetworkManager_SetParameters( uint32_t ulNetworkType,
                                               const IotNetworkInterface_t * pxInterface,
                                               void * pvCredentials,
                                               void * pvConnectionParams );

/* NULL as well when not exactly one known network is named. Do not block. */
const IotNetworkInterface_t * AwsIotNetworkManager_GetNetworkInterface( uint32_t ulNetworkType );
void * AwsIotNetworkManager_GetCredentials( uint32_t ulNetworkType );
void * AwsIotNetworkManager_GetConnectionParams( uint32_t ulNetworkType );

/* Joins the saved networks by priority, for ever, in a task of its own: all of them in order, then a
 * pause of 1 s that doubles up to 60 s. A lost network begins that anew. A phone that is connected
 * and has proved who it is goes first for 30 s at most, and what it chose is kept. pdTRUE also when
 * the task runs already; pdFALSE when memory is short. Until WIFI_On and WIFI_PROVISION_Init were
 * called nothing can be joined. Blocks only behind another task that switches networks. */
BaseType_t xWiFiConnectTaskInitialize( void );

/* Ends that task and waits until it has ended: after the network it is trying, which takes half a
 * minute at the longest, and 150 s when a phone keeps the service busy. What is joined stays joined.
 * Nothing happens when no task runs. Not inside a handler of WIFI_RegisterEvent. */
void vWiFiConnectTaskDestroy( void );

#ifdef __cplusplus
}
#endif

#endif /* AWS_IOT_NETWORK_MANAGER_H_ */
