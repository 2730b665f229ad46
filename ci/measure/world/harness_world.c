#include "harness_world.h"

#include "harness_board.h"

struct IotBleDataTransferChannel
{
    IotBleDataTransferChannelCallback_t callback;
    void * context;
    const uint8_t * message;
    uint32_t length;
};

struct world_counts world_counts;

static struct IotBleDataTransferChannel channel;
static WIFINetworkProfile_t store[ wificonfigMAX_NETWORK_PROFILES ];
static WIFIScanResult_t air[ 10 ];
static uint32_t stored, on_air;
static uint8_t joined[ wificonfigMAX_SSID_LEN ];
static uint32_t joined_length;

__attribute__( ( noinline ) ) void world_copy( void * to, const void * from, uint32_t length )
{
    volatile uint8_t * destination = to;
    const uint8_t * source = from;

    while( length-- > 0u )
    {
        *destination++ = *source++;
    }
}

void world_reset_counts( void )
{
    volatile uint8_t * at = ( volatile uint8_t * ) &world_counts;

    for( uint32_t i = 0; i < sizeof( world_counts ); i++ )
    {
        at[ i ] = 0;
    }
}

void world_reset( uint32_t saved, uint32_t scanned )
{
    for( uint32_t i = 0; i < saved; i++ )
    {
        WIFINetworkProfile_t * network = &store[ i ];

        world_copy( network->ucSSID, "SavedNetwork00", 14 );
        network->ucSSID[ 13 ] = ( uint8_t ) ( '0' + i );
        network->ucSSIDLength = 14;
        world_copy( network->cPassword, "password0123", 12 );
        network->ucPasswordLength = 12;
        network->xSecurity = eWiFiSecurityWPA2;

        for( uint32_t j = 0; j < 6u; j++ )
        {
            network->ucBSSID[ j ] = ( uint8_t ) ( 16u * i + j );
        }
    }

    for( uint32_t i = 0; i < scanned; i++ )
    {
        WIFIScanResult_t * point = &air[ i ];

        world_copy( point->ucSSID, "ScanNetwork00", 13 );
        point->ucSSID[ 12 ] = ( uint8_t ) ( '0' + i );
        point->ucSSIDLength = 13;
        point->xSecurity = eWiFiSecurityWPA2;
        point->cRSSI = ( int8_t ) ( -40 - 4 * ( int ) i );
        point->ucChannel = 1;

        for( uint32_t j = 0; j < 6u; j++ )
        {
            point->ucBSSID[ j ] = ( uint8_t ) ( 0xa0u + i + j );
        }
    }

    stored = saved;
    on_air = scanned;
    joined_length = 0;
}

void world_longest( void )
{
    for( uint32_t i = 0; i < on_air; i++ )
    {
        WIFIScanResult_t * point = &air[ i ];

        for( uint32_t j = 0; j < wificonfigMAX_SSID_LEN; j++ )
        {
            point->ucSSID[ j ] = ( uint8_t ) ( '0' + i );
        }

        point->ucSSIDLength = wificonfigMAX_SSID_LEN;
    }
}

/* The radio. */

