#ifndef H_BLE_SVC_GAP_
#define H_BLE_SVC_GAP_
void ble_svc_gap_init( void );
const char * ble_svc_gap_device_name( void );
int ble_svc_gap_device_name_set( const char * );
#endif
