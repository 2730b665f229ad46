/*
 * Each request alone, without a kernel: the service's loop runs as a coroutine on a stack of its
 * own and comes back here where a kernel would put it to sleep. The tool reads QEMU's trace of
 * every instruction between measure_begin and measure_end.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "event_groups.h"
#include "task.h"

#include "iot_ble_wifi_provisioning.h"

#include "harness_board.h"
#include "harness_cases.h"
#include "harness_world.h"

/* Marks in the trace. */
__attribute__( ( noinline ) ) void measure_begin( uint32_t which )
{
    __asm volatile ( "" : : "r" ( which ) : "memory" );
}

__attribute__( ( noinline ) ) void measure_delivered( void )
{
    __asm volatile ( "" ::: "memory" );
}

__attribute__( ( noinline ) ) void measure_end( void )
{
    __asm volatile ( "" ::: "memory" );
}

/* The coroutine. */

static uint32_t loop_stack[ 1024 ] __attribute__( ( aligned( 8 ) ) );
static uint32_t * loop_context, * main_context;
static bool in_loop, loop_ended, loop_result;

__attribute__( ( naked, noinline ) ) static void measure_switch( uint32_t ** save, uint32_t * load )
{
    ( void ) save;
    ( void ) load;
    __asm volatile ( "push {r4-r11, lr}\n str sp, [r0]\n mov sp, r1\n pop {r4-r11, pc}" );
}

static void to_main( void )
{
    in_loop = false;
    measure_switch( &loop_context, main_context );
}

static void loop_entry( void )
{
    loop_result = IotBleWifiProv_RunProcessLoop();
    loop_ended = true;
    to_main();
}

static void to_loop( void )
{
    if( loop_ended )
    {
        return;
    }

    in_loop = true;
    measure_switch( &main_context, loop_context );
}

static void new_loop( void )
{
    uint32_t * top = &loop_stack[ sizeof( loop_stack ) / sizeof( loop_stack[ 0 ] ) - 2u ];

    /* 8-byte aligned once the nine words are popped. */
    *--top = ( uint32_t ) loop_entry;
    top -= 8;
    loop_context = top;
    loop_ended = false;
}

/* The kernel functions a service may use, at no cost. */

static EventBits_t flags;
static bool group_exists;
static uint32_t suspended, ticks;

EventGroupHandle_t xEventGroupCreate( void )
{
    group_exists = true;
    flags = 0;
    return ( EventGroupHandle_t ) &flags;
}

void vEventGroupDelete( EventGroupHandle_t group )
{
    ( void ) group;
    group_exists = false;
}

EventBits_t xEventGroupSetBits( EventGroupHandle_t group, const EventBits_t set )
{
    ( void ) group;
    flags |= set;
    return flags;
}

EventBits_t xEventGroupClearBits( EventGroupHandle_t group, const EventBits_t clear )
{
    EventBits_t before = flags;

    ( void ) group;
    flags &= ~clear;
    return before;
}

EventBits_t xEventGroupWaitBits( EventGroupHandle_t group,
                                 const EventBits_t wanted,
                                 const BaseType_t clear,
                                 const BaseType_t all,
                                 TickType_t patience )
{
    EventBits_t before;

    ( void ) group;

    while( all ? ( ( flags & wanted ) != wanted ) : ( ( flags & wanted ) == 0u ) )
    {
        if( patience == 0u )
        {
            return flags;
        }

        if( !in_loop )
        {
            give_up( "the service waits for ever outside its loop" );
        }

        to_main();
    }

    before = flags;

    if( clear )
    {
        flags &= ~wanted;
    }

    return before;
}

void vTaskSuspendAll( void )
{
    suspended++;
}

BaseType_t xTaskResumeAll( void )
{
    suspended--;
    return pdFALSE;
}

BaseType_t xTaskCreate( TaskFunction_t code,
                        const char * const name,
                        const configSTACK_DEPTH_TYPE depth,
                        void * const parameters,
                        UBaseType_t priority,
                        TaskHandle_t * const handle )
{
    ( void ) code;
    ( void ) name;
    ( void ) depth;
    ( void ) parameters;
    ( void ) priority;
    ( void ) handle;
    return pdFAIL;
}

void vTaskDelete( TaskHandle_t task )
{
    ( void ) task;
}

void vTaskDelay( const TickType_t time )
{
    ( void ) time;

    if( in_loop )
    {
        to_main();
    }
}

TickType_t xTaskGetTickCount( void )
{
    return ticks;
}

/* Real allocation is measured on the real kernel; here it only has to work. */
static uint8_t heap[ 4096 ] __attribute__( ( aligned( 8 ) ) );
static uint32_t heap_used, heap_live;

void * pvPortMalloc( size_t size )
{
    void * block = &heap[ heap_used ];

    heap_used += ( size + 7u ) & ~( size_t ) 7u;
    heap_live++;

    if( heap_used > sizeof( heap ) )
    {
        give_up( "the harness heap is too small" );
    }

    return block;
}

void vPortFree( void * block )
{
    if( ( block != 0 ) && ( --heap_live == 0u ) )
    {
        heap_used = 0;
    }
}

/* One request, from a fresh service to its answer. */

static void run_case( uint32_t number )
{
    const struct measured_case * one = &measured_cases[ number ];
    uint32_t length;
    const uint8_t * message = measured_message( one, &length );

    world_reset( one->saved, one->scanned );

    if( !IotBleWifiProv_Init() )
    {
        give_up( "IotBleWifiProv_Init failed" );
    }

    if( ( one->connected >= 0 ) && !IotBleWifiProv_Connect( ( uint32_t ) one->connected ) )
    {
        give_up( "IotBleWifiProv_Connect failed" );
    }

    new_loop();
    to_loop();

    if( loop_ended || !world_is_open() )
    {
        give_up( "the process loop did not start to serve" );
    }

    world_reset_counts();
    measure_begin( number );
    world_deliver( message, length );
    measure_delivered();
    to_loop();
    measure_end();

    say( "case " );
    say( one->name );
    say_number( "length", length );
    say_number( "sends", world_counts.sends );
    say_number( "adds", world_counts.adds );
    say_number( "gets", world_counts.gets );
    say_number( "deletes", world_counts.deletes );
    say_number( "connects", world_counts.connects );
    say_number( "disconnects", world_counts.disconnects );
    say_number( "scans", world_counts.scans );
    say_bytes( "last", world_counts.last, world_counts.last_length < sizeof( world_counts.last ) ? world_counts.last_length : sizeof( world_counts.last ) );
    say( "\n" );

    if( !IotBleWifiProv_Stop() )
    {
        give_up( "IotBleWifiProv_Stop failed" );
    }

    to_loop();

    if( !loop_ended || !loop_result )
    {
        give_up( "the process loop did not end after Stop" );
    }

    IotBleWifiProv_Deinit();

    /* The event group stays for the next Init; nothing else may. */
    if( !group_exists || ( heap_live > 1u ) || ( suspended != 0u ) )
    {
        give_up( "Deinit left something behind" );
    }
}

int main( void )
{
    for( uint32_t i = 0; i < measured_case_count; i++ )
    {
        run_case( i );
    }

    say( "done\n" );
    return 0;
}
