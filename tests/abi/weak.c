/* A weak platform: fails, blocks for a minute, answers from another task, lies about sizes, lacks
 * functions. Each makes an answer to the phone, and never a stuck service. */
#include "run.h"

#include <string.h>

const char * const pcProgram = "weak";

#define MINUTE_MS     60000U
/* The longest request makes so many calls: a list counts, looks for the active one, and shows. */
#define MOST_CALLS    64U
#define QUIET_MS      100U

static const char * const pcRequests[] =
{
    "a3616814617405617701",                                                                                   /* list */
    "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f5", /* save and join */
    "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f4", /* save */
    "a2617703616701",                                                                                         /* switch */
    "a3616700616a02617705",                                                                                   /* move */
    "a2616700617707",                                                                                         /* delete */
};
static const uint8_t ucAnswerTo[] = { 2, 4, 4, 4, 6, 8 };

#define REQUESTS    ( sizeof( ucAnswerTo ) )

/* Reads answers up to the one that ends it; gives its status, after checking their kind. */
static uint8_t prvEnd( uint8_t ucKind,
                       uint32_t ulMs,
                       uint32_t ulMost )
{
    PhoneAnswer_t xAnswer;
    uint8_t ucStatus = UINT8_MAX;

    for( uint32_t i = 0; i < ulMost; i++ )
    {
        if( !bPhoneAnswer( &xAnswer, ( i == 0U ) ? ulMs : QUIET_MS ) )
        {
            break;
        }

        CHECK( xAnswer.ucBytes[ 3 ] == ucKind );
        ucStatus = xAnswer.ucBytes[ 6 ];

        /* The marker of the last of a group. */
        CHECK( ( xAnswer.xLength == 7U ) || ( xAnswer.ucBytes[ xAnswer.xLength - 1U ] >= 0xf4U ) );
    }

    CHECK( xPhoneUnread() == 0U );
    CHECK( ucStatus != UINT8_MAX );
    return ucStatus;
}

/* Still alive, with everything behaving again. */
static void prvStillServes( void )
{
    vWiFiReset( 2, 1 );
    vPhoneReset( true );
    CHECK( bWrites( "a2616700617707" ) );
    CHECK( bAnswers( "a2617708617300", 1000 ) );
    CHECK( ulStored() == 1U );
}

/* A world with four networks saved, on the one of priority 0. */
static void prvBegin( void )
{
    vWiFiReset( 4, 3 );
    vPhoneReset( true );
    CHECK( IotBleWifiProv_Connect( 0 ) );
}

static void prvFailing( void )
{
    static const WIFIReturnCode_t xCodes[] = { eWiFiFailure, eWiFiTimeout, eWiFiNotSupported, ( WIFIReturnCode_t ) 99, ( WIFIReturnCode_t ) -1 };

    for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
    {
        for( size_t i = 0; i < sizeof( xCodes ) / sizeof( xCodes[ 0 ] ); i++ )
        {
            for( size_t j = 0; j < REQUESTS; j++ )
            {
                prvBegin();
                xWiFiBehaviour[ xCall ].xResult = xCodes[ i ];
                CHECK( bWrites( pcRequests[ j ] ) );
                CHECK( prvEnd( ucAnswerTo[ j ], 1000, 32 ) <= 3U );
            }

            prvStillServes();
        }
    }
}

/* Nothing of the WiFi abstraction exists but the counting of an empty store. */
static void prvNothingSupported( void )
{
    for( size_t j = 0; j < REQUESTS; j++ )
    {
        uint8_t ucStatus;

        vWiFiReset( 0, 0 );
        vPhoneReset( true );

        for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
        {
            xWiFiBehaviour[ xCall ].xResult = eWiFiNotSupported;
        }

        CHECK( bWrites( pcRequests[ j ] ) );
        ucStatus = prvEnd( ucAnswerTo[ j ], 1000, 1 );
        /* What needs a network that is not saved fails; the rest says what is lacking. */
        CHECK( ucStatus == ( ( j < 3U ) ? eWiFiNotSupported : eWiFiFailure ) );
    }

    prvStillServes();
}

