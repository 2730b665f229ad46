#include "phone.h"

#include <string.h>

#include "iot_ble.h"

/* Written by the Bluetooth task alone; one byte, so it is always whole. */
static volatile bool xPhoneTrusted = false;

/*-----------------------------------------------------------*/

static void prvConnectionChanged( BTStatus_t xStatus,
                                  uint16_t usConnection,
                                  bool xConnected,
                                  BTBdaddr_t * pxPhone )
{
    ( void ) xStatus;
    ( void ) usConnection;
    ( void ) xConnected;
    ( void ) pxPhone;

    /* Whoever comes has yet to prove who it is. */
    xPhoneTrusted = false;
}

/*-----------------------------------------------------------*/

static void prvPairingChanged( BTStatus_t xStatus,
                               BTBdaddr_t * pxPhone,
                               BTBondState_t xBond,
                               BTSecurityLevel_t xLevel,
                               BTAuthFailureReason_t xReason )
{
    ( void ) pxPhone;
    ( void ) xBond;
    ( void ) xReason;

    /* A pairing that failed takes no trust away from a phone that has it. */
    if( ( xStatus == eBTStatusSuccess ) && ( xLevel == eBTSecLevelSecureConnect ) )
    {
        xPhoneTrusted = true;
    }
}

/*-----------------------------------------------------------*/

BaseType_t PHONE_Watch( void )
{
    IotBleEventsCallbacks_t xCallback;

    ( void ) memset( &xCallback, 0, sizeof( xCallback ) );
    xCallback.pConnectionCb = prvConnectionChanged;

    if( IotBle_RegisterEventCb( eBLEConnection, xCallback ) != eBTStatusSuccess )
    {
        return pdFAIL;
    }

    xCallback.pGAPPairingStateChangedCb = prvPairingChanged;
    return ( IotBle_RegisterEventCb( eBLEPairingStateChanged, xCallback ) == eBTStatusSuccess ) ? pdPASS : pdFAIL;
}

/*-----------------------------------------------------------*/

bool PHONE_IsTrusted( void )
{
    return xPhoneTrusted;
}
