/*
 * FreeRTOS V11 on 32-bit RISC-V chips in machine mode, in the manner of ARM's PendSV: tasks are switched by one software
 * interrupt of the lowest priority, and by nothing else. So any handler, nested or not, and any code with interrupts
 * off may ask for a switch; it happens when the processor is back in a task with interrupts on.
 *
 * In place of the kernel's own portable/GCC/RISC-V, whose critical sections switch interrupts on at their end whatever
 * they found, and whose yield from an interrupt switches at once. What is the chip's own is in its portchip.h.
 */
#ifndef PORTMACRO_H
#define PORTMACRO_H

#include "portchip.h"

#ifndef __ASSEMBLER__

    #include <stdint.h>

    #ifdef __cplusplus
        extern "C" {
    #endif

/* Types. */
    #define portSTACK_TYPE           uint32_t
    #define portBASE_TYPE            int32_t
    #define portPOINTER_SIZE_TYPE    uint32_t

    typedef uint32_t   StackType_t;
    typedef int32_t    BaseType_t;
    typedef uint32_t   UBaseType_t;
    typedef uint32_t   TickType_t;

    #define portMAX_DELAY              ( ( TickType_t ) 0xffffffffUL )
    #define portTICK_TYPE_IS_ATOMIC    1
    #define portTICK_PERIOD_MS         ( ( TickType_t ) 1000 / configTICK_RATE_HZ )

/* The stack, as the ABI has it. Interrupts use the stack of the task they interrupt. */
    #define portSTACK_GROWTH           ( -1 )
    #define portBYTE_ALIGNMENT         16

/* Switching. */
    void vPortYield( void );
    void vPortRequestSwitch( void );

    #define portYIELD()                              vPortYield()
    #define portYIELD_FROM_ISR( xSwitchRequired )    do { if( xSwitchRequired ) { vPortRequestSwitch(); } } while( 0 )
    #define portEND_SWITCHING_ISR( xSwitchRequired ) portYIELD_FROM_ISR( xSwitchRequired )

/* Critical sections nest, and the outermost leaves interrupts as it found them. */
    #define portCRITICAL_NESTING_IN_TCB    0

    void vPortEnterCritical( void );
    void vPortExitCritical( void );

    #define portENTER_CRITICAL()    vPortEnterCritical()
    #define portEXIT_CRITICAL()     vPortExitCritical()

    #define portMSTATUS_MIE         8U

    static inline __attribute__( ( always_inline ) ) UBaseType_t uxPortMask( void )
    {
        UBaseType_t uxBefore;

        __asm volatile ( "csrrci %0, mstatus, 8" : "=r" ( uxBefore )::"memory" );
        return uxBefore & portMSTATUS_MIE;
    }

    static inline __attribute__( ( always_inline ) ) void vPortUnmask( UBaseType_t uxBefore )
    {
        __asm volatile ( "csrs mstatus, %0" ::"r" ( uxBefore ) : "memory" );
    }

    #define portDISABLE_INTERRUPTS()                    ( ( void ) uxPortMask() )
    #define portENABLE_INTERRUPTS()                     vPortUnmask( portMSTATUS_MIE )
    #define portSET_INTERRUPT_MASK_FROM_ISR()           uxPortMask()
    #define portCLEAR_INTERRUPT_MASK_FROM_ISR( ux )     vPortUnmask( ux )

/* For the board: where the caller is (portCONTEXT_…), and the tick. */
    #define portCONTEXT_TASK         0U
    #define portCONTEXT_MASKED       1U
    #define portCONTEXT_INTERRUPT    2U

    UBaseType_t uxPortContext( void );
    void vPortCountTicks( UBaseType_t uxTicks );

/* By the board: starts its tick interrupt, which calls vPortCountTicks. Interrupts are off. */
    void vPortSetupTimerInterrupt( void );

/* The software interrupt's handler, to be entered as the hardware enters handlers. In portASM.S. */
    void vPortSwitchHandler( void );

    #define portTASK_FUNCTION_PROTO( vFunction, pvParameters )    void vFunction( void * pvParameters )
    #define portTASK_FUNCTION( vFunction, pvParameters )          void vFunction( void * pvParameters )
    #define portNOP()               __asm volatile ( "nop" )
    #define portINLINE              inline
    #define portFORCE_INLINE        inline __attribute__( ( always_inline ) )
    #define portMEMORY_BARRIER()    __asm volatile ( "" ::: "memory" )

    #ifdef __cplusplus
        }
    #endif

#endif /* __ASSEMBLER__ */

#endif /* PORTMACRO_H */
