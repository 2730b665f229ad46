/* Several tasks call at random while a phone floods; then all is as it should be. */
#include "run.h"

#include <string.h>

const char * const pcProgram = "tasks";

#ifndef ABI_DIVISOR
    #define ABI_DIVISOR    1U
#endif

#define TASKS         5U
#define RUN_MS        ( 5000U / ABI_DIVISOR )
/* Each task does so much at least, however slow the machine is. */
#define LEAST_DONE    20
#define END_MS        60000U

static volatile bool bGoesOn = true;

/* A number below `ulBelow`; the same each run, though what tasks come between is not. */
static uint32_t prvRandom( uint32_t * pulState,
                           uint32_t ulBelow )
{
    *pulState = *pulState * 1664525U + 1013904223U;
    return ( *pulState >> 8 ) % ulBelow;
}

static void prvCallOne( uint32_t ulWhich,
                        uint32_t ulNumber )
{
    switch( ulWhich )
    {
        case 0:
            ( void ) IotBleWifiProv_Connect( ulNumber );
            break;

        case 1:
            ( void ) WIFI_PROVISION_Connect( ( uint16_t ) ulNumber );
            break;

        case 2:
            if( ulNumber == 0U )
            {
                ( void ) IotBleWifiProv_EraseAllNetworks();
            }

            break;

        case 3:
            CHECK( IotBleWifiProv_GetNumNetworks() <= 8U );
            break;

        case 4:
            ( void ) IotBleWifiProv_Stop();
            break;

        case 5:
            ( void ) WIFI_PROVISION_Stop();
            break;

        case 6:
            ( void ) IotBleWifiProv_RunProcessLoop();
            break;

        case 7:

            if( ulNumber == 1U )
            {
                IotBleWifiProv_Deinit();
            }

            CHECK( IotBleWifiProv_Init() );
            break;

        default:
            ( void ) WIFI_PROVISION_Start();
            break;
    }
}

static intptr_t prvCaller( intptr_t xSeed )
{
    uint32_t ulState = ( uint32_t ) xSeed;
    intptr_t xDone = 0;

    while( bGoesOn || ( xDone < LEAST_DONE ) )
    {
        prvCallOne( prvRandom( &ulState, 11 ), prvRandom( &ulState, 12 ) );
        xDone++;

        if( prvRandom( &ulState, 4 ) == 0U )
        {
            vTaskDelay( prvRandom( &ulState, 3 ) );
        }
    }

    return xDone;
}

/* A loop run by a caller ends when the phone is flooded no more: somebody has to stop it. */
static void prvStopAll( Call_t * pxCalls )
{
    for( uint32_t i = 0; i < TASKS; i++ )
    {
        while( !bEnds( &pxCalls[ i ], 100 ) )
        {
            CHECK( IotBleWifiProv_Init() );
            ( void ) IotBleWifiProv_Stop();
        }

        CHECK( pxCalls[ i ].xResult >= LEAST_DONE );
    }
}

static void prvFlood( void )
{
    static const char * const pcRequests[] =
    {
        "a3616814617405617701",
        "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f5",
        "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f4",
        "a2617703616701",
        "a3616700616a02617705",
        "a2616700617707",
        "a26177",
        "ff",
    };
    TickType_t xBegan = xTaskGetTickCount();
    uint32_t ulState = 7;
    PhoneAnswer_t xAnswer;

    while( xTaskGetTickCount() - xBegan < pdMS_TO_TICKS( RUN_MS ) )
    {
        ( void ) bWrites( pcRequests[ prvRandom( &ulState, sizeof( pcRequests ) / sizeof( pcRequests[ 0 ] ) ) ] );

        if( prvRandom( &ulState, 20 ) == 0U )
        {
            vPhoneGo();
            vPhoneCome();
        }

        /* Never more unread than a phone keeps. */
        while( bPhoneAnswer( &xAnswer, 0 ) )
        {
            CHECK( ( xAnswer.xLength == 7U ) || ( xAnswer.ucBytes[ 3 ] == 2U ) );
        }

        xWiFiBehaviour[ eCallConnect ].ulBlockMs = prvRandom( &ulState, 4 );
        vTaskDelay( prvRandom( &ulState, 3 ) );
    }
}

/* Every network in the store is one that was saved, and a list shows each of them. */
static void prvIsConsistent( void )
{
    uint32_t ulSaved = ulStored();
    PhoneAnswer_t xAnswer;

    CHECK( IotBleWifiProv_GetNumNetworks() == ulSaved );
    CHECK( WIFI_PROVISION_GetNumNetworks() == ulSaved );

    for( uint32_t i = 0; i < ulSaved; i++ )
    {
        const WIFINetworkProfile_t * pxNetwork = pxStored( i );

        CHECK( ( pxNetwork->ucSSIDLength == 11U ) || ( pxNetwork->ucSSIDLength == 14U ) );
        CHECK( memcmp( pxNetwork->ucSSID, ( pxNetwork->ucSSIDLength == 11U ) ? "HomeNetwork" : "SavedNetwork00", 11 ) == 0 );
        CHECK( ( pxNetwork->ucPasswordLength == 12U ) && ( memcmp( pxNetwork->cPassword, "password0123", 12 ) == 0 ) );
        CHECK( pxNetwork->xSecurity == eWiFiSecurityWPA2 );
    }

    CHECK( bWrites( "a3616814617405617701" ) );

    for( uint32_t i = 0; i < ulSaved; i++ )
    {
        CHECK( bPhoneAnswer( &xAnswer, 1000 ) && ( xAnswer.xLength > 7U ) );
    }

    CHECK( bAnswers( "a2617702617300", 1000 ) );
}

void vProgram( void )
{
    static Call_t xCalls[ TASKS ];
    uint32_t ulFlat;

    vWiFiReset( 8, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    ulFlat = ulHeapBlocks();

    for( uint32_t i = 0; i < TASKS; i++ )
    {
        xCalls[ i ].pvFunction = prvCaller;
        xCalls[ i ].xArgument = ( intptr_t ) i + 1;
        /* Below and above the service, and as high as the phone's. */
        vBegin( &xCalls[ i ], 1U + i % 3U );
    }

    prvFlood();
    bGoesOn = false;
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 0;
    prvStopAll( xCalls );
    CHECK( IotBleWifiProv_Init() );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bUntil( bIsStopped, END_MS ) );
    CHECK( bHeapReturnsTo( ulFlat ) );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvIsConsistent();
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( bHeapReturnsTo( ulFlat ) );
}
