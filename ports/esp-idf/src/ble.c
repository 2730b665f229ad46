/*
 * The link, on NimBLE: the two services of the Amazon FreeRTOS firmware that provisioning needs, advertising, and pairing by
 * numeric comparison. Every value needs an authenticated, encrypted link.
 */
#include "glue.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "esp_log.h"
#include "host/ble_hs.h"
#include "host/util/util.h"
#include "nimble/nimble_port.h"
#include "nimble/nimble_port_freertos.h"
#include "sdkconfig.h"
#include "services/gap/ble_svc_gap.h"
#include "services/gatt/ble_svc_gatt.h"

#define TAG                  "wifi_provision"

/* Advertising every 187.5 to 375 ms, in units of 0.625 ms. */
#define INTERVAL_MIN         300
#define INTERVAL_MAX         600

/* As much of the name as an advertisement has room for, bytes. */
#define SHORT_NAME           4

/* How long a phone may stay without proof of who it is: time to begin, and for a comparison. */
#define PATIENCE_MS          60000U

/* More than six digits. */
#define NO_NUMBER            1000000U

/* What comes before a notification's bytes. */
#define NOTIFICATION_HEAD    3

/* 8a7f1168-48af-4efb-83b5-e679f932ffNN, Device Information. */
#define INFORMATION( ucLast ) \
    BLE_UUID128_INIT( ucLast, 0xFF, 0x32, 0xF9, 0x79, 0xE6, 0xB5, 0x83, 0xFB, 0x4E, 0xAF, 0x48, 0x68, 0x11, 0x7F, 0x8A )

/* a9d7166a-d72e-40a9-a002-48044cc301NN, data transfer for provisioning. */
#define TRANSFER( ucLast ) \
    BLE_UUID128_INIT( ucLast, 0x01, 0xC3, 0x4C, 0x04, 0x48, 0x02, 0xA0, 0xA9, 0x40, 0x2E, 0xD7, 0x6A, 0x16, 0xD7, 0xA9 )

static const ble_uuid128_t xInformationUuids[] =
{
    INFORMATION( 0x00 ), INFORMATION( 0x01 ), INFORMATION( 0x02 ), INFORMATION( 0x03 ), INFORMATION( 0x04 ), INFORMATION( 0x05 )
};
static const ble_uuid128_t xTransferUuids[] =
{
    TRANSFER( 0x00 ), TRANSFER( 0x01 ), TRANSFER( 0x02 ), TRANSFER( 0x03 ), TRANSFER( 0x04 ), TRANSFER( 0x05 )
};

/* What a characteristic is. */
enum
{
    VERSION = 1,
    BROKER,
    MTU,
    PLATFORM,
    DEVICE_ID,
    CONTROL,
    TX,
    RX,
    TX_LARGE,
    RX_LARGE
};

#define READS       ( BLE_GATT_CHR_F_READ | BLE_GATT_CHR_F_READ_ENC | BLE_GATT_CHR_F_READ_AUTHEN )
#define WRITES      ( BLE_GATT_CHR_F_WRITE | BLE_GATT_CHR_F_WRITE_ENC | BLE_GATT_CHR_F_WRITE_AUTHEN )
#define NOTIFIES    BLE_GATT_CHR_F_NOTIFY

static uint16_t usMtuHandle;
static uint16_t usTxHandle;
static uint16_t usTxLargeHandle;

/* The phone; BLE_HS_CONN_HANDLE_NONE without one. */
static volatile uint16_t usConnection = BLE_HS_CONN_HANDLE_NONE;

/* Whose pairing waits for the user's answer. */
static volatile uint16_t usComparing = BLE_HS_CONN_HANDLE_NONE;

/* The number it shows; NO_NUMBER when nobody is asked. */
static atomic_uint_fast32_t ulCompared = NO_NUMBER;

/* The end of a stranger's time. */
static struct ble_npl_callout xPatience;

static WIFI_PROVISION_CompareCallback_t xCompareCallback;
static uint8_t ucAddressType;

