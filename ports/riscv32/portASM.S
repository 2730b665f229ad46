/* Keeping one task and going on with another. The frame is described in portcontext.h. */
#include "portchip.h"
#include "portcontext.h"

    .global vPortSwitchHandler
    .global vPortStartFirstTask
    .extern pxCurrentTCB
    .extern vPortSwitch

    /* op: sw or lw. */
    .macro portREGISTERS op
    \op ra, portFRAME_RA(sp)
    \op a0, portFRAME_A0(sp)
    \op a1, 16(sp)
    \op a2, 20(sp)
    \op a3, 24(sp)
    \op a4, 28(sp)
    \op a5, 32(sp)
    \op a6, 36(sp)
    \op a7, 40(sp)
    \op t1, 44(sp)
    \op t2, 48(sp)
    \op t3, 52(sp)
    \op t4, 56(sp)
    \op t5, 60(sp)
    \op t6, 64(sp)
    \op s0, 68(sp)
    \op s1, 72(sp)
    \op s2, 76(sp)
    \op s3, 80(sp)
    \op s4, 84(sp)
    \op s5, 88(sp)
    \op s6, 92(sp)
    \op s7, 96(sp)
    \op s8, 100(sp)
    \op s9, 104(sp)
    \op s10, 108(sp)
    \op s11, 112(sp)
    \op t0, 116(sp)
    .endm

    .section portSWITCH_SECTION, "ax", @progbits
    .option push
    .option norvc
    .balign 4
    .option pop
    .type vPortSwitchHandler, @function
vPortSwitchHandler:
    addi sp, sp, -portFRAME_BYTES
    portREGISTERS sw
    csrr t0, mepc
    sw t0, portFRAME_MEPC(sp)
    csrr t0, mstatus
    sw t0, portFRAME_MSTATUS(sp)
    la t0, pxCurrentTCB
    lw t0, 0(t0)
    sw sp, 0(t0)            /* the first member of a task is its stack pointer */
    la t0, vPortSwitch
    jalr ra, t0
vPortStartFirstTask:
    la t0, pxCurrentTCB
    lw t0, 0(t0)
    lw sp, 0(t0)
    lw t0, portFRAME_MEPC(sp)
    csrw mepc, t0
    lw t0, portFRAME_MSTATUS(sp)
    csrw mstatus, t0
    portREGISTERS lw
    addi sp, sp, portFRAME_BYTES
    mret
    .size vPortSwitchHandler, . - vPortSwitchHandler
