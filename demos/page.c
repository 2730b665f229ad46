#include "page.h"

#include <stdio.h>
#include <string.h>

#include "demo_config.h"
#include "port_tcp.h"

/* Head and first line together must fit; the rest of the page is not looked at. */
#define ANSWER_LENGTH    1024

static const uint8_t ucServer[ 4 ] = democonfigPAGE_ADDRESS;

/*-----------------------------------------------------------*/

static const char * prvWhy( int32_t lError )
{
    switch( lError )
    {
        case PORT_TCP_TIMEOUT:
            return "it does not answer";

        case PORT_TCP_REFUSED:
            return "nobody listens there";

        case PORT_TCP_RESET:
            return "the connection broke";

        case PORT_TCP_NO_NETWORK:
            return "no network is joined";

        default:
            return "no connection is free";
    }
}

/*-----------------------------------------------------------*/

static int32_t prvSendAll( int32_t lHandle,
                           const char * pcText )
{
    size_t xLeft = strlen( pcText );

    while( xLeft > 0 )
    {
        int32_t lSent = PORT_TcpSend( lHandle, pcText, xLeft, democonfigPAGE_TIMEOUT_MS );

        if( lSent < 0 )
        {
            return lSent;
        }

        pcText += lSent;
        xLeft -= ( size_t ) lSent;
    }

    return 0;
}

/*-----------------------------------------------------------*/

/* Reads until the peer closes or pcAnswer is full; it ends with a NUL. */
static int32_t prvReceiveAll( int32_t lHandle,
                              char * pcAnswer )
{
    size_t xLength = 0;
    int32_t lReceived = 1;

    while( ( lReceived > 0 ) && ( xLength < ANSWER_LENGTH - 1 ) )
    {
        lReceived = PORT_TcpReceive( lHandle, &pcAnswer[ xLength ], ANSWER_LENGTH - 1 - xLength,
                                     democonfigPAGE_TIMEOUT_MS );

        if( lReceived > 0 )
        {
            xLength += ( size_t ) lReceived;
        }
    }

    pcAnswer[ xLength ] = '\0';
    return ( lReceived < 0 ) ? lReceived : 0;
}

/*-----------------------------------------------------------*/

/* The first line of the page, cut off behind; NULL when the answer is no page. */
static char * prvFirstLine( char * pcAnswer )
{
    char * pcBody = strstr( pcAnswer, "\r\n\r\n" );

    if( ( strncmp( pcAnswer, "HTTP/1.", 7 ) != 0 ) || ( strstr( pcAnswer, " 200 " ) != pcAnswer + 8 ) ||
        ( pcBody == NULL ) )
    {
        return NULL;
    }

    pcBody += 4;
    pcBody[ strcspn( pcBody, "\r\n" ) ] = '\0';
    return pcBody;
}

/*-----------------------------------------------------------*/

BaseType_t PAGE_Fetch( void )
{
    /* One task runs the demos. */
    static char cAnswer[ ANSWER_LENGTH ];
    char cRequest[ 96 ];
    uint32_t ulAddress;
    int32_t lHandle;
    int32_t lError;
    char * pcLine;

    ( void ) memcpy( &ulAddress, ucServer, sizeof( ulAddress ) );
    ( void ) snprintf( cRequest, sizeof( cRequest ), "GET / HTTP/1.1\r\nHost: %u.%u.%u.%u\r\nConnection: close\r\n\r\n",
                       ucServer[ 0 ], ucServer[ 1 ], ucServer[ 2 ], ucServer[ 3 ] );

    lHandle = PORT_TcpConnect( ulAddress, democonfigPAGE_PORT, democonfigPAGE_TIMEOUT_MS );

    if( lHandle < 0 )
    {
        configPRINTF( ( "The page server cannot be reached: %s.", prvWhy( lHandle ) ) );
        return pdFAIL;
    }

    lError = prvSendAll( lHandle, cRequest );

    if( lError == 0 )
    {
        lError = prvReceiveAll( lHandle, cAnswer );
    }

    ( void ) PORT_TcpClose( lHandle );

    if( lError != 0 )
    {
        configPRINTF( ( "The page did not come: %s.", prvWhy( lError ) ) );
        return pdFAIL;
    }

    pcLine = prvFirstLine( cAnswer );

    if( pcLine == NULL )
    {
        configPRINTF( ( "The server answered, but not with a page." ) );
        return pdFAIL;
    }

    configPRINTF( ( "Page fetched: %s", pcLine ) );
    return pdPASS;
}
