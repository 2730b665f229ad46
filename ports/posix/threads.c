/*
 * The port's threads and the C library's lock on their stacks: the idle task joins a deleted task's
 * thread, and must not be switched away while it holds that lock, or no task can be created any
 * more. Link with -Wl,--wrap=pthread_join.
 */
#include <pthread.h>
#include <signal.h>

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
