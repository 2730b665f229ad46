/* Every exported function in wrong order, twice, with wrong indices, and from inside the platform. */
#include "run.h"

#include <string.h>

const char * const pcProgram = "order";

#define LIST          "a3616814617405617701"
#define EDIT_0_7      "a3616700616a07617705"
#define SWITCH_0      "a2617703616700"
#define SWITCHED      "a2617704617300"
#define FOUND_NONE    "a2617702617300"

static const uint32_t ulWrongIndices[] = { 8, 255, 256, 32767, 32768, 65535, 65536, 65537, 0x7FFFFFFF, 0x80000000, UINT32_MAX };

static void prvAbsent( void )
{
    CHECK( !IotBleWifiProv_RunProcessLoop() );
    CHECK( !IotBleWifiProv_Stop() );
    CHECK( !IotBleWifiProv_Connect( 0 ) );
    CHECK( !IotBleWifiProv_EraseAllNetworks() );
    CHECK( IotBleWifiProv_GetNumNetworks() == ulStored() );
    IotBleWifiProv_Deinit();
    CHECK( WIFI_PROVISION_Start() == pdFALSE );
    CHECK( WIFI_PROVISION_Stop() == pdFALSE );
    CHECK( WIFI_PROVISION_Delete() == pdFALSE );
    CHECK( WIFI_PROVISION_Connect( 0 ) == pdFALSE );
    CHECK( WIFI_PROVISION_EraseAllNetworks() == pdFALSE );
    CHECK( WIFI_PROVISION_GetNumNetworks() == ulStored() );
    CHECK( IotBleWifiProv_GetSerializer() != NULL );
    CHECK( !bPhoneIsHeard() );
}

static void prvWrongIndices( void )
{
    for( size_t i = 0; i < sizeof( ulWrongIndices ) / sizeof( ulWrongIndices[ 0 ] ); i++ )
    {
        CHECK( !IotBleWifiProv_Connect( ulWrongIndices[ i ] ) );

        if( ( uint16_t ) ulWrongIndices[ i ] >= 8U )
        {
            CHECK( WIFI_PROVISION_Connect( ( uint16_t ) ulWrongIndices[ i ] ) == pdFALSE );
        }
    }

    CHECK( ulWiFiCalls[ eCallConnect ] == 0U );
}

/* Everything the service answers while it serves. */
static void prvServes( void )
{
    vPhoneCome();
    CHECK( bWrites( "a2617703616700" ) );
    CHECK( bAnswers( SWITCHED, 1000 ) );
}

static intptr_t prvRun( intptr_t xUnused )
{
    ( void ) xUnused;
    return IotBleWifiProv_RunProcessLoop();
}

static intptr_t prvStop( intptr_t xUnused )
{
    ( void ) xUnused;
    return WIFI_PROVISION_Stop();
}

static intptr_t prvConnect( intptr_t xIndex )
{
    return IotBleWifiProv_Connect( ( uint32_t ) xIndex );
}

/* Two tasks want to serve: one does, one is told no, both families stop it. */
static void prvTwoLoops( void )
{
    Call_t xFirst = { .pvFunction = prvRun };
    Call_t xSecond = { .pvFunction = prvRun };

    vBegin( &xFirst, 1 );
    CHECK( bUntil( bPhoneIsHeard, 1000 ) );
    vBegin( &xSecond, 1 );
    CHECK( bEnds( &xSecond, 1000 ) && !xSecond.xResult );
    CHECK( !xFirst.bHasEnded );
    /* Who is served already need not be served twice. */
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvServes();
    CHECK( IotBleWifiProv_Stop() && IotBleWifiProv_Stop() );
    CHECK( bEnds( &xFirst, 1000 ) && xFirst.xResult );
    CHECK( !bPhoneIsHeard() );
    /* The loop of one family, stopped by the other. */
    vBegin( &xFirst, 1 );
    CHECK( bUntil( bPhoneIsHeard, 1000 ) );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bEnds( &xFirst, 1000 ) && xFirst.xResult );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
}

/* A join of 10 s is under way. */
static void prvStopWhileJoining( void )
{
    TickType_t xBegan = xTaskGetTickCount();

    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    vPhoneCome();
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 10000;
    CHECK( bWrites( SWITCH_0 ) );
    vTaskDelay( 10 );
    CHECK( WIFI_PROVISION_Stop() == pdFALSE );
    CHECK( xTaskGetTickCount() - xBegan >= pdMS_TO_TICKS( WIFI_PROVISION_STOP_TIMEOUT_MS ) );
    /* Still stopping: not served twice. */
    CHECK( bPhoneIsHeard() );
    /* What was begun is carried out and answered, and the loop ends with it. */
    CHECK( bAnswers( SWITCHED, 6000 ) );
    CHECK( bUntil( bIsStopped, 1000 ) );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 0;
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvServes();
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
}

static volatile BaseType_t xStoppedInside;

static void prvStopInside( void )
{
    xStoppedInside = WIFI_PROVISION_Stop();
}

