/*
 * A service whose costs are known, to test the measuring with. `size/selftest.rs` asserts the
 * numbers in the comments.
 */
    .syntax unified
    .cpu cortex-m3
    .thumb

    .macro function name
    .section .text.\name, "ax"
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

/* The receive callback.
 * Stack: 16 + 184 = 200 bytes. Instructions for DATA_RECEIVED: 5 + 100 * 2 + 4 + 2 = 211. */
    function known_callback
    push {r3, r4, r5, lr}
    sub sp, #184
    cmp r0, #1
    bne 2f
    movs r4, #100
1:  subs r4, #1
    bne 1b
    ldr r0, =known_group
    ldr r0, [r0]
    movs r1, #1
    bl xEventGroupSetBits
2:  add sp, #184
    pop {r3, r4, r5, pc}
    .pool
    .size known_callback, . - known_callback

/* What the loop does for a request: 32 bytes below the loop's frame, 7 + 2 = 9 instructions. */
    function known_work
    push {r3, r4, r5, r6, r7, lr}
    sub sp, #8
    ldr r0, =known_channel
    ldr r0, [r0]
    ldr r1, =known_answer
    movs r2, #7
    bl IotBleDataTransfer_Send
    add sp, #8
    pop {r3, r4, r5, r6, r7, pc}
    .pool
    .size known_work, . - known_work

/* The loop: 8 + 80 = 88 bytes. Per request 4 instructions after the wait and 8 before the next. */
    function IotBleWifiProv_RunProcessLoop
    push {r4, lr}
    sub sp, #80
    movs r0, #1
    bl IotBleDataTransfer_Open
    ldr r1, =known_channel
    str r0, [r1]
    ldr r1, =known_callback
    movs r2, #0
    bl IotBleDataTransfer_SetCallback
1:  ldr r0, =known_group
    ldr r0, [r0]
    movs r1, #3
    movs r2, #1
    movs r3, #0
    mov r4, #-1
    str r4, [sp]
    bl xEventGroupWaitBits
    lsls r4, r0, #30
    bmi 2f
    bl known_work
    b 1b
2:  ldr r0, =known_channel
    ldr r0, [r0]
    bl IotBleDataTransfer_Reset
    movs r0, #1
    add sp, #80
    pop {r4, pc}
    .pool
    .size IotBleWifiProv_RunProcessLoop, . - IotBleWifiProv_RunProcessLoop

    function IotBleWifiProv_Init
    push {r4, lr}
    movs r0, #40
    bl pvPortMalloc
    ldr r1, =known_block
    str r0, [r1]
    ldr r4, =known_group
    ldr r0, [r4]
    cbnz r0, 1f
    bl xEventGroupCreate
    str r0, [r4]
1:  movs r0, #1
    pop {r4, pc}
    .pool
    .size IotBleWifiProv_Init, . - IotBleWifiProv_Init

    function IotBleWifiProv_Stop
    push {r4, lr}
    ldr r0, =known_group
    ldr r0, [r0]
    movs r1, #2
    bl xEventGroupSetBits
    movs r0, #1
    pop {r4, pc}
    .pool
    .size IotBleWifiProv_Stop, . - IotBleWifiProv_Stop

/* The group stays for the next Init. */
    function IotBleWifiProv_Deinit
    push {r4, lr}
    ldr r0, =known_block
    ldr r0, [r0]
    bl vPortFree
    pop {r4, pc}
    .pool
    .size IotBleWifiProv_Deinit, . - IotBleWifiProv_Deinit

    .irp name, GetNumNetworks, Connect, EraseAllNetworks, GetSerializer
    function IotBleWifiProv_\name
    movs r0, #1
    bx lr
    .size IotBleWifiProv_\name, . - IotBleWifiProv_\name
    .endr

    .irp name, Init, Start, Stop, Delete, GetNumNetworks, Connect, EraseAllNetworks
    function WIFI_PROVISION_\name
    movs r0, #1
    bx lr
    .size WIFI_PROVISION_\name, . - WIFI_PROVISION_\name
    .endr

/* 8 bytes of .rodata, 4 of .data, 100 of .bss: all reached from the loop or Init. */
    .section .rodata.known, "a"
    .global known_answer
known_answer:
    .byte 0xa2, 0x61, 0x77, 0x02, 0x61, 0x73, 0x00, 0
    .section .data.known, "aw"
    .align 2
known_channel:
    .word 0
    .section .bss.known, "aw", %nobits
    .align 2
known_group:
    .space 4
known_block:
    .space 96
