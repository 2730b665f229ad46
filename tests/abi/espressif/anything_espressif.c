/* The program `anything`, in the archive that has Espressif's protocol: its functions are called besides, in any order and
 * from the same tasks, with requests that are right, damaged, or another's. */
#define ANYTHING_BESIDES    1

/* A handshake costs as much as a life; these are as long as those of the other in all. */
#ifndef ABI_DIVISOR
    #define LIVES           200U
#else
    #define LIVES           ( 200U / ABI_DIVISOR )
#endif

#include "anything.c"

#include "wifi_provision_protocomm.h"

const char * const pcProgram = "anything_espressif";

#define BUILT_IN          5U
#define LONGEST_NAME      WIFI_PROVISION_PROTOCOMM_MAX_NAME_BYTES
#define CANARY            0xA5

/* What a phone may ask; what belongs together is together. */
static const struct
{
    const char * pcEndpoint;
    const char * pcMessage;
} xRequests[] =
{
    { "prov-session", "5203a20100"                         }, /* without security */
    { "prov-session", "5203a20100"                         },
    { "prov-session", "5203a20100"                         },
    { "prov-session", "10015a25a201220a20358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254" },
    { "prov-session", "10015a270802b201221220aada0fd0379e807c83a53f3fe21d0e60fc3b5283c0670800cd3b75356828df2e" },
    { "proto-ver",    ""                                   },
    { "prov-scan",    "5206080118052078"                   }, /* begin, and wait */
    { "prov-scan",    "52021805"                           }, /* begin */
    { "prov-scan",    "0802"                               }, /* is it done? */
    { "prov-scan",    "080472021004"                       }, /* the first page */
    { "prov-config",  "5200"                               }, /* what became of it? */
    { "prov-config",  "0802621a0a0d5363616e4e6574776f726b30311209736563726574313233" }, /* set */
    { "prov-config",  "0804"                               }, /* apply */
    { "prov-ctrl",    "08015a00"                           }, /* reset */
    { "prov-ctrl",    "08036a00"                           }, /* again */
    { "echo",         "0a0b0c"                             },
};

/* Ten, of which eight fit; then names that cannot be. */
static const char * const pcNames[] =
{
    "echo", "a", "b", "c", "d", "e", "f", "g", "h", "one-that-is-as-long-as-they-get",
    "", "prov-scan", "a-name-that-is-one-byte-too-long", "gr\xfcn", NULL
};

/* Octets that count; once in a while there are none. */
static BaseType_t prvCounted( uint8_t * pucOut,
                              size_t xLength )
{
    static uint8_t ucNext;

    for( size_t i = 0; i < xLength; i++ )
    {
        pucOut[ i ] = ucNext++;
    }

    return ( ( ucNext % 37U ) != 0U ) ? pdTRUE : pdFALSE;
}

static BaseType_t prvEcho( void * pvContext,
                           const uint8_t * pucRequest,
                           size_t xRequestLength,
                           uint8_t * pucOut,
                           size_t xCapacity,
                           size_t * pxLength )
{
    ( void ) pvContext;

    if( xRequestLength > xCapacity )
    {
        /* As a careless application may: more than there is room for. */
        *pxLength = xRequestLength;
        return pdTRUE;
    }

    ( void ) memcpy( pucOut, pucRequest, xRequestLength );
    *pxLength = xRequestLength;
    return ( xRequestLength != 7U ) ? pdTRUE : pdFALSE;
}

