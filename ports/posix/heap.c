/*
 * The C library's heap, counted, and safe to use from tasks. Link with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=pvPortMalloc.
 *
 * A task of this port that is switched away in the middle of malloc would keep the library's own
 * lock, and no other task could ever get it. So no tick comes in between.
 */
#include <pthread.h>
#include <signal.h>

#include "heap.h"

void * __real_malloc( size_t xSize );
void * __real_calloc( size_t xCount,
                      size_t xSize );
void * __real_realloc( void * pvBlock,
                       size_t xSize );
void __real_free( void * pvBlock );
void * __real_pvPortMalloc( size_t xSize );

void * __wrap_malloc( size_t xSize );
void * __wrap_calloc( size_t xCount,
                      size_t xSize );
void * __wrap_realloc( void * pvBlock,
                       size_t xSize );
void __wrap_free( void * pvBlock );
void * __wrap_pvPortMalloc( size_t xSize );

#define FAIL_NEVER    ( UINT32_MAX )

/* New threads allocate before the kernel has a say, so these are atomic. */
static uint32_t ulBlocks;
static uint32_t ulAllocations;
static uint32_t ulUntilFailure = FAIL_NEVER;

static void prvNoTicks( sigset_t * pxBefore )
{
    sigset_t xAll;

    ( void ) sigfillset( &xAll );
    ( void ) pthread_sigmask( SIG_BLOCK, &xAll, pxBefore );
}

static void prvTicksAgain( const sigset_t * pxBefore )
{
    ( void ) pthread_sigmask( SIG_SETMASK, pxBefore, NULL );
}

static void prvCount( const void * pvBlock )
{
    if( pvBlock != NULL )
    {
        ( void ) __atomic_add_fetch( &ulBlocks, 1, __ATOMIC_RELAXED );
        ( void ) __atomic_add_fetch( &ulAllocations, 1, __ATOMIC_RELAXED );
    }
}

void * __wrap_malloc( size_t xSize )
{
    sigset_t xBefore;
    void * pvBlock;

    prvNoTicks( &xBefore );
    pvBlock = __real_malloc( xSize );
    prvCount( pvBlock );
    prvTicksAgain( &xBefore );
    return pvBlock;
}

void * __wrap_calloc( size_t xCount,
                      size_t xSize )
{
    sigset_t xBefore;
    void * pvBlock;

    prvNoTicks( &xBefore );
    pvBlock = __real_calloc( xCount, xSize );
    prvCount( pvBlock );
    prvTicksAgain( &xBefore );
    return pvBlock;
}

void * __wrap_realloc( void * pvBlock,
                       size_t xSize )
{
    sigset_t xBefore;
    void * pvMoved;

    prvNoTicks( &xBefore );
    pvMoved = __real_realloc( pvBlock, xSize );

    if( pvBlock == NULL )
    {
        prvCount( pvMoved );
    }

    prvTicksAgain( &xBefore );
    return pvMoved;
}

void __wrap_free( void * pvBlock )
{
    sigset_t xBefore;

    if( pvBlock != NULL )
    {
        prvNoTicks( &xBefore );
        __real_free( pvBlock );
        ( void ) __atomic_sub_fetch( &ulBlocks, 1, __ATOMIC_RELAXED );
        prvTicksAgain( &xBefore );
    }
}

/* What the kernel and the service ask for: what runs short on a device. */
void * __wrap_pvPortMalloc( size_t xSize )
{
    if( ( ulUntilFailure != FAIL_NEVER ) && ( ulUntilFailure-- == 0U ) )
    {
        ulUntilFailure = FAIL_NEVER;
        return NULL;
    }

    return __real_pvPortMalloc( xSize );
}

uint32_t ulHeapBlocks( void )
{
    return __atomic_load_n( &ulBlocks, __ATOMIC_RELAXED );
}

uint32_t ulHeapAllocations( void )
{
    return __atomic_load_n( &ulAllocations, __ATOMIC_RELAXED );
}

void vHeapFailAfter( uint32_t ulSkip )
{
    ulUntilFailure = ulSkip;
}

void vHeapFailNever( void )
{
    ulUntilFailure = FAIL_NEVER;
}
