/*
 * The service's lines of log, to the project's configPRINTF. Weak: a project that defines
 * WIFI_PROVISION_Log itself has its own used.
 */
#include <stddef.h>
#include <stdint.h>

#include "FreeRTOSConfig.h"

/* Told here because the kernel's header defines one that drops everything. */
#ifndef configPRINTF
    #pragma message "FreeRTOSConfig.h has no configPRINTF: what the provisioning service logs is dropped"
#endif

#include "FreeRTOS.h"
#include "wifi_provision_platform.h"

__attribute__( ( weak ) ) void WIFI_PROVISION_Log( const char * pcLine )
{
    ( void ) pcLine;
    configPRINTF( ( "%s\r\n", pcLine ) );
}
