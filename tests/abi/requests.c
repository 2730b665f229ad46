/* Requests through the middleware's callback: every recorded exchange and every recorded message. */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "vector.h"

#include "vectors.h"

#define ANSWER_MS    5000U
#define QUIET_MS     100U

static const char * pcVector = "none";

const char * const pcProgram = "requests";

/* As CHECK, and tells which vector it was. */
#define HOLDS( bIsSo )    do { if( !( bIsSo ) ) { ( void ) printf( "vector %s: ", pcVector ); ( void ) fflush( stdout ); vWrong( __FILE__, __LINE__, #bIsSo ); } } while( 0 )

static bool prvIsQuiet( void )
{
    PhoneAnswer_t xAnswer;

    return !bPhoneAnswer( &xAnswer, QUIET_MS );
}

static void prvPrepare( const Exchange_t * pxVector )
{
    vWiFiReset( pxVector->ulSaved, pxVector->ulScanned );
    vPhoneReset( true );

    if( pxVector->lConnected >= 0 )
    {
        HOLDS( IotBleWifiProv_Connect( ( uint32_t ) pxVector->lConnected ) );
    }

    ( void ) memset( ulWiFiCalls, 0, sizeof( ulWiFiCalls ) );
    xWiFiBehaviour[ eCallConnect ].xResult = ( WIFIReturnCode_t ) pxVector->ulConnectResult;
    xWiFiBehaviour[ eCallScan ].xResult = ( WIFIReturnCode_t ) pxVector->ulScanResult;
    xWiFiBehaviour[ eCallGet ].ulBad = pxVector->ulUnreadable;

    if( pxVector->ulFailingAdd != 0U )
    {
        xWiFiBehaviour[ eCallAdd ].xResult = eWiFiFailure;
        xWiFiBehaviour[ eCallAdd ].ulOnlyCall = pxVector->ulFailingAdd;
    }

    if( pxVector->ulFailingDelete != 0U )
    {
        xWiFiBehaviour[ eCallDelete ].xResult = eWiFiFailure;
        xWiFiBehaviour[ eCallDelete ].ulOnlyCall = pxVector->ulFailingDelete;
    }
}

static void prvExchange( const Exchange_t * pxVector )
{
    const char * const * ppcRequest = pxVector->ppcRequests;
    const char * const * ppcAnswer = pxVector->ppcAnswers;
    uint32_t ulNth = 0;

    pcVector = pxVector->pcId;
    prvPrepare( pxVector );

    if( pxVector->ulAtOnce > 1U )
    {
        /* The service's task is below this one: it sees none of them before all are sent. */
        for( ; *ppcRequest != NULL; ppcRequest++ )
        {
            HOLDS( bWrites( *ppcRequest ) );
        }

        for( ; *ppcAnswer != NULL; ppcAnswer++ )
        {
            HOLDS( bAnswers( *ppcAnswer, ANSWER_MS ) );
        }
    }

    for( ; *ppcRequest != NULL; ppcRequest++ )
    {
        HOLDS( bWrites( *ppcRequest ) );

        for( uint32_t i = 0; i < pxVector->ulAnswersTo[ ulNth ]; i++ )
        {
            HOLDS( bAnswers( *ppcAnswer++, ANSWER_MS ) );
        }

        ulNth++;
    }

    HOLDS( *ppcAnswer == NULL );
    HOLDS( prvIsQuiet() );

    for( uint32_t i = 0; i < 8U; i++ )
    {
        const char * pcName = pxVector->ppcStore[ i ];

        if( pcName == NULL )
        {
            HOLDS( ulStored() == i );
            break;
        }

        HOLDS( pxStored( i )->ucSSIDLength == strlen( pcName ) );
        HOLDS( memcmp( pxStored( i )->ucSSID, pcName, strlen( pcName ) ) == 0 );
    }

    HOLDS( ulWiFiCalls[ eCallAdd ] == pxVector->ulAdds );
    HOLDS( ulWiFiCalls[ eCallDelete ] == pxVector->ulDeletes );
    HOLDS( ulWiFiCalls[ eCallConnect ] == pxVector->ulConnects );
    HOLDS( ulWiFiCalls[ eCallDisconnect ] == pxVector->ulDisconnects );
    HOLDS( ulWiFiCalls[ eCallScan ] == pxVector->ulScans );
}

/* Each recorded message alone, in an empty store: what is no request gets no answer, everything
 * else one. */
static void prvMessage( const Reading_t * pxVector )
{
    char cRefused[ 32 ];
    PhoneAnswer_t xAnswer;

    pcVector = pxVector->pcId;
    vWiFiReset( 0, 0 );
    vPhoneReset( true );
    HOLDS( bWrites( pxVector->pcMessage ) );

    if( pxVector->lOutcome == VECTOR_DROPPED )
    {
        HOLDS( prvIsQuiet() );
    }
    else if( pxVector->lOutcome == VECTOR_ACCEPTED )
    {
        HOLDS( bPhoneAnswer( &xAnswer, ANSWER_MS ) );
        HOLDS( xAnswer.ucBytes[ 3 ] == pxVector->ulKind + 1U );
    }
    else
    {
        ( void ) snprintf( cRefused, sizeof( cRefused ), "a26177%02x6173%02x", ( unsigned ) ( pxVector->ulKind + 1U ), ( unsigned ) pxVector->lOutcome );
        HOLDS( bAnswers( cRefused, ANSWER_MS ) );
    }

    HOLDS( prvIsQuiet() );
}

/* The phone leaves after so many of the 18 answers to a list; the next one is served. */
static void prvLeavesInAList( uint32_t ulAfter )
{
    pcVector = "a phone that leaves in a list";
    vWiFiReset( 8, 10 );
    vPhoneReset( true );
    xPhoneBehaviour.ulClosesAfter = ulAfter;
    HOLDS( bWrites( "a3616814617405617701" ) );
    vTaskDelay( pdMS_TO_TICKS( ANSWER_MS ) );
    HOLDS( xPhoneUnread() == ulAfter );
    HOLDS( !bWrites( "a2616700617707" ) );
    vPhoneReset( true );
    HOLDS( bWrites( "a2616700617707" ) );
    HOLDS( bAnswers( "a2617708617300", ANSWER_MS ) );
    HOLDS( prvIsQuiet() );
    HOLDS( ulStored() == 7U );
}

void vProgram( void )
{
    uint32_t ulFlat;

    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    vPhoneReset( true );
    vTaskDelay( 2 );
    ulFlat = ulHeapBlocks();

    for( size_t i = 0; i < COUNT_OF( xExchanges ); i++ )
    {
        prvExchange( &xExchanges[ i ] );
    }

    for( size_t i = 0; i < COUNT_OF( xReadings ); i++ )
    {
        prvMessage( &xReadings[ i ] );
    }

    for( uint32_t ulAfter = 1; ulAfter < 18U; ulAfter++ )
    {
        prvLeavesInAList( ulAfter );
    }

    CHECK( bHeapReturnsTo( ulFlat ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
