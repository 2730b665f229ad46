/* The phone: what it asks, and the answers that are right. */
#include "phone.h"

#include <stdint.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"
#include "cbor_text.h"
#include "phone_link.h"

/* A person takes a moment between two requests, so that what the service logs stands before the next. */
#define PAUSE       20u

/* How long the device may take for an answer, milliseconds. */
#define PATIENCE    10000u

typedef struct
{
    const char * pcWhat;
    const char * pcRequest; /* CBOR */
    size_t xLength;
    const char * pcAnswers[ 5 ]; /* up to the first NULL */
} Exchange_t;

#define REQUEST( bytes )    ( bytes ), ( sizeof( bytes ) - 1u )

#define LIST      REQUEST( "\xa3" "\x61h\x14" "\x61t\x05" "\x61w\x01" )
#define IN_AIR_HOME \
    "{\"w\": 2, \"s\": 0, \"r\": \"HomeNetwork\", \"b\": h'020000000001', \"q\": 3, \"f\": false, \"p\": -50, \"e\": false, \"g\": -1, "
#define IN_AIR_CAFE \
    "{\"w\": 2, \"s\": 0, \"r\": \"Cafe\", \"b\": h'020000000002', \"q\": 0, \"f\": false, \"p\": -70, \"e\": false, \"g\": -1, "
#define SAVED_HOME \
    "{\"w\": 2, \"s\": 0, \"r\": \"HomeNetwork\", \"b\": h'020000000001', \"q\": 3, \"f\": false, \"p\": -100, \"e\": true, "
#define SAVED_CAFE \
    "{\"w\": 2, \"s\": 0, \"r\": \"Cafe\", \"b\": h'020000000002', \"q\": 0, \"f\": false, \"p\": -100, \"e\": false, "

static const Exchange_t xScript[] =
{
    { "list: nothing is saved", LIST,
      { IN_AIR_HOME "\"l\": false}", IN_AIR_CAFE "\"l\": true}" } },
    { "add HomeNetwork with a wrong passphrase",
      REQUEST( "\xa7" "\x61" "b\x46\x02\0\0\0\0\x01" "\x61g\x20" "\x61m\x6cpassword0124" "\x61q\x03"
               "\x61r\x6bHomeNetwork" "\x61w\x03" "\x61y\xf5" ),
      { "{\"w\": 4, \"s\": 1}" } },
    { "add HomeNetwork and join it",
      REQUEST( "\xa7" "\x61" "b\x46\x02\0\0\0\0\x01" "\x61g\x20" "\x61m\x6cpassword0123" "\x61q\x03"
               "\x61r\x6bHomeNetwork" "\x61w\x03" "\x61y\xf5" ),
      { "{\"w\": 4, \"s\": 0}" } },
    { "add Cafe without joining it",
      REQUEST( "\xa7" "\x61" "b\x46\x02\0\0\0\0\x02" "\x61g\x20" "\x61m\x60" "\x61q\0"
               "\x61r\x64" "Cafe" "\x61w\x03" "\x61y\xf4" ),
      { "{\"w\": 4, \"s\": 0}" } },
    { "list: the network saved last comes first", LIST,
      { SAVED_CAFE "\"g\": 0, \"l\": false}", SAVED_HOME "\"g\": 1, \"l\": true}",
        IN_AIR_HOME "\"l\": false}", IN_AIR_CAFE "\"l\": true}" } },
    { "edit: Cafe from 0 to 1", REQUEST( "\xa3" "\x61g\0" "\x61j\x01" "\x61w\x05" ), { "{\"w\": 6, \"s\": 0}" } },
    { "list: the order is the other", LIST,
      { SAVED_HOME "\"g\": 0, \"l\": false}", SAVED_CAFE "\"g\": 1, \"l\": true}",
        IN_AIR_HOME "\"l\": false}", IN_AIR_CAFE "\"l\": true}" } },
    { "delete 1", REQUEST( "\xa2" "\x61g\x01" "\x61w\x07" ), { "{\"w\": 8, \"s\": 0}" } },
    { "delete 1, which is no more", REQUEST( "\xa2" "\x61g\x01" "\x61w\x07" ), { "{\"w\": 8, \"s\": 1}" } },
    { "list: one is left", LIST,
      { SAVED_HOME "\"g\": 0, \"l\": true}",
        IN_AIR_HOME "\"l\": false}", IN_AIR_CAFE "\"l\": true}" } }
};

/* No passphrase on a console. */
static void prvMask( char * pcText )
{
    char * pcAt = strstr( pcText, "\"m\": \"" );

    for( pcAt = ( pcAt != NULL ) ? pcAt + 6 : NULL; ( pcAt != NULL ) && ( *pcAt != '"' ) && ( *pcAt != '\0' ); pcAt++ )
    {
        *pcAt = '*';
    }
}

/* One answer against the one that is right. */
static int prvAnswer( const char * pcRight )
{
    static PhoneMessage_t xMessage;
    static char cText[ 192 ];

    if( !xPhoneReads( &xMessage, PATIENCE ) )
    {
        configPRINTF( ( "  no answer; right is %s\r\n", pcRight ) );
        return 1;
    }

    if( !xCborToText( xMessage.ucBytes, xMessage.xLength, cText, sizeof( cText ) ) )
    {
        configPRINTF( ( "  an answer that is no map\r\n" ) );
        return 1;
    }

    configPRINTF( ( "  <- %s\r\n", cText ) );

    if( strcmp( cText, pcRight ) != 0 )
    {
        configPRINTF( ( "  WRONG: %s\r\n", pcRight ) );
        return 1;
    }

    return 0;
}

int iPhonePlay( void )
{
    static char cText[ 192 ];
    int iWrong = 0;

    for( size_t i = 0; i < sizeof( xScript ) / sizeof( xScript[ 0 ] ); i++ )
    {
        const Exchange_t * pxNow = &xScript[ i ];
        const uint8_t * pucRequest = ( const uint8_t * ) pxNow->pcRequest;

        vTaskDelay( pdMS_TO_TICKS( PAUSE ) );

        if( !xCborToText( pucRequest, pxNow->xLength, cText, sizeof( cText ) ) )
        {
            cText[ 0 ] = '\0';
        }

        prvMask( cText );
        configPRINTF( ( "%s\r\n  -> %s\r\n", pxNow->pcWhat, cText ) );

        if( !xPhoneWrites( pucRequest, pxNow->xLength ) )
        {
            configPRINTF( ( "  WRONG: nobody listens\r\n" ) );
            iWrong++;
            continue;
        }

        for( size_t j = 0; ( j < 5u ) && ( pxNow->pcAnswers[ j ] != NULL ); j++ )
        {
            iWrong += prvAnswer( pxNow->pcAnswers[ j ] );
        }
    }

    return iWrong;
}
