/*
 * The boot flow of the demo: Bluetooth, the system, provisioning, WiFi, the demos.
 */
#include <stdbool.h>

#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"

#include "board.h"
#include "console.h"
#include "demo_runner.h"
#include "espressif.h"
#include "iot_ble.h"
#include "iot_wifi.h"
#include "phone.h"
#include "wifi_provision.h"
#include "wifi_watch.h"

/* The task that waits for WiFi and runs the demos; below the radios, above the console. What it
 * calls reads the saved networks on its stack. */
#define mainNETWORK_TASK_STACK       2048
#define mainNETWORK_TASK_PRIORITY    ( tskIDLE_PRIORITY + 2 )

/* Between two passes over the saved networks. */
#define mainFIRST_PAUSE_S            1
#define mainLONGEST_PAUSE_S          60

/* How long a phone that is connected may keep the device from joining a network by itself. */
#define mainPHONE_FIRST_S            30

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

    for( ; ; )
    {
        prvWifiConnect();
        DEMO_RUNNER_RunDemos();
    }
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
    else if( ( CONSOLE_CompareNumbers() != pdPASS ) || ( PHONE_Watch() != pdPASS ) )
    {
        configPRINTF( ( "Nobody can compare numbers; every pairing will be refused." ) );
    }
}

/*-----------------------------------------------------------*/

static void SYSTEM_Init( void )
{
    if( ( WIFI_On() != eWiFiSuccess ) || ( WIFI_WATCH_Start() != pdPASS ) )
    {
        configPRINTF( ( "The WiFi radio cannot be switched on." ) );
    }
}

/*-----------------------------------------------------------*/

/* From here on phones find the device. */
static void prvBLEConnect( void )
{
    if( IotBle_On() != eBTStatusSuccess )
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

/* Whoever holds a known phone decides: while it is connected it may be switching networks, and a try of
 * ours in between would undo that. Returns when the phone has gone, WiFi has come, or time is up. */
static void prvLetPhoneGoFirst( void )
{
    TickType_t xBegan = xTaskGetTickCount();

    while( PHONE_IsTrusted() && ( WIFI_IsConnected( NULL ) != pdTRUE ) &&
           ( ( xTaskGetTickCount() - xBegan ) < pdMS_TO_TICKS( mainPHONE_FIRST_S * 1000U ) ) )
    {
        ( void ) WIFI_WATCH_Wait( pdMS_TO_TICKS( 200U ) );
    }
}

/*-----------------------------------------------------------*/

/* Tries every saved network, the first one first. */
static bool prvTrySavedNetworks( void )
{
    uint16_t usCount = WIFI_PROVISION_GetNumNetworks();
    uint16_t usIndex;

    for( usIndex = 0; usIndex < usCount; usIndex++ )
    {
        prvLetPhoneGoFirst();

        /* A phone may have been quicker. */
        if( WIFI_IsConnected( NULL ) == pdTRUE )
        {
            return true;
        }

        configPRINTF( ( "Joining saved network %u of %u.", usIndex + 1U, usCount ) );

        if( WIFI_PROVISION_Connect( usIndex ) == pdTRUE )
        {
            return true;
        }
    }

    return false;
}

/*-----------------------------------------------------------*/

/* Returns when WiFi is connected, through a saved network or through a phone that provisions one
 * meanwhile. Never gives up. */
static void prvWifiConnect( void )
{
    uint32_t ulPauseS = mainFIRST_PAUSE_S;
    bool xToldEmpty = false;

    while( WIFI_IsConnected( NULL ) != pdTRUE )
    {
        if( WIFI_PROVISION_GetNumNetworks() == 0 )
        {
            if( !xToldEmpty )
            {
                configPRINTF( ( "No network is saved; waiting for a phone to add one." ) );
                xToldEmpty = true;
            }

            ulPauseS = mainFIRST_PAUSE_S;
            ( void ) WIFI_WATCH_Wait( pdMS_TO_TICKS( ulPauseS * 1000U ) );
            continue;
        }

        xToldEmpty = false;

        if( prvTrySavedNetworks() )
        {
            break;
        }

        configPRINTF( ( "No saved network can be joined; trying again in %u s.", ( unsigned ) ulPauseS ) );
        ( void ) WIFI_WATCH_Wait( pdMS_TO_TICKS( ulPauseS * 1000U ) );
        ulPauseS = ( ulPauseS * 2U > mainLONGEST_PAUSE_S ) ? mainLONGEST_PAUSE_S : ulPauseS * 2U;
    }
}
