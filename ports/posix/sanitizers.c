/*
 * What the sanitizers have to be told of this port. Nothing here concerns the service.
 *
 * The address sanitizer sees every task as a thread with a stack of its own, so it needs nothing,
 * but fake stacks must stay off: a task is deleted in the middle of a function.
 */
const char * __asan_default_options( void );
const char * __lsan_default_options( void );
const char * __lsan_default_suppressions( void );

const char * __asan_default_options( void )
{
    return "detect_stack_use_after_return=0";
}

const char * __lsan_default_options( void )
{
    return "print_suppressions=0";
}

/* One byte for each thread that lives when the scheduler ends: the port deletes the key they hang
 * on, and with it the function that would free them. */
const char * __lsan_default_suppressions( void )
{
    return "leak:prvMarkAsFreeRTOSThread\n";
}
