#include "wifi_watch.h"

#include "semphr.h"
#include "task.h"

#include "iot_wifi.h"

/* Given at every change; several changes before a look are one. */
static SemaphoreHandle_t xChanged = NULL;

/*-----------------------------------------------------------*/

static void prvChanged( WIFIEvent_t * pxEvent )
{
    ( void ) pxEvent;
    ( void ) xSemaphoreGive( xChanged );
}

/*-----------------------------------------------------------*/

BaseType_t WIFI_WATCH_Start( void )
{
    xChanged = xSemaphoreCreateBinary();

    if( ( xChanged == NULL ) ||
        ( WIFI_RegisterEvent( eWiFiEventIPReady, prvChanged ) != eWiFiSuccess ) ||
        ( WIFI_RegisterEvent( eWiFiEventDisconnected, prvChanged ) != eWiFiSuccess ) )
    {
        return pdFAIL;
    }

    return pdPASS;
}

/*-----------------------------------------------------------*/

BaseType_t WIFI_WATCH_Wait( TickType_t xTimeout )
{
    if( xChanged == NULL )
    {
        vTaskDelay( xTimeout );
        return pdFALSE;
    }

    return xSemaphoreTake( xChanged, xTimeout );
}