static void prvPostStopInside( void )
{
    xStoppedInside = IotBleWifiProv_Stop();
}

/* A platform whose callback, in the service's own task, wants the service stopped. */
static void prvStopFromInside( void )
{
    xWiFiBehaviour[ eCallConnect ].pvInside = prvPostStopInside;
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    vPhoneCome();
    CHECK( bWrites( SWITCH_0 ) );
    CHECK( bAnswers( SWITCHED, 1000 ) );
    CHECK( xStoppedInside == pdTRUE );
    CHECK( bUntil( bIsStopped, 1000 ) );

    /* It cannot wait for itself, and says so, in the end. */
    xWiFiBehaviour[ eCallConnect ].pvInside = prvStopInside;
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( bWrites( SWITCH_0 ) );
    CHECK( bAnswers( SWITCHED, WIFI_PROVISION_STOP_TIMEOUT_MS + 1000 ) );
    CHECK( xStoppedInside == pdFALSE );
    CHECK( bUntil( bIsStopped, 1000 ) );
    xWiFiBehaviour[ eCallConnect ].pvInside = NULL;
}

/* Deinit and Delete while the application itself joins. */
static void prvEndWhileConnecting( void )
{
    Call_t xCall = { .pvFunction = prvConnect };
    Call_t xStop = { .pvFunction = prvStop };

    CHECK( IotBleWifiProv_Init() );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 10000;
    vBegin( &xCall, 1 );
    vTaskDelay( 10 );
    /* The loop itself has nothing to do. */
    vBegin( &xStop, 3 );
    CHECK( bEnds( &xStop, 11000 ) );
    IotBleWifiProv_Deinit();
    CHECK( !IotBleWifiProv_Connect( 0 ) );
    CHECK( bEnds( &xCall, 11000 ) && xCall.xResult );
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 0;
    CHECK( bUntil( bIsStopped, 1000 ) );
    CHECK( IotBleWifiProv_Init() );
}

/* The middleware or the memory does not play along. */
static void prvCannotStart( void )
{
    Call_t xCall = { .pvFunction = prvRun };

    vPhoneReset( true );
    xPhoneBehaviour.bCannotOpen = true;
    CHECK( WIFI_PROVISION_Start() == pdFALSE );
    CHECK( !IotBleWifiProv_RunProcessLoop() );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    xPhoneBehaviour.bCannotOpen = false;
    xPhoneBehaviour.bCannotSetCallback = true;
    CHECK( WIFI_PROVISION_Start() == pdFALSE );
    CHECK( !IotBleWifiProv_RunProcessLoop() );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    xPhoneBehaviour.bCannotSetCallback = false;

    /* A task needs two blocks: neither is there once. */
    for( uint32_t ulSkip = 0; ulSkip < 2U; ulSkip++ )
    {
        vHeapFailAfter( ulSkip );
        CHECK( WIFI_PROVISION_Start() == pdFALSE );
        CHECK( !bPhoneIsHeard() );
        CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    }

    vHeapFailNever();
    vBegin( &xCall, 1 );
    CHECK( bUntil( bPhoneIsHeard, 1000 ) );
    prvServes();
    CHECK( IotBleWifiProv_Stop() );
    CHECK( bEnds( &xCall, 1000 ) && xCall.xResult );
}

void vProgram( void )
{
    uint32_t ulBefore = ulHeapBlocks();
    uint32_t ulFlat;

    vWiFiReset( 8, 2 );
    prvAbsent();
    CHECK( bHeapReturnsTo( ulBefore ) );

    /* No memory for the one block it needs, then enough. */
    vHeapFailAfter( 0 );
    CHECK( !IotBleWifiProv_Init() );
    vHeapFailAfter( 0 );
    CHECK( WIFI_PROVISION_Init() == pdFALSE );
    prvAbsent();
    CHECK( bHeapReturnsTo( ulBefore ) );

    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Init() == pdFALSE );
    CHECK( IotBleWifiProv_Init() );
    ulFlat = ulHeapBlocks();
    CHECK( ulFlat == ulBefore + 1U );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( IotBleWifiProv_Stop() );
    prvWrongIndices();
    prvTwoLoops();
    CHECK( bHeapReturnsTo( ulFlat ) );
    prvStopWhileJoining();
    CHECK( bHeapReturnsTo( ulFlat ) );
    prvStopFromInside();
    CHECK( bHeapReturnsTo( ulFlat ) );
    prvCannotStart();
    CHECK( bHeapReturnsTo( ulFlat ) );
    prvEndWhileConnecting();
    CHECK( bHeapReturnsTo( ulFlat ) );

    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( WIFI_PROVISION_Delete() == pdFALSE );
    IotBleWifiProv_Deinit();
    vPhoneReset( true );
    prvAbsent();
    CHECK( bHeapReturnsTo( ulFlat ) );
    CHECK( IotBleWifiProv_Init() );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvServes();
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( bHeapReturnsTo( ulFlat ) );
}
