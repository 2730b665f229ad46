/* Starts the kernel and the platform, runs the program's body, and ends. */
#include "run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_PRIORITY    2
#define SERVICE_MS          60000U

static void prvProgram( void * pvParameters )
{
    ( void ) pvParameters;
    vWiFiStart();
    vPhoneStart();
    vWiFiReset( 0, 0 );
    /* One tick is too short for a leap: when it is over, the idle task and the tick's own thread
     * have begun, too, and allocated what they always need. */
    vTaskDelay( 1 );
    vProgram();
    vTaskEndScheduler();

    /* The process ends; this thread has nothing to return to. */
    for( ; ; )
    {
        ( void ) pause();
    }
}

int main( void )
{
    configASSERT( xTaskCreate( prvProgram, "program", configMINIMAL_STACK_SIZE, NULL, PROGRAM_PRIORITY, NULL ) == pdPASS );
    vTaskStartScheduler();
    /* Only an end of the scheduler leads here. */
    ( void ) printf( "%s: ok\n", pcProgram );
    return EXIT_SUCCESS;
}

void vWrong( const char * pcFile,
             int iLine,
             const char * pcWhat )
{
    char cLine[ 512 ];
    int iLength;
    sigset_t xAll;

    /* No other task comes in between, and the library's locks are not needed. */
    ( void ) sigfillset( &xAll );
    ( void ) pthread_sigmask( SIG_BLOCK, &xAll, NULL );
    iLength = snprintf( cLine, sizeof( cLine ), "%s: %s:%d: not so: %s\n", pcProgram, pcFile, iLine, pcWhat );
    iLength = ( iLength < ( int ) sizeof( cLine ) ) ? iLength : ( int ) sizeof( cLine ) - 1;
    if( write( STDOUT_FILENO, cLine, ( size_t ) iLength ) < 0 )
    {
        _exit( EXIT_FAILURE + 1 );
    }

    _exit( EXIT_FAILURE );
}

bool bUntil( bool ( * pvIsSo )( void ),
             uint32_t ulMs )
{
    TickType_t xBegan = xTaskGetTickCount();

    while( !pvIsSo() )
    {
        if( xTaskGetTickCount() - xBegan > pdMS_TO_TICKS( ulMs ) )
        {
            return false;
        }

        vTaskDelay( 2 );
    }

    return true;
}

static void prvCall( void * pvParameters )
{
    Call_t * pxCall = pvParameters;

    pxCall->xResult = pxCall->pvFunction( pxCall->xArgument );
    pxCall->bHasEnded = true;
    vTaskDelete( NULL );
}

void vBegin( Call_t * pxCall,
             UBaseType_t uxPriority )
{
    pxCall->bHasEnded = false;
    CHECK( xTaskCreate( prvCall, "call", configMINIMAL_STACK_SIZE, pxCall, uxPriority, NULL ) == pdPASS );
}

bool bEnds( Call_t * pxCall,
            uint32_t ulMs )
{
    TickType_t xBegan = xTaskGetTickCount();

    while( !pxCall->bHasEnded )
    {
        if( xTaskGetTickCount() - xBegan > pdMS_TO_TICKS( ulMs ) )
        {
            return false;
        }

        vTaskDelay( 2 );
    }

    return true;
}

static uint32_t ulWantedBlocks;

static bool prvIsFlat( void )
{
    return ulHeapBlocks() == ulWantedBlocks;
}

bool bHeapReturnsTo( uint32_t ulBlocks )
{
    ulWantedBlocks = ulBlocks;
    return bUntil( prvIsFlat, SERVICE_MS );
}

bool bIsStopped( void )
{
    return !bPhoneIsHeard();
}

static uint8_t prvNibble( char cDigit )
{
    return ( uint8_t ) ( ( cDigit <= '9' ) ? cDigit - '0' : cDigit - 'a' + 10 );
}

size_t xFromHex( const char * pcHex,
                 uint8_t * pucBytes,
                 size_t xRoom )
{
    size_t xLength = strlen( pcHex ) / 2U;

    CHECK( xLength <= xRoom );

    for( size_t i = 0; i < xLength; i++ )
    {
        pucBytes[ i ] = ( uint8_t ) ( ( prvNibble( pcHex[ 2U * i ] ) << 4 ) | prvNibble( pcHex[ 2U * i + 1U ] ) );
    }

    return xLength;
}

bool bWrites( const char * pcHex )
{
    uint8_t ucMessage[ 4096 ];
    size_t xLength = xFromHex( pcHex, ucMessage, sizeof( ucMessage ) );

    return bPhoneWrite( ucMessage, xLength );
}

bool bAnswers( const char * pcHex,
               uint32_t ulMs )
{
    uint8_t ucWanted[ PHONE_LONGEST_ANSWER ];
    size_t xWanted = xFromHex( pcHex, ucWanted, sizeof( ucWanted ) );
    PhoneAnswer_t xAnswer;

    return bPhoneAnswer( &xAnswer, ulMs ) && ( xAnswer.xLength == xWanted ) && ( memcmp( xAnswer.ucBytes, ucWanted, xWanted ) == 0 );
}
