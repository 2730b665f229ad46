#include "cbor_text.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct
{
    const uint8_t * pucAt;
    size_t xLeft;
    char * pcText;
    size_t xRoom;
} Reader_t;

static bool prvWrite( Reader_t * pxReader,
                      const char * pcFormat,
                      ... )
{
    va_list xArguments;
    int iWritten;

    va_start( xArguments, pcFormat );
    iWritten = vsnprintf( pxReader->pcText, pxReader->xRoom, pcFormat, xArguments );
    va_end( xArguments );

    if( ( iWritten < 0 ) || ( ( size_t ) iWritten >= pxReader->xRoom ) )
    {
        return false;
    }

    pxReader->pcText += iWritten;
    pxReader->xRoom -= ( size_t ) iWritten;
    return true;
}

static bool prvByte( Reader_t * pxReader,
                     uint8_t * pucByte )
{
    if( pxReader->xLeft == 0 )
    {
        return false;
    }

    *pucByte = *pxReader->pucAt++;
    pxReader->xLeft--;
    return true;
}

/* The kind and the number of an item's head; numbers of at most two bytes are enough here. */
static bool prvHead( Reader_t * pxReader,
                     uint8_t * pucKind,
                     unsigned * puxNumber )
{
    uint8_t ucByte;
    uint8_t ucMore = 0;

    if( !prvByte( pxReader, &ucByte ) )
    {
        return false;
    }

    *pucKind = ( uint8_t ) ( ucByte >> 5 );
    ucByte &= 31u;
    *puxNumber = ucByte;

    if( ( ucByte < 24u ) || ( *pucKind == 7u ) )
    {
        return true;
    }

    *puxNumber = 0;

    for( ucMore = ( uint8_t ) ( ( ucByte == 24u ) ? 1u : ( ( ucByte == 25u ) ? 2u : 0u ) ); ucMore > 0u; ucMore-- )
    {
        if( !prvByte( pxReader, &ucByte ) )
        {
            return false;
        }

        *puxNumber = ( *puxNumber << 8 ) | ucByte;
    }

    return *puxNumber >= 24u;
}

static bool prvItem( Reader_t * pxReader )
{
    uint8_t ucKind;
    uint8_t ucByte;
    unsigned uxNumber;

    if( !prvHead( pxReader, &ucKind, &uxNumber ) )
    {
        return false;
    }

    switch( ucKind )
    {
        case 0:
            return prvWrite( pxReader, "%u", uxNumber );

        case 1:
            return prvWrite( pxReader, "-%u", uxNumber + 1u );

        case 7:
            return ( ( uxNumber == 20u ) || ( uxNumber == 21u ) ) &&
                   prvWrite( pxReader, ( uxNumber == 21u ) ? "true" : "false" );

        case 2:
        case 3:

            if( !prvWrite( pxReader, ( ucKind == 3u ) ? "\"" : "h'" ) )
            {
                return false;
            }

            for( ; uxNumber > 0u; uxNumber-- )
            {
                if( !prvByte( pxReader, &ucByte ) || !prvWrite( pxReader, ( ucKind == 3u ) ? "%c" : "%02x", ucByte ) )
                {
                    return false;
                }
            }

            return prvWrite( pxReader, ( ucKind == 3u ) ? "\"" : "'" );

        default:
            return false;
    }
}

bool xCborToText( const uint8_t * pucBytes,
                  size_t xLength,
                  char * pcText,
                  size_t xRoom )
{
    Reader_t xReader = { pucBytes, xLength, pcText, xRoom };
    uint8_t ucKind;
    unsigned uxPairs;

    if( !prvHead( &xReader, &ucKind, &uxPairs ) || ( ucKind != 5u ) || !prvWrite( &xReader, "{" ) )
    {
        return false;
    }

    for( unsigned i = 0; i < uxPairs; i++ )
    {
        if( ( ( i > 0u ) && !prvWrite( &xReader, ", " ) ) || !prvItem( &xReader ) ||
            !prvWrite( &xReader, ": " ) || !prvItem( &xReader ) )
        {
            return false;
        }
    }

    return prvWrite( &xReader, "}" ) && ( xReader.xLeft == 0u );
}
