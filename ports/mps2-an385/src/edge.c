/* What Rust cannot write: a variadic function; and the C library's request for memory. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Longer lines are cut. */
#define LINE_LENGTH    200

/* src/logger.rs */
extern void board_log_from_c( const char * pcLine );

void vLoggingPrintf( const char * pcFormat,
                     ... )
{
    char cLine[ LINE_LENGTH ];
    va_list xArguments;

    va_start( xArguments, pcFormat );
    ( void ) vsnprintf( cLine, sizeof( cLine ), pcFormat, xArguments );
    va_end( xArguments );
    board_log_from_c( cLine );
}

/* The C library has no heap of its own; nothing here needs one. */
void * _sbrk( ptrdiff_t xIncrement )
{
    ( void ) xIncrement;
    errno = ENOMEM;
    return ( void * ) -1;
}
