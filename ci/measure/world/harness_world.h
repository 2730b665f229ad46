/*
 * The platform contract as the measurements need it: a store, a radio and a channel that do what
 * is asked with at most a few bytes of stack, and count how often they were asked. Contents are those the C service was
 * measured with.
 */
#ifndef HARNESS_WORLD_H
#define HARNESS_WORLD_H

#include <stdint.h>

#include "iot_ble_data_transfer.h"
#include "iot_wifi.h"

/* What the service asked for since world_reset_counts. */
struct world_counts
{
    uint32_t sends, adds, gets, deletes, connects, disconnects, scans;
    uint32_t last_length;       /* the last response … */
    uint8_t last[ 96 ];         /* … cut at 96 bytes */
};

extern struct world_counts world_counts;
void world_reset_counts( void );

/* Fills the store with `saved` networks and the air with `scanned` access points. */
void world_reset( uint32_t saved, uint32_t scanned );

/* Gives every access point the longest name there is, 32 times its number. */
void world_longest( void );

/* Hands one whole message to the service, as the BLE host does. Its frame is the one the
 * callback's stack is counted from. */
void world_deliver( const uint8_t * message, uint32_t length );

/* Whether the service has set its callback. */
int world_is_open( void );

/* Byte by byte: the compiler's memcpy would be counted as the service's. */
void world_copy( void * to, const void * from, uint32_t length );

#endif
