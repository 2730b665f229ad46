/* The text of the QR code from C: what is in it, and what none is made of. */
#include "run.h"

#include <string.h>

#include "wifi_provision_protocomm.h"

const char * const pcProgram = "payload";

/* Nobody is shown a code for what Start refuses: a phone would scan one without the secret. */
static void prvNoPayload( WIFI_PROVISION_ProtocommConfig_t xConfig )
{
    char cText[ 192 ];
    char cLong[ WIFI_PROVISION_PROTOCOMM_MAX_SECRET_BYTES + 2 ];
    const char cWithout[] = "{\"ver\":\"v1\",\"name\":\"PROV_1\",\"transport\":\"ble\",\"security\":1}";

    ( void ) memset( cLong, 'l', sizeof( cLong ) );
    cLong[ sizeof( cLong ) - 1 ] = '\0';

    /* No secret is one of security 1; one that cannot be read, or is too long, is none. */
    xConfig.pcSecret = NULL;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == sizeof( cWithout ) - 1U );
    CHECK( strcmp( cText, cWithout ) == 0 );
    xConfig.pcSecret = "abcd\xff";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcSecret = cLong;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );

    /* Without security nobody looks at it. */
    xConfig.xSecurity = eWiFiProvisionSecurityNone;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == sizeof( cWithout ) - 1U );

    xConfig.xSecurity = eWiFiProvisionSecurity2;
    xConfig.pcSecret = "abcd1234";
    xConfig.pcUser = "wifiprov";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) != 0U );
    xConfig.pcUser = NULL;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcUser = "";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcUser = "wifi\xff";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcUser = cLong;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcUser = "wifiprov";
    xConfig.pcSecret = NULL;
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcSecret = "";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
    xConfig.pcSecret = "abcd\xff";
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == 0U );
}

static void prvPayload( WIFI_PROVISION_ProtocommConfig_t xConfig )
{
    char cText[ 128 ];
    const char cExpected[] = "{\"ver\":\"v1\",\"name\":\"PROV_1\",\"pop\":\"abcd1234\",\"transport\":\"ble\",\"security\":1}";

    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cText ) ) == sizeof( cExpected ) - 1U );
    CHECK( strcmp( cText, cExpected ) == 0 );
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cExpected ) ) == sizeof( cExpected ) - 1U );
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, sizeof( cExpected ) - 1U ) == 0U );
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, NULL, "ble", cText, sizeof( cText ) ) == 0U );
    CHECK( WIFI_PROVISION_ProtocommPayload( &xConfig, "PROV_1", "ble", cText, 0 ) == 0U );
    prvNoPayload( xConfig );
}

void vProgram( void )
{
    const WIFI_PROVISION_ProtocommConfig_t xConfig =
    {
        .xSecurity = eWiFiProvisionSecurity1,
        .pcSecret  = "abcd1234"
    };

    /* Without the service, and with it. */
    prvPayload( xConfig );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    prvPayload( xConfig );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}
