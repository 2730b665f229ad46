/*
 * Espressif's unified provisioning over BLE: their phone apps find the device as well, and provision it without
 * pairing. Only with a library that has their protocol (wifi_provision_protocomm.h). A task of its own answers
 * the phones, and starts and stops the endpoints. Context of all functions: any task; none from an interrupt.
 */
#ifndef IOT_BLE_PROTOCOMM_H_
#define IOT_BLE_PROTOCOMM_H_

#include "iot_ble.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The name of the user of security 2, as the apps suggest it. */
#define IOT_BLE_PROTOCOMM_USER    "wifiprov"

/* ucSecurity for nobody's secret: everybody in range may provision the device, and everybody reads along. */
#define IOT_BLE_PROTOCOMM_OPEN    255

/* Room for the text of the QR code and its NUL, bytes, whatever the secret: one of 64 quotes takes 211. */
#define IOT_BLE_PROTOCOMM_PAYLOAD_BYTES    224

/* Phones find the device from now on. xIsNew: the secret was made for this call of Start, and is to be shown to the owner.
 * It is told once, and to nobody when that start never succeeded: the secret is kept as soon as it is made, so after another
 * call, or a restart, it is not new any more. So let the owner see it on demand as well, where no label says it. Comes once
 * for each call of Start, when the endpoints answer, and not at all while they do not: a start that fails is logged and tried
 * again. Comes in the task of the endpoints, and may block. */
typedef void ( * IotBleProtocommStartedCb_t )( bool xIsNew );

typedef struct
{
    uint8_t ucSecurity;                   /* 1 or 2, or IOT_BLE_PROTOCOMM_OPEN; 0, which nobody chose, is refused */
    const char * pcSecret;                /* at most 64 bytes of text, no control characters; NULL: the device's own (13
                                           * characters, 65 bits), made at the first start and kept for good, as it may be
                                           * printed on the device: no failed start replaces it, nor does anything but
                                           * IotBleProtocomm_ForgetSecret */
    uint8_t ucAttempts;                   /* how often a network is tried, 0 as 1 */
    IotBleProtocommStartedCb_t pxStarted; /* may be NULL */
} IotBleProtocommConfig_t;

/* Starts the endpoints, or starts them anew with another configuration, as soon as the service runs
 * (WIFI_PROVISION_Init) and the controller has answered. What it points to is copied. Does not block; the caller's stack
 * needs 2 KB. A connected phone loses its session. A start that fails, for want of memory, say, is tried again after 1 s,
 * 2 s, ... 60 s, until it succeeds or Stop or another Start is called. eBTStatusParamInvalid when the configuration cannot be
 * right: no such security, a secret that is too long, no UTF-8 or has control characters, with security 2 an empty one or one of
 * the 1 in 256 that some clients compute differently (take another). eBTStatusUnsupported on a board that has no endpoints. */
BTStatus_t IotBleProtocomm_Start( const IotBleProtocommConfig_t * pxConfig );

/* Stops them, soon. Does not block.
 *
 * Their service lies before the device's other services, so starting and stopping them gives those other handles, and so
 * does another number of endpoints. A phone is told of no change while it is connected: what it finds is what it
 * found when it connected. Bonded phones may keep handles from one connection to the next, and this device has no Service
 * Changed characteristic to call them back: an application starts the endpoints at every boot, with the same endpoints, before
 * IotBle_On, or never. One that does switch them on or off for good forgets the bonds (IotBle_RemoveBond), as after a change of
 * firmware. WIFI_PROVISION_Delete ends the library's part alone: phones are refused until Start comes again. */
BTStatus_t IotBleProtocomm_Stop( void );

/* Forgets the device's own secret, so that the next start makes another: for a factory reset of a device whose secret is on
 * no label. What is printed on the device is no longer true then. Call it after IotBleProtocomm_Stop; it waits for that, and
 * for the flash, 10 s at most. When it succeeds the endpoints are stopped, no request of them is carried out any more, and
 * the flash has it. eBTStatusFail when the endpoints are started, or the flash fails: the secret is still there.
 * eBTStatusBusy when it takes longer, or in a callback of IotBle_RegisterEventCb, which must not wait: it is forgotten
 * soon, unless Start comes before. Not in the callback of Start. eBTStatusUnsupported on a board that has no endpoints. */
BTStatus_t IotBleProtocomm_ForgetSecret( void );

/* Writes the text of the QR code the apps scan (JSON), with a NUL behind it; IOT_BLE_PROTOCOMM_PAYLOAD_BYTES are enough. It
 * holds the secret: it is for whoever holds the device. Gives its length; 0 when the endpoints are not started or it does not
 * fit. */
size_t IotBleProtocomm_Payload( char * pcOut,
                                size_t xCapacity );

/* Draws the QR code of that text, a line of UTF-8 at a time, light on dark, two rows of the code to a line; at most 33
 * lines of 65 characters. The caller's stack needs 3 KB. False when there is none. */
bool IotBleProtocomm_QrCode( void ( * pxLine )( const char * pcLine ) );

#ifdef __cplusplus
}
#endif

#endif /* IOT_BLE_PROTOCOMM_H_ */