static intptr_t prvProtocommStart( intptr_t xAny )
{
    static const char * const pcSecrets[] = { "abcd1234", "", NULL, "abcd\xff" };
    WIFI_PROVISION_ProtocommConfig_t xConfig =
    {
        .xSecurity  = eWiFiProvisionSecurityNone,
        .pcUser     = "wifiprov",
        .pcSecret   = "abcd1234",
        .ucAttempts = ( uint8_t ) ( xAny & 3 ),
        .xRandom    = prvCounted
    };
    char cText[ 128 ];
    bool bIsShown;
    BaseType_t xStarted;

    switch( ( xAny >> 2 ) & 31 )
    {
        case 0:
            /* One that computes, seldom. */
            xConfig.xSecurity = eWiFiProvisionSecurity2;
            break;

        case 1:
            xConfig.xSecurity = eWiFiProvisionSecurity2;
            xConfig.pcUser = NULL;
            break;

        case 2:
            xConfig.xSecurity = ( WIFI_PROVISION_Security_t ) 3;
            break;

        case 3:
            xConfig.xRandom = NULL;
            break;

        case 4:
        case 5:
        case 6:
        case 7:
            xConfig.xSecurity = eWiFiProvisionSecurity1;
            xConfig.pcSecret = pcSecrets[ ( xAny >> 7 ) & 3 ];
            break;

        default:
            break;
    }

    bIsShown = WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) != 0U;
    xStarted = WIFI_PROVISION_ProtocommStart( &xConfig );
    /* Nobody is shown a code for what cannot be started. */
    HOLDS( ( xStarted == pdFALSE ) || bIsShown );
    return xStarted;
}

static intptr_t prvProtocommStop( intptr_t xAny )
{
    ( void ) xAny;
    return WIFI_PROVISION_ProtocommStop();
}

/* Nothing is written but an answer, and no more than there is room for. */
static void prvLooksAt( WIFI_PROVISION_Answer_t xAnswer,
                        const uint8_t * pucOut,
                        size_t xRoom,
                        size_t xCapacity,
                        size_t xLength )
{
    size_t xUntouched = 0;

    HOLDS( ( xAnswer == eWiFiProvisionAnswered ) || ( xAnswer == eWiFiProvisionPending ) || ( xAnswer == eWiFiProvisionRefused ) );

    if( xAnswer == eWiFiProvisionAnswered )
    {
        HOLDS( ( xLength <= xCapacity ) && ( xLength <= WIFI_PROVISION_PROTOCOMM_MAX_BYTES ) );
        xUntouched = xLength;
    }
    else
    {
        HOLDS( xLength == SIZE_MAX );
    }

    for( size_t i = xUntouched; i < xRoom; i++ )
    {
        HOLDS( pucOut[ i ] == CANARY );
    }
}

/* Nearly always the same: a session belongs to one. */
static uint32_t prvConnection( intptr_t xAny )
{
    return ( ( xAny & 3 ) == 3 ) ? 1U : 0U;
}

/* Bits of the number: 0 and 1 the connection, 2 to 6 the request, 7 to 10 whether it is damaged, 11 to 13 whether its room is
 * small, 14 and on where, and how small. */
static intptr_t prvHandle( intptr_t xAny )
{
    uint8_t ucRequest[ 64 ];
    uint8_t ucOut[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES + 16 ];
    const size_t xWhich = ( size_t ) ( ( xAny >> 2 ) & 31 ) % COUNT_OF( xRequests );
    const size_t xWhere = ( size_t ) ( xAny >> 14 );
    size_t xLength = xFromHex( xRequests[ xWhich ].pcMessage, ucRequest, sizeof( ucRequest ) );
    const char * pcEndpoint = xRequests[ xWhich ].pcEndpoint;
    size_t xCapacity = ( ( xAny >> 11 ) & 7 ) != 0 ? WIFI_PROVISION_PROTOCOMM_MAX_BYTES : xWhere % 40U;
    size_t xGiven = SIZE_MAX;
    WIFI_PROVISION_Answer_t xAnswer;

    switch( ( xAny >> 7 ) & 15 )
    {
        case 0:
            ucRequest[ xWhere % sizeof( ucRequest ) ] ^= ( uint8_t ) ( 1U << ( xWhere % 8U ) );
            break;

        case 1:
            xLength = ( xLength != 0U ) ? xWhere % xLength : 0U;
            break;

        case 2:
            pcEndpoint = pcNames[ xWhere % COUNT_OF( pcNames ) ];
            break;

        default:
            break;
    }

    ( void ) memset( ucOut, CANARY, sizeof( ucOut ) );
    xAnswer = WIFI_PROVISION_ProtocommHandle( prvConnection( xAny ), pcEndpoint, ucRequest, xLength, ucOut, xCapacity, &xGiven );
    prvLooksAt( xAnswer, ucOut, sizeof( ucOut ), xCapacity, xGiven );
    return ( intptr_t ) xAnswer;
}

