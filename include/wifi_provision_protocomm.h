/*
 * Espressif's unified provisioning (protocomm): their phone apps and tools provision the device as well, on the
 * same list of saved networks. Only in archives made with Espressif's protocol.
 *
 * These functions take a request's bytes and give the answer's, for whatever carries them: a GATT server, an HTTP
 * server, a console. They answer while the service serves (WIFI_PROVISION_Start, or IotBleWifiProv_RunProcessLoop);
 * scanning and joining are done by its task.
 *
 * Context of all: any task, none from an interrupt. At most one works at a time; another waits for it, Endpoint and Payload
 * excepted. None waits for the radio or the store. A handshake computes: security 2 for 3 s at least on a Cortex-M3 of
 * 100 MHz, its Start for a third of that. What stack and heap they need is told below, WIFI_PROVISION_PROTOCOMM_STACK_ and
 * _HEAP_; `cargo xtask size` measures it. Should the heap be short for an answer, a page of networks is answered with status 5
 * (internal error), and anything else not at all.
 *
 * They may be called in any order:
 *
 *   | function     | before Init, after Delete        | not started              | started                          |
 *   | Register     | pdFALSE                          | as said below            | as said below                    |
 *   | Endpoint     | as said below: waits for nobody  | the same                 | the same                         |
 *   | Start        | pdFALSE                          | as said below            | pdFALSE                          |
 *   | Stop         | pdFALSE                          | pdFALSE                  | pdTRUE                           |
 *   | Handle       | refused                          | refused                  | answered while the service       |
 *   | Pending      | refused                          | refused                  | serves, else refused             |
 *   | Disconnected | nothing                          | nothing                  | ends the connection's session    |
 *   | Payload      | the text: needs no service       | the same                 | the same                         |
 *
 * WIFI_PROVISION_Delete and IotBleWifiProv_Deinit do what Stop does: sessions end and secrets are wiped, by them or,
 * if a request is being answered for longer than WIFI_PROVISION_STOP_TIMEOUT_MS, by who answers it. After another Init
 * begin with Start. WIFI_PROVISION_Stop alone keeps secrets and sessions for the service's next Start, and a scan or join
 * that a phone has asked for and that has not begun: it is carried out then.
 */
#ifndef WIFI_PROVISION_PROTOCOMM_H_
#define WIFI_PROVISION_PROTOCOMM_H_

#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The longest request and the longest answer, bytes: that of an ATT attribute. */
#define WIFI_PROVISION_PROTOCOMM_MAX_BYTES            512

/* Endpoints of the application's own, and the longest name of one, bytes. */
#define WIFI_PROVISION_PROTOCOMM_MAX_ENDPOINTS        8
#define WIFI_PROVISION_PROTOCOMM_MAX_NAME_BYTES       31

/* The longest secret (security 1) and user name (security 2), bytes. */
#define WIFI_PROVISION_PROTOCOMM_MAX_SECRET_BYTES     64
#define WIFI_PROVISION_PROTOCOMM_MAX_USER_BYTES       64

/* Stack, bytes, saved context included: of the task that calls, its own functions apart. Measured on a Cortex-M3 by
 * `cargo xtask size`, which fails when what it holds them to is more than is said here. */
#define WIFI_PROVISION_PROTOCOMM_STACK_SECURITY_2     14336    /* Handle, with security 2 */
#define WIFI_PROVISION_PROTOCOMM_STACK_START_2        9216     /* Start, with security 2 */
#define WIFI_PROVISION_PROTOCOMM_STACK_SECURITY_1     6144     /* Handle, with security 1 */
#define WIFI_PROVISION_PROTOCOMM_STACK_OTHERS         5120     /* everything else */

/* The same of the service's own task, the platform's functions apart: what is in WIFI_PROVISION_TASK_STACK_DEPTH at least. */
#define WIFI_PROVISION_PROTOCOMM_STACK_SERVICE        3584

/* Heap, bytes in blocks of heap_4: from Start to Stop, and besides while a request is answered. */
#define WIFI_PROVISION_PROTOCOMM_HEAP_OPEN            1536
#define WIFI_PROVISION_PROTOCOMM_HEAP_ANSWER          1024

/* How a phone shows that it may provision the device. */
typedef enum
{
    eWiFiProvisionSecurityNone = 0,  /* not at all, and everybody reads along */
    eWiFiProvisionSecurity1 = 1,     /* X25519, AES-CTR, and a secret (proof of possession) */
    eWiFiProvisionSecurity2 = 2      /* SRP-6a with a user's name and password, AES-GCM */
} WIFI_PROVISION_Security_t;

/* Fills memory with random octets fit for keys; pdFALSE when it cannot. Must not block. */
typedef BaseType_t ( * WIFI_PROVISION_Random_t )( uint8_t * pucOut,
                                                  size_t xLength );

/* Answers a request to an endpoint of the application: at most xCapacity bytes to pucOut, their number to
 * pxLength. pdFALSE for no answer. Called in the carrier's task; must not block, nor call a function of this header. */
