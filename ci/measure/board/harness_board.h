/* The bare machine under every image that runs: QEMU's mps2-an385. */
#ifndef HARNESS_BOARD_H
#define HARNESS_BOARD_H

#include <stdint.h>

/* Lines to the tool, on the first UART. */
void say( const char * text );
void say_number( const char * label, uint32_t value ); /* " label=value" */
void say_bytes( const char * label, const uint8_t * bytes, uint32_t length );

/* Ends QEMU with this exit code. */
void finish( int code ) __attribute__( ( noreturn ) );

/* Ends with code 1 after one line that says why. */
void give_up( const char * why ) __attribute__( ( noreturn ) );

#endif