static int prvAccess( uint16_t usFrom,
                      uint16_t usHandle,
                      struct ble_gatt_access_ctxt * pxAccess,
                      void * pvWhat );
static void prvAdvertise( void );
static void prvEndLink( struct ble_npl_event * pxEvent );

#define CHARACTERISTIC( xUuid, eWhat, xFlags, pusHandle ) \
    { .uuid = &( xUuid ).u, .access_cb = prvAccess, .arg = ( void * ) ( uintptr_t ) ( eWhat ), .flags = ( xFlags ), .val_handle = ( pusHandle ) }

static const struct ble_gatt_chr_def xInformation[] =
{
    CHARACTERISTIC( xInformationUuids[ 1 ], VERSION, READS, NULL ),
    CHARACTERISTIC( xInformationUuids[ 2 ], BROKER, READS, NULL ),
    CHARACTERISTIC( xInformationUuids[ 3 ], MTU, READS | NOTIFIES, &usMtuHandle ),
    CHARACTERISTIC( xInformationUuids[ 4 ], PLATFORM, READS, NULL ),
    CHARACTERISTIC( xInformationUuids[ 5 ], DEVICE_ID, READS, NULL ),
    { 0 }
};

static const struct ble_gatt_chr_def xTransfer[] =
{
    CHARACTERISTIC( xTransferUuids[ 1 ], CONTROL, READS | WRITES, NULL ),
    CHARACTERISTIC( xTransferUuids[ 2 ], TX, READS | NOTIFIES, &usTxHandle ),
    CHARACTERISTIC( xTransferUuids[ 3 ], RX, WRITES, NULL ),
    CHARACTERISTIC( xTransferUuids[ 4 ], TX_LARGE, READS | NOTIFIES, &usTxLargeHandle ),
    CHARACTERISTIC( xTransferUuids[ 5 ], RX_LARGE, WRITES, NULL ),
    { 0 }
};

static const struct ble_gatt_svc_def xServices[] =
{
    { .type = BLE_GATT_SVC_TYPE_PRIMARY, .uuid = &xInformationUuids[ 0 ].u, .characteristics = xInformation },
    { .type = BLE_GATT_SVC_TYPE_PRIMARY, .uuid = &xTransferUuids[ 0 ].u, .characteristics = xTransfer },
    { 0 }
};

/*-----------------------------------------------------------*/

static int prvAnswer( struct ble_gatt_access_ctxt * pxAccess,
                      const void * pvBytes,
                      size_t xLength )
{
    return ( os_mbuf_append( pxAccess->om, pvBytes, ( uint16_t ) xLength ) == 0 ) ? 0 : BLE_ATT_ERR_INSUFFICIENT_RES;
}

static int prvRead( struct ble_gatt_access_ctxt * pxAccess,
                    uintptr_t uxWhat )
{
    char cNumber[ 8 ];
    uint8_t ucReady;
    const uint8_t * pucChunk;
    size_t xLength;

    switch( uxWhat )
    {
        case VERSION:
            return prvAnswer( pxAccess, CONFIG_WIFI_PROVISION_SOFTWARE_VERSION, sizeof( CONFIG_WIFI_PROVISION_SOFTWARE_VERSION ) - 1U );

        case MTU:
            xLength = ( size_t ) snprintf( cNumber, sizeof( cNumber ), "%u", ( unsigned ) ble_att_mtu( usConnection ) );
            return prvAnswer( pxAccess, cNumber, xLength );

        case PLATFORM:
        case DEVICE_ID:
            return prvAnswer( pxAccess, "Unknown", 7 );

        case CONTROL:
            ucReady = CHANNEL_IsReady() ? 1 : 0;
            return prvAnswer( pxAccess, &ucReady, 1 );

        case TX_LARGE:
            pucChunk = CHANNEL_NextChunk( &xLength );
            return prvAnswer( pxAccess, pucChunk, xLength );

        default:
            return 0;
    }
}

/*-----------------------------------------------------------*/

