/*
 * Espressif's phone apps may provision the device, too.
 */
#ifndef ESPRESSIF_H_
#define ESPRESSIF_H_

/* Starts what they speak, soon, with security 1 or 2. The first time the secret is shown; afterwards only
 * ESPRESSIF_Show does that. Any task; does not block. */
void ESPRESSIF_Start( unsigned uSecurity );

/* Shows name and secret on the console: as JSON, and as the QR code the apps scan. Any task with 3 KB of stack to
 * spare; takes as long as the console does. */
void ESPRESSIF_Show( void );

#endif /* ESPRESSIF_H_ */
