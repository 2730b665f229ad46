/*
 * The exported table of message functions, one call a line: what the vectors say is asked for here,
 * in QEMU and on the host, of the very archive a project links.
 *
 *   q KIND HEX        the request's type, then the reading of it as KIND (list, add, edit, delete)
 *   s REQUEST STATUS STATUSONLY SAVED SSID BSSID SECURITY HIDDEN CONNECTED LAST INDEX RSSI CAPACITY
 *                     the size of that response, and its bytes into a buffer of that capacity
 *
 * Numbers are decimal, bytes hexadecimal; an empty string of bytes is "-".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iot_ble_wifi_provisioning.h"

#include "line.h"

#define LONGEST    4096

static char line[ 2 * LONGEST + 256 ];
static const char * at;

static bool is_word( const char * a, const char * b )
{
    while( ( *a != '\0' ) && ( *a == *b ) )
    {
        a++;
        b++;
    }

    return *a == *b;
}

/* The next word of the line, ended by a NUL; empty at the end. */
static const char * word( void )
{
    static char words[ 2 * LONGEST + 1 ];
    size_t length = 0;

    while( *at == ' ' )
    {
        at++;
    }

    while( ( *at != ' ' ) && ( *at != '\0' ) )
    {
        words[ length++ ] = *at++;
    }

    words[ length ] = '\0';
    return words;
}

static int32_t number( void )
{
    const char * digits = word();
    bool negative = *digits == '-';
    int32_t value = 0;

    for( digits += negative; *digits != '\0'; digits++ )
    {
        value = value * 10 + ( *digits - '0' );
    }

    return negative ? -value : value;
}

static uint8_t nibble( char digit )
{
    return ( uint8_t ) ( ( digit <= '9' ) ? digit - '0' : digit - 'a' + 10 );
}

static size_t bytes( uint8_t * to )
{
    const char * hex = word();
    size_t length = 0;

    while( ( hex[ 0 ] != '\0' ) && ( hex[ 0 ] != '-' ) )
    {
        to[ length++ ] = ( uint8_t ) ( ( nibble( hex[ 0 ] ) << 4 ) | nibble( hex[ 1 ] ) );
        hex += 2;
    }

    return length;
}

static void put_number( const char * name, int32_t value )
{
    char digits[ 16 ];
    size_t place = sizeof( digits );
    uint32_t left = ( value < 0 ) ? 0u - ( uint32_t ) value : ( uint32_t ) value;

    digits[ --place ] = '\0';

    do
    {
        digits[ --place ] = ( char ) ( '0' + left % 10u );
        left /= 10u;
    } while( left != 0u );

    if( value < 0 )
    {
        digits[ --place ] = '-';
    }

    line_put( " " );
    line_put( name );
    line_put( "=" );
    line_put( &digits[ place ] );
}

static void put_bytes( const char * name, const void * what, size_t length )
{
    const uint8_t * from = what;
    char pair[ 3 ] = { 0 };

    line_put( " " );
    line_put( name );
    line_put( "=" );

    for( size_t i = 0; i < length; i++ )
    {
        pair[ 0 ] = "0123456789abcdef"[ from[ i ] >> 4 ];
        pair[ 1 ] = "0123456789abcdef"[ from[ i ] & 15u ];
        line_put( pair );
    }
}