static int prvWrite( struct ble_gatt_access_ctxt * pxAccess,
                     uintptr_t uxWhat )
{
    static uint8_t ucValue[ 512 ];
    uint16_t usLength;

    if( ble_hs_mbuf_to_flat( pxAccess->om, ucValue, sizeof( ucValue ), &usLength ) != 0 )
    {
        return BLE_ATT_ERR_INVALID_ATTR_VALUE_LEN;
    }

    switch( uxWhat )
    {
        case CONTROL:

            if( usLength != 1 )
            {
                return BLE_ATT_ERR_INVALID_ATTR_VALUE_LEN;
            }

            CHANNEL_Control( ucValue[ 0 ] == 1 );
            break;

        case RX:
            CHANNEL_Received( ucValue, usLength );
            break;

        default:
            CHANNEL_ReceivedChunk( ucValue, usLength );
            break;
    }

    /* A request may hold a passphrase. */
    for( volatile uint8_t * pucByte = ucValue; pucByte < &ucValue[ usLength ]; pucByte++ )
    {
        *pucByte = 0;
    }

    return 0;
}

/*-----------------------------------------------------------*/

/* Context: NimBLE's task. */
static int prvAccess( uint16_t usFrom,
                      uint16_t usHandle,
                      struct ble_gatt_access_ctxt * pxAccess,
                      void * pvWhat )
{
    ( void ) usFrom;
    ( void ) usHandle;

    switch( pxAccess->op )
    {
        case BLE_GATT_ACCESS_OP_READ_CHR:
            return prvRead( pxAccess, ( uintptr_t ) pvWhat );

        case BLE_GATT_ACCESS_OP_WRITE_CHR:
            return prvWrite( pxAccess, ( uintptr_t ) pvWhat );

        default:
            return BLE_ATT_ERR_UNLIKELY;
    }
}

/*-----------------------------------------------------------*/

static void prvCompare( uint16_t usFrom,
                        const struct ble_gap_passkey_params * pxAction )
{
    if( pxAction->action != BLE_SM_IOACT_NUMCMP )
    {
        return;
    }

    usComparing = usFrom;
    ulCompared = pxAction->numcmp;

    if( xCompareCallback != NULL )
    {
        xCompareCallback( pxAction->numcmp );
    }
    else
    {
        ( void ) WIFI_PROVISION_IDF_Answer( pxAction->numcmp, false );
    }
}

bool WIFI_PROVISION_IDF_Answer( uint32_t ulNumber,
                                bool xSame )
{
    struct ble_sm_io xAnswer = { .action = BLE_SM_IOACT_NUMCMP, .numcmp_accept = xSame ? 1 : 0 };
    uint16_t usAsked = usComparing;
    uint_fast32_t ulShown = ulNumber;

    /* Whoever takes the number away answers: once, and for that number alone. */
    return ( ulNumber < NO_NUMBER ) && atomic_compare_exchange_strong( &ulCompared, &ulShown, NO_NUMBER ) &&
           ( ble_sm_inject_io( usAsked, &xAnswer ) == 0 );
}

bool WIFI_PROVISION_IDF_ForgetPhones( void )
{
    bool xForgotten = ble_store_clear() == 0;

    prvEndLink( NULL );
    return xForgotten;
}

/*-----------------------------------------------------------*/

/* Whether the phone has proved who it is. */
static bool prvHasProved( void )
{
    struct ble_gap_conn_desc xPhone;

    return ( ble_gap_conn_find( usConnection, &xPhone ) == 0 ) && xPhone.sec_state.encrypted && xPhone.sec_state.authenticated;
}

/* Context: NimBLE's task, or the application's. */
static void prvEndLink( struct ble_npl_event * pxEvent )
{
    ( void ) pxEvent;

    if( usConnection != BLE_HS_CONN_HANDLE_NONE )
    {
        ( void ) ble_gap_terminate( usConnection, BLE_ERR_REM_USER_CONN_TERM );
    }
}

/* The phone's time is up. Context: NimBLE's task. */
static void prvTimeIsUp( struct ble_npl_event * pxEvent )
{
    if( !prvHasProved() )
    {
        ESP_LOGW( TAG, "the phone did not prove who it is in time: its link is ended" );
        prvEndLink( pxEvent );
    }
}

