/*
 * The device's side of Bluetooth Low Energy, as the platform contract: on and off the air, pairing
 * by comparing numbers, events. For projects that have no iot_ble.h of their own. Names, types and
 * values are those of the upstream interface; what a provisioning device does not need is left out.
 * Callbacks come in the BLE task and must not block. Addresses: least significant byte first.
 */
#ifndef IOT_BLE_H_
#define IOT_BLE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define btADDRESS_LEN    6

typedef struct
{
    uint8_t ucAddress[ btADDRESS_LEN ];
} BTBdaddr_t;

typedef enum
{
    eBTStatusSuccess = 0,
    eBTStatusFail = 1,
    eBTStatusNotReady = 2,
    eBTStatusNoMem = 3,
    eBTStatusBusy = 4,
    eBTStatusDone = 5,
    eBTStatusUnsupported = 6,
    eBTStatusParamInvalid = 7,
    eBTStatusUnHandled = 8,
    eBTStatusAuthFailure = 9,
    eBTStatusRMTDevDown = 10,
    eBTStatusAuthRejected = 11,
    eBTStatusWakeLockError = 12,
    eBTStatusLinkLoss = 13
} BTStatus_t;

typedef enum
{
    eBTbondStateNone,
    eBTbondStateBonding,
    eBTbondStateBonded
} BTBondState_t;

/* The levels of LE security mode 1. */
typedef enum
{
    eBTSecLevelNoSecurity = 1,
    eBTSecLevelUnauthenticatedEncrypt = 2,
    eBTSecLevelAuthenticatedEncrypt = 3,
    eBTSecLevelSecureConnect = 4
} BTSecurityLevel_t;

typedef enum
{
    eBTauthSuccess,
    eBTauthFailLmpRespTimeout,
    eBTauthFailKeyMissing,
    eBTauthFailEncrypMode,
    eBTauthFailUnitKey,
    eBTauthFailSmpCfrmValue,
    eBTauthFailSmpEnc,
    eBTauthFailSmpTimeout,
    eBTauthFailPageTimeout,
    eBTauthFailSmpPasskeyFail,
    eBTauthFailSmpOobFail,
    eBTauthFailSmpFail,
    eBTauthFailConnTimeout,
    eBTauthFailSmp,
    eBTauthFailSmpPairNotSupport,
    eBTauthFailSmpUnknownIo,
    eBTauthFailSmpUnknown,
    eBTauthFailHostRejectSecurity,
    eBTauthFailInsuffSecurity,
    eBTauthFailPeerUser,
    eBTauthFailUnspecified
} BTAuthFailureReason_t;

typedef struct
{
    uint32_t minInterval;
    uint32_t maxInterval;
    uint32_t latency;
    uint32_t timeout;
} IotBleConnectionParam_t;

typedef void ( * IotBle_MtuChangedCallback_t )( uint16_t connId,
                                                uint16_t mtu );

typedef void ( * IotBle_ConnectionCallback_t )( BTStatus_t status,
                                                uint16_t connId,
                                                bool connected,
                                                BTBdaddr_t * pRemoteBdAddr );

/* A pairing ended: bonded, or failed and why. Also, as bonded, when a known phone has proved who it is
 * with the key of an earlier pairing. */
typedef void ( * IotBle_PairingStateChanged_t )( BTStatus_t status,
                                                 BTBdaddr_t * pRemoteBdAddr,
                                                 BTBondState_t bondstate,
                                                 BTSecurityLevel_t securityLevel,
                                                 BTAuthFailureReason_t reason );

typedef void ( * IotBle_ConnParameterUpdateRequestCallback_t )( BTStatus_t status,
                                                                const BTBdaddr_t * pRemoteBdAddr,
                                                                IotBleConnectionParam_t * pConnectionParam,
                                                                uint32_t connInterval );

/* The user should compare passKey, six digits with leading zeros, with the phone's number. The
 * answer goes to IotBle_ConfirmNumericComparisonKeys; without one the pairing is refused after 29 s. */
