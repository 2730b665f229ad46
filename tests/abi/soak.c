/*
 * Phones that come, provision and leave, again and again, as often as SOAK_CYCLES in the environment
 * says. Each finds exactly the networks it should; at the end the heap is as it was, and what the
 * store was asked to do is told.
 */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char * const pcProgram = "soak";

#ifndef ABI_DIVISOR
    #define ABI_DIVISOR    1U
#endif

#define CYCLES        ( 300U / ABI_DIVISOR )
#define ANSWER_MS     5000U
/* The service is stopped and started once in so many cycles. */
#define RESTART       50U

#define SAVE          "a7616246010203040506616720616d6c70617373776f72643031323361710361726b486f6d654e6574776f726b6177036179f4"
#define SAVED         "a2617704617300"
#define MOVE_0_TO_2   "a3616700616a02617705"
#define MOVED         "a2617706617300"
#define DELETE_2      "a2616702617707"
#define DELETED       "a2617708617300"
#define LIST          "a3616814617405617701"

/* The answers to a list: one for each network, and the last is marked, or a status alone. */
static uint32_t prvListed( void )
{
    PhoneAnswer_t xAnswer;
    uint32_t ulCount = 0;

    CHECK( bWrites( LIST ) );

    while( bPhoneAnswer( &xAnswer, ANSWER_MS ) )
    {
        /* A map of two is the status that ends a list. */
        if( xAnswer.ucBytes[ 0 ] == 0xa2U )
        {
            return ulCount;
        }

        ulCount++;
    }

    CHECK( !"the list ends" );
    return 0;
}

static void prvCycle( uint32_t ulNth )
{
    if( ulNth % RESTART == 0U )
    {
        CHECK( WIFI_PROVISION_Stop() == pdTRUE );
        CHECK( WIFI_PROVISION_Start() == pdTRUE );
    }

    vPhoneCome();
    CHECK( prvListed() == 2U );
    CHECK( bWrites( SAVE ) && bAnswers( SAVED, ANSWER_MS ) );
    CHECK( ulStored() == 3U );
    CHECK( bWrites( MOVE_0_TO_2 ) && bAnswers( MOVED, ANSWER_MS ) );
    CHECK( prvListed() == 3U );
    CHECK( bWrites( DELETE_2 ) && bAnswers( DELETED, ANSWER_MS ) );
    CHECK( ulStored() == 2U );
    vPhoneGo();
}

void vProgram( void )
{
    const char * pcCycles = getenv( "SOAK_CYCLES" );
    uint32_t ulCycles = ( pcCycles != NULL ) ? ( uint32_t ) strtoul( pcCycles, NULL, 10 ) : CYCLES;
    uint32_t ulFlat = ulHeapBlocks() + 1U;
    uint32_t ulServing;

    vWiFiReset( 2, 0 );
    vPhoneReset( true );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvCycle( 1 );
    /* What ended has been freed when a cycle later as many blocks are held. */
    vTaskDelay( 10 );
    ulServing = ulHeapBlocks();

    ( void ) memset( ulWiFiCalls, 0, sizeof( ulWiFiCalls ) );

    for( uint32_t i = 0; i < ulCycles; i++ )
    {
        prvCycle( i );
    }

    CHECK( ulStored() == 2U );
    CHECK( bHeapReturnsTo( ulServing ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( bHeapReturnsTo( ulFlat ) );
    ( void ) printf( "soak: %u cycles, %u requests, each answered; heap blocks: %u serving, at the beginning and at the end; %u after, as before\n",
                     ( unsigned ) ulCycles, ( unsigned ) ( 5U * ulCycles ), ( unsigned ) ulServing, ( unsigned ) ulHeapBlocks() );
    ( void ) printf( "soak: store calls: %u Add, %u Delete, %u Get\n", ( unsigned ) ulWiFiCalls[ eCallAdd ],
                     ( unsigned ) ulWiFiCalls[ eCallDelete ], ( unsigned ) ulWiFiCalls[ eCallGet ] );
}
