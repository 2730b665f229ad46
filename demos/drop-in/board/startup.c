/* From reset to main. */
#include <stdint.h>
#include <string.h>

#include "uart.h"

extern uint32_t __data_load[], __data_start[], __data_end[], __bss_start[], __bss_end[], __stack_top[];
extern int main( void );
extern void SVC_Handler( void );
extern void PendSV_Handler( void );
extern void SysTick_Handler( void );

void Reset_Handler( void );

static void Fault_Handler( void )
{
    vUartWrite( "fault\n" );
    vBoardExit( 1 );
}

__attribute__( ( section( ".vectors" ), used ) ) static const void * const pvVectors[] =
{
    __stack_top,   Reset_Handler, Fault_Handler, Fault_Handler, Fault_Handler,  Fault_Handler, Fault_Handler, 0, 0, 0, 0,
    SVC_Handler, Fault_Handler, 0,           PendSV_Handler, SysTick_Handler
};

void Reset_Handler( void )
{
    memcpy( __data_start, __data_load, ( size_t ) ( ( char * ) __data_end - ( char * ) __data_start ) );
    memset( __bss_start, 0, ( size_t ) ( ( char * ) __bss_end - ( char * ) __bss_start ) );
    vUartInit();
    vBoardExit( main() );
}
