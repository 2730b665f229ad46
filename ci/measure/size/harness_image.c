/*
 * The image whose size is taken twice: its table points at the service, or (BASE) at a stub. The
 * difference is what the service adds to a firmware, the libc functions it pulls in included.
 */
int Reset_Handler( void );

#ifdef BASE
    int harness_stub( void );
    #define ENTRY( name )    harness_stub
#else
    #define ENTRY( name )    name
    int IotBleWifiProv_Init( void ), IotBleWifiProv_RunProcessLoop( void ), IotBleWifiProv_GetNumNetworks( void ),
        IotBleWifiProv_Connect( void ), IotBleWifiProv_Stop( void ), IotBleWifiProv_EraseAllNetworks( void ),
        IotBleWifiProv_Deinit( void ), IotBleWifiProv_GetSerializer( void );
    int WIFI_PROVISION_Init( void ), WIFI_PROVISION_Start( void ), WIFI_PROVISION_Stop( void ),
        WIFI_PROVISION_Delete( void ), WIFI_PROVISION_GetNumNetworks( void ), WIFI_PROVISION_Connect( void ),
        WIFI_PROVISION_EraseAllNetworks( void );
    int WIFI_PROVISION_ProtocommStart( void ), WIFI_PROVISION_ProtocommStop( void ),
        WIFI_PROVISION_ProtocommRegister( void ), WIFI_PROVISION_ProtocommEndpoint( void ),
        WIFI_PROVISION_ProtocommHandle( void ), WIFI_PROVISION_ProtocommPending( void ),
        WIFI_PROVISION_ProtocommDisconnected( void ), WIFI_PROVISION_ProtocommPayload( void );
#endif

__attribute__( ( section( ".keep" ), used ) ) static int ( * const volatile table[] )( void ) =
{
    ENTRY( IotBleWifiProv_Init ),         ENTRY( IotBleWifiProv_RunProcessLoop ),
    ENTRY( IotBleWifiProv_GetNumNetworks ), ENTRY( IotBleWifiProv_Connect ),
    ENTRY( IotBleWifiProv_Stop ),         ENTRY( IotBleWifiProv_EraseAllNetworks ),
    ENTRY( IotBleWifiProv_Deinit ),       ENTRY( IotBleWifiProv_GetSerializer ),
#ifdef BOTH_FAMILIES
    ENTRY( WIFI_PROVISION_Init ),         ENTRY( WIFI_PROVISION_Start ),
    ENTRY( WIFI_PROVISION_Stop ),         ENTRY( WIFI_PROVISION_Delete ),
    ENTRY( WIFI_PROVISION_GetNumNetworks ), ENTRY( WIFI_PROVISION_Connect ),
    ENTRY( WIFI_PROVISION_EraseAllNetworks ),
#endif
#ifdef PROTOCOMM
    ENTRY( WIFI_PROVISION_ProtocommStart ), ENTRY( WIFI_PROVISION_ProtocommStop ),
    ENTRY( WIFI_PROVISION_ProtocommRegister ), ENTRY( WIFI_PROVISION_ProtocommEndpoint ),
    ENTRY( WIFI_PROVISION_ProtocommHandle ), ENTRY( WIFI_PROVISION_ProtocommPending ),
    ENTRY( WIFI_PROVISION_ProtocommDisconnected ), ENTRY( WIFI_PROVISION_ProtocommPayload ),
#endif
};

__attribute__( ( section( ".vectors" ), used ) ) static int ( * const vectors[] )( void ) = { 0, Reset_Handler };

int Reset_Handler( void )
{
    int sum = 0;

    for( unsigned i = 0; i < sizeof( table ) / sizeof( table[ 0 ] ); i++ )
    {
        sum += table[ i ]();
    }

    return sum;
}
