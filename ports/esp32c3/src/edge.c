/* What Rust cannot write: a variadic function; and what the C library would need a standard output for. */
#include <stdarg.h>
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

/* esp-hal's linker script says where it lies. Defined here too, or the linker takes the C library's, with a constructor. */
unsigned int __stack_chk_guard;

/* The radios' blobs have words of their own. They go nowhere, so that no secret is among them. */
int puts( const char * pcLine )
{
    ( void ) pcLine;
    return 0;
}
