/* The service runs above the BLE host, and is stopped while a message comes in: the middleware's
 * callback is over before the channel, and the bytes it is reading, are given up; and no request
 * outlives the loop that took it in. */
#include "run.h"

#include <string.h>

const char * const pcProgram = "ends";

#ifndef ABI_DIVISOR
    #define ABI_DIVISOR    1U
#endif

#define ROUNDS          ( 400U / ABI_DIVISOR )
#define ABOVE_HOST      6U
#define ABOVE_ALL       7U
/* So long that it is being read when the tick comes. */
#define LONG_MESSAGE    60000U

static uint8_t ucLong[ LONG_MESSAGE ];
static volatile bool bFloods = true;

/* A delete request with a long unknown field in front. */
static void prvMakeLong( void )
{
    static const uint8_t ucHead[] = { 0xa3, 0x61, 0x7a, 0x99, 0xea, 0x00 };
    static const uint8_t ucTail[] = { 0x61, 0x67, 0x00, 0x61, 0x77, 0x07 };

    ( void ) memset( ucLong, 0x00, sizeof( ucLong ) );
    ( void ) memcpy( ucLong, ucHead, sizeof( ucHead ) );
    ( void ) memcpy( &ucLong[ sizeof( ucHead ) + 0xea00U ], ucTail, sizeof( ucTail ) );
}

static size_t prvLongLength( void )
{
    return 6U + 0xea00U + 6U;
}

static intptr_t prvRun( intptr_t xUnused )
{
    ( void ) xUnused;
    return IotBleWifiProv_RunProcessLoop();
}

static intptr_t prvFlood( intptr_t xUnused )
{
    PhoneAnswer_t xAnswer;
    intptr_t xWrites = 0;

    ( void ) xUnused;

    while( bFloods )
    {
        ( void ) bPhoneWrite( ucLong, prvLongLength() );
        xWrites++;

        while( bPhoneAnswer( &xAnswer, 0 ) )
        {
            CHECK( xAnswer.ucBytes[ 3 ] == 8U );
        }
    }

    return xWrites;
}

/* Waits for a tick and stops: whatever the BLE host was doing then. */
static intptr_t prvStop( intptr_t xUnused )
{
    ( void ) xUnused;
    vTaskDelay( 2 );
    return IotBleWifiProv_Stop();
}

void vProgram( void )
{
    Call_t xFlood = { .pvFunction = prvFlood };
    PhoneAnswer_t xAnswer;

    prvMakeLong();
    vWiFiReset( 0, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );

    for( uint32_t i = 0; i < ROUNDS; i++ )
    {
        bFloods = true;
        vBegin( &xFlood, 1 );
        Call_t xLoop = { .pvFunction = prvRun };
        Call_t xStop = { .pvFunction = prvStop };

        vBegin( &xLoop, ABOVE_HOST );
        vBegin( &xStop, ABOVE_ALL );
        CHECK( bEnds( &xStop, 10000 ) && xStop.xResult );
        CHECK( bEnds( &xLoop, 10000 ) && xLoop.xResult );
        bFloods = false;
        CHECK( bEnds( &xFlood, 10000 ) );
        /* For the idle task, which frees those that ended. */
        vTaskDelay( 2 );

        while( bPhoneAnswer( &xAnswer, 0 ) )
        {
            CHECK( xAnswer.ucBytes[ 3 ] == 8U );
        }
    }

    /* What is left of the flood would answer the next request, or carry out one twice. */
    vWiFiReset( 4, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( bWrites( "a2617703616700" ) );
    CHECK( bAnswers( "a2617704617300", 1000 ) );
    CHECK( !bPhoneAnswer( &xAnswer, 100 ) );
    CHECK( ulStored() == 4U );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
