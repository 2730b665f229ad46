#ifndef H_BLE_HS_
#define H_BLE_HS_
#include <stddef.h>
#include <stdint.h>
struct os_mbuf;
int os_mbuf_append( struct os_mbuf *, const void *, uint16_t );
struct os_mbuf * ble_hs_mbuf_from_flat( const void *, uint16_t );
int ble_hs_mbuf_to_flat( const struct os_mbuf *, void *, uint16_t, uint16_t * );

typedef struct { uint8_t type; } ble_uuid_t;
typedef struct { ble_uuid_t u; uint8_t value[ 16 ]; } ble_uuid128_t;
#define BLE_UUID_TYPE_128    128
#define BLE_UUID128_INIT( ... )    { .u = { .type = BLE_UUID_TYPE_128 }, .value = { __VA_ARGS__ } }
typedef struct { uint8_t type; uint8_t val[ 6 ]; } ble_addr_t;

#define BLE_HS_CONN_HANDLE_NONE                0xffff
#define BLE_HS_FOREVER                         INT32_MAX
#define BLE_HS_IO_DISPLAY_YESNO                0x01
#define BLE_HS_ADV_F_DISC_GEN                  0x02
#define BLE_HS_ADV_F_BREDR_UNSUP               0x04
#define BLE_HS_ADV_TX_PWR_LVL_AUTO             ( -128 )
#define BLE_ATT_ERR_INVALID_ATTR_VALUE_LEN     0x0d
#define BLE_ATT_ERR_UNLIKELY                   0x0e
#define BLE_ATT_ERR_INSUFFICIENT_RES           0x11
#define BLE_SM_IOACT_NUMCMP                    4
#define BLE_SM_PAIR_KEY_DIST_ENC               0x01
#define BLE_SM_PAIR_KEY_DIST_ID                0x02

/* GATT */
#define BLE_GATT_ACCESS_OP_READ_CHR            0
#define BLE_GATT_ACCESS_OP_WRITE_CHR           1
#define BLE_GATT_CHR_F_READ                    0x0002
#define BLE_GATT_CHR_F_WRITE                   0x0008
#define BLE_GATT_CHR_F_NOTIFY                  0x0010
#define BLE_GATT_CHR_F_READ_ENC                0x0200
#define BLE_GATT_CHR_F_READ_AUTHEN             0x0400
#define BLE_GATT_CHR_F_WRITE_ENC               0x1000
#define BLE_GATT_CHR_F_WRITE_AUTHEN            0x2000
#define BLE_GATT_SVC_TYPE_PRIMARY              1
struct ble_gatt_access_ctxt { uint8_t op; struct os_mbuf * om; };
typedef int ble_gatt_access_fn( uint16_t, uint16_t, struct ble_gatt_access_ctxt *, void * );
struct ble_gatt_chr_def
{
    const ble_uuid_t * uuid;
    ble_gatt_access_fn * access_cb;
    void * arg;
    uint16_t flags;
    uint16_t * val_handle;
};
struct ble_gatt_svc_def { uint8_t type; const ble_uuid_t * uuid; const struct ble_gatt_chr_def * characteristics; };
int ble_gatts_count_cfg( const struct ble_gatt_svc_def * );
int ble_gatts_add_svcs( const struct ble_gatt_svc_def * );
int ble_gatts_notify_custom( uint16_t, uint16_t, struct os_mbuf * );
void ble_gatts_chr_updated( uint16_t );
uint16_t ble_att_mtu( uint16_t );
int ble_att_set_preferred_mtu( uint16_t );

/* GAP */
#define BLE_GAP_EVENT_CONNECT            0
#define BLE_GAP_EVENT_DISCONNECT         1
#define BLE_GAP_EVENT_ADV_COMPLETE       9
#define BLE_GAP_EVENT_ENC_CHANGE         10
#define BLE_GAP_EVENT_PASSKEY_ACTION     11
#define BLE_GAP_EVENT_SUBSCRIBE          14
#define BLE_GAP_EVENT_MTU                15
#define BLE_GAP_EVENT_REPEAT_PAIRING     17
#define BLE_GAP_REPEAT_PAIRING_IGNORE    2
#define BLE_ERR_REM_USER_CONN_TERM       0x13
#define BLE_GAP_CONN_MODE_UND            2
#define BLE_GAP_DISC_MODE_GEN            2
struct ble_gap_sec_state { unsigned encrypted : 1; unsigned authenticated : 1; unsigned bonded : 1; };
struct ble_gap_conn_desc { struct ble_gap_sec_state sec_state; ble_addr_t peer_id_addr; uint16_t conn_handle; };
struct ble_gap_passkey_params { uint8_t action; uint32_t numcmp; };
struct ble_gap_event
{
    uint8_t type;
    union
    {
        struct { int status; uint16_t conn_handle; } connect;
        struct { int status; uint16_t conn_handle; } enc_change;
        struct { uint16_t conn_handle; struct ble_gap_passkey_params params; } passkey;
        struct { uint16_t conn_handle; uint16_t attr_handle; uint8_t prev_notify : 1; uint8_t cur_notify : 1; } subscribe;
        struct { uint16_t conn_handle; } repeat_pairing;
    };
};
typedef int ble_gap_event_fn( struct ble_gap_event *, void * );
struct ble_gap_adv_params { uint8_t conn_mode; uint8_t disc_mode; uint16_t itvl_min; uint16_t itvl_max; };
struct ble_hs_adv_fields
{
    uint8_t flags;
    const ble_uuid128_t * uuids128;
    uint8_t num_uuids128;
    unsigned uuids128_is_complete : 1;
    const uint8_t * name;
    uint8_t name_len;
    unsigned name_is_complete : 1;
    int8_t tx_pwr_lvl;
    unsigned tx_pwr_lvl_is_present : 1;
    const uint8_t * slave_itvl_range;
};
int ble_gap_adv_set_fields( const struct ble_hs_adv_fields * );
int ble_gap_adv_rsp_set_fields( const struct ble_hs_adv_fields * );
int ble_gap_adv_start( uint8_t, const ble_addr_t *, int32_t, const struct ble_gap_adv_params *, ble_gap_event_fn *, void * );
int ble_gap_conn_find( uint16_t, struct ble_gap_conn_desc * );
int ble_gap_security_initiate( uint16_t );
int ble_gap_terminate( uint16_t, uint8_t );
int ble_hs_id_infer_auto( int, uint8_t * );

/* Pairing and its store */
struct ble_sm_io { uint8_t action; union { uint32_t passkey; uint8_t oob[ 16 ]; uint8_t numcmp_accept; }; };
int ble_sm_inject_io( uint16_t, struct ble_sm_io * );
struct ble_store_status_event;
int ble_store_util_status_rr( struct ble_store_status_event *, void * );
int ble_store_clear( void );
struct ble_hs_cfg
{
    void ( * reset_cb )( int );
    void ( * sync_cb )( void );
    int ( * store_status_cb )( struct ble_store_status_event *, void * );
    uint8_t sm_io_cap;
    unsigned sm_bonding : 1;
    unsigned sm_mitm : 1;
    unsigned sm_sc : 1;
    uint8_t sm_our_key_dist;
    uint8_t sm_their_key_dist;
};
extern struct ble_hs_cfg ble_hs_cfg;
#endif
