#ifndef NIMBLE_PORT_FREERTOS_H
#define NIMBLE_PORT_FREERTOS_H
void nimble_port_freertos_init( void ( * )( void * ) );
void nimble_port_freertos_deinit( void );
#endif
