/* Time that leaps, and the kernel's assertions. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "FreeRTOS.h"
#include "task.h"

/* Beyond this nobody waits for a time: every task waits for another one, or for the outside. */
#define LONGEST_LEAP_MS    ( 3600UL * 1000UL )

/* Called by the idle task, the scheduler suspended, when no task can run for that long. */
void vPosixLeap( unsigned long ulTicks )
{
    if( ulTicks <= pdMS_TO_TICKS( LONGEST_LEAP_MS ) )
    {
        vTaskStepTick( ulTicks );
    }
    else
    {
        ( void ) usleep( 1000 );
    }
}

void vAssertCalled( const char * pcFile,
                    int iLine )
{
    ( void ) fprintf( stderr, "the kernel's assertion at %s:%d failed\n", pcFile, iLine );
    abort();
}
