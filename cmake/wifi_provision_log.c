/*
 * The service's lines of log, to the project's configPRINTF. Weak: a project that defines
 * WIFI_PROVISION_Log itself has its own used.
 */
#include "FreeRTOS.h"
#include "wifi_provision_platform.h"

#ifdef configPRINTF

__attribute__( ( weak ) ) void WIFI_PROVISION_Log( const char * pcLine )
{
    configPRINTF( ( "%s\r\n", pcLine ) );
}

#else
    #pragma message "FreeRTOSConfig.h has no configPRINTF: what the provisioning service logs is dropped"
#endif
