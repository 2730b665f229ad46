/* Saved networks in memory, as the platform contract wants them: in order of arrival. */
#include <string.h>

#include "FreeRTOS.h"
#include "semphr.h"

#include "wifi.h"

static WIFINetworkProfile_t xStore[ wificonfigMAX_NETWORK_PROFILES ];
static uint32_t ulCount;
static SemaphoreHandle_t xMutex;

typedef struct
{
    const WIFINetworkProfile_t * pxFrom;
    WIFINetworkProfile_t * pxTo;
    uint16_t * pusIndex;
    uint16_t usIndex;
} Arguments_t;

void vStoreStart( void )
{
    xMutex = xSemaphoreCreateMutex();
    configASSERT( xMutex != NULL );
}

void vStoreReset( uint32_t ulSaved )
{
    ( void ) memset( xStore, 0, sizeof( xStore ) );

    for( uint32_t i = 0; i < ulSaved; i++ )
    {
        WIFINetworkProfile_t * pxNetwork = &xStore[ i ];

        ( void ) memcpy( pxNetwork->ucSSID, "SavedNetwork00", 14 );
        pxNetwork->ucSSID[ 13 ] = ( uint8_t ) ( '0' + i );
        pxNetwork->ucSSIDLength = 14;
        ( void ) memcpy( pxNetwork->cPassword, "password0123", 12 );
        pxNetwork->ucPasswordLength = 12;
        pxNetwork->xSecurity = eWiFiSecurityWPA2;

        for( uint32_t j = 0; j < sizeof( pxNetwork->ucBSSID ); j++ )
        {
            pxNetwork->ucBSSID[ j ] = ( uint8_t ) ( 16U * i + j );
        }
    }

    ulCount = ulSaved;
}

uint32_t ulStored( void )
{
    return ulCount;
}

const WIFINetworkProfile_t * pxStored( uint32_t ulIndex )
{
    static const WIFINetworkProfile_t xNone;

    return ( ulIndex < ulCount ) ? &xStore[ ulIndex ] : &xNone;
}

static void prvLock( void )
{
    configASSERT( xSemaphoreTake( xMutex, portMAX_DELAY ) == pdTRUE );
}

static void prvUnlock( void )
{
    configASSERT( xSemaphoreGive( xMutex ) == pdTRUE );
}

static WIFIReturnCode_t prvAdd( void * pvArguments,
                                const WiFiBehaviour_t * pxBehaviour )
{
    const Arguments_t * pxArguments = pvArguments;
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( ulCount < wificonfigMAX_NETWORK_PROFILES )
    {
        xStore[ ulCount ] = *pxArguments->pxFrom;
        *pxArguments->pusIndex = pxBehaviour->bGarbage ? UINT16_MAX : ( uint16_t ) ulCount;
        ulCount++;
        xResult = eWiFiSuccess;
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkAdd( const WIFINetworkProfile_t * const pxNetworkProfile,
                                  uint16_t * pusIndex )
{
    Arguments_t xArguments = { .pxFrom = pxNetworkProfile, .pusIndex = pusIndex };

    return xWiFiDo( eCallAdd, prvAdd, &xArguments );
}

static WIFIReturnCode_t prvGet( void * pvArguments,
                                const WiFiBehaviour_t * pxBehaviour )
{
    const Arguments_t * pxArguments = pvArguments;
    WIFIReturnCode_t xResult = eWiFiFailure;

    prvLock();

    if( ( pxArguments->usIndex < ulCount ) && ( pxArguments->usIndex + 1U != pxBehaviour->ulBad ) )
    {
        *pxArguments->pxTo = xStore[ pxArguments->usIndex ];
        xResult = eWiFiSuccess;
    }

    if( pxBehaviour->bGarbage )
    {
        pxArguments->pxTo->ucSSIDLength = UINT8_MAX;
        pxArguments->pxTo->ucPasswordLength = UINT8_MAX;
        pxArguments->pxTo->xSecurity = ( WIFISecurity_t ) 77;
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkGet( WIFINetworkProfile_t * pxNetworkProfile,
                                  uint16_t usIndex )
{
    Arguments_t xArguments = { .pxTo = pxNetworkProfile, .usIndex = usIndex };

    return xWiFiDo( eCallGet, prvGet, &xArguments );
}

static WIFIReturnCode_t prvDelete( void * pvArguments,
                                   const WiFiBehaviour_t * pxBehaviour )
{
    const Arguments_t * pxArguments = pvArguments;
    WIFIReturnCode_t xResult = eWiFiFailure;

    ( void ) pxBehaviour;
    prvLock();

    if( pxArguments->usIndex < ulCount )
    {
        uint32_t ulAfter = ulCount - pxArguments->usIndex - 1U;

        ( void ) memmove( &xStore[ pxArguments->usIndex ], &xStore[ pxArguments->usIndex + 1U ], ulAfter * sizeof( xStore[ 0 ] ) );
        ulCount--;
        ( void ) memset( &xStore[ ulCount ], 0, sizeof( xStore[ 0 ] ) );
        xResult = eWiFiSuccess;
    }

    prvUnlock();
    return xResult;
}

WIFIReturnCode_t WIFI_NetworkDelete( uint16_t usIndex )
{
    Arguments_t xArguments = { .usIndex = usIndex };

    return xWiFiDo( eCallDelete, prvDelete, &xArguments );
}
