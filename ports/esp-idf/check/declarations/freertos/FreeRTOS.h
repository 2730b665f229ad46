#ifndef FREERTOS_H
#define FREERTOS_H
#include <stddef.h>
#include <stdint.h>
typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef uint32_t TickType_t;
typedef uint8_t StackType_t;
#define pdTRUE     ( ( BaseType_t ) 1 )
#define pdFALSE    ( ( BaseType_t ) 0 )
#define pdPASS     pdTRUE
#define pdFAIL     pdFALSE
#define configTICK_RATE_HZ                  100
#define configSTACK_DEPTH_TYPE              uint32_t
#define configMAX_PRIORITIES                25
#define configSUPPORT_DYNAMIC_ALLOCATION    1
#define INCLUDE_vTaskDelete                 1
#define INCLUDE_vTaskDelay                  1
#define portMAX_DELAY                       ( ( TickType_t ) 0xffffffffUL )
#define pdMS_TO_TICKS( x )    ( ( TickType_t ) ( ( ( uint64_t ) ( x ) * configTICK_RATE_HZ ) / 1000U ) )
#endif
