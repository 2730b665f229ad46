/* Lines over the board's first UART. */
#include <stdint.h>

#include "harness_board.h"
#include "line.h"

#define UART0_DATA       ( *( volatile uint32_t * ) 0x40004000u )
#define UART0_STATE      ( *( volatile uint32_t * ) 0x40004004u )
#define UART0_CONTROL    ( *( volatile uint32_t * ) 0x40004008u )

bool line_get( char * to, size_t size )
{
    size_t length = 0;
    char typed;

    UART0_CONTROL = 3; /* both ways */

    for( ; ; )
    {
        while( ( UART0_STATE & 2u ) == 0u )
        {
        }

        typed = ( char ) UART0_DATA;

        if( typed == '\n' )
        {
            to[ length ] = '\0';
            return true;
        }

        if( length + 1u < size )
        {
            to[ length++ ] = typed;
        }
    }
}

void line_put( const char * text )
{
    say( text );
}
