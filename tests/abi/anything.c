/*
 * Any calls in any order, from several tasks at once, while phone, platform and memory do as they
 * like: everything a C program can do with this library, wild pointers excluded. Nothing breaks, no
 * network is lost without a request for it, and afterwards the service serves as ever.
 *
 * The lives are made from numbers, so that each can be had again: the one that failed is printed. They begin behind the
 * number in ABI_SEED, which is 0 as long as nothing else is said, so that every run of CI lives the same; ABI_LIVES says
 * how many there are. ABI_SEED=41 ABI_LIVES=1 is life 42, as far as the tasks come to their turns as they did.
 *
 * `espressif/anything_espressif.c` is this program with Espressif's calls besides.
 */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vector.h"

#include "vectors.h"

#ifdef ANYTHING_BESIDES
    /* A step of what is called besides; what comes before its first, and what is so of it when the service is down. */
    static void prvBesidesBegun( void );
    static void prvBesides( void );
    static void prvBesidesEnded( void );
#else
    #define ANYTHING_BESIDES    0
    const char * const pcProgram = "anything";
#endif

/* Fewer where every instruction costs fifty. */
#ifndef ABI_DIVISOR
    #define ABI_DIVISOR    1U
#endif

#ifndef LIVES
    #define LIVES       ( 600U / ABI_DIVISOR )
#endif
#define MOST_STEPS      40U
#define MOST_CALLS      3U
#define LONGEST         4096U
#define LONGEST_CALL    400000U
#define STATUS_MS       2000U

static uint32_t ulLife;
static uint32_t ulRandom;

/* As CHECK, and tells which life it was. */
#define HOLDS( bIsSo )    do { if( !( bIsSo ) ) { ( void ) printf( "life %u (ABI_SEED=%u): ", ( unsigned ) ulLife, ( unsigned ) ulLife - 1U ); ( void ) fflush( stdout ); vWrong( __FILE__, __LINE__, #bIsSo ); } } while( 0 )

/* Xorshift, by Marsaglia. */
static uint32_t prvBelow( uint32_t ulBound )
{
    ulRandom ^= ulRandom << 13;
    ulRandom ^= ulRandom >> 17;
    ulRandom ^= ulRandom << 5;
    return ulRandom % ulBound;
}

/* What a task of the application may call. The argument is any number. */
static intptr_t prvRun( intptr_t xAny )
{
    ( void ) xAny;
    return IotBleWifiProv_RunProcessLoop();
}

static intptr_t prvConnect( intptr_t xAny )
{
    return IotBleWifiProv_Connect( ( uint32_t ) xAny );
}

static intptr_t prvConnectShort( intptr_t xAny )
{
    return WIFI_PROVISION_Connect( ( uint16_t ) xAny );
}

static intptr_t prvErase( intptr_t xAny )
{
    return ( xAny % 2 ) ? IotBleWifiProv_EraseAllNetworks() : WIFI_PROVISION_EraseAllNetworks();
}

static intptr_t prvInit( intptr_t xAny )
{
    return ( xAny % 2 ) ? IotBleWifiProv_Init() : WIFI_PROVISION_Init();
}

static intptr_t prvStart( intptr_t xAny )
{
    ( void ) xAny;
    return WIFI_PROVISION_Start();
}

static intptr_t prvStop( intptr_t xAny )
{
    return ( xAny % 2 ) ? IotBleWifiProv_Stop() : WIFI_PROVISION_Stop();
}

static intptr_t prvEnd( intptr_t xAny )
{
    if( xAny % 2 )
    {
        IotBleWifiProv_Deinit();
        return pdTRUE;
    }

    return WIFI_PROVISION_Delete();
}

static intptr_t prvCount( intptr_t xAny )
{
    uint32_t ulCount = ( xAny % 2 ) ? IotBleWifiProv_GetNumNetworks() : WIFI_PROVISION_GetNumNetworks();

    HOLDS( ulCount <= 8U );
    return ( intptr_t ) ulCount;
}

