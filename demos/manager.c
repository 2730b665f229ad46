#include "manager.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "aws_iot_network_manager.h"

/*-----------------------------------------------------------*/

/* In the manager's task. */
static void prvTold( uint32_t ulNetwork,
                     AwsIotNetworkState_t xState,
                     void * pvContext )
{
    static const char * const pcStates[] = { "disabled", "enabled", "connected" };

    configPRINTF( ( "manager: %s %s is %s", ( const char * ) pvContext, ( ulNetwork == AWSIOT_NETWORK_TYPE_WIFI ) ? "WiFi" : "BLE",
                    ( ( size_t ) xState < 3U ) ? pcStates[ xState ] : "in no state" ) );
}

/*-----------------------------------------------------------*/

/* subscribe, and remove, which keeps the name: removed twice, the second time there is none of that name. */
static void prvSubscription( bool xSubscribe )
{
    static IotNetworkManagerSubscription_t xHandle = IOT_NETWORK_MANAGER_SUBSCRIPTION_INITIALIZER;
    static char cContext[] = "told that";

    if( xSubscribe )
    {
        BaseType_t xDone = AwsIotNetworkManager_SubscribeForStateChange( AWSIOT_NETWORK_TYPE_ALL, prvTold, cContext, &xHandle );

        configPRINTF( ( "manager: %s", ( xDone == pdTRUE ) ? "subscribed" : "there is no room" ) );
    }
    else
    {
        BaseType_t xDone = AwsIotNetworkManager_RemoveSubscription( xHandle );

        configPRINTF( ( "manager: %s", ( xDone == pdTRUE ) ? "removed" : "there is no such subscription" ) );
    }
}

/*-----------------------------------------------------------*/

static bool prvAre( uint32_t ulNetwork,
                    const void * pvInterface,
                    const void * pvCredentials,
                    const void * pvConnectionParams )
{
    return ( ( const void * ) AwsIotNetworkManager_GetNetworkInterface( ulNetwork ) == pvInterface ) &&
           ( AwsIotNetworkManager_GetCredentials( ulNetwork ) == pvCredentials ) &&
           ( AwsIotNetworkManager_GetConnectionParams( ulNetwork ) == pvConnectionParams );
}

/*-----------------------------------------------------------*/

/* Sets what the manager keeps for an application, and asks for it; leaves nothing. */
static void prvParameters( void )
{
    static uint8_t ucKept[ 3 ];
    const IotNetworkInterface_t * pxInterface = ( const IotNetworkInterface_t * ) &ucKept[ 0 ];
    bool xKept = AwsIotNetworkManager_SetParameters( AWSIOT_NETWORK_TYPE_WIFI, pxInterface, &ucKept[ 1 ], &ucKept[ 2 ] ) == pdTRUE;
    bool xRefused = AwsIotNetworkManager_SetParameters( AWSIOT_NETWORK_TYPE_ALL, NULL, NULL, NULL ) == pdFALSE;

    xKept = xKept && prvAre( AWSIOT_NETWORK_TYPE_WIFI, pxInterface, &ucKept[ 1 ], &ucKept[ 2 ] );
    xKept = xKept && prvAre( AWSIOT_NETWORK_TYPE_BLE, NULL, NULL, NULL );
    xKept = ( AwsIotNetworkManager_SetParameters( AWSIOT_NETWORK_TYPE_WIFI, NULL, NULL, NULL ) == pdTRUE ) && xKept;
    xKept = xKept && prvAre( AWSIOT_NETWORK_TYPE_WIFI, NULL, NULL, NULL );

    configPRINTF( ( "manager: parameters are %s; those of two networks at once are %s", xKept ? "kept" : "lost",
                    xRefused ? "refused" : "taken" ) );
}

/*-----------------------------------------------------------*/

void MANAGER_Run( const char * pcHow )
{
    if( ( strcmp( pcHow, " subscribe" ) == 0 ) || ( strcmp( pcHow, " remove" ) == 0 ) )
    {
        prvSubscription( strcmp( pcHow, " subscribe" ) == 0 );
    }
    else if( strcmp( pcHow, " parameters" ) == 0 )
    {
        prvParameters();
    }
    else if( strcmp( pcHow, " join" ) == 0 )
    {
        configPRINTF( ( "manager: %s", ( xWiFiConnectTaskInitialize() == pdTRUE ) ? "joins saved networks" : "there is no memory" ) );
    }
    else if( strcmp( pcHow, " rest" ) == 0 )
    {
        vWiFiConnectTaskDestroy();
        configPRINTF( ( "manager: joins nothing" ) );
    }
    else
    {
        configPRINTF( ( "manager: say subscribe, remove, parameters, join or rest" ) );
    }
}
