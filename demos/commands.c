#include "commands.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "aws_iot_network_manager.h"
#include "board.h"
#include "espressif.h"
#include "factory_reset.h"
#include "hello.h"
#include "iot_ble.h"
#include "iot_ble_protocomm.h"
#include "manager.h"
#include "wifi_provision.h"
#include "wifi_provision_protocomm.h"

/* More tasks than this are not shown. */
#define TASKS           16

/* How often WIFI_PROVISION_Start and _Stop may be cycled by one command. */
#define MOST_CYCLES     100000UL

/* Long enough for the idle task to have run. */
#define IDLE_HAS_RUN    pdMS_TO_TICKS( 20U )

/*-----------------------------------------------------------*/

static void prvHeap( void )
{
    configPRINTF( ( "heap: %u bytes free, %u at the least since the start",
                    ( unsigned ) xPortGetFreeHeapSize(), ( unsigned ) xPortGetMinimumEverFreeHeapSize() ) );
}

/*-----------------------------------------------------------*/

static void prvStacks( void )
{
    static TaskStatus_t xTasks[ TASKS ];
    UBaseType_t uxCount = uxTaskGetSystemState( xTasks, TASKS, NULL );
    UBaseType_t uxAt;

    if( uxCount == 0 )
    {
        configPRINTF( ( "stacks: there are more than %d tasks", TASKS ) );
    }

    for( uxAt = 0; uxAt < uxCount; uxAt++ )
    {
        configPRINTF( ( "stack of %s: %u bytes never used", xTasks[ uxAt ].pcTaskName,
                        ( unsigned ) xTasks[ uxAt ].usStackHighWaterMark * sizeof( StackType_t ) ) );
    }
}

/*-----------------------------------------------------------*/

static void prvStart( void )
{
    configPRINTF( ( "start: %s", ( WIFI_PROVISION_Start() == pdTRUE ) ? "serving" : "failed" ) );
}

/*-----------------------------------------------------------*/

static void prvStop( void )
{
    configPRINTF( ( "stop: %s", ( WIFI_PROVISION_Stop() == pdTRUE ) ? "stopped" : "a request is still in progress" ) );
}

/*-----------------------------------------------------------*/

/* Stops and starts the service, and says what that cost in heap. */
static void prvCycle( const char * pcCount )
{
    unsigned long ulCycles = strtoul( pcCount, NULL, 10 );
    unsigned long ulDone;
    size_t xBefore;

    if( ( ulCycles == 0 ) || ( ulCycles > MOST_CYCLES ) )
    {
        configPRINTF( ( "cycle: say how often, 1 to %lu", MOST_CYCLES ) );
        return;
    }

    xBefore = xPortGetFreeHeapSize();

    for( ulDone = 0; ulDone < ulCycles; ulDone++ )
    {
        if( ( WIFI_PROVISION_Stop() != pdTRUE ) || ( WIFI_PROVISION_Start() != pdTRUE ) )
        {
            break;
        }

        /* The kernel frees a deleted task's memory in the idle task, which must get its turn. */
        vTaskDelay( IDLE_HAS_RUN );
    }

    configPRINTF( ( "cycle: %lu of %lu done, heap %u before, %u after", ulDone, ulCycles,
                    ( unsigned ) xBefore, ( unsigned ) xPortGetFreeHeapSize() ) );
}

/*-----------------------------------------------------------*/

static void prvNetworks( void )
{
    configPRINTF( ( "networks: configured %lx, enabled %lx, connected %lx, preferred %lx (WiFi 1, BLE 2)",
                    ( unsigned long ) AwsIotNetworkManager_GetConfiguredNetworks(),
                    ( unsigned long ) AwsIotNetworkManager_GetEnabledNetworks(),
                    ( unsigned long ) AwsIotNetworkManager_GetConnectedNetworks(),
                    ( unsigned long ) AwsIotNetworkManager_GetPreferredNetwork() ) );
}

/*-----------------------------------------------------------*/

