/* Start while the loop that was told to stop is still joining a network: what Start says is true. And
 * Start while Deinit waits for such a loop: nothing serves when both are over. */
#include "run.h"

const char * const pcProgram = "restart";

#define SWITCH_0    "a2617703616700"
#define SWITCHED    "a2617704617300"

#define DEINIT      3U
#define ABOVE_IT    4U

static intptr_t prvDeinit( intptr_t xUnused )
{
    ( void ) xUnused;
    IotBleWifiProv_Deinit();
    return 0;
}

static intptr_t prvStart( intptr_t xUnused )
{
    ( void ) xUnused;
    return WIFI_PROVISION_Start();
}

/* The loop ends while both wait for it, and Start is the first to run then. */
static void prvStartInDeinit( void )
{
    Call_t xDeinit = { .pvFunction = prvDeinit };
    Call_t xStart = { .pvFunction = prvStart };

    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 1000;
    CHECK( bWrites( SWITCH_0 ) );
    vTaskDelay( 10 );
    vBegin( &xDeinit, DEINIT );
    vTaskDelay( 10 );
    vBegin( &xStart, ABOVE_IT );
    CHECK( bEnds( &xDeinit, 10000 ) );
    CHECK( bEnds( &xStart, 10000 ) );
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 0;
    CHECK( bAnswers( SWITCHED, 1000 ) );
    CHECK( bUntil( bIsStopped, 1000 ) );
    CHECK( xStart.xResult == pdFALSE );
}

void vProgram( void )
{
    BaseType_t xStarted;

    vWiFiReset( 1, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 10000;
    CHECK( bWrites( SWITCH_0 ) );
    vTaskDelay( 10 );
    CHECK( IotBleWifiProv_Stop() );
    xStarted = WIFI_PROVISION_Start();
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 0;
    CHECK( bAnswers( SWITCHED, 11000 ) );
    vTaskDelay( pdMS_TO_TICKS( 1000 ) );

    /* pdTRUE promised that phones are served. */
    CHECK( ( xStarted == pdTRUE ) == bPhoneIsHeard() );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( bWrites( SWITCH_0 ) );
    CHECK( bAnswers( SWITCHED, 1000 ) );

    prvStartInDeinit();
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( bWrites( SWITCH_0 ) );
    CHECK( bAnswers( SWITCHED, 1000 ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
