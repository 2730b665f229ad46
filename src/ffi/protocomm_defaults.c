/* Weak default of the optional platform extension for Espressif's protocol. */
#include "wifi_provision_reason.h"

__attribute__( ( weak ) ) WIFI_PROVISION_Reason_t WIFI_PROVISION_JoinReason( void )
{
    return eWiFiProvisionReasonUnspecified;
}
