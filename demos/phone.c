#include "phone.h"

#include <string.h>

#include "iot_ble.h"

/* Written by the Bluetooth task alone; one byte, so it is always whole. */
static volatile bool xPhoneConnected = false;

/*-----------------------------------------------------------*/

static void prvConnectionChanged( BTStatus_t xStatus,
                                  uint16_t usConnection,
                                  bool xConnected,
                                  BTBdaddr_t * pxPhone )
{
    ( void ) xStatus;
    ( void ) usConnection;
    ( void ) pxPhone;
    xPhoneConnected = xConnected;
}

/*-----------------------------------------------------------*/

BaseType_t PHONE_Watch( void )
{
    IotBleEventsCallbacks_t xCallback;

    ( void ) memset( &xCallback, 0, sizeof( xCallback ) );
    xCallback.pConnectionCb = prvConnectionChanged;
    return ( IotBle_RegisterEventCb( eBLEConnection, xCallback ) == eBTStatusSuccess ) ? pdPASS : pdFAIL;
}

/*-----------------------------------------------------------*/

bool PHONE_IsConnected( void )
{
    return xPhoneConnected;
}