static intptr_t ( * const pvCalls[] )( intptr_t ) = { prvRun, prvConnect, prvConnectShort, prvErase, prvInit, prvStart, prvStop, prvEnd, prvCount };

static Call_t xCalls[ MOST_CALLS ];

static bool prvAllEnded( void )
{
    for( size_t i = 0; i < MOST_CALLS; i++ )
    {
        if( ( xCalls[ i ].pvFunction != NULL ) && !xCalls[ i ].bHasEnded )
        {
            return false;
        }
    }

    return true;
}

static intptr_t prvAnyIndex( void )
{
    static const uint32_t ulOdd[] = { 8, 255, 256, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000, UINT32_MAX };

    return ( prvBelow( 4 ) != 0U ) ? ( intptr_t ) prvBelow( 9 ) : ( intptr_t ) ulOdd[ prvBelow( COUNT_OF( ulOdd ) ) ];
}

/* In a task of its own, if one is free. */
static void prvCallBeside( intptr_t ( * pvFunction )( intptr_t ),
                           intptr_t xArgument )
{
    Call_t * pxCall = &xCalls[ prvBelow( MOST_CALLS ) ];

    if( ( pxCall->pvFunction == NULL ) || pxCall->bHasEnded )
    {
        pxCall->pvFunction = pvFunction;
        pxCall->xArgument = xArgument;
        vBegin( pxCall, 1U + prvBelow( 3 ) );
    }
}

/* In this task, with or without memory: the platform itself needs its own, so it must not allocate
 * then. The loop would never return. */
static void prvCallHere( intptr_t ( * pvFunction )( intptr_t ),
                         intptr_t xArgument )
{
    if( ( prvBelow( 6 ) == 0U ) && prvAllEnded() && bIsStopped() )
    {
        ( void ) memset( xWiFiBehaviour, 0, sizeof( xWiFiBehaviour ) );
        vHeapFailAfter( prvBelow( 3 ) );
    }

    ( void ) pvFunction( xArgument );
    vHeapFailNever();
}

/* A recorded message as it is, damaged, or nothing but noise. */
static size_t prvAnyMessage( uint8_t * pucMessage )
{
    size_t xLength;

    if( prvBelow( 5 ) == 0U )
    {
        xLength = prvBelow( 600 );

        for( size_t i = 0; i < xLength; i++ )
        {
            pucMessage[ i ] = ( uint8_t ) prvBelow( 256 );
        }

        return xLength;
    }

    xLength = xFromHex( xReadings[ prvBelow( COUNT_OF( xReadings ) ) ].pcMessage, pucMessage, LONGEST );

    if( ( xLength != 0U ) && ( prvBelow( 3 ) == 0U ) )
    {
        for( uint32_t i = prvBelow( 4 ); i < 4U; i++ )
        {
            pucMessage[ prvBelow( xLength ) ] = ( uint8_t ) prvBelow( 256 );
        }

        xLength -= prvBelow( xLength );
    }

    return xLength;
}

static void prvPhone( void )
{
    uint8_t ucMessage[ LONGEST ];
    PhoneAnswer_t xAnswer;

    switch( prvBelow( 8 ) )
    {
        case 0:
            vPhoneCome();
            break;

        case 1:
            vPhoneGo();
            break;

        case 2:
            xPhoneBehaviour.bNeverFetches = prvBelow( 2 );
            xPhoneBehaviour.bTakesHalf = prvBelow( 4 ) == 0U;
            xPhoneBehaviour.bCannotOpen = prvBelow( 8 ) == 0U;
            xPhoneBehaviour.bCannotSetCallback = prvBelow( 8 ) == 0U;
            xPhoneBehaviour.ulClosesAfter = prvBelow( 4 );
            break;

        case 3:

            while( bPhoneAnswer( &xAnswer, prvBelow( 200 ) ) )
            {
                HOLDS( xAnswer.xLength <= PHONE_LONGEST_ANSWER );
            }

            break;

        default:
            ( void ) bPhoneWrite( ucMessage, prvAnyMessage( ucMessage ) );
            break;
    }
}

