/* Every exported function called from inside every function of the platform, by the service's own
 * task: none can wait for itself, all return, and the service goes on. */
#include "run.h"

const char * const pcProgram = "inside";

/* The longest a function waits for a request in progress, and some more. */
#define LONGEST_MS    130000U

static void prvInit( void )
{
    CHECK( IotBleWifiProv_Init() );
    CHECK( WIFI_PROVISION_Init() == pdFALSE );
}

static void prvRunProcessLoop( void )
{
    CHECK( !IotBleWifiProv_RunProcessLoop() );
}

static void prvStart( void )
{
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
}

static void prvStop( void )
{
    CHECK( IotBleWifiProv_Stop() );
}

static void prvStopAndWait( void )
{
    CHECK( WIFI_PROVISION_Stop() == pdFALSE );
}

static void prvDelete( void )
{
    CHECK( WIFI_PROVISION_Delete() == pdFALSE );
}

static void prvConnect( void )
{
    CHECK( !IotBleWifiProv_Connect( 0 ) );
    CHECK( WIFI_PROVISION_Connect( 0 ) == pdFALSE );
}

static void prvErase( void )
{
    CHECK( !IotBleWifiProv_EraseAllNetworks() );
    CHECK( WIFI_PROVISION_EraseAllNetworks() == pdFALSE );
}

static void prvSerializer( void )
{
    CHECK( IotBleWifiProv_GetSerializer() != NULL );
}

static void ( * const pvFunctions[] )( void ) =
{
    prvInit, prvRunProcessLoop, prvStart, prvStop, prvStopAndWait, prvDelete, prvConnect, prvErase, prvSerializer, IotBleWifiProv_Deinit
};

/* Between them they call every function of the platform: save and join, delete, list. */
static const char * const pcRequests[] =
{
    "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f5",
    "a2616700617707",
    "a3616814617405617701",
};

/* Once in a request: many functions are called more than once there. */
static void ( * pvOnce )( void );

static void prvOnce( void )
{
    void ( * pvThis )( void ) = pvOnce;

    pvOnce = NULL;

    if( pvThis != NULL )
    {
        pvThis();
    }
}

void vProgram( void )
{
    uint32_t ulFlat;

    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    ulFlat = ulHeapBlocks();

    for( size_t i = 0; i < sizeof( pvFunctions ) / sizeof( pvFunctions[ 0 ] ); i++ )
    {
        for( WiFiCall_t xCall = 0; xCall < eCalls; xCall++ )
        {
            vWiFiReset( 2, 1 );
            vPhoneReset( true );
            CHECK( IotBleWifiProv_Init() );
            CHECK( WIFI_PROVISION_Start() == pdTRUE );
            /* Now on a network, so that deleting it makes the service leave. */
            CHECK( bWrites( "a2617703616700" ) );
            CHECK( bAnswers( "a2617704617300", 1000 ) );
            pvOnce = pvFunctions[ i ];
            xWiFiBehaviour[ xCall ].pvInside = prvOnce;
            for( size_t j = 0; j < sizeof( pcRequests ) / sizeof( pcRequests[ 0 ] ); j++ )
            {
                /* Nobody hears it when the service has been stopped. */
                ( void ) bWrites( pcRequests[ j ] );
                vTaskDelay( pdMS_TO_TICKS( 2U * LONGEST_MS ) );
            }

            /* It was called, or the service came to its end before. */
            CHECK( ( pvOnce == NULL ) || !bPhoneIsHeard() );
            pvOnce = NULL;
            xWiFiBehaviour[ xCall ].pvInside = NULL;

            CHECK( IotBleWifiProv_Init() );
            CHECK( WIFI_PROVISION_Stop() == pdTRUE );
            CHECK( !bPhoneIsHeard() );
            CHECK( bHeapReturnsTo( ulFlat ) );
        }
    }

    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
