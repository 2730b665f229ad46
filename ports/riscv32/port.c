/* See portmacro.h. */
#include "FreeRTOS.h"
#include "task.h"
#include "portcontext.h"

#define portWORD( xOffset )    ( ( xOffset ) / sizeof( StackType_t ) )

/* In portASM.S. */
void vPortStartFirstTask( void ) __attribute__( ( noreturn ) );
void vPortSwitch( void );

/* Only changed with interrupts off. A switch needs them on, so it is 0 at every switch, and one for all tasks. */
static UBaseType_t uxNesting;
static UBaseType_t uxBeforeOutermost;

/* A task must not return. */
static void prvReturned( void )
{
    vTaskDelete( NULL );

    for( ; ; )
    {
    }
}

StackType_t * pxPortInitialiseStack( StackType_t * pxTopOfStack,
                                     TaskFunction_t pxCode,
                                     void * pvParameters )
{
    StackType_t * pxFrame = pxTopOfStack - portWORD( portFRAME_BYTES );

    pxFrame[ portWORD( portFRAME_MEPC ) ] = ( StackType_t ) pxCode;
    pxFrame[ portWORD( portFRAME_MSTATUS ) ] = portMSTATUS_FIRST;
    pxFrame[ portWORD( portFRAME_RA ) ] = ( StackType_t ) prvReturned;
    pxFrame[ portWORD( portFRAME_A0 ) ] = ( StackType_t ) pvParameters;
    return pxFrame;
}

BaseType_t xPortStartScheduler( void )
{
    vPortSetupTimerInterrupt();
    vPortStartFirstTask();
}

void vPortEndScheduler( void )
{
    /* There is nothing to return to. */
    configASSERT( pdFALSE );
}

void vPortEnterCritical( void )
{
    UBaseType_t uxBefore = uxPortMask();

    if( uxNesting == 0U )
    {
        uxBeforeOutermost = uxBefore;
    }

    uxNesting++;
}

void vPortExitCritical( void )
{
    uxNesting--;

    if( uxNesting == 0U )
    {
        vPortUnmask( uxBeforeOutermost );
    }
}

UBaseType_t uxPortContext( void )
{
    UBaseType_t uxStatus;

    if( portchipIN_INTERRUPT() )
    {
        return portCONTEXT_INTERRUPT;
    }

    __asm volatile ( "csrr %0, mstatus" : "=r" ( uxStatus ) );
    return ( ( uxStatus & portMSTATUS_MIE ) != 0U ) ? portCONTEXT_TASK : portCONTEXT_MASKED;
}

void vPortRequestSwitch( void )
{
    portchipREQUEST_SWITCH();
}

void vPortYield( void )
{
    portchipREQUEST_SWITCH();

    /* The request reaches the processor a few instructions late; the caller must not run on before. */
    if( uxPortContext() == portCONTEXT_TASK )
    {
        while( portchipSWITCH_REQUESTED() )
        {
        }
    }
}

/* Called by vPortSwitchHandler, on the stack of the task that is left. The request first: one that comes now counts. */
void vPortSwitch( void )
{
    portchipCLEAR_SWITCH();
    vTaskSwitchContext();
}

void vPortCountTicks( UBaseType_t uxTicks )
{
    BaseType_t xSwitch = pdFALSE;

    for( ; uxTicks > 0U; uxTicks-- )
    {
        /* Handlers of higher priority may come between two ticks, not into one. */
        UBaseType_t uxBefore = uxPortMask();

        if( xTaskIncrementTick() != pdFALSE )
        {
            xSwitch = pdTRUE;
        }

        vPortUnmask( uxBefore );
    }

    portYIELD_FROM_ISR( xSwitch );
}
