#ifndef H_BLE_SVC_GATT_
#define H_BLE_SVC_GATT_
void ble_svc_gatt_init( void );
#endif
