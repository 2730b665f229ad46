#ifndef NIMBLE_NPL_H
#define NIMBLE_NPL_H
#include <stdint.h>
struct ble_npl_event;
struct ble_npl_eventq;
typedef void ble_npl_event_fn( struct ble_npl_event * );
struct ble_npl_callout { void * co; };
int ble_npl_callout_init( struct ble_npl_callout *, struct ble_npl_eventq *, ble_npl_event_fn *, void * );
int ble_npl_callout_reset( struct ble_npl_callout *, uint32_t );
void ble_npl_callout_stop( struct ble_npl_callout * );
uint32_t ble_npl_time_ms_to_ticks32( uint32_t );
#endif
