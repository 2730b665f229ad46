/* Start-up, the line to the tool, and the way out. No libc: what runs in libc is the service's. */
#include "harness_board.h"

#define UART0    ( ( volatile uint32_t * ) 0x40004000u )

extern uint32_t __data_load[], __data_start[], __data_end[], __bss_start[], __bss_end[], __stack_top[];
extern int main( void );

void Reset_Handler( void );

static void fault( void )
{
    give_up( "the image took a fault" );
}

void SVC_Handler( void ) __attribute__( ( weak, alias( "unexpected" ) ) );
void PendSV_Handler( void ) __attribute__( ( weak, alias( "unexpected" ) ) );
void SysTick_Handler( void ) __attribute__( ( weak, alias( "unexpected" ) ) );

static __attribute__( ( used ) ) void unexpected( void )
{
    give_up( "the image took an exception nobody handles" );
}

__attribute__( ( section( ".vectors" ), used ) ) static const void * const vectors[] =
{
    __stack_top, Reset_Handler, fault, fault, fault, fault, fault, 0, 0, 0, 0,
    SVC_Handler, fault, 0, PendSV_Handler, SysTick_Handler
};

void Reset_Handler( void )
{
    uint32_t * to;
    const uint32_t * from = __data_load;

    for( to = __data_start; to < __data_end; )
    {
        *to++ = *from++;
    }

    for( to = __bss_start; to < __bss_end; )
    {
        *to++ = 0;
    }

    UART0[ 4 ] = 16;  /* baud divider */
    UART0[ 2 ] = 1;   /* transmitter on */
    finish( main() );
}

static void say_character( char character )
{
    while( UART0[ 1 ] & 1u )
    {
    }

    UART0[ 0 ] = ( uint8_t ) character;
}

void say( const char * text )
{
    while( *text != 0 )
    {
        say_character( *text++ );
    }
}

void say_number( const char * label, uint32_t value )
{
    char digits[ 12 ];
    uint32_t at = sizeof( digits );

    digits[ --at ] = 0;

    do
    {
        digits[ --at ] = ( char ) ( '0' + value % 10u );
        value /= 10u;
    } while( value != 0u );

    say( " " );
    say( label );
    say( "=" );
    say( &digits[ at ] );
}

void say_bytes( const char * label, const uint8_t * bytes, uint32_t length )
{
    static const char hex[] = "0123456789abcdef";

    say( " " );
    say( label );
    say( "=" );

    for( uint32_t i = 0; i < length; i++ )
    {
        say_character( hex[ bytes[ i ] >> 4 ] );
        say_character( hex[ bytes[ i ] & 15u ] );
    }
}

void finish( int code )
{
    uint32_t block[ 2 ] = { 0x20026u, ( uint32_t ) code }; /* ADP_Stopped_ApplicationExit */
    register uint32_t operation __asm( "r0" ) = 0x20u;     /* SYS_EXIT_EXTENDED */
    register void * argument __asm( "r1" ) = block;

    __asm volatile ( "bkpt 0xab" : : "r" ( operation ), "r" ( argument ) : "memory" );

    for( ; ; )
    {
    }
}

void give_up( const char * why )
{
    say( "stopped: " );
    say( why );
    say( "\n" );
    finish( 1 );
}
