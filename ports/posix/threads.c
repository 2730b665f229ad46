/*
 * The port's threads and the C library's own locks. A task that is switched away while its thread
 * holds one keeps it, and who wants it next waits with all signals blocked: no tick comes any more.
 *
 * On their stacks: the idle task joins a deleted task's thread. No tick may come in between. Link
 * with -Wl,--wrap=pthread_join.
 *
 * On what is loaded: the first thread that exits or is cancelled makes the library load its unwinder,
 * libgcc_s. In a task that takes the loader's locks, which every new and every ending thread wants.
 * So it is loaded before there is a task.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

int __real_pthread_join( pthread_t xThread,
                         void ** ppvResult );
int __wrap_pthread_join( pthread_t xThread,
                         void ** ppvResult );

int __wrap_pthread_join( pthread_t xThread,
                         void ** ppvResult )
{
    sigset_t xAll;
    sigset_t xBefore;
    int iResult;

    ( void ) sigfillset( &xAll );
    ( void ) pthread_sigmask( SIG_BLOCK, &xAll, &xBefore );
    iResult = __real_pthread_join( xThread, ppvResult );
    ( void ) pthread_sigmask( SIG_SETMASK, &xBefore, NULL );
    return iResult;
}

static void * prvExit( void * pvUnused )
{
    pthread_exit( pvUnused );
}

/* Before main, where one thread after the other is no task and is not interrupted. */
static void prvLoadUnwinder( void ) __attribute__( ( constructor ) );

static void prvLoadUnwinder( void )
{
    pthread_t xThread;

    if( ( pthread_create( &xThread, NULL, prvExit, NULL ) != 0 ) || ( pthread_join( xThread, NULL ) != 0 ) )
    {
        abort();
    }
}