typedef void ( * IotBle_NumericComparisonCallback_t )( BTBdaddr_t * pRemoteBdAddr,
                                                       uint32_t passKey );

typedef enum
{
    eBLEMtuChanged = 0,
    eBLEConnection,
    eBLEPairingStateChanged,
    eBLEConnParameterUpdateRequestCallback, /* never comes */
    eBLENumericComparisonCallback,
    eNbEvents
} IotBleEvents_t;

typedef union
{
    IotBle_MtuChangedCallback_t pMtuChangedCb;
    IotBle_ConnectionCallback_t pConnectionCb;
    IotBle_PairingStateChanged_t pGAPPairingStateChangedCb;
    IotBle_ConnParameterUpdateRequestCallback_t pConnParameterUpdateRequestCb;
    IotBle_NumericComparisonCallback_t pNumericComparisonCb;
    void * pvPtr;
} IotBleEventsCallbacks_t;

/* Once, before anything else here. */
BTStatus_t IotBle_Init( void );

/* Advertises from now on, while no phone is connected. */
BTStatus_t IotBle_On( void );

/* Stops advertising, ends a connection and waits for that, 5 s at most. eBTStatusBusy when it takes longer, or in a
 * callback, which must not wait: it goes off the air all the same. */
BTStatus_t IotBle_Off( void );

/* At most 248 bytes of UTF-8; the first four are advertised, from the next advertising on. */
BTStatus_t IotBle_SetDeviceName( const char * pName,
                                 size_t length );

/* Up to four callbacks for each event. */
BTStatus_t IotBle_RegisterEventCb( IotBleEvents_t event,
                                   IotBleEventsCallbacks_t bleEventsCallbacks );

BTStatus_t IotBle_UnRegisterEventCb( IotBleEvents_t event,
                                     IotBleEventsCallbacks_t bleEventsCallbacks );

/* eBTStatusFail when nobody asks about this phone any more. An acceptance that may have been meant
 * for an earlier question about the same phone refuses; an application that registers for
 * eBLEPairingStateChanged hears when a question is withdrawn, and is not doubted. */
BTStatus_t IotBle_ConfirmNumericComparisonKeys( BTBdaddr_t * pBdAddr,
                                                bool keyAccepted );

/* The same, tied to the number that was compared: an extension. */
BTStatus_t IotBle_ConfirmNumericComparison( const BTBdaddr_t * pBdAddr,
                                            uint32_t passKey,
                                            bool keyAccepted );

/* Forgets the phone with this address: its identity's, or a private one from which it called. When it is connected
 * it loses its link. */
BTStatus_t IotBle_RemoveBond( const BTBdaddr_t * pBdAddr );

/* Forgets all phones: an extension. When it succeeds the flash has it, and nothing brings them back;
 * waits for that, 5 s at most. eBTStatusBusy when it takes longer, or in a callback, which must not
 * wait: they are forgotten soon then. A phone that is connected loses its link. */
BTStatus_t IotBle_RemoveAllBonds( void );

/*
 * Who may pair: extensions, off until called and after every start. Phones that have a bond are not
 * concerned. A phone that may not hears "pairing not supported".
 */

/* Phones that nobody knows may pair for so many seconds from now, and again after each
 * IotBle_OpenPairingWindow; 0: always. A pairing that has begun may end later. Espressif's endpoints
 * (iot_ble_protocomm.h) need no pairing and stay while the window is closed, but wait for nobody: a phone
 * that has not proved the device's secret within 4 s loses its link. To close them, IotBleProtocomm_Stop. */
BTStatus_t IotBle_SetPairingWindow( uint32_t seconds );

/* Opens that window anew, for as long: what a button does. eBTStatusFail when there is none. */
BTStatus_t IotBle_OpenPairingWindow( void );

/* Only phones with a bond are served: others lose their link at once, and no window lets them in.
 * Espressif's endpoints are neither offered nor advertised meanwhile. A phone that is connected stays,
 * and with it what it was offered. */
BTStatus_t IotBle_SetBondedPhonesOnly( bool bondedOnly );

#ifdef __cplusplus
}
#endif

#endif /* IOT_BLE_H_ */
