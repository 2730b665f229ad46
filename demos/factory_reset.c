#include "factory_reset.h"

#include "iot_ble.h"
#include "wifi_provision.h"

BaseType_t FACTORY_RESET_Run( void )
{
    /* Phones last: until then somebody may still look at the list. */
    BaseType_t xErased = WIFI_PROVISION_EraseAllNetworks();
    BaseType_t xForgotten = ( IotBle_RemoveAllBonds() == eBTStatusSuccess ) ? pdTRUE : pdFALSE;

    return ( ( xErased == pdTRUE ) && ( xForgotten == pdTRUE ) ) ? pdTRUE : pdFALSE;
}
