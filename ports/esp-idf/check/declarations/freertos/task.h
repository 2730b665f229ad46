#ifndef INC_TASK_H
#define INC_TASK_H
#include "FreeRTOS.h"
typedef struct tskTaskControlBlock * TaskHandle_t;
typedef void ( * TaskFunction_t )( void * );
#define tskNO_AFFINITY      ( ( BaseType_t ) 0x7FFFFFFF )
#define tskIDLE_PRIORITY    ( ( UBaseType_t ) 0U )
BaseType_t xTaskCreatePinnedToCore( TaskFunction_t, const char *, const uint32_t, void * const, UBaseType_t, TaskHandle_t * const, const BaseType_t );
static inline BaseType_t xTaskCreate( TaskFunction_t pxCode, const char * const pcName, const uint32_t ulDepth, void * const pv,
                                      UBaseType_t uxPriority, TaskHandle_t * const pxTask )
{
    return xTaskCreatePinnedToCore( pxCode, pcName, ulDepth, pv, uxPriority, pxTask, tskNO_AFFINITY );
}
#endif