typedef BaseType_t ( * WIFI_PROVISION_Endpoint_t )( void * pvContext,
                                                    const uint8_t * pucRequest,
                                                    size_t xRequestLength,
                                                    uint8_t * pucOut,
                                                    size_t xCapacity,
                                                    size_t * pxLength );

typedef struct
{
    WIFI_PROVISION_Security_t xSecurity;
    const char * pcUser;             /* security 2: 1 to 64 bytes; otherwise not looked at */
    const char * pcSecret;           /* security 1: at most 64 bytes, NULL or empty for none; security 2: the password */
    uint8_t ucAttempts;              /* how often a network is tried, 0 as 1 */
    WIFI_PROVISION_Random_t xRandom; /* not NULL */
} WIFI_PROVISION_ProtocommConfig_t;

/* What became of a request. */
typedef enum
{
    eWiFiProvisionAnswered = 0, /* the answer is there */
    eWiFiProvisionPending = 1,  /* it will be: ask WIFI_PROVISION_ProtocommPending */
    eWiFiProvisionRefused = 2   /* there is none: tell the phone of a failure (ATT: error 0x04), whatever it was */
} WIFI_PROVISION_Answer_t;

/* Begins to answer requests. The strings are not needed afterwards; of a password only a verifier is kept, which takes
 * a third of a handshake to compute. pdFALSE before WIFI_PROVISION_Init, when it has begun already, when memory or
 * random numbers are short, when the configuration cannot be right, and for 1 in 256 pairs of user and password, which
 * some clients compute differently: take another password. */
BaseType_t WIFI_PROVISION_ProtocommStart( const WIFI_PROVISION_ProtocommConfig_t * pxConfig );

/* Ends all sessions, wipes all secrets, and answers no more. A join that is in progress is carried out, and what it joined
 * is saved; one that has not begun is dropped, and so are further attempts. The application's endpoints stay known.
 * pdFALSE when it had not begun. */
BaseType_t WIFI_PROVISION_ProtocommStop( void );

/* Makes an endpoint of the application known, for ever; before the carrier lists them. The name is copied.
 * pdFALSE before Init, when there are too many, when the name or the function is NULL, and when the name is empty,
 * too long, taken, or no UTF-8. */
BaseType_t WIFI_PROVISION_ProtocommRegister( const char * pcName,
                                             WIFI_PROVISION_Endpoint_t xHandler,
                                             void * pvContext );

/* Lists the endpoints, for carriers that number them, and waits for nobody: the name and the 16 bits that go into a characteristic's UUID.
 * The built-in ones come first. The name stays valid, and needs no Init. pdFALSE past the last. */
BaseType_t WIFI_PROVISION_ProtocommEndpoint( size_t xIndex,
                                             const char ** ppcName,
                                             uint16_t * pusId );

/* Answers one whole request. ulConnection names the connection it came by, as the carrier likes; pucOut has room for
 * WIFI_PROVISION_PROTOCOMM_MAX_BYTES, and may be where the request is. Only with eWiFiProvisionAnswered are pucOut and
 * pxLength written. */
WIFI_PROVISION_Answer_t WIFI_PROVISION_ProtocommHandle( uint32_t ulConnection,
                                                        const char * pcEndpoint,
                                                        const uint8_t * pucRequest,
                                                        size_t xRequestLength,
                                                        uint8_t * pucOut,
                                                        size_t xCapacity,
                                                        size_t * pxLength );

/* The answer that was pending. A scan takes some seconds: ask a few times a second, and let the phone's write or read
 * wait as long. Until then every other request of the phone is refused. */
WIFI_PROVISION_Answer_t WIFI_PROVISION_ProtocommPending( uint32_t ulConnection,
                                                         uint8_t * pucOut,
                                                         size_t xCapacity,
                                                         size_t * pxLength );

/* A connection has ended, and its session with it. Waits for who works: while another task computes a handshake, for as
 * long as that takes (seconds with security 2). So not from the callback of a BLE host that must go on: from the task
 * that calls Handle, which is told by the callback. */
void WIFI_PROVISION_ProtocommDisconnected( uint32_t ulConnection );

/* Writes what the QR code holds, as JSON text with a NUL behind it: the name the device advertises, how it is reached
 * ("ble", "softap"), user and secret. It is for whoever holds the device. Gives its length; 0 when it does not fit, when an
 * argument is NULL, when the name or the transport is no UTF-8, and when the configuration cannot be right: no such security,
 * or a user or secret that its security uses and that is missing, too long or no UTF-8. It looks neither at xRandom nor for
 * the 1 in 256 pairs of user and password that Start refuses. */
size_t WIFI_PROVISION_ProtocommPayload( const WIFI_PROVISION_ProtocommConfig_t * pxConfig,
                                        const char * pcName,
                                        const char * pcTransport,
                                        char * pcOut,
                                        size_t xCapacity );

#ifdef __cplusplus
}
#endif

#endif /* WIFI_PROVISION_PROTOCOMM_H_ */
