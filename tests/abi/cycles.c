/* A thousand times on and off, and ten thousand requests: nothing is left behind. */
#include "run.h"

const char * const pcProgram = "cycles";

/* Fewer where every instruction costs fifty. */
#ifndef ABI_DIVISOR
    #define ABI_DIVISOR    1U
#endif

#define CYCLES      ( 1000U / ABI_DIVISOR )
#define REQUESTS    ( 10000U / ABI_DIVISOR )
#define STATUS_MS   1000U

static intptr_t prvRun( intptr_t xUnused )
{
    ( void ) xUnused;
    return IotBleWifiProv_RunProcessLoop();
}

/* A task that has ended is freed by the idle task, which runs when nobody else wants to. */
static void prvIdle( void )
{
    vTaskDelay( 2 );
}

static void prvRequest( void )
{
    CHECK( bWrites( "a2617703616700" ) );
    CHECK( bAnswers( "a2617704617300", STATUS_MS ) );
}

static void prvStartAndStop( uint32_t ulFlat )
{
    for( uint32_t i = 0; i < CYCLES; i++ )
    {
        CHECK( WIFI_PROVISION_Start() == pdTRUE );
        CHECK( bPhoneIsHeard() );

        if( i % 10U == 0U )
        {
            prvRequest();
        }

        CHECK( WIFI_PROVISION_Stop() == pdTRUE );
        CHECK( !bPhoneIsHeard() );
        prvIdle();
    }

    CHECK( bHeapReturnsTo( ulFlat ) );
}

static void prvRunAndStop( uint32_t ulFlat )
{
    for( uint32_t i = 0; i < CYCLES / 10U; i++ )
    {
        Call_t xLoop = { .pvFunction = prvRun };

        vBegin( &xLoop, 1 );
        CHECK( bUntil( bPhoneIsHeard, STATUS_MS ) );
        prvRequest();
        CHECK( IotBleWifiProv_Stop() );
        CHECK( bEnds( &xLoop, STATUS_MS ) && xLoop.xResult );
        prvIdle();
    }

    CHECK( bHeapReturnsTo( ulFlat ) );
}

static void prvInitAndDeinit( uint32_t ulFlat )
{
    for( uint32_t i = 0; i < CYCLES; i++ )
    {
        if( i % 2U == 0U )
        {
            IotBleWifiProv_Deinit();
            CHECK( WIFI_PROVISION_Start() == pdFALSE );
            CHECK( IotBleWifiProv_Init() );
        }
        else
        {
            CHECK( WIFI_PROVISION_Delete() == pdTRUE );
            CHECK( !IotBleWifiProv_RunProcessLoop() );
            CHECK( WIFI_PROVISION_Init() == pdTRUE );
        }
    }

    /* Serving, when it is taken down. */
    for( uint32_t i = 0; i < CYCLES / 10U; i++ )
    {
        CHECK( WIFI_PROVISION_Start() == pdTRUE );
        prvRequest();
        IotBleWifiProv_Deinit();
        CHECK( !bPhoneIsHeard() );
        prvIdle();
        CHECK( WIFI_PROVISION_Init() == pdTRUE );
    }

    CHECK( bHeapReturnsTo( ulFlat ) );
}

/* Not one allocation in all of them, but for the stub's own: a semaphore and a message each. */
static void prvManyRequests( uint32_t ulFlat )
{
    uint32_t ulBefore;

    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvRequest();
    ulBefore = ulHeapAllocations();

    for( uint32_t i = 0; i < REQUESTS; i++ )
    {
        prvRequest();
    }

    CHECK( ulHeapAllocations() - ulBefore == 2U * REQUESTS );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bHeapReturnsTo( ulFlat ) );
}

void vProgram( void )
{
    uint32_t ulFlat;

    vWiFiReset( 1, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    ulFlat = ulHeapBlocks();
    prvStartAndStop( ulFlat );
    prvRunAndStop( ulFlat );
    prvInitAndDeinit( ulFlat );
    prvManyRequests( ulFlat );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
