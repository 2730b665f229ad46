/*
 * QEMU's riscv32 virt machine for ports/riscv32: the switch is the CLINT's software interrupt of hart 0. It is switched
 * off while a handler runs (src/virt/interrupts.rs), which is what a chip's lowest priority does.
 */
#ifndef PORTCHIP_H
#define PORTCHIP_H

#define portSWITCH_SECTION            .text.freertos_switch

#ifndef __ASSEMBLER__
    /* How many handlers are under way. */
    extern volatile unsigned int uxVirtInterruptDepth;
#endif

#define portchipMSIP                  ( *( volatile unsigned int * ) 0x02000000U )

#define portchipREQUEST_SWITCH()      do { portchipMSIP = 1U; ( void ) portchipMSIP; } while( 0 )
#define portchipCLEAR_SWITCH()        do { portchipMSIP = 0U; ( void ) portchipMSIP; } while( 0 )
#define portchipSWITCH_REQUESTED()    ( portchipMSIP != 0U )
#define portchipIN_INTERRUPT()        ( uxVirtInterruptDepth != 0U )

#endif /* PORTCHIP_H */