static void prvPlatform( void )
{
    WiFiBehaviour_t * pxBehaviour = &xWiFiBehaviour[ prvBelow( eCalls ) ];

    ( void ) memset( pxBehaviour, 0, sizeof( *pxBehaviour ) );

    switch( prvBelow( 6 ) )
    {
        case 0:
            pxBehaviour->xResult = ( WIFIReturnCode_t ) ( 1U + prvBelow( 3 ) );
            break;

        case 1:
            pxBehaviour->xResult = eWiFiFailure;
            pxBehaviour->ulOnlyCall = 1U + prvBelow( 8 );
            break;

        case 2:
            pxBehaviour->bInDriverTask = true;
            break;

        case 3:
            pxBehaviour->ulBlockMs = prvBelow( 20000 );
            break;

        case 4:
            pxBehaviour->bGarbage = true;
            break;

        default:
            break;
    }
}

/* The serializer, by itself: any bytes in, any response out, into rooms of any size. */
static void prvSerializer( void )
{
    const IotBleWifiProvSerializer_t * pxSerializer = IotBleWifiProv_GetSerializer();
    uint8_t ucMessage[ LONGEST ];
    uint8_t ucRoom[ 160 ];
    size_t xLength = prvAnyMessage( ucMessage );
    size_t xNeeded = 0;
    size_t xRoom = prvBelow( sizeof( ucRoom ) );
    IotBleWiFiProvRequest_t xKind;
    IotBleWifiProvListNetworksRequest_t xList;
    IotBleWifiProvAddNetworkRequest_t xAdd;
    IotBleWifiProvEditNetworkRequest_t xEdit;
    IotBleWifiProvDeleteNetworkRequest_t xDelete;
    IotBleWifiProvResponse_t xResponse;

    ( void ) pxSerializer->getRequestType( ucMessage, xLength, &xKind );
    ( void ) pxSerializer->deserializeListNetworkRequest( ucMessage, xLength, &xList );

    if( pxSerializer->deserializeAddNetworkRequest( ucMessage, xLength, &xAdd ) )
    {
        HOLDS( sizeof( xAdd ) > 0U );
    }

    ( void ) pxSerializer->deserializeEditNetworkRequest( ucMessage, xLength, &xEdit );
    ( void ) pxSerializer->deserializeDeleteNetworkRequest( ucMessage, xLength, &xDelete );

    ( void ) memset( &xResponse, 0, sizeof( xResponse ) );
    xResponse.requestType = ( IotBleWiFiProvRequest_t ) prvBelow( 7 );
    xResponse.status = ( WIFIReturnCode_t ) prvBelow( 5 );
    xResponse.statusOnly = prvBelow( 2 );

    if( pxSerializer->getSerializedSizeForResponse( &xResponse, &xNeeded ) )
    {
        ( void ) memset( ucRoom, 0xA5, sizeof( ucRoom ) );
        HOLDS( xNeeded <= sizeof( ucRoom ) );
        ( void ) pxSerializer->serializeResponse( &xResponse, ucRoom, xRoom );

        for( size_t i = xRoom; i < sizeof( ucRoom ); i++ )
        {
            HOLDS( ucRoom[ i ] == 0xA5 );
        }
    }
}

