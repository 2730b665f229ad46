/*
 * Espressif's endpoints on the real kernel, as a carrier's task calls them: what each request takes of the heap, of the
 * task's stack, and how many instructions it runs, the kernel's included. What a phone says and is answered is in
 * exchanges.h, to the octet.
 *
 * QEMU runs this with -icount shift=7: an instruction takes 128 ns, so that a timer of 25 MHz, 40 ns a tick, counts
 * instructions. As on the other kernel image nothing ticks.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "event_groups.h"
#include "task.h"

#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision_protocomm.h"

#include "harness_board.h"
#include "harness_world.h"

#define CARRIER_WORDS    8192u
#define LOOP_WORDS       2048u
#define DRIVER           1u
#define LOOP             2u
#define CARRIER          3u
#define PHONE            7u

/* What IotBleWifiProv_Deinit leaves for the next Init: one event group, as heap_4 rounds it. */
#define KEPT_BYTES       40u

struct step
{
    uint8_t security;
    const char * name, * endpoint, * request, * answer;
};

#define EXCHANGE( security, name, endpoint, request, answer )    { security, name, endpoint, request, answer },
static const struct step steps[] =
{
    #include "exchanges.h"
};

void vPortSetupTimerInterrupt( void )
{
}

/* The timer that counts instructions: the CMSDK APB timer 0, downwards. */

#define TIMER            ( ( volatile uint32_t * ) 0x40000000u )

static void start_counting( void )
{
    TIMER[ 2 ] = 0xffffffffu; /* reload */
    TIMER[ 1 ] = 0xffffffffu; /* value */
    TIMER[ 0 ] = 1u;          /* on, without interrupts */
}

static uint32_t now( void )
{
    return TIMER[ 1 ];
}

/* 40 ns a tick, 128 ns an instruction. */
static uint32_t instructions( uint32_t ticks )
{
    return ( uint32_t ) ( ( ( uint64_t ) ticks * 5u + 8u ) >> 4 );
}

/* The heap, watched. */

static struct
{
    uint32_t free_at_first, least_free;
    int32_t blocks, most_blocks;
} heap;

void * __real_pvPortMalloc( size_t size );
void * __wrap_pvPortMalloc( size_t size );
void __real_vPortFree( void * block );
void __wrap_vPortFree( void * block );

void * __wrap_pvPortMalloc( size_t size )
{
    void * block = __real_pvPortMalloc( size );
    uint32_t free = xPortGetFreeHeapSize();

    if( free < heap.least_free )
    {
        heap.least_free = free;
    }

    if( ++heap.blocks > heap.most_blocks )
    {
        heap.most_blocks = heap.blocks;
    }

    return block;
}

void __wrap_vPortFree( void * block )
{
    if( block != NULL )
    {
        heap.blocks--;
    }

    __real_vPortFree( block );
}

static void watch_heap( void )
{
    heap.free_at_first = heap.least_free = xPortGetFreeHeapSize();
    heap.blocks = heap.most_blocks = 0;
}

/* The project's random numbers: those of tests/protocomm/random.rs. */

static uint8_t last_random;

static BaseType_t random_octets( uint8_t * out, size_t length )
{
    for( size_t i = 0; i < length; i++ )
    {
        last_random = ( uint8_t ) ( last_random * 5u + 3u );
        out[ i ] = last_random;
    }

    return pdTRUE;
}

/* What is said and answered. */

static uint8_t request[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];
static uint8_t answer[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];
static uint8_t expected[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];

static uint32_t digit( char letter )
{
    return ( uint32_t ) ( letter <= '9' ? letter - '0' : letter - 'a' + 10 );
}

static size_t octets( const char * digits, uint8_t * out )
{
    size_t length = 0;

    for( ; *digits != 0; digits += 2 )
    {
        if( length == WIFI_PROVISION_PROTOCOMM_MAX_BYTES )
        {
            give_up( "exchanges.h has a message that is too long" );
        }

        out[ length++ ] = ( uint8_t ) ( digit( digits[ 0 ] ) << 4 | digit( digits[ 1 ] ) );
    }

    return length;
}