/* Switches a network on or off and says what became of it. */
static void prvSwitch( const char * pcName,
                       bool xOn )
{
    uint32_t ulNetwork = AWSIOT_NETWORK_TYPE_NONE;

    if( strcmp( pcName, " wifi" ) == 0 )
    {
        ulNetwork = AWSIOT_NETWORK_TYPE_WIFI;
    }
    else if( strcmp( pcName, " ble" ) == 0 )
    {
        ulNetwork = AWSIOT_NETWORK_TYPE_BLE;
    }
    else
    {
        configPRINTF( ( "enable, disable: say which network, wifi or ble" ) );
        return;
    }

    if( xOn )
    {
        xOn = AwsIotNetworkManager_EnableNetwork( ulNetwork ) == ulNetwork;
    }
    else
    {
        xOn = AwsIotNetworkManager_DisableNetwork( ulNetwork ) != ulNetwork;
    }

    configPRINTF( ( "network%s: %s", pcName, xOn ? "on" : "off" ) );
}

/*-----------------------------------------------------------*/

/* hello COUNT [BYTES], hello off, hello on. */
static void prvHello( const char * pcArguments )
{
    char * pcRest = NULL;
    unsigned long ulCount = strtoul( pcArguments, &pcRest, 10 );
    unsigned long ulBytes = strtoul( pcRest, NULL, 10 );

    if( ( strcmp( pcArguments, " off" ) == 0 ) || ( strcmp( pcArguments, " on" ) == 0 ) )
    {
        HELLO_Pause( strcmp( pcArguments, " off" ) == 0 );
        configPRINTF( ( "hello:%s", pcArguments ) );
    }
    else if( ulCount == 0 )
    {
        configPRINTF( ( "hello: say how many messages, and of how many bytes; or on, or off" ) );
    }
    else
    {
        configPRINTF( ( "hello: %lu of %lu messages taken", ( unsigned long ) HELLO_Burst( ulCount, ulBytes ), ulCount ) );
    }
}

/*-----------------------------------------------------------*/

/* protocomm 1, protocomm 2, protocomm open. Nothing else: a slip must not open the device to everybody. */
static void prvProtocomm( const char * pcSecurity )
{
    if( strcmp( pcSecurity, " 1" ) == 0 )
    {
        ESPRESSIF_Start( 1 );
    }
    else if( strcmp( pcSecurity, " 2" ) == 0 )
    {
        ESPRESSIF_Start( 2 );
    }
    else if( strcmp( pcSecurity, " open" ) == 0 )
    {
        ESPRESSIF_Start( IOT_BLE_PROTOCOMM_OPEN );
    }
    else
    {
        configPRINTF( ( "protocomm: say which security, 1, 2 or open, where everybody in range may provision" ) );
    }
}

/*-----------------------------------------------------------*/

/* Nobody opens a session of endpoints without these. */
static BaseType_t prvNoRandom( uint8_t * pucOut,
                               size_t xLength )
{
    ( void ) pucOut;
    ( void ) xLength;
    return pdFALSE;
}

/*-----------------------------------------------------------*/