/* Each call takes a minute, at once or in the driver's task. */
static void prvBlocking( bool bInDriverTask )
{
    for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
    {
        for( size_t j = 0; j < REQUESTS; j++ )
        {
            prvBegin();
            xWiFiBehaviour[ xCall ].ulBlockMs = MINUTE_MS;
            xWiFiBehaviour[ xCall ].bInDriverTask = bInDriverTask;
            CHECK( bWrites( pcRequests[ j ] ) );
            vTaskDelay( 1 );
            /* A second one waits for its turn. */
            CHECK( bWrites( "a2616709617707" ) );
            /* The first answer may come after all calls, the next ones with a call in between. */
            TickType_t xBegan = xTaskGetTickCount();
            PhoneAnswer_t xAnswer;

            do
            {
                CHECK( bPhoneAnswer( &xAnswer, MOST_CALLS * MINUTE_MS ) );
            } while( !( ( xAnswer.xLength == 7U ) && ( xAnswer.ucBytes[ 3 ] == 8U ) && ( xAnswer.ucBytes[ 6 ] == 1U ) ) );

            CHECK( xTaskGetTickCount() - xBegan < 2U * MOST_CALLS * pdMS_TO_TICKS( MINUTE_MS ) );
        }

        prvStillServes();
    }
}

/* Stop at the instant of every call, and while it blocks. */
static void prvStopInEveryCall( void )
{
    for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
    {
        for( size_t j = 0; j < REQUESTS; j++ )
        {
            prvBegin();
            xWiFiBehaviour[ xCall ].ulBlockMs = 200;
            CHECK( bWrites( pcRequests[ j ] ) );
            vTaskDelay( pdMS_TO_TICKS( 100 ) );
            /* Told when the request is done, or later, not before; not stuck. */
            if( WIFI_PROVISION_Stop() == pdFALSE )
            {
                CHECK( bUntil( bIsStopped, MOST_CALLS * 200U ) );
            }

            CHECK( !bPhoneIsHeard() );
            CHECK( WIFI_PROVISION_Start() == pdTRUE );
        }

        prvStillServes();
    }
}

static void prvGarbage( void )
{
    static const char * const pcList3 = "a3616803617405617701";

    for( size_t j = 0; j < REQUESTS; j++ )
    {
        prvBegin();

        for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
        {
            xWiFiBehaviour[ xCall ].bGarbage = true;
        }

        CHECK( bWrites( pcRequests[ j ] ) );
        CHECK( prvEnd( ucAnswerTo[ j ], 1000, 18 ) <= 3U );
    }

    /* Three were asked for: at most three are shown, whatever lies behind them. */
    prvBegin();
    xWiFiBehaviour[ eCallScan ].bGarbage = true;
    CHECK( bWrites( pcList3 ) );
    CHECK( prvEnd( 2, 1000, 4 + 3 ) == 0U );
    prvStillServes();
}

/* The middleware takes nothing, half, or the phone never fetches what is large. */
static void prvWeakChannel( void )
{
    PhoneAnswer_t xAnswer;

    prvBegin();
    xPhoneBehaviour.bTakesHalf = true;
    CHECK( bWrites( pcRequests[ 0 ] ) );
    CHECK( bWrites( pcRequests[ 5 ] ) );
    vTaskDelay( pdMS_TO_TICKS( 1000 ) );
    CHECK( xPhoneUnread() == 0U );
    CHECK( ulStored() == 3U );
    prvStillServes();

    prvBegin();
    xPhoneBehaviour.bNeverFetches = true;
    CHECK( bWrites( pcRequests[ 0 ] ) );
    /* One lies there to be fetched; the rest of the list is given up, and the next request served. */
    CHECK( bPhoneAnswer( &xAnswer, 1000 ) );
    CHECK( bWrites( "a2616700617707" ) );
    CHECK( bAnswers( "a2617708617300", 10000 ) );
    prvStillServes();
}

void vProgram( void )
{
    uint32_t ulFlat;

    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    vTaskDelay( 2 );
    ulFlat = ulHeapBlocks();
    prvStillServes();
    prvFailing();
    prvNothingSupported();
    prvGarbage();
    prvWeakChannel();
    prvBlocking( false );
    prvBlocking( true );
    prvStopInEveryCall();
    CHECK( bHeapReturnsTo( ulFlat ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
