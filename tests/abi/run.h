/* What every program here begins and ends with. */
#ifndef RUN_H_
#define RUN_H_

#include <stdbool.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "task.h"

#include "heap.h"
#include "iot_ble_wifi_provisioning.h"
#include "phone.h"
#include "wifi.h"
#include "wifi_provision.h"

/* The program: its name, and its body, run in a task between priorities of service and BLE host.
 * Defined by each. */
extern const char * const pcProgram;
void vProgram( void );

/* Ends the program with what is wrong when it is not so. */
#define CHECK( bIsSo )    do { if( !( bIsSo ) ) { vWrong( __FILE__, __LINE__, #bIsSo ); } } while( 0 )

void vWrong( const char * pcFile,
             int iLine,
             const char * pcWhat ) __attribute__( ( noreturn ) );

/* Waits until something is so; false when that takes longer. */
bool bUntil( bool ( * pvIsSo )( void ),
             uint32_t ulMs );

/* A task that calls a function, and what it came to. */
typedef struct
{
    intptr_t ( * pvFunction )( intptr_t xArgument );
    intptr_t xArgument;
    intptr_t xResult;
    volatile bool bHasEnded;
} Call_t;

/* Begins a call in a task of its own of that priority. The call must outlive it. */
void vBegin( Call_t * pxCall,
             UBaseType_t uxPriority );

/* Waits for its end; false when that takes longer. */
bool bEnds( Call_t * pxCall,
            uint32_t ulMs );

/* Waits until the tasks that have ended gave their memory back, and no more blocks are held. */
bool bHeapReturnsTo( uint32_t ulBlocks );

/* Whether the device has given the channel back. */
bool bIsStopped( void );

/* The next answer is exactly these bytes, in hexadecimal, and comes within a time. */
bool bAnswers( const char * pcHex,
               uint32_t ulMs );

/* Writes a message told in hexadecimal. */
bool bWrites( const char * pcHex );

/* How many bytes hexadecimal digits tell. */
size_t xFromHex( const char * pcHex,
                 uint8_t * pucBytes,
                 size_t xRoom );

#endif /* RUN_H_ */
