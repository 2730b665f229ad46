/* A WiFi platform in memory, and what can be told it to do wrong. */
#ifndef POSIX_WIFI_H_
#define POSIX_WIFI_H_

#include <stdbool.h>
#include <stdint.h>

#include "iot_wifi.h"

/* Its functions. */
typedef enum
{
    eCallConnect,
    eCallDisconnect,
    eCallIsConnected,
    eCallScan,
    eCallAdd,
    eCallGet,
    eCallDelete,
    eCalls
} WiFiCall_t;

/* How one of them behaves. All zeros is as it should be. */
typedef struct
{
    uint32_t ulBlockMs;           /* it takes that long */
    WIFIReturnCode_t xResult;     /* when not success, it does nothing and gives this */
    uint32_t ulOnlyCall;          /* xResult only the n-th time from now; 0: each time */
    uint32_t ulBad;               /* one more than an index that cannot be read; of Get alone */
    bool bInDriverTask;           /* another task does it, the caller waits for that */
    bool bGarbage;                /* it does it, and lies about lengths and numbers */
    void ( * pvInside )( void );  /* called while it is at it, by the task that does it */
} WiFiBehaviour_t;

extern WiFiBehaviour_t xWiFiBehaviour[ eCalls ];

/* How often each was called. */
extern uint32_t ulWiFiCalls[ eCalls ];

/* The world as the recorded vectors have it: networks SavedNetwork0…, of which the last stored has
 * priority 0, and access points ScanNetwork0…; joined to none, and every function behaves. */
void vWiFiReset( uint32_t ulSaved,
                 uint32_t ulScanned );

/* Starts what the platform needs; once, by a task. */
void vWiFiStart( void );

/* The store behind WIFI_Network*, guarded by itself. */
uint32_t ulStored( void );

/* The name of a stored network, in order of arrival; empty when there is none. Not thread-safe:
 * for when nothing runs. */
const WIFINetworkProfile_t * pxStored( uint32_t ulIndex );

/* The name of the network the station is on; its length, 0 for none. */
uint32_t ulJoined( const uint8_t ** ppucName );

/* For the files of this stub. */
void vStoreReset( uint32_t ulSaved );
void vStoreStart( void );

/* Does what the behaviour says before and while the call is at it. `pvDo` does the work. */
WIFIReturnCode_t xWiFiDo( WiFiCall_t xCall,
                          WIFIReturnCode_t ( * pvDo )( void * pvArguments, const WiFiBehaviour_t * pxBehaviour ),
                          void * pvArguments );

#endif /* POSIX_WIFI_H_ */
