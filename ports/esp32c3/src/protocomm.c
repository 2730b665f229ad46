/*
 * IotBleProtocomm_*, as a device answers that Espressif's apps cannot provision. A handshake of security 2 takes 13 KB of stack
 * (it took 28 KB when this was decided); whether the chip has room for that beside both radios is to be tried on a board.
 */
#include "iot_ble_protocomm.h"

BTStatus_t IotBleProtocomm_Start( const IotBleProtocommConfig_t * pxConfig )
{
    ( void ) pxConfig;
    return eBTStatusUnsupported;
}

BTStatus_t IotBleProtocomm_Stop( void )
{
    return eBTStatusUnsupported;
}

BTStatus_t IotBleProtocomm_ForgetSecret( void )
{
    return eBTStatusUnsupported;
}

size_t IotBleProtocomm_Payload( char * pcOut,
                                size_t xCapacity )
{
    ( void ) pcOut;
    ( void ) xCapacity;
    return 0;
}

bool IotBleProtocomm_QrCode( void ( * pxLine )( const char * pcLine ) )
{
    ( void ) pxLine;
    return false;
}