WIFIReturnCode_t WIFI_On( void )
{
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_Off( void )
{
    joined_length = 0;
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_ConnectAP( const WIFINetworkParams_t * const network )
{
    world_counts.connects++;
    joined_length = network->ucSSIDLength;
    world_copy( joined, network->ucSSID, joined_length );
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_Disconnect( void )
{
    world_counts.disconnects++;
    joined_length = 0;
    return eWiFiSuccess;
}

BaseType_t WIFI_IsConnected( const WIFINetworkParams_t * network )
{
    if( ( joined_length == 0u ) || ( network == 0 ) )
    {
        return joined_length != 0u;
    }

    if( network->ucSSIDLength != joined_length )
    {
        return pdFALSE;
    }

    for( uint32_t i = 0; i < joined_length; i++ )
    {
        if( network->ucSSID[ i ] != joined[ i ] )
        {
            return pdFALSE;
        }
    }

    return pdTRUE;
}

WIFIReturnCode_t WIFI_Scan( WIFIScanResult_t * buffer, uint8_t count )
{
    world_counts.scans++;
    world_copy( buffer, air, ( on_air < count ? on_air : count ) * sizeof( air[ 0 ] ) );
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_GetIPInfo( WIFIIPConfiguration_t * info )
{
    info->xIPAddress.xType = eWiFiIPAddressTypeV4;
    info->xIPAddress.ulAddress[ 0 ] = 0x0701a8c0u; /* 192.168.1.7 */
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_RegisterEvent( WIFIEventType_t type, WIFIEventHandler_t handler )
{
    ( void ) type;
    ( void ) handler;
    return eWiFiSuccess;
}

/* The store: in order of arrival, compact, as full as the ESP32's. */

WIFIReturnCode_t WIFI_NetworkAdd( const WIFINetworkProfile_t * const network, uint16_t * index )
{
    world_counts.adds++;

    if( stored >= wificonfigMAX_NETWORK_PROFILES )
    {
        return eWiFiFailure;
    }

    world_copy( &store[ stored ], network, sizeof( *network ) );
    *index = ( uint16_t ) stored++;
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_NetworkGet( WIFINetworkProfile_t * network, uint16_t index )
{
    world_counts.gets++;

    if( index >= stored )
    {
        return eWiFiFailure;
    }

    world_copy( network, &store[ index ], sizeof( *network ) );
    return eWiFiSuccess;
}

WIFIReturnCode_t WIFI_NetworkDelete( uint16_t index )
{
    world_counts.deletes++;

    if( index >= stored )
    {
        return eWiFiFailure;
    }

    stored--;
    world_copy( &store[ index ], &store[ index + 1u ], ( stored - index ) * sizeof( store[ 0 ] ) );
    return eWiFiSuccess;
}

/* The channel. */

bool IotBleDataTransfer_Init( void )
{
    return true;
}

IotBleDataTransferChannel_t * IotBleDataTransfer_Open( uint8_t identifier )
{
    return identifier == IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING ? &channel : 0;
}

bool IotBleDataTransfer_SetCallback( IotBleDataTransferChannel_t * where,
                                     const IotBleDataTransferChannelCallback_t callback,
                                     void * context )
{
    if( where->callback != 0 )
    {
        return false;
    }

    where->callback = callback;
    where->context = context;
    callback( IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED, where, context );
    return true;
}

size_t IotBleDataTransfer_Send( IotBleDataTransferChannel_t * where,
                                const uint8_t * const message,
                                size_t length )
{
    ( void ) where;
    world_counts.sends++;
    world_counts.last_length = length;
    world_copy( world_counts.last, message, length < sizeof( world_counts.last ) ? length : sizeof( world_counts.last ) );
    return length;
}

size_t IotBleDataTransfer_Receive( IotBleDataTransferChannel_t * where, uint8_t * buffer, size_t length )
{
    uint32_t taken = length < where->length ? length : where->length;

    if( buffer != 0 )
    {
        world_copy( buffer, where->message, taken );
    }

    where->message += taken;
    where->length -= taken;
    return taken;
}

void IotBleDataTransfer_PeekReceiveBuffer( IotBleDataTransferChannel_t * where, const uint8_t ** buffer, size_t * length )
{
    *buffer = where->message;
    *length = where->length;
}

void IotBleDataTransfer_Close( IotBleDataTransferChannel_t * where )
{
    ( void ) where;
}

void IotBleDataTransfer_Reset( IotBleDataTransferChannel_t * where )
{
    where->callback = 0;
}

bool IotBleDataTransfer_Cleanup( void )
{
    return true;
}

int world_is_open( void )
{
    return channel.callback != 0;
}

__attribute__( ( noinline ) ) void world_deliver( const uint8_t * message, uint32_t length )
{
    if( channel.callback == 0 )
    {
        give_up( "the service has set no callback on its channel" );
    }

    channel.message = message;
    channel.length = length;
    channel.callback( IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED, &channel, channel.context );
    __asm volatile ( "" ::: "memory" ); /* no tail call: the callback's frame is counted from ours */
}
