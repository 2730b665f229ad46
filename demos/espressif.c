#include "espressif.h"

#include "FreeRTOS.h"

#include "board.h"
#include "iot_ble_protocomm.h"

/* How often a network is tried for a phone. */
#define ATTEMPTS        1

/* The security it was last started with; 0 before. Commands and factory resets come one after another, from the console. */
static uint8_t ucLast = 0;

/*-----------------------------------------------------------*/

static void prvLine( const char * pcLine )
{
    configPRINTF( ( "%s", pcLine ) );
}

/*-----------------------------------------------------------*/

void ESPRESSIF_Show( void )
{
    char cPayload[ IOT_BLE_PROTOCOMM_PAYLOAD_BYTES ];

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

void ESPRESSIF_Start( uint8_t ucSecurity )
{
    IotBleProtocommConfig_t xConfig =
    {
        .ucSecurity = ucSecurity,
        .pcSecret   = NULL,
        .ucAttempts = ATTEMPTS,
        .pxStarted  = prvStarted
    };

    BTStatus_t xStatus = IotBleProtocomm_Start( &xConfig );

    if( xStatus == eBTStatusSuccess )
    {
        ucLast = ucSecurity;
    }
    else if( xStatus == eBTStatusUnsupported )
    {
        configPRINTF( ( "Espressif's apps: this board has no endpoints for them" ) );
    }
    else
    {
        configPRINTF( ( "Espressif's apps: the security is 1, 2 or open" ) );
    }
}

/*-----------------------------------------------------------*/

BaseType_t ESPRESSIF_Forget( void )
{
    ( void ) IotBleProtocomm_Stop();

    BTStatus_t xStatus = IotBleProtocomm_ForgetSecret();

    return ( ( xStatus == eBTStatusSuccess ) || ( xStatus == eBTStatusUnsupported ) ) ? pdTRUE : pdFALSE;
}

/*-----------------------------------------------------------*/

void ESPRESSIF_StartAgain( void )
{
    if( ucLast != 0 )
    {
        ESPRESSIF_Start( ucLast );
    }
}
