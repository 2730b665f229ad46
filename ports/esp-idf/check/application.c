/* What an application does with the component. */
#include "wifi_provision.h"
#include "wifi_provision_idf.h"

static void prvShow( uint32_t ulNumber )
{
    ( void ) WIFI_PROVISION_IDF_Answer( ulNumber, ulNumber != 0U );
}

void app_main( void )
{
    ( void ) WIFI_PROVISION_IDF_ForgetPhones();

    if( ( WIFI_PROVISION_IDF_Start( prvShow ) == ESP_OK ) && ( WIFI_PROVISION_GetNumNetworks() > 0U ) )
    {
        ( void ) WIFI_PROVISION_Connect( 0 );
    }
}
