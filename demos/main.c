/*
 * The boot flow of the demo: Bluetooth, the system, provisioning, WiFi, the demos.
 */
#include "FreeRTOS.h"
#include "task.h"

#include "aws_iot_network_manager.h"
#include "board.h"
#include "console.h"
#include "demo_runner.h"
#include "espressif.h"
#include "iot_ble.h"
#include "iot_wifi.h"
#include "wifi_provision.h"
#include "wifi_watch.h"

/* The task that waits for WiFi and runs the demos; below the radios, above the console. */
#define mainNETWORK_TASK_STACK       2048
#define mainNETWORK_TASK_PRIORITY    ( tskIDLE_PRIORITY + 2 )

/* A radio that cannot be switched on is tried again so often. */
#define mainSWITCH_ON_AGAIN_S        60

static void prvBLEInit( void );
static void SYSTEM_Init( void );
static void prvBLEConnect( void );
static void prvProvisioningStart( void );
static void prvNetworkTask( void * pvParameters );
static void prvWifiConnect( void );

/*-----------------------------------------------------------*/

int main( void )
{
    BOARD_Init();
    vTaskStartScheduler();

    /* Only without memory for the kernel's own tasks. */
    configASSERT( pdFALSE );
    return 1;
}

/*-----------------------------------------------------------*/

/* Runs first, in the timer task, which must not wait for WiFi: what may take for ever has a task of
 * its own, begun last. */
void vApplicationDaemonTaskStartupHook( void )
{
    prvBLEInit();
    SYSTEM_Init();
    prvBLEConnect();
    prvProvisioningStart();

    /* prvWifiConnect, then DEMO_RUNNER_RunDemos. */
    configASSERT( xTaskCreate( prvNetworkTask, "network", mainNETWORK_TASK_STACK, NULL,
                               mainNETWORK_TASK_PRIORITY, NULL ) == pdPASS );
}

/*-----------------------------------------------------------*/

static void prvNetworkTask( void * pvParameters )
{
    ( void ) pvParameters;

    prvWifiConnect();
    DEMO_RUNNER_RunDemos();
}

/*-----------------------------------------------------------*/

/* Bluetooth is made ready, and somebody is there to compare numbers; nothing is on the air yet. */
static void prvBLEInit( void )
{
    if( CONSOLE_Start() != pdPASS )
    {
        configPRINTF( ( "The console cannot be started." ) );
    }

    if( IotBle_Init() != eBTStatusSuccess )
    {
        configPRINTF( ( "Bluetooth cannot be made ready; no phone will find this device." ) );
    }
    else if( CONSOLE_CompareNumbers() != pdPASS )
    {
        configPRINTF( ( "Nobody can compare numbers; every pairing will be refused." ) );
    }
}

/*-----------------------------------------------------------*/

static void SYSTEM_Init( void )
{
    if( AwsIotNetworkManager_Init() != pdTRUE )
    {
        configPRINTF( ( "The network manager cannot be started; nobody will hear of networks." ) );
    }

    if( ( WIFI_On() != eWiFiSuccess ) || ( WIFI_WATCH_Start() != pdPASS ) )
    {
        configPRINTF( ( "The WiFi radio cannot be switched on." ) );
    }
}

/*-----------------------------------------------------------*/

/* From here on phones find the device. */
static void prvBLEConnect( void )
{
    if( AwsIotNetworkManager_EnableNetwork( AWSIOT_NETWORK_TYPE_BLE ) != AWSIOT_NETWORK_TYPE_BLE )
    {
        configPRINTF( ( "Bluetooth cannot be switched on; no phone will find this device." ) );
    }
}

/*-----------------------------------------------------------*/

static void prvProvisioningStart( void )
{
    if( ( WIFI_PROVISION_Init() != pdTRUE ) || ( WIFI_PROVISION_Start() != pdTRUE ) )
    {
        configPRINTF( ( "WiFi provisioning cannot be started; phones will get no answer." ) );
    }

    /* Security 2, whose password no phone has to send. */
    ESPRESSIF_Start( 2 );
}

/*-----------------------------------------------------------*/

/* From here on saved networks are joined by themselves, for ever: the manager has a task for that. */
static void prvWifiConnect( void )
{
    while( AwsIotNetworkManager_EnableNetwork( AWSIOT_NETWORK_TYPE_WIFI ) != AWSIOT_NETWORK_TYPE_WIFI )
    {
        vTaskDelay( pdMS_TO_TICKS( mainSWITCH_ON_AGAIN_S * 1000U ) );
    }
}
