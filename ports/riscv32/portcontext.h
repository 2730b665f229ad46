/*
 * What a switch keeps of a task, on its stack: all registers but sp, gp and tp (the last two are the same for all tasks),
 * where it goes on, and the status. Offsets in bytes; the frame is a multiple of 16.
 */
#ifndef PORTCONTEXT_H
#define PORTCONTEXT_H

#define portFRAME_MEPC       0
#define portFRAME_MSTATUS    4
#define portFRAME_RA         8
#define portFRAME_A0         12
#define portFRAME_BYTES      128

/* mstatus of a task that begins: machine mode, and interrupts on after mret (MPP and MPIE). */
#define portMSTATUS_FIRST    0x1880

#endif /* PORTCONTEXT_H */
