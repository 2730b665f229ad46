#include "espressif.h"

#include "FreeRTOS.h"

#include "board.h"
#include "iot_ble_protocomm.h"

/* How often a network is tried for a phone. */
#define ATTEMPTS        1

/* As long as the text of the QR code may be. */
#define PAYLOAD_SIZE    200

/*-----------------------------------------------------------*/

static void prvLine( const char * pcLine )
{
    configPRINTF( ( "%s", pcLine ) );
}

/*-----------------------------------------------------------*/

void ESPRESSIF_Show( void )
{
    char cPayload[ PAYLOAD_SIZE ];

    if( IotBleProtocomm_Payload( cPayload, sizeof( cPayload ) ) == 0 )
    {
        configPRINTF( ( "Espressif's apps: not started" ) );
        return;
    }

    configPRINTF( ( "Espressif's apps: scan this code, or type what it says:" ) );
    ( void ) IotBleProtocomm_QrCode( prvLine );
    configPRINTF( ( "%s", cPayload ) );
}

/*-----------------------------------------------------------*/

/* Context: the task of the endpoints. */
static void prvStarted( bool xIsNew )
{
    if( xIsNew )
    {
        ESPRESSIF_Show();
    }

    configPRINTF( ( "Espressif's apps may provision this device; `protocomm` shows how." ) );
}

/*-----------------------------------------------------------*/

void ESPRESSIF_Start( unsigned uSecurity )
{
    IotBleProtocommConfig_t xConfig =
    {
        .ucSecurity = ( uint8_t ) uSecurity,
        .pcSecret   = NULL,
        .ucAttempts = ATTEMPTS,
        .pxStarted  = prvStarted
    };

    BTStatus_t xStatus = IotBleProtocomm_Start( &xConfig );

    if( xStatus == eBTStatusUnsupported )
    {
        configPRINTF( ( "Espressif's apps: this board has no room for them" ) );
    }
    else if( xStatus != eBTStatusSuccess )
    {
        configPRINTF( ( "Espressif's apps: the security is 1 or 2" ) );
    }
}