static bool is_as_expected( const struct step * step, size_t length )
{
    size_t wanted = octets( step->answer, expected );

    for( size_t i = 0; i < wanted; i++ )
    {
        if( answer[ i ] != expected[ i ] )
        {
            return false;
        }
    }

    return length == wanted;
}

/* One call after the other, each in a task of its own, so that each has a fresh stack. */

typedef void ( * call_t )( void );

static const struct step * current;
static WIFI_PROVISION_ProtocommConfig_t config;
static size_t request_length, answer_length;
static WIFI_PROVISION_Answer_t answered;
static BaseType_t succeeded;

static struct
{
    call_t call;
    uint32_t ticks, stack;
} measured;

static void call_nothing( void )
{
    __asm volatile ( "" );
}

static void call_start( void )
{
    succeeded = WIFI_PROVISION_ProtocommStart( &config );
}

static void call_stop( void )
{
    succeeded = WIFI_PROVISION_ProtocommStop();
}

static void call_handle( void )
{
    answered = WIFI_PROVISION_ProtocommHandle( PHONE, current->endpoint, request, request_length,
                                               answer, sizeof( answer ), &answer_length );
}

static void call_pending( void )
{
    answered = WIFI_PROVISION_ProtocommPending( PHONE, answer, sizeof( answer ), &answer_length );
}

static void carrier_task( void * unused )
{
    call_t call = measured.call;
    uint32_t before;

    ( void ) unused;
    watch_heap(); /* the task's own blocks are not what is measured */
    before = now();
    call();
    measured.ticks = before - now();
    vTaskSuspend( NULL );
}

static bool loop_ended;

static void loop_task( void * unused )
{
    ( void ) unused;
    loop_ended = ( IotBleWifiProv_RunProcessLoop() == true );
    vTaskSuspend( NULL );
}

static TaskHandle_t start( TaskFunction_t code, uint32_t words, UBaseType_t priority )
{
    TaskHandle_t task;

    if( xTaskCreate( code, "measured", ( configSTACK_DEPTH_TYPE ) words, NULL, priority, &task ) != pdPASS )
    {
        give_up( "no memory for a task" );
    }

    return task; /* it has run until it blocked, and so has the loop */
}

static uint32_t depth( TaskHandle_t task, uint32_t words )
{
    return ( words - uxTaskGetStackHighWaterMark( task ) ) * sizeof( StackType_t );
}

/* Bytes of heap_4 that are held now and were not before the call. */
static int32_t held( void )
{
    return ( int32_t ) ( heap.free_at_first - xPortGetFreeHeapSize() );
}

static uint32_t nothing_takes;

/* Gives what the call leaves held. */
static int32_t measure( call_t call )
{
    TaskHandle_t carrier;
    int32_t left;

    measured.call = call;
    carrier = start( carrier_task, CARRIER_WORDS, CARRIER );
    left = held();
    measured.stack = depth( carrier, CARRIER_WORDS );
    vTaskDelete( carrier );
    return left;
}

static void say_measured( const char * name, int32_t left )
{
    say( "protocomm " );
    say( config.xSecurity == eWiFiProvisionSecurity1 ? "1 " : "2 " );
    say( name );
    say_number( "instructions", instructions( measured.ticks ) - nothing_takes );
    say_number( "stack", measured.stack );
    say_number( "bytes", heap.free_at_first - heap.least_free );
    say_number( "blocks", ( uint32_t ) heap.most_blocks );
    say_number( "held", ( uint32_t ) left );
    say( "\n" );
}

/* The measuring, measured: costs that are counted by hand. */

/* 1 + 1000 * 2 instructions more than nothing. */
__attribute__( ( naked ) ) static void call_counted( void )
{
    __asm volatile ( "mov r0, #1000\n 1: subs r0, #1\n bne 1b\n bx lr" );
}

/* 1000 bytes of stack more than nothing, but for what starting and suspending a task takes. */
__attribute__( ( naked ) ) static void call_deep( void )
{
    __asm volatile ( "sub sp, #1000\n str r0, [sp]\n add sp, #1000\n bx lr" );
}

/* Two blocks at a time: 8 bytes before each, rounded to 8. */
static void call_heap( void )
{
    void * first = pvPortMalloc( 100 ), * second = pvPortMalloc( 1 );

    vPortFree( first );
    first = pvPortMalloc( 8 );
    vPortFree( second );
    vPortFree( first );
}

