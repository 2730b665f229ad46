/*
 * Espressif's phone apps may provision the device, too.
 */
#ifndef ESPRESSIF_H_
#define ESPRESSIF_H_

#include <stdint.h>

#include "FreeRTOS.h"

/* Starts what they speak, soon, with security 1 or 2, or IOT_BLE_PROTOCOMM_OPEN. The first time the secret is shown;
 * afterwards only ESPRESSIF_Show does that. Any task with 2 KB of stack to spare; does not block. */
void ESPRESSIF_Start( uint8_t ucSecurity );

/* Stops it, and forgets the secret: this device has it on no label. pdTRUE when nothing a phone asked for is done any more and
 * the flash has it, or the board has nothing of the kind. Any task but that of BLE; blocks 10 s at most. */
BaseType_t ESPRESSIF_Forget( void );

/* Starts it as it was last started; nothing when it never was. As ESPRESSIF_Start. */
void ESPRESSIF_StartAgain( void );

/* Shows name and secret on the console: as JSON, and as the QR code the apps scan. Any task with 3 KB of stack to
 * spare; takes as long as the console does. */
void ESPRESSIF_Show( void );

#endif /* ESPRESSIF_H_ */