static void prvStep( void )
{
    intptr_t ( * pvFunction )( intptr_t );

    #if ANYTHING_BESIDES
        if( prvBelow( 2 ) == 0U )
        {
            prvBesides();
            return;
        }
    #endif

    switch( prvBelow( 12 ) )
    {
        case 0:
        case 1:
            pvFunction = pvCalls[ prvBelow( COUNT_OF( pvCalls ) ) ];
            prvCallBeside( pvFunction, prvAnyIndex() );
            break;

        case 2:
            /* Not the first, which is the loop. */
            pvFunction = pvCalls[ 1U + prvBelow( COUNT_OF( pvCalls ) - 1U ) ];
            prvCallHere( pvFunction, prvAnyIndex() );
            break;

        case 3:
            prvPlatform();
            break;

        case 4:
            prvSerializer();
            break;

        case 5:
            vTaskDelay( prvBelow( 3000 ) );
            break;

        default:
            prvPhone();
            break;
    }
}

/* Everybody behaves, all calls come to their end, and the service is taken down. */
static void prvEndOfLife( void )
{
    ( void ) memset( xWiFiBehaviour, 0, sizeof( xWiFiBehaviour ) );
    vPhoneReset( false );
    vTaskDelay( 25000 );
    ( void ) IotBleWifiProv_Stop();

    while( !bUntil( prvAllEnded, 1000 ) )
    {
        /* A loop that began after the last stop. */
        ( void ) IotBleWifiProv_Stop();
    }

    ( void ) WIFI_PROVISION_Stop();
    HOLDS( bUntil( bIsStopped, LONGEST_CALL ) );
    IotBleWifiProv_Deinit();
    ( void ) memset( xCalls, 0, sizeof( xCalls ) );
    #if ANYTHING_BESIDES
        prvBesidesEnded();
    #endif
}

/* It serves as on the first day. */
static void prvServes( void )
{
    vWiFiReset( 2, 1 );
    vPhoneReset( true );
    HOLDS( WIFI_PROVISION_Init() == pdTRUE );
    HOLDS( WIFI_PROVISION_Start() == pdTRUE );
    HOLDS( bWrites( "a2617703616700" ) );
    HOLDS( bAnswers( "a2617704617300", STATUS_MS ) );
    HOLDS( bWrites( "a2616701617707" ) );
    HOLDS( bAnswers( "a2617708617300", STATUS_MS ) );
    HOLDS( ulStored() == 1U );
    HOLDS( WIFI_PROVISION_Delete() == pdTRUE );
}

static uint32_t prvNumber( const char * pcName,
                           uint32_t ulElse )
{
    const char * pcNumber = getenv( pcName );

    return ( pcNumber != NULL ) ? ( uint32_t ) strtoul( pcNumber, NULL, 10 ) : ulElse;
}

void vProgram( void )
{
    const uint32_t ulSeed = prvNumber( "ABI_SEED", 0 );
    const uint32_t ulLast = ulSeed + prvNumber( "ABI_LIVES", LIVES );
    /* What the first Init makes is kept: one event group. */
    uint32_t ulFlat = ulHeapBlocks() + 1U;

    prvServes();

    ( void ) printf( "%s: lives %u to %u\n", pcProgram, ( unsigned ) ulSeed + 1U, ( unsigned ) ulLast );
    ( void ) fflush( stdout );

    for( ulLife = ulSeed + 1U; ulLife != ulLast + 1U; ulLife++ )
    {
        uint32_t ulSteps;

        ulRandom = ulLife * 2654435761U;
        /* From 0 comes nothing but 0. */
        ulRandom = ( ulRandom != 0U ) ? ulRandom : 1U;
        vWiFiReset( prvBelow( 9 ), prvBelow( 11 ) );
        vPhoneReset( prvBelow( 2 ) );
        ulSteps = 1U + prvBelow( MOST_STEPS );

        if( prvBelow( 4 ) != 0U )
        {
            ( void ) WIFI_PROVISION_Init();
            ( void ) WIFI_PROVISION_Start();
            #if ANYTHING_BESIDES
                prvBesidesBegun();
            #endif
        }

        while( ulSteps-- != 0U )
        {
            prvStep();
        }

        prvEndOfLife();
        prvServes();
        HOLDS( bHeapReturnsTo( ulFlat ) );
    }
}
