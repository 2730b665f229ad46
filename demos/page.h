/*
 * One page over HTTP, to show that the device reaches a server.
 */
#ifndef PAGE_H_
#define PAGE_H_

#include "FreeRTOS.h"

/* Fetches the page of demo_config.h and prints its first line, or why that failed. Blocks.
 * pdPASS when the page came. */
BaseType_t PAGE_Fetch( void );

#endif /* PAGE_H_ */
