/* Start while the loop that was told to stop is still joining a network: what Start says is true. */
#include "run.h"

const char * const pcProgram = "restart";

#define SWITCH_0    "a2617703616700"
#define SWITCHED    "a2617704617300"

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
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
