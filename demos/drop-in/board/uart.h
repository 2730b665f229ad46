/* The console, and the way out of QEMU. */
#ifndef UART_H
#define UART_H

void vUartInit( void );

/* From any task; lines of several tasks may mix. Waits for the transmitter. */
void vUartWrite( const char * pcText );

/* Ends QEMU with this code. */
void vBoardExit( int iCode ) __attribute__( ( noreturn ) );

#endif /* UART_H */