static void check_the_measuring( void )
{
    uint32_t shallow;

    nothing_takes = 0;
    ( void ) measure( call_nothing );
    nothing_takes = instructions( measured.ticks );
    shallow = measured.stack;
    ( void ) measure( call_counted );

    if( instructions( measured.ticks ) - nothing_takes != 2001u )
    {
        give_up( "2001 instructions are not counted as such; is it run with -icount shift=7?" );
    }

    ( void ) measure( call_deep );

    if( ( measured.stack < 1000u ) || ( measured.stack > 1000u + shallow ) )
    {
        give_up( "1000 bytes of stack are not seen" );
    }

    if( ( measure( call_heap ) != 0 ) || ( heap.most_blocks != 2 ) || ( heap.free_at_first - heap.least_free != 128u ) )
    {
        give_up( "128 bytes of heap in two blocks are not seen" );
    }
}

/* The provisioning of a device by one phone. */

static void run_step( const struct step * step )
{
    bool is_pending = ( step->answer[ 0 ] == 0 );
    int32_t left;

    current = step;
    request_length = octets( step->request, request );
    left = measure( step->endpoint[ 0 ] == 0 ? call_pending : call_handle );

    if( is_pending ? ( answered != eWiFiProvisionPending )
        : ( ( answered != eWiFiProvisionAnswered ) || !is_as_expected( step, answer_length ) ) )
    {
        say( "wrong answer to " );
        say( step->name );
        say_number( "security", step->security );
        say_bytes( "answer", answer, answered == eWiFiProvisionAnswered ? answer_length : 0u );
        say( "\n" );
        give_up( "the endpoints answer otherwise than exchanges.h says" );
    }

    say_measured( step->name, left );
}

static void provision( WIFI_PROVISION_Security_t security )
{
    size_t free_before = xPortGetFreeHeapSize();
    TaskHandle_t loop;
    int32_t left;

    config.xSecurity = security;
    config.pcUser = "wifiprov";
    config.pcSecret = "abcd1234";
    config.ucAttempts = 1;
    config.xRandom = random_octets;
    last_random = 1;
    loop_ended = false;
    world_reset( 7, 10 );
    world_longest();

    if( !IotBleWifiProv_Init() )
    {
        give_up( "IotBleWifiProv_Init failed" );
    }

    loop = start( loop_task, LOOP_WORDS, LOOP );
    left = measure( call_start );

    if( succeeded != pdTRUE )
    {
        give_up( "WIFI_PROVISION_ProtocommStart failed" );
    }

    say_measured( "start", left );

    for( uint32_t i = 0; i < sizeof( steps ) / sizeof( steps[ 0 ] ); i++ )
    {
        if( steps[ i ].security == ( uint8_t ) security )
        {
            run_step( &steps[ i ] );
        }
    }

    if( ( world_counts.scans == 0u ) || ( world_counts.connects != 1u ) || ( world_counts.adds == 0u ) )
    {
        give_up( "the network was not scanned for, joined and saved" );
    }

    say( "protocomm " );
    say( security == eWiFiProvisionSecurity1 ? "1" : "2" );
    say( " service" );
    say_number( "stack", depth( loop, LOOP_WORDS ) );
    say( "\n" );

    ( void ) measure( call_stop );

    if( ( succeeded != pdTRUE ) || !IotBleWifiProv_Stop() || !loop_ended )
    {
        give_up( "the endpoints or the process loop did not end" );
    }

    IotBleWifiProv_Deinit();
    vTaskDelete( loop );

    if( xPortGetFreeHeapSize() + KEPT_BYTES < free_before )
    {
        give_up( "the heap is smaller after Deinit" );
    }
}

static void driver_task( void * unused )
{
    ( void ) unused;
    start_counting();
    check_the_measuring();
    provision( eWiFiProvisionSecurity1 );
    world_reset_counts();
    provision( eWiFiProvisionSecurity2 );
    say( "done\n" );
    finish( 0 );
}

int main( void )
{
    if( xTaskCreate( driver_task, "driver", 512, NULL, DRIVER, NULL ) != pdPASS )
    {
        give_up( "no memory for the driver" );
    }

    vTaskStartScheduler();
    give_up( "the scheduler did not start" );
}
