#ifndef SEMAPHORE_H
#define SEMAPHORE_H
#include "FreeRTOS.h"
typedef struct QueueDefinition * SemaphoreHandle_t;
SemaphoreHandle_t xSemaphoreCreateMutex( void );
SemaphoreHandle_t xSemaphoreCreateBinary( void );
BaseType_t xSemaphoreTake( SemaphoreHandle_t, TickType_t );
BaseType_t xSemaphoreGive( SemaphoreHandle_t );
#endif
