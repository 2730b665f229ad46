/*
 * Everything the service may call, as bodies the compiler cannot see through, all kept: they are
 * the same in both images, so they cancel out. (Prototypes do not matter: nothing runs.)
 */
#define KEPT( name )                                                          \
    __attribute__( ( noinline, used ) ) int name( void )                      \
    {                                                                         \
        int anything;                                                         \
        __asm volatile ( "" : "=r" ( anything ) );                            \
        return anything;                                                      \
    }                                                                         \
    __attribute__( ( section( ".keep" ), used ) ) static int ( * const keep_##name )( void ) = name;

KEPT( WIFI_On )
KEPT( WIFI_Off )
KEPT( WIFI_ConnectAP )
KEPT( WIFI_Disconnect )
KEPT( WIFI_IsConnected )
KEPT( WIFI_Scan )
KEPT( WIFI_NetworkAdd )
KEPT( WIFI_NetworkGet )
KEPT( WIFI_NetworkDelete )
KEPT( WIFI_GetIPInfo )
KEPT( WIFI_RegisterEvent )

KEPT( IotBleDataTransfer_Init )
KEPT( IotBleDataTransfer_Open )
KEPT( IotBleDataTransfer_SetCallback )
KEPT( IotBleDataTransfer_Send )
KEPT( IotBleDataTransfer_Receive )
KEPT( IotBleDataTransfer_PeekReceiveBuffer )
KEPT( IotBleDataTransfer_Close )
KEPT( IotBleDataTransfer_Reset )
KEPT( IotBleDataTransfer_Cleanup )

KEPT( pvPortMalloc )
KEPT( vPortFree )
KEPT( xEventGroupCreate )
KEPT( xEventGroupSetBits )
KEPT( xEventGroupClearBits )
KEPT( xEventGroupWaitBits )
KEPT( vEventGroupDelete )
KEPT( vTaskSuspendAll )
KEPT( xTaskResumeAll )
KEPT( xTaskCreate )
KEPT( vTaskDelete )
KEPT( vTaskDelay )
KEPT( xTaskGetTickCount )

/* What the base image's table points at; kept in the other as well. */
KEPT( harness_stub )
