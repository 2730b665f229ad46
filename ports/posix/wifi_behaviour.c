/* How the platform's WiFi functions come to do their work: at once, late, in another task, or not. */
#include <string.h>

#include "FreeRTOS.h"
#include "queue.h"
#include "semphr.h"
#include "task.h"

#include "wifi.h"

#define DRIVER_PRIORITY    4

typedef WIFIReturnCode_t ( * Work_t )( void * pvArguments,
                                       const WiFiBehaviour_t * pxBehaviour );

/* Work on its way to the driver's task and back. */
typedef struct
{
    Work_t pvDo;
    void * pvArguments;
    const WiFiBehaviour_t * pxBehaviour;
    WIFIReturnCode_t xResult;
    SemaphoreHandle_t xDone;
} Order_t;

WiFiBehaviour_t xWiFiBehaviour[ eCalls ];
uint32_t ulWiFiCalls[ eCalls ];

static QueueHandle_t xOrders;

static WIFIReturnCode_t prvDo( const Order_t * pxOrder )
{
    const WiFiBehaviour_t * pxBehaviour = pxOrder->pxBehaviour;

    if( pxBehaviour->pvInside != NULL )
    {
        pxBehaviour->pvInside();
    }

    if( pxBehaviour->ulBlockMs != 0U )
    {
        vTaskDelay( pdMS_TO_TICKS( pxBehaviour->ulBlockMs ) );
    }

    return pxOrder->pvDo( pxOrder->pvArguments, pxBehaviour );
}

static void prvDriver( void * pvParameters )
{
    Order_t * pxOrder;

    ( void ) pvParameters;

    for( ; ; )
    {
        if( xQueueReceive( xOrders, &pxOrder, portMAX_DELAY ) == pdTRUE )
        {
            pxOrder->xResult = prvDo( pxOrder );
            ( void ) xSemaphoreGive( pxOrder->xDone );
        }
    }
}

void vWiFiStart( void )
{
    vStoreStart();
    xOrders = xQueueCreate( 4, sizeof( Order_t * ) );
    configASSERT( xOrders != NULL );
    configASSERT( xTaskCreate( prvDriver, "wifi-driver", configMINIMAL_STACK_SIZE, NULL, DRIVER_PRIORITY, NULL ) == pdPASS );
}

/* Whether this call, which is one, is one that fails. */
static bool prvFails( WiFiBehaviour_t * pxBehaviour )
{
    if( pxBehaviour->xResult == eWiFiSuccess )
    {
        return false;
    }

    return ( pxBehaviour->ulOnlyCall == 0U ) || ( --pxBehaviour->ulOnlyCall == 0U );
}

static WIFIReturnCode_t prvFail( void * pvArguments,
                                 const WiFiBehaviour_t * pxBehaviour )
{
    ( void ) pvArguments;
    return pxBehaviour->xResult;
}

WIFIReturnCode_t xWiFiDo( WiFiCall_t xCall,
                          Work_t pvDo,
                          void * pvArguments )
{
    /* A copy: a test may tell otherwise while the call is at it. */
    WiFiBehaviour_t xBehaviour;
    Order_t xOrder = { .pvDo = pvDo, .pvArguments = pvArguments, .pxBehaviour = &xBehaviour };

    taskENTER_CRITICAL();
    ulWiFiCalls[ xCall ]++;
    xBehaviour = xWiFiBehaviour[ xCall ];

    if( prvFails( &xWiFiBehaviour[ xCall ] ) )
    {
        xOrder.pvDo = prvFail;

        if( ( xBehaviour.ulOnlyCall != 0U ) && ( xWiFiBehaviour[ xCall ].ulOnlyCall == 0U ) )
        {
            /* The one that should fail has failed. */
            xWiFiBehaviour[ xCall ].xResult = eWiFiSuccess;
        }
    }

    taskEXIT_CRITICAL();

    if( !xBehaviour.bInDriverTask )
    {
        return prvDo( &xOrder );
    }

    Order_t * pxOrder = &xOrder;

    xOrder.xDone = xSemaphoreCreateBinary();
    configASSERT( xOrder.xDone != NULL );
    configASSERT( xQueueSend( xOrders, &pxOrder, portMAX_DELAY ) == pdTRUE );
    configASSERT( xSemaphoreTake( xOrder.xDone, portMAX_DELAY ) == pdTRUE );
    vSemaphoreDelete( xOrder.xDone );
    return xOrder.xResult;
}
