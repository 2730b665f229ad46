/* One row of each table of vectors. Bytes are hexadecimal digits; a list of texts ends with NULL. */
#ifndef VECTOR_H_
#define VECTOR_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_MOST_REQUESTS    8
#define VECTOR_MOST_ANSWERS     24

/* Requests, what is answered, and what is left. */
typedef struct
{
    const char * pcId;
    uint32_t ulSaved, ulScanned;
    int32_t lConnected;                         /* priority; -1: none */
    uint32_t ulConnectResult, ulScanResult;
    uint32_t ulFailingAdd, ulFailingDelete;     /* which call fails; 0: none */
    uint32_t ulUnreadable;                      /* one more than the index that cannot be read */
    uint32_t ulAtOnce;                          /* requests sent before the first is carried out */
    const char * ppcRequests[ VECTOR_MOST_REQUESTS + 1 ];
    const char * ppcAnswers[ VECTOR_MOST_ANSWERS + 1 ];
    uint32_t ulAnswersTo[ VECTOR_MOST_REQUESTS ];
    const char * ppcStore[ 9 ];
    uint32_t ulAdds, ulDeletes, ulConnects, ulDisconnects, ulScans;
} Exchange_t;

/* A request and what it means. */
typedef struct
{
    const char * pcId;
    const char * pcMessage;
    uint32_t ulKind;     /* the number on the air */
    int32_t lOutcome;    /* the status it is answered with; -1: accepted; -2: dropped */
    int32_t lFirst, lSecond;
    bool bIsProvisioned, bShouldConnect;
    const char * pcSsid;
    const char * pcBssid;
    const char * pcPassword;
    uint32_t ulSecurity;
} Reading_t;

#define VECTOR_ACCEPTED    ( -1 )
#define VECTOR_DROPPED     ( -2 )

/* A response and its bytes; NULL when the room is too small. */
typedef struct
{
    const char * pcId;
    uint32_t ulRequestType, ulStatus;
    bool bStatusOnly, bIsSaved;
    const char * pcSsid;
    const char * pcBssid;
    uint32_t ulSecurity;
    bool bIsHidden, bIsConnected, bIsLast;
    uint32_t ulIndex;
    int32_t lRssi;
    uint32_t ulRoom, ulLength;
    const char * pcBytes;
} Writing_t;

#define COUNT_OF( xTable )    ( sizeof( xTable ) / sizeof( ( xTable )[ 0 ] ) )

#endif /* VECTOR_H_ */