/* Takes the endpoints before the BLE port does, whose task looks for the service now and then: not in between. */
static bool prvServiceTaken( void )
{
    const WIFI_PROVISION_ProtocommConfig_t xConfig = { .xSecurity = eWiFiProvisionSecurity1, .xRandom = prvNoRandom };
    const UBaseType_t uxPriority = uxTaskPriorityGet( NULL );
    bool xTaken;

    vTaskPrioritySet( NULL, configMAX_PRIORITIES - 1 );
    xTaken = ( WIFI_PROVISION_Init() == pdTRUE ) && ( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    vTaskPrioritySet( NULL, uxPriority );

    return ( WIFI_PROVISION_Start() == pdTRUE ) && xTaken;
}

/*-----------------------------------------------------------*/

/* service off, on: without it, and with it again. taken: on, and the endpoints of Espressif's apps are somebody else's, until
 * service free. */
static void prvService( const char * pcHow )
{
    bool xDone;

    if( strcmp( pcHow, " off" ) == 0 )
    {
        xDone = WIFI_PROVISION_Delete() == pdTRUE;
    }
    else if( strcmp( pcHow, " on" ) == 0 )
    {
        xDone = ( WIFI_PROVISION_Init() == pdTRUE ) && ( WIFI_PROVISION_Start() == pdTRUE );
    }
    else if( strcmp( pcHow, " taken" ) == 0 )
    {
        xDone = prvServiceTaken();
    }
    else if( strcmp( pcHow, " free" ) == 0 )
    {
        xDone = WIFI_PROVISION_ProtocommStop() == pdTRUE;
    }
    else
    {
        configPRINTF( ( "service: say off, on, taken or free" ) );
        return;
    }

    configPRINTF( ( "service:%s%s", pcHow, xDone ? "" : " failed" ) );
}

/*-----------------------------------------------------------*/

/* The text behind a command's name; NULL when the line is another command. */
static const char * prvArgument( const char * pcLine,
                                 const char * pcName )
{
    size_t xLength = strlen( pcName );

    if( ( strncmp( pcLine, pcName, xLength ) != 0 ) || ( ( pcLine[ xLength ] != '\0' ) && ( pcLine[ xLength ] != ' ' ) ) )
    {
        return NULL;
    }

    return &pcLine[ xLength ];
}

/*-----------------------------------------------------------*/

void COMMANDS_Run( const char * pcLine )
{
    const char * pcArgument;

    if( strcmp( pcLine, "heap" ) == 0 )
    {
        prvHeap();
    }
    else if( strcmp( pcLine, "stacks" ) == 0 )
    {
        prvStacks();
    }
    else if( strcmp( pcLine, "start" ) == 0 )
    {
        prvStart();
    }
    else if( strcmp( pcLine, "stop" ) == 0 )
    {
        prvStop();
    }
    else if( ( pcArgument = prvArgument( pcLine, "service" ) ) != NULL )
    {
        prvService( pcArgument );
    }
    else if( ( pcArgument = prvArgument( pcLine, "cycle" ) ) != NULL )
    {
        prvCycle( pcArgument );
    }
    else if( strcmp( pcLine, "networks" ) == 0 )
    {
        prvNetworks();
    }
    else if( ( pcArgument = prvArgument( pcLine, "enable" ) ) != NULL )
    {
        prvSwitch( pcArgument, true );
    }
    else if( ( pcArgument = prvArgument( pcLine, "disable" ) ) != NULL )
    {
        prvSwitch( pcArgument, false );
    }
    else if( ( pcArgument = prvArgument( pcLine, "manager" ) ) != NULL )
    {
        MANAGER_Run( pcArgument );
    }
    else if( ( pcArgument = prvArgument( pcLine, "hello" ) ) != NULL )
    {
        prvHello( pcArgument );
    }
    else if( strcmp( pcLine, "protocomm" ) == 0 )
    {
        ESPRESSIF_Show();
    }
    else if( ( pcArgument = prvArgument( pcLine, "protocomm" ) ) != NULL )
    {
        prvProtocomm( pcArgument );
    }
    else if( strcmp( pcLine, "bonds clear" ) == 0 )
    {
        configPRINTF( ( "bonds: %s", ( IotBle_RemoveAllBonds() == eBTStatusSuccess ) ? "all phones are forgotten" : "not cleared" ) );
    }
    else if( strcmp( pcLine, "factory-reset" ) == 0 )
    {
        configPRINTF( ( "factory-reset: %s", ( FACTORY_RESET_Run() == pdTRUE ) ? "done" : "not all of it was done" ) );
    }
    else if( strcmp( pcLine, "reset" ) == 0 )
    {
        BOARD_Reset();
    }
    else
    {
        configPRINTF( ( "commands: heap, stacks, start, stop, service HOW, cycle N, networks, enable NETWORK, disable NETWORK, manager HOW, bonds clear, factory-reset, hello COUNT [BYTES], hello off, hello on, protocomm [SECURITY], reset" ) );
    }
}
