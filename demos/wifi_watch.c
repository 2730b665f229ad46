#include "wifi_watch.h"

#include "semphr.h"
#include "task.h"

#include "aws_iot_network_manager.h"

/* Given at every change; several changes before a look are one. */
static SemaphoreHandle_t xChanged = NULL;

/*-----------------------------------------------------------*/

static void prvChanged( uint32_t ulNetwork,
                        AwsIotNetworkState_t xState,
                        void * pvContext )
{
    ( void ) ulNetwork;
    ( void ) xState;
    ( void ) pvContext;
    ( void ) xSemaphoreGive( xChanged );
}

/*-----------------------------------------------------------*/

BaseType_t WIFI_WATCH_Start( void )
{
    xChanged = xSemaphoreCreateBinary();

    if( ( xChanged == NULL ) ||
        ( AwsIotNetworkManager_SubscribeForStateChange( AWSIOT_NETWORK_TYPE_WIFI, prvChanged, NULL, NULL ) != pdTRUE ) )
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
