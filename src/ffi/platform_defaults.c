/* Weak defaults of the optional platform extensions; a platform's own definition replaces one. */
#include "wifi_provision_platform.h"

__attribute__( ( weak ) ) WIFIReturnCode_t WIFI_NetworkMove( uint16_t usFrom,
                                                             uint16_t usTo )
{
    ( void ) usFrom;
    ( void ) usTo;
    return eWiFiNotSupported;
}

__attribute__( ( weak ) ) WIFIReturnCode_t WIFI_NetworkReplace( uint16_t usIndex,
                                                                const WIFINetworkProfile_t * const pxNetworkProfile )
{
    ( void ) usIndex;
    ( void ) pxNetworkProfile;
    return eWiFiNotSupported;
}

__attribute__( ( weak ) ) void WIFI_PROVISION_Log( const char * pcLine )
{
    ( void ) pcLine;
}