static intptr_t prvPending( intptr_t xAny )
{
    uint8_t ucOut[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES + 16 ];
    size_t xCapacity = ( ( xAny >> 11 ) & 7 ) != 0 ? WIFI_PROVISION_PROTOCOMM_MAX_BYTES : ( size_t ) ( xAny >> 14 ) % 40U;
    size_t xGiven = SIZE_MAX;
    WIFI_PROVISION_Answer_t xAnswer;

    ( void ) memset( ucOut, CANARY, sizeof( ucOut ) );
    xAnswer = WIFI_PROVISION_ProtocommPending( prvConnection( xAny ), ucOut, xCapacity, &xGiven );
    prvLooksAt( xAnswer, ucOut, sizeof( ucOut ), xCapacity, xGiven );
    return ( intptr_t ) xAnswer;
}

static intptr_t prvDisconnected( intptr_t xAny )
{
    WIFI_PROVISION_ProtocommDisconnected( prvConnection( xAny ) );
    return pdTRUE;
}

/* Every name there is. They only become more. */
static intptr_t prvNames( intptr_t xAny )
{
    const char * pcName = NULL;
    uint16_t usId = 0;
    size_t xCount = 0;

    ( void ) xAny;

    while( WIFI_PROVISION_ProtocommEndpoint( xCount, &pcName, &usId ) == pdTRUE )
    {
        HOLDS( ( pcName != NULL ) && ( pcName[ 0 ] != '\0' ) && ( strlen( pcName ) <= LONGEST_NAME ) );
        xCount++;
    }

    HOLDS( ( xCount >= BUILT_IN ) && ( xCount <= BUILT_IN + WIFI_PROVISION_PROTOCOMM_MAX_ENDPOINTS ) );
    return ( intptr_t ) xCount;
}

static intptr_t prvRegister( intptr_t xAny )
{
    const intptr_t xBefore = prvNames( 0 );
    const char * pcName = pcNames[ ( size_t ) xAny % COUNT_OF( pcNames ) ];
    const BaseType_t xIsKnown = WIFI_PROVISION_ProtocommRegister( pcName, ( ( xAny >> 8 ) & 7 ) != 0 ? prvEcho : NULL, NULL );

    HOLDS( prvNames( 0 ) >= xBefore + ( ( xIsKnown == pdTRUE ) ? 1 : 0 ) );
    return xIsKnown;
}

/* Requests more often than the rest. */
static intptr_t ( * const pvProtocomm[] )( intptr_t ) =
{
    prvProtocommStart, prvProtocommStart, prvProtocommStop, prvRegister, prvNames, prvDisconnected, prvPending, prvPending,
    prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle,
    prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle, prvHandle
};

static void prvBesides( void )
{
    intptr_t ( * pvFunction )( intptr_t ) = pvProtocomm[ prvBelow( COUNT_OF( pvProtocomm ) ) ];
    const intptr_t xAny = ( intptr_t ) prvBelow( INT32_MAX );

    if( prvBelow( 3 ) == 0U )
    {
        prvCallBeside( pvFunction, xAny );
    }
    else
    {
        prvCallHere( pvFunction, xAny );
    }
}

/* As life begins, often: a session is open. */
static void prvBesidesBegun( void )
{
    ( void ) prvProtocommStart( ( intptr_t ) prvBelow( INT32_MAX ) );
    ( void ) prvHandle( ( 15 << 7 ) | ( 7 << 11 ) );
}

/* The endpoints went with the service; what was registered stays. */
static void prvBesidesEnded( void )
{
    HOLDS( WIFI_PROVISION_ProtocommStop() == pdFALSE );
    HOLDS( prvHandle( 2 << 2 ) == ( intptr_t ) eWiFiProvisionRefused );
    HOLDS( prvPending( 1 << 11 ) == ( intptr_t ) eWiFiProvisionRefused );
    WIFI_PROVISION_ProtocommDisconnected( 1 );
    HOLDS( prvNames( 0 ) >= ( intptr_t ) BUILT_IN );
}