/*-----------------------------------------------------------*/

/* Context: NimBLE's task. */
static int prvEvent( struct ble_gap_event * pxEvent,
                     void * pvNothing )
{
    ( void ) pvNothing;

    switch( pxEvent->type )
    {
        case BLE_GAP_EVENT_CONNECT:

            if( pxEvent->connect.status == 0 )
            {
                usConnection = pxEvent->connect.conn_handle;
                ( void ) ble_npl_callout_reset( &xPatience, ble_npl_time_ms_to_ticks32( PATIENCE_MS ) );
                ( void ) ble_gap_security_initiate( usConnection );
            }
            else
            {
                prvAdvertise();
            }

            break;

        case BLE_GAP_EVENT_DISCONNECT:
            usConnection = BLE_HS_CONN_HANDLE_NONE;
            usComparing = BLE_HS_CONN_HANDLE_NONE;
            ulCompared = NO_NUMBER;
            ble_npl_callout_stop( &xPatience );
            CHANNEL_Disconnected();
            prvAdvertise();
            break;

        case BLE_GAP_EVENT_ADV_COMPLETE:
            prvAdvertise();
            break;

        case BLE_GAP_EVENT_SUBSCRIBE:

            if( ( pxEvent->subscribe.attr_handle == usTxHandle ) || ( pxEvent->subscribe.attr_handle == usTxLargeHandle ) )
            {
                CHANNEL_Subscribed( pxEvent->subscribe.attr_handle == usTxLargeHandle, pxEvent->subscribe.cur_notify != 0 );
            }

            break;

        case BLE_GAP_EVENT_MTU:
            ble_gatts_chr_updated( usMtuHandle );
            break;

        case BLE_GAP_EVENT_ENC_CHANGE:
            /* Whatever was asked is answered. */
            ulCompared = NO_NUMBER;
            break;

        case BLE_GAP_EVENT_PASSKEY_ACTION:
            prvCompare( pxEvent->passkey.conn_handle, &pxEvent->passkey.params );
            break;

        case BLE_GAP_EVENT_REPEAT_PAIRING:
            /* Anybody can ask under a known phone's address; its bond goes with WIFI_PROVISION_IDF_ForgetPhones alone. */
            ESP_LOGW( TAG, "a known phone asks to pair anew: refused until the phones are forgotten" );
            return BLE_GAP_REPEAT_PAIRING_IGNORE;

        default:
            break;
    }

    return 0;
}

/*-----------------------------------------------------------*/

static void prvAdvertise( void )
{
    static const uint8_t ucRange[] = { 0x20, 0x00, 0x40, 0x00 }; /* preferred interval, 40 to 80 ms */
    const char * pcName = ble_svc_gap_device_name();
    size_t xName = strlen( pcName );
    struct ble_hs_adv_fields xFields = { 0 };
    struct ble_hs_adv_fields xResponse = { 0 };
    struct ble_gap_adv_params xParameters = { 0 };

    xFields.flags = BLE_HS_ADV_F_DISC_GEN | BLE_HS_ADV_F_BREDR_UNSUP;
    xFields.uuids128 = &xInformationUuids[ 0 ];
    xFields.num_uuids128 = 1;
    xFields.uuids128_is_complete = 1;
    xFields.name = ( const uint8_t * ) pcName;
    xFields.name_len = ( uint8_t ) ( ( xName > SHORT_NAME ) ? SHORT_NAME : xName );
    xFields.name_is_complete = ( xName <= SHORT_NAME ) ? 1 : 0;
    xFields.tx_pwr_lvl_is_present = 1;
    xFields.tx_pwr_lvl = BLE_HS_ADV_TX_PWR_LVL_AUTO;
    xResponse.slave_itvl_range = ucRange;

    xParameters.conn_mode = BLE_GAP_CONN_MODE_UND;
    xParameters.disc_mode = BLE_GAP_DISC_MODE_GEN;
    xParameters.itvl_min = INTERVAL_MIN;
    xParameters.itvl_max = INTERVAL_MAX;

    if( ( ble_gap_adv_set_fields( &xFields ) != 0 ) || ( ble_gap_adv_rsp_set_fields( &xResponse ) != 0 ) ||
        ( ble_gap_adv_start( ucAddressType, NULL, BLE_HS_FOREVER, &xParameters, prvEvent, NULL ) != 0 ) )
    {
        ESP_LOGE( TAG, "advertising cannot be started; no phone will find this device" );
    }
}

