/*
 * The one function of the kernel that ESP-IDF has only inline, for the archive. And what the archive took for granted.
 */
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

/* Times are in the archive as ticks. */
#if ( configTICK_RATE_HZ != 100 )
    #error "the wifi_provision archive was built for CONFIG_FREERTOS_HZ=100; set it, or build the archive with your own rate"
#endif

/* Under the name the archive asks for; the header's own xTaskCreate is not seen outside a file. */
BaseType_t xGlueTaskCreate( TaskFunction_t pxCode,
                            const char * pcName,
                            uint32_t ulStackBytes,
                            void * pvParameters,
                            UBaseType_t uxPriority,
                            TaskHandle_t * pxTask ) __asm__( "xTaskCreate" );

BaseType_t xGlueTaskCreate( TaskFunction_t pxCode,
                            const char * pcName,
                            uint32_t ulStackBytes,
                            void * pvParameters,
                            UBaseType_t uxPriority,
                            TaskHandle_t * pxTask )
{
    return xTaskCreatePinnedToCore( pxCode, pcName, ulStackBytes, pvParameters, uxPriority, pxTask, tskNO_AFFINITY );
}
