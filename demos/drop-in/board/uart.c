/* UART0 of the board, polled. */
#include "uart.h"

#include <stdint.h>

#define UART0    ( ( volatile uint32_t * ) 0x40004000u )

void vUartInit( void )
{
    UART0[ 4 ] = 16; /* baud divider */
    UART0[ 2 ] = 1;  /* transmitter on */
}

void vUartWrite( const char * pcText )
{
    for( ; *pcText != '\0'; pcText++ )
    {
        while( ( UART0[ 1 ] & 1u ) != 0u )
        {
        }

        UART0[ 0 ] = ( uint8_t ) *pcText;
    }
}

void vBoardExit( int iCode )
{
    uint32_t ulBlock[ 2 ] = { 0x20026u, ( uint32_t ) iCode }; /* ADP_Stopped_ApplicationExit */
    register uint32_t ulOperation __asm( "r0" ) = 0x20u;      /* SYS_EXIT_EXTENDED */
    register void * pvArgument __asm( "r1" ) = ulBlock;

    __asm volatile ( "bkpt 0xab" : : "r" ( ulOperation ), "r" ( pvArgument ) : "memory" );

    for( ; ; )
    {
    }
}
