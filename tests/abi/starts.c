/* Two tasks call WIFI_PROVISION_Start at once. What each returns is true: success means that somebody
 * serves, also when the other one came first and failed. */
#include "run.h"

const char * const pcProgram = "starts";

#define LIST        "a3616814617405617701"
#define EMPTY       "a2617702617300"
/* So long the first waits for the second to return too early. */
#define WINDOW_MS    50U
#define LONGEST_MS   10000U

static Call_t xSecond;
/* What goes wrong for the first, after the second has come. */
static void ( * pvThen )( void );

static intptr_t prvStart( intptr_t xArgument )
{
    ( void ) xArgument;
    return WIFI_PROVISION_Start();
}

/* In the middle of the first's Start. */
static void prvSecondComes( void )
{
    xPhoneBehaviour.pvInOpen = NULL;
    xSecond = ( Call_t ) { .pvFunction = prvStart };
    vBegin( &xSecond, uxTaskPriorityGet( NULL ) + 1U );
    ( void ) bEnds( &xSecond, WINDOW_MS );
    pvThen();
}

static void prvNothing( void )
{
}

static void prvCannotOpenAgain( void )
{
    xPhoneBehaviour.bCannotOpen = false;
}

/* The first cannot open the channel, and whoever tries next can. */
static void prvCannotOpenOnce( void )
{
    xPhoneBehaviour.bCannotOpen = true;
    xPhoneBehaviour.pvInOpen = prvCannotOpenAgain;
}

static void prvCannotOpen( void )
{
    xPhoneBehaviour.bCannotOpen = true;
}

/* There is no memory for the first one's task. */
static void prvCannotSpawn( void )
{
    vHeapFailAfter( 0 );
}

static void prvStartTwice( void ( * pvFirst )( void ),
                           BaseType_t xFirst,
                           BaseType_t xOther )
{
    vPhoneReset( true );
    pvThen = pvFirst;
    xPhoneBehaviour.pvInOpen = prvSecondComes;
    CHECK( WIFI_PROVISION_Start() == xFirst );
    CHECK( bEnds( &xSecond, LONGEST_MS ) );
    CHECK( xSecond.xResult == xOther );

    if( xOther == pdTRUE )
    {
        CHECK( bWrites( LIST ) );
        CHECK( bAnswers( EMPTY, LONGEST_MS ) );
    }

    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bIsStopped() );
    vPhoneReset( true );
}

void vProgram( void )
{
    uint32_t ulFlat;

    vWiFiReset( 0, 0 );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    ulFlat = ulHeapBlocks();
    prvStartTwice( prvNothing, pdTRUE, pdTRUE );
    prvStartTwice( prvCannotOpenOnce, pdFALSE, pdTRUE );
    prvStartTwice( prvCannotOpen, pdFALSE, pdFALSE );
    prvStartTwice( prvCannotSpawn, pdFALSE, pdTRUE );
    vHeapFailNever();
    CHECK( bHeapReturnsTo( ulFlat ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
