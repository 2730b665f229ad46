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

/* Logging is off in the archive as it is shipped; were it on, no line may tell a secret. */
void WIFI_PROVISION_Log( const char * pcLine )
{
    CHECK( strstr( pcLine, "password0123" ) == NULL );
    CHECK( strchr( pcLine, '\n' ) == NULL );
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
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
