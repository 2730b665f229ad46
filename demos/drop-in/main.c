/* The application: brings WiFi, BLE and provisioning up, and lets a phone in. */
#include <stdarg.h>
#include <stdio.h>

#include "FreeRTOS.h"
#include "task.h"
#include "iot_ble_data_transfer.h"
#include "iot_wifi.h"
#include "phone.h"
#include "uart.h"
#include "wifi_provision.h"

#define PHONE_STACK_WORDS    768
#define PHONE_PRIORITY       2

static void prvPhone( void * pvNothing )
{
    int iWrong = iPhonePlay();

    ( void ) pvNothing;

    if( WIFI_PROVISION_GetNumNetworks() != 1u )
    {
        configPRINTF( ( "WRONG: one network should be saved\r\n" ) );
        iWrong++;
    }

    if( ( WIFI_PROVISION_Stop() != pdTRUE ) || ( WIFI_PROVISION_Delete() != pdTRUE ) )
    {
        configPRINTF( ( "WRONG: the service does not stop\r\n" ) );
        iWrong++;
    }

    configPRINTF( ( "%d answers were wrong\r\n", iWrong ) );
    vBoardExit( ( iWrong == 0 ) ? 0 : 1 );
}

void vApplicationDaemonTaskStartupHook( void )
{
    if( ( WIFI_On() != eWiFiSuccess ) || !IotBleDataTransfer_Init() )
    {
        configPRINTF( ( "no WiFi or no BLE\r\n" ) );
        vBoardExit( 1 );
    }

    if( ( WIFI_PROVISION_Init() != pdTRUE ) || ( WIFI_PROVISION_Start() != pdTRUE ) )
    {
        configPRINTF( ( "provisioning does not start\r\n" ) );
        vBoardExit( 1 );
    }

    if( xTaskCreate( prvPhone, "phone", PHONE_STACK_WORDS, NULL, PHONE_PRIORITY, NULL ) != pdPASS )
    {
        configPRINTF( ( "no memory for the phone\r\n" ) );
        vBoardExit( 1 );
    }
}

int main( void )
{
    vTaskStartScheduler();
    return 1;
}

/* What the kernel and the configuration ask of the application. */

void vLoggingPrintf( const char * pcFormat,
                     ... )
{
    char cLine[ 256 ];
    va_list xArguments;

    va_start( xArguments, pcFormat );
    ( void ) vsnprintf( cLine, sizeof( cLine ), pcFormat, xArguments );
    va_end( xArguments );
    vUartWrite( cLine );
}

void vAssertCalled( const char * pcFile,
                    unsigned long ulLine )
{
    taskDISABLE_INTERRUPTS();
    configPRINTF( ( "assertion: %s:%lu\r\n", pcFile, ulLine ) );
    vBoardExit( 1 );
}

void vApplicationMallocFailedHook( void )
{
    vAssertCalled( "heap", 0 );
}

void vApplicationStackOverflowHook( TaskHandle_t xTask,
                                    char * pcName )
{
    ( void ) xTask;
    vAssertCalled( pcName, 0 );
}
