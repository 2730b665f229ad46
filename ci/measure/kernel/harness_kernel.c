/*
 * The same requests on the real kernel: what it takes from the heap, and how deep the two tasks'
 * stacks go, kernel calls and the saved context of a blocked task included.
 *
 * The kernel has no tick here: nothing waits for time, and a tick would add its frame to a stack
 * at a moment of its own choosing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "event_groups.h"
#include "task.h"

#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision.h"

#include "harness_board.h"
#include "harness_cases.h"
#include "harness_world.h"

/* What Deinit leaves for the next Init: one event group, as heap_4 rounds it. */
#define KEPT_BYTES    40u

#define STACK_WORDS      2048u
#define STACK_BYTES      ( STACK_WORDS * sizeof( StackType_t ) )
#define DRIVER           1u
#define LOOP             2u
#define BLE_HOST         3u

void vPortSetupTimerInterrupt( void )
{
}

/* The heap, watched. */

static struct
{
    uint32_t calls, bytes;
} asked;

void * __real_pvPortMalloc( size_t size );
void * __wrap_pvPortMalloc( size_t size );

void * __wrap_pvPortMalloc( size_t size )
{
    asked.calls++;
    asked.bytes += size;
    return __real_pvPortMalloc( size );
}

static void watch_heap( void )
{
    asked.calls = 0;
    asked.bytes = 0;
}

/* The tasks. */

static bool loop_ended, loop_result;
static const uint8_t * message;
static uint32_t message_length;

static void loop_task( void * unused )
{
    ( void ) unused;
    loop_result = IotBleWifiProv_RunProcessLoop();
    loop_ended = true;
    vTaskSuspend( NULL );
}

static void host_task( void * unused )
{
    ( void ) unused;
    watch_heap(); /* the task's own blocks are not the service's */
    world_deliver( message, message_length );
    vTaskSuspend( NULL );
}

static void empty_task( void * unused )
{
    ( void ) unused;
    vTaskSuspend( NULL );
}

static TaskHandle_t start( TaskFunction_t code, UBaseType_t priority )
{
    TaskHandle_t task;

    if( xTaskCreate( code, "measured", STACK_WORDS, NULL, priority, &task ) != pdPASS )
    {
        give_up( "no memory for a task" );
    }

    return task; /* it has run until it blocked */
}

static uint32_t depth( TaskHandle_t task )
{
    return STACK_BYTES - uxTaskGetStackHighWaterMark( task ) * sizeof( StackType_t );
}

static void run_case( const struct measured_case * one )
{
    size_t free_before = xPortGetFreeHeapSize();
    TaskHandle_t loop, host;

    message = measured_message( one, &message_length );
    world_reset( one->saved, one->scanned );

    if( !IotBleWifiProv_Init() )
    {
        give_up( "IotBleWifiProv_Init failed" );
    }

    if( ( one->connected >= 0 ) && !IotBleWifiProv_Connect( ( uint32_t ) one->connected ) )
    {
        give_up( "IotBleWifiProv_Connect failed" );
    }

    loop_ended = false;
    loop = start( loop_task, LOOP );

    if( loop_ended || !world_is_open() )
    {
        give_up( "the process loop did not start to serve" );
    }

    say( "kernel " );
    say( one->name );
    say_number( "idle", depth( loop ) );
    world_reset_counts();
    host = start( host_task, BLE_HOST );
    say_number( "blocks", asked.calls );
    say_number( "bytes", asked.bytes );
    say_number( "loop", depth( loop ) );
    say_number( "callback", depth( host ) );
    say_number( "sends", world_counts.sends );
    say( "\n" );

    if( !IotBleWifiProv_Stop() || !loop_ended || !loop_result )
    {
        give_up( "the process loop did not end after Stop" );
    }

    IotBleWifiProv_Deinit();
    vTaskDelete( loop );
    vTaskDelete( host );

    if( xPortGetFreeHeapSize() + KEPT_BYTES < free_before )
    {
        give_up( "the heap is smaller after Deinit" );
    }
}

/* What the service holds once it is ready, and more once it serves. */

static void say_held( const char * what, size_t free_before )
{
    say( "held " );
    say( what );
    say_number( "blocks", asked.calls );
    say_number( "requested", asked.bytes );
    say_number( "consumed", free_before - xPortGetFreeHeapSize() );
    say( "\n" );
}

static void measure_heap( void )
{
    size_t free_at_first = xPortGetFreeHeapSize(), free_before;
    TaskHandle_t loop;

    world_reset( 8, 10 );
    watch_heap();

    if( !IotBleWifiProv_Init() )
    {
        give_up( "IotBleWifiProv_Init failed" );
    }

    say_held( "init", free_at_first );

    /* The loop's task is the application's: only what the loop itself takes counts. */
    loop_ended = false;
    vTaskSuspendAll();
    loop = start( loop_task, LOOP );
    watch_heap();
    free_before = xPortGetFreeHeapSize();
    ( void ) xTaskResumeAll();
    say_held( "serving", free_before );
    ( void ) IotBleWifiProv_Stop();
    IotBleWifiProv_Deinit();
    vTaskDelete( loop );

    /* The other family brings its own task. */
    free_before = xPortGetFreeHeapSize();

    if( free_before + KEPT_BYTES < free_at_first )
    {
        give_up( "the heap is smaller after Deinit" );
    }

    watch_heap();

    if( ( WIFI_PROVISION_Init() != pdTRUE ) || ( WIFI_PROVISION_Start() != pdTRUE ) )
    {
        give_up( "WIFI_PROVISION_Start failed" );
    }

    say_held( "task", free_before );

    if( WIFI_PROVISION_Delete() != pdTRUE )
    {
        give_up( "WIFI_PROVISION_Delete failed" );
    }
}

static void driver_task( void * unused )
{
    TaskHandle_t empty = start( empty_task, LOOP );

    ( void ) unused;
    say( "kernel empty" );
    say_number( "loop", depth( empty ) );
    say_number( "event_group", sizeof( StaticEventGroup_t ) );
    say( "\n" );
    vTaskDelete( empty );
    measure_heap();

    for( uint32_t i = 0; i < measured_case_count; i++ )
    {
        run_case( &measured_cases[ i ] );
    }

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
