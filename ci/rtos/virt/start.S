/* Reset, and the way into the handlers. Interrupts use the stack of the task they interrupt, as on Espressif's chips. */

    .section .init, "ax", @progbits
    .global _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, _stack_top
    la t0, _bss_start
    la t1, _bss_end
1:  bgeu t0, t1, 2f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 1b
2:  la t0, vectors
    ori t0, t0, 1
    csrw mtvec, t0
    call vVirtMain
3:  j 3b

    .macro HANDLER name cause
    .balign 4
\name:
    addi sp, sp, -80
    sw ra, 0(sp)
    sw t0, 4(sp)
    sw t1, 8(sp)
    sw t2, 12(sp)
    sw t3, 16(sp)
    sw t4, 20(sp)
    sw t5, 24(sp)
    sw t6, 28(sp)
    sw a0, 32(sp)
    sw a1, 36(sp)
    sw a2, 40(sp)
    sw a3, 44(sp)
    sw a4, 48(sp)
    sw a5, 52(sp)
    sw a6, 56(sp)
    sw a7, 60(sp)
    csrr t0, mepc
    sw t0, 64(sp)
    csrr t0, mstatus
    sw t0, 68(sp)
    li a0, \cause
    call vVirtInterrupt
    lw t0, 64(sp)
    csrw mepc, t0
    lw t0, 68(sp)
    csrw mstatus, t0
    lw ra, 0(sp)
    lw t0, 4(sp)
    lw t1, 8(sp)
    lw t2, 12(sp)
    lw t3, 16(sp)
    lw t4, 20(sp)
    lw t5, 24(sp)
    lw t6, 28(sp)
    lw a0, 32(sp)
    lw a1, 36(sp)
    lw a2, 40(sp)
    lw a3, 44(sp)
    lw a4, 48(sp)
    lw a5, 52(sp)
    lw a6, 56(sp)
    lw a7, 60(sp)
    addi sp, sp, 80
    mret
    .endm

    .text
    HANDLER timer, 7
    HANDLER external, 11

    .balign 4
fault:
    csrr a0, mcause
    csrr a1, mepc
    csrr a2, mtval
    call vVirtFault
1:  j 1b

    .option push
    .option norvc
    .balign 256
vectors:
    j fault         /* exceptions */
    j fault
    j fault
    j vPortSwitchHandler    /* 3: machine software interrupt */
    j fault
    j fault
    j fault
    j timer         /* 7: machine timer interrupt */
    j fault
    j fault
    j fault
    j external      /* 11: machine external interrupt */
    .option pop
