/* Lines over standard input and output. */
#include <stdio.h>
#include <string.h>

#include "line.h"

bool line_get( char * to, size_t size )
{
    if( fgets( to, ( int ) size, stdin ) == NULL )
    {
        return false;
    }

    to[ strcspn( to, "\n" ) ] = '\0';
    return true;
}

void line_put( const char * text )
{
    ( void ) fputs( text, stdout );
}
