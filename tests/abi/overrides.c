/* A platform that defines the optional functions itself: they are used instead of the defaults. */
#include "run.h"

#include <string.h>

#include "wifi_provision_platform.h"

const char * const pcProgram = "overrides";

static WIFIReturnCode_t xMoves = eWiFiSuccess;
static uint32_t ulMoves;
static uint16_t usMovedFrom;
static uint16_t usMovedTo;

WIFIReturnCode_t WIFI_NetworkMove( uint16_t usFrom,
                                   uint16_t usTo )
{
    ulMoves++;
    usMovedFrom = usFrom;
    usMovedTo = usTo;
    return xMoves;
}

/* Linked with an archive that logs. Every line there is here, and how often it came. The service's task alone
 * says these. */
static struct
{
    const char * pcText;
    volatile uint32_t ulTimes;
    uint32_t ulRight;
} xLines[] =
{
    { "provisioning: serving phones",                     0, 1 },
    { "provisioning: change the order of saved networks", 0, 3 },
    { "provisioning: save a new network",                 0, 1 },
    { "provisioning: done",                               0, 3 },
    { "provisioning: failed",                             0, 1 },
    { "provisioning: stopped",                            0, 1 },
};

#define LINES    ( sizeof( xLines ) / sizeof( xLines[ 0 ] ) )

/* Without a line end, and no name or secret: it is one of those above to the last letter. */
void WIFI_PROVISION_Log( const char * pcLine )
{
    size_t x = 0;

    while( ( x < LINES ) && ( strcmp( pcLine, xLines[ x ].pcText ) != 0 ) )
    {
        x++;
    }

    CHECK( x < LINES );
    xLines[ x ].ulTimes++;
}

/* The last line comes when the loop has ended, and Delete may have returned. */
static bool prvIsAllSaid( void )
{
    return xLines[ LINES - 1U ].ulTimes != 0U;
}

void vProgram( void )
{
    vWiFiReset( 4, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );

    /* Priority 0 of 4 to 2: the last stored to place 1. */
    CHECK( bWrites( "a3616700616a02617705" ) );
    CHECK( bAnswers( "a2617706617300", 1000 ) );
    CHECK( ( ulMoves == 1U ) && ( usMovedFrom == 3U ) && ( usMovedTo == 1U ) );
    CHECK( ( ulWiFiCalls[ eCallAdd ] == 0U ) && ( ulWiFiCalls[ eCallDelete ] == 0U ) );

    /* One that failed may not be done over by the other way: it may have been half done. */
    xMoves = eWiFiFailure;
    CHECK( bWrites( "a3616700616a02617705" ) );
    CHECK( bAnswers( "a2617706617301", 1000 ) );
    CHECK( ( ulWiFiCalls[ eCallAdd ] == 0U ) && ( ulWiFiCalls[ eCallDelete ] == 0U ) );

    /* One that is not supported after all. */
    xMoves = eWiFiNotSupported;
    CHECK( bWrites( "a3616700616a02617705" ) );
    CHECK( bAnswers( "a2617706617300", 1000 ) );
    CHECK( ulWiFiCalls[ eCallAdd ] != 0U );

    /* One with a name and a passphrase in it. */
    CHECK( bWrites( "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f4" ) );
    CHECK( bAnswers( "a2617704617300", 1000 ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );

    CHECK( bUntil( prvIsAllSaid, 1000 ) );

    for( size_t x = 0; x < LINES; x++ )
    {
        CHECK( xLines[ x ].ulTimes == xLines[ x ].ulRight );
    }
}
