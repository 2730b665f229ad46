#include "factory_reset.h"

#include "espressif.h"
#include "iot_ble.h"
#include "wifi_provision.h"

BaseType_t FACTORY_RESET_Run( void )
{
    /* The service and the endpoints first, then phones, then networks: a request that waits would be carried out behind the
     * erasure, a network to join would be saved, and a phone that is connected would send another. One in progress ends
     * before the networks go, however long it takes, and none is begun after it. */
    ( void ) WIFI_PROVISION_Stop();

    BaseType_t xClosed = ESPRESSIF_Forget();
    BaseType_t xForgotten = ( IotBle_RemoveAllBonds() == eBTStatusSuccess ) ? pdTRUE : pdFALSE;
    BaseType_t xErased = WIFI_PROVISION_EraseAllNetworks();
    BaseType_t xServes = WIFI_PROVISION_Start();

    ESPRESSIF_StartAgain();

    return ( ( xClosed == pdTRUE ) && ( xErased == pdTRUE ) && ( xForgotten == pdTRUE ) && ( xServes == pdTRUE ) ) ? pdTRUE : pdFALSE;
}
