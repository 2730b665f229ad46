/* A phone leaves while its request is carried out, or waits, and another comes: the answer is not for
 * that one, and what it asks is answered. */
#include "run.h"

const char * const pcProgram = "leaves";

#define SWITCH_0    "a2617703616700"
#define SWITCHED    "a2617704617300"

static void prvAnotherComes( void )
{
    xWiFiBehaviour[ eCallConnect ].pvInside = NULL;
    vPhoneGo();
    vPhoneCome();
}

/* A second request waits behind the one being carried out. */
static void prvAsksAgainAndAnotherComes( void )
{
    CHECK( bWrites( SWITCH_0 ) );
    prvAnotherComes();
}

/* As the last, and the newcomer asks at once. */
static void prvAnotherComesAndAsks( void )
{
    prvAsksAgainAndAnotherComes();
    CHECK( bWrites( SWITCH_0 ) );
}

/* Asks to join a saved network; while the device does, that happens. */
static void prvWhile( void ( * pvInside )( void ) )
{
    xWiFiBehaviour[ eCallConnect ].pvInside = pvInside;
    CHECK( bWrites( SWITCH_0 ) );
}

void vProgram( void )
{
    PhoneAnswer_t xAnswer;

    vWiFiReset( 8, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );

    prvWhile( prvAnotherComes );
    CHECK( !bPhoneAnswer( &xAnswer, 200 ) );

    prvWhile( prvAsksAgainAndAnotherComes );
    CHECK( !bPhoneAnswer( &xAnswer, 200 ) );

    /* Its own answer, and no other. */
    prvWhile( prvAnotherComesAndAsks );
    CHECK( bAnswers( SWITCHED, 1000 ) );
    CHECK( !bPhoneAnswer( &xAnswer, 200 ) );

    /* What the phones that left asked for was done all the same. */
    CHECK( ulWiFiCalls[ eCallConnect ] == 6U );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