static void read_request( const IotBleWifiProvSerializer_t * table )
{
    static uint8_t message[ LONGEST ];
    char kind = word()[ 0 ];
    size_t length = bytes( message );
    IotBleWiFiProvRequest_t type = IotBleWiFiProvRequestInvalid;

    put_number( "known", table->getRequestType( message, length, &type ) );
    put_number( "type", ( int32_t ) type );

    if( kind == 'l' )
    {
        IotBleWifiProvListNetworksRequest_t list;

        if( table->deserializeListNetworkRequest( message, length, &list ) )
        {
            put_number( "scanSize", list.scanSize );
            put_number( "scanTimeoutMS", list.scanTimeoutMS );
        }
    }
    else if( kind == 'e' )
    {
        IotBleWifiProvEditNetworkRequest_t edit;

        if( table->deserializeEditNetworkRequest( message, length, &edit ) )
        {
            put_number( "currentPriorityIndex", edit.currentPriorityIndex );
            put_number( "newPriorityIndex", edit.newPriorityIndex );
        }
    }
    else if( kind == 'd' )
    {
        IotBleWifiProvDeleteNetworkRequest_t delete;

        if( table->deserializeDeleteNetworkRequest( message, length, &delete ) )
        {
            put_number( "priorityIndex", delete.priorityIndex );
        }
    }
    else
    {
        static IotBleWifiProvAddNetworkRequest_t add;

        if( table->deserializeAddNetworkRequest( message, length, &add ) )
        {
            put_number( "isProvisioned", add.isProvisioned );
            put_number( "shouldConnect", add.shouldConnect );

            if( add.isProvisioned )
            {
                put_number( "index", add.info.index );
            }
            else
            {
                const WIFINetworkProfile_t * network = &add.info.network;

                put_bytes( "ssid_hex", network->ucSSID, network->ucSSIDLength );
                put_bytes( "bssid_hex", network->ucBSSID, sizeof( network->ucBSSID ) );
                put_bytes( "password_hex", network->cPassword, network->ucPasswordLength );
                put_number( "security", ( int32_t ) network->xSecurity );
            }
        }
    }
}

static void write_response( const IotBleWifiProvSerializer_t * table )
{
    static WIFINetworkProfile_t saved;
    static WIFIScanResult_t scanned;
    static uint8_t buffer[ LONGEST ];
    IotBleWifiProvResponse_t response = { 0 };
    size_t length = 0;
    size_t capacity;

    response.requestType = ( IotBleWiFiProvRequest_t ) number();
    response.status = ( WIFIReturnCode_t ) number();
    response.statusOnly = number() != 0;
    response.networkInfo.isSavedNetwork = number() != 0;
    saved.ucSSIDLength = scanned.ucSSIDLength = ( uint8_t ) bytes( saved.ucSSID );
    for( size_t i = 0; i < sizeof( saved.ucSSID ); i++ )
    {
        scanned.ucSSID[ i ] = saved.ucSSID[ i ];
    }

    ( void ) bytes( saved.ucBSSID );
    for( size_t i = 0; i < sizeof( saved.ucBSSID ); i++ )
    {
        scanned.ucBSSID[ i ] = saved.ucBSSID[ i ];
    }

    saved.xSecurity = scanned.xSecurity = ( WIFISecurity_t ) number();
    response.networkInfo.isHidden = number() != 0;
    response.networkInfo.isConnected = number() != 0;
    response.networkInfo.isLast = number() != 0;
    response.networkInfo.index = ( uint16_t ) number();
    scanned.cRSSI = ( int8_t ) number();
    capacity = ( size_t ) number();

    if( response.networkInfo.isSavedNetwork )
    {
        response.networkInfo.info.pSavedNetwork = &saved;
    }
    else
    {
        response.networkInfo.info.pScannedNetwork = &scanned;
    }

    put_number( "sized", table->getSerializedSizeForResponse( &response, &length ) );
    put_number( "size", ( int32_t ) length );

    if( table->serializeResponse( &response, buffer, capacity ) )
    {
        put_bytes( "output_hex", buffer, length );
    }
}

int main( void )
{
    const IotBleWifiProvSerializer_t * table = IotBleWifiProv_GetSerializer();

    while( line_get( line, sizeof( line ) ) )
    {
        const char * command;

        at = line;
        command = word();

        if( is_word( command, "q" ) )
        {
            read_request( table );
        }
        else if( is_word( command, "s" ) )
        {
            write_response( table );
        }
        else
        {
            break;
        }

        line_put( "\n" );
    }

    return 0;
}