/* Context: NimBLE's task, when host and controller have found each other, again after each reset. */
static void prvInSync( void )
{
    if( ( ble_hs_util_ensure_addr( 0 ) != 0 ) || ( ble_hs_id_infer_auto( 0, &ucAddressType ) != 0 ) )
    {
        ESP_LOGE( TAG, "Bluetooth has no address; no phone will find this device" );
        return;
    }

    prvAdvertise();
}

static void prvReset( int iReason )
{
    ESP_LOGE( TAG, "the BLE controller was reset: %d", iReason );
    usConnection = BLE_HS_CONN_HANDLE_NONE;
    ulCompared = NO_NUMBER;
    ble_npl_callout_stop( &xPatience );
    CHANNEL_Disconnected();
}

static void prvHostTask( void * pvNothing )
{
    ( void ) pvNothing;
    nimble_port_run();
    nimble_port_freertos_deinit();
}

/*-----------------------------------------------------------*/

size_t BLE_GLUE_ChunkSize( void )
{
    uint16_t usMtu = ble_att_mtu( usConnection );

    return ( usMtu > NOTIFICATION_HEAD ) ? ( size_t ) usMtu - NOTIFICATION_HEAD : 0;
}

bool BLE_GLUE_Notify( bool xLarge,
                      const uint8_t * pucBytes,
                      size_t xLength )
{
    struct os_mbuf * pxBytes = ble_hs_mbuf_from_flat( pucBytes, ( uint16_t ) xLength );

    return ( pxBytes != NULL ) &&
           ( ble_gatts_notify_custom( usConnection, xLarge ? usTxLargeHandle : usTxHandle, pxBytes ) == 0 );
}

/*-----------------------------------------------------------*/

/* NimBLE's store in NVS; its header is not public. */
void ble_store_config_init( void );

esp_err_t BLE_GLUE_Start( WIFI_PROVISION_CompareCallback_t xCompare )
{
    esp_err_t xError = nimble_port_init();

    if( xError != ESP_OK )
    {
        return xError;
    }

    xCompareCallback = xCompare;
    ( void ) ble_npl_callout_init( &xPatience, nimble_port_get_dflt_eventq(), prvTimeIsUp, NULL );
    ble_hs_cfg.sync_cb = prvInSync;
    ble_hs_cfg.reset_cb = prvReset;
    ble_hs_cfg.store_status_cb = ble_store_util_status_rr;
    ble_hs_cfg.sm_io_cap = BLE_HS_IO_DISPLAY_YESNO;
    ble_hs_cfg.sm_bonding = 1;
    ble_hs_cfg.sm_mitm = 1;
    ble_hs_cfg.sm_sc = 1;
    ble_hs_cfg.sm_our_key_dist = BLE_SM_PAIR_KEY_DIST_ENC | BLE_SM_PAIR_KEY_DIST_ID;
    ble_hs_cfg.sm_their_key_dist = BLE_SM_PAIR_KEY_DIST_ENC | BLE_SM_PAIR_KEY_DIST_ID;

    ble_svc_gap_init();
    ble_svc_gatt_init();

    if( ( ble_gatts_count_cfg( xServices ) != 0 ) || ( ble_gatts_add_svcs( xServices ) != 0 ) ||
        ( ble_svc_gap_device_name_set( CONFIG_WIFI_PROVISION_DEVICE_NAME ) != 0 ) || ( ble_att_set_preferred_mtu( 512 ) != 0 ) )
    {
        return ESP_FAIL;
    }

    ble_store_config_init();
    nimble_port_freertos_init( prvHostTask );
    return ESP_OK;
}
