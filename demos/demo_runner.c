#include "demo_runner.h"

#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "demo_config.h"
#include "hello.h"
#include "iot_wifi.h"
#include "page.h"
#include "wifi_watch.h"

/* Longest name, with each byte escaped, and the end. */
#define NAME_LENGTH    ( wificonfigMAX_SSID_LEN * 4 + 1 )

/* A phone's network is saved right after it was joined; so long its name is waited for. */
#define NAME_WAIT      pdMS_TO_TICKS( 2000U )
#define NAME_LOOK      pdMS_TO_TICKS( 50U )

/* Looks again now and then: two changes shortly after each other may look like none. */
#define LOOK_AGAIN     pdMS_TO_TICKS( 30000U )

/*-----------------------------------------------------------*/

/* Writes the name of a network so that it stays on its line: control characters escaped. */
static void prvShow( const uint8_t * pucName,
                     size_t xLength,
                     char * pcOut )
{
    static const char cDigits[] = "0123456789abcdef";
    size_t xAt;

    for( xAt = 0; xAt < xLength; xAt++ )
    {
        uint8_t ucByte = pucName[ xAt ];

        if( ( ucByte < ' ' ) || ( ucByte == 0x7F ) )
        {
            *pcOut++ = '\\';
            *pcOut++ = 'x';
            *pcOut++ = cDigits[ ucByte >> 4 ];
            *pcOut++ = cDigits[ ucByte & 0x0F ];
        }
        else
        {
            *pcOut++ = ( char ) ucByte;
        }
    }

    *pcOut = '\0';
}

/*-----------------------------------------------------------*/

/* The name of the network WiFi is on: the saved one that says it is. False when none does. */
static BaseType_t prvNetworkName( char * pcName )
{
    /* Holds a password: static, so that it lies in one known place, and wiped. */
    static WIFINetworkProfile_t xProfile;
    /* Only its name is filled in: large for a stack. */
    static WIFINetworkParams_t xParams;
    BaseType_t xFound = pdFALSE;
    uint16_t usIndex;

    for( usIndex = 0; ( xFound == pdFALSE ) && ( usIndex < wificonfigMAX_NETWORK_PROFILES ); usIndex++ )
    {
        if( WIFI_NetworkGet( &xProfile, usIndex ) != eWiFiSuccess )
        {
            break;
        }

        ( void ) memcpy( xParams.ucSSID, xProfile.ucSSID, sizeof( xParams.ucSSID ) );
        xParams.ucSSIDLength = xProfile.ucSSIDLength;

        if( ( xProfile.ucSSIDLength <= wificonfigMAX_SSID_LEN ) && ( WIFI_IsConnected( &xParams ) == pdTRUE ) )
        {
            prvShow( xProfile.ucSSID, xProfile.ucSSIDLength, pcName );
            xFound = pdTRUE;
        }
    }

    ( void ) memset( &xProfile, 0, sizeof( xProfile ) );

    /* So that the compiler does not leave it out. */
    __asm volatile ( "" : : "r" ( &xProfile ) : "memory" );
    return xFound;
}

/*-----------------------------------------------------------*/

/* pdTRUE when there is an address to report. */
static BaseType_t prvReport( void )
{
    WIFIIPConfiguration_t xInfo;
    char cName[ NAME_LENGTH ];
    uint8_t ucAddress[ 4 ];
    TickType_t xBegan = xTaskGetTickCount();
    BaseType_t xNamed = prvNetworkName( cName );

    while( ( xNamed != pdTRUE ) && ( WIFI_IsConnected( NULL ) == pdTRUE ) &&
           ( ( xTaskGetTickCount() - xBegan ) < NAME_WAIT ) )
    {
        vTaskDelay( NAME_LOOK );
        xNamed = prvNetworkName( cName );
    }

    if( WIFI_GetIPInfo( &xInfo ) != eWiFiSuccess )
    {
        return pdFALSE;
    }

    ( void ) memcpy( ucAddress, &xInfo.xIPAddress.ulAddress[ 0 ], sizeof( ucAddress ) );

    if( xNamed != pdTRUE )
    {
        ( void ) strcpy( cName, "a network that is not saved" );
    }

    configPRINTF( ( "WiFi is connected: network '%s', address %u.%u.%u.%u", cName,
                    ucAddress[ 0 ], ucAddress[ 1 ], ucAddress[ 2 ], ucAddress[ 3 ] ) );
    return pdTRUE;
}

/*-----------------------------------------------------------*/

/* What is done while WiFi is connected. */
static void prvRunOverWifi( void )
{
    uint32_t ulTry;

    while( WIFI_IsConnected( NULL ) == pdTRUE )
    {
        /* What changed until now is what is reported now. */
        ( void ) WIFI_WATCH_Wait( 0 );

        if( prvReport() == pdTRUE )
        {
            for( ulTry = 1; ulTry <= democonfigPAGE_TRIES; ulTry++ )
            {
                if( ( PAGE_Fetch() == pdPASS ) || ( WIFI_IsConnected( NULL ) != pdTRUE ) )
                {
                    break;
                }
            }
        }

        /* Until WiFi goes, or a phone switches to another network. */
        while( ( WIFI_WATCH_Wait( LOOK_AGAIN ) != pdTRUE ) && ( WIFI_IsConnected( NULL ) == pdTRUE ) )
        {
        }
    }

    configPRINTF( ( "WiFi is gone." ) );
}

/*-----------------------------------------------------------*/

void DEMO_RUNNER_RunDemos( void )
{
    ( void ) HELLO_Start();

    for( ; ; )
    {
        /* Through a saved network, or through a phone that provisions one. */
        while( WIFI_IsConnected( NULL ) != pdTRUE )
        {
            ( void ) WIFI_WATCH_Wait( LOOK_AGAIN );
        }

        prvRunOverWifi();
    }
}
