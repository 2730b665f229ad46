#ifndef EVENT_GROUPS_H
#define EVENT_GROUPS_H
#include "FreeRTOS.h"
typedef struct EventGroupDef_t * EventGroupHandle_t;
typedef TickType_t EventBits_t;
EventGroupHandle_t xEventGroupCreate( void );
EventBits_t xEventGroupSetBits( EventGroupHandle_t, const EventBits_t );
EventBits_t xEventGroupClearBits( EventGroupHandle_t, const EventBits_t );
EventBits_t xEventGroupWaitBits( EventGroupHandle_t, const EventBits_t, const BaseType_t, const BaseType_t, TickType_t );
#endif
