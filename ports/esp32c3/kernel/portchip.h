/*
 * The ESP32-C3's part of ports/riscv32. The switch is FROM_CPU_INTR0 at the lowest priority (1), bound directly to
 * vPortSwitchHandler; esp-hal raises the threshold while a handler runs, so it comes only in a task.
 */
#ifndef PORTCHIP_H
#define PORTCHIP_H

/* In RAM, and near the vector table, whose entries are jumps of at most 1 MB. */
#define portSWITCH_SECTION                .rwtext.freertos_switch

#define portchipFROM_CPU_INTR0            ( *( volatile unsigned int * ) 0x600C0028U )
/* Interrupts of a lower priority than this wait. 0 and 1 in a task, more in a handler. */
#define portchipCPU_INT_THRESH            ( *( volatile unsigned int * ) 0x600C2194U )

/* Read back: the write has reached the interrupt matrix then. */
#define portchipREQUEST_SWITCH()          do { portchipFROM_CPU_INTR0 = 1U; ( void ) portchipFROM_CPU_INTR0; } while( 0 )
#define portchipCLEAR_SWITCH()            do { portchipFROM_CPU_INTR0 = 0U; ( void ) portchipFROM_CPU_INTR0; } while( 0 )
#define portchipSWITCH_REQUESTED()        ( portchipFROM_CPU_INTR0 != 0U )
#define portchipIN_INTERRUPT()            ( portchipCPU_INT_THRESH > 1U )

#endif /* PORTCHIP_H */
