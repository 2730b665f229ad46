/* Espressif's endpoints from C: begun too early, stopped, used afterwards; a handshake as it was recorded; a scan that
 * is waited for; a network that is joined, and one that is not. */
#include "run.h"

#include <string.h>

#include "wifi_provision_platform.h"
#include "wifi_provision_protocomm.h"
#include "wifi_provision_reason.h"

const char * const pcProgram = "protocomm";

/* tests/vectors/protocomm-secured.txt, pop = abcd1234 */
#define CMD0     "10015a25a201220a20358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"
#define RESP0    "10015a390801aa01341220675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371ea52f" \
                 "1a10a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define CMD1     "10015a270802b201221220aada0fd0379e807c83a53f3fe21d0e60fc3b5283c0670800cd3b75356828df2e"
#define RESP1    "10015a270803ba01221a20037d6c6758c1af9275430f258ff6e22f81d3ffe14183d11cc2a8eceedd5f0716"
#define SET      "78b3b0baa51b001150be1bd34b6f39897cde210ed0"

/* Amazon's: list, as its phones ask for it. */
#define LIST     "a3616814617405617701"

static uint8_t ucOut[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];
static size_t xOut;
static bool bHasRandom = true;
static uint8_t ucNext;

/* The octets of the recorded handshake: 60 to 7f, then a0 to af. */
static BaseType_t prvRandom( uint8_t * pucOut,
                             size_t xLength )
{
    for( size_t i = 0; i < xLength; i++ )
    {
        pucOut[ i ] = ucNext;
        ucNext = ( uint8_t ) ( ( ucNext == 0x7fU ) ? 0xa0U : ucNext + 1U );
    }

    return bHasRandom ? pdTRUE : pdFALSE;
}

static WIFI_PROVISION_Answer_t prvAsk( uint32_t ulConnection,
                                       const char * pcEndpoint,
                                       const char * pcHex )
{
    uint8_t ucRequest[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];
    size_t xLength = xFromHex( pcHex, ucRequest, sizeof( ucRequest ) );

    return WIFI_PROVISION_ProtocommHandle( ulConnection, pcEndpoint, ucRequest, xLength, ucOut, sizeof( ucOut ), &xOut );
}

static bool prvIs( const char * pcHex )
{
    uint8_t ucExpected[ WIFI_PROVISION_PROTOCOMM_MAX_BYTES ];
    size_t xLength = xFromHex( pcHex, ucExpected, sizeof( ucExpected ) );

    return ( xLength == xOut ) && ( memcmp( ucExpected, ucOut, xLength ) == 0 );
}

static bool prvScanned( void )
{
    return WIFI_PROVISION_ProtocommPending( 1, ucOut, sizeof( ucOut ), &xOut ) == eWiFiProvisionAnswered;
}

static bool prvHasSettled( void )
{
    CHECK( prvAsk( 1, "prov-config", "5200" ) == eWiFiProvisionAnswered );
    /* 1: connecting. */
    return !prvIs( "08015a021001" );
}

static BaseType_t prvEcho( void * pvContext,
                           const uint8_t * pucRequest,
                           size_t xRequestLength,
                           uint8_t * pucOut,
                           size_t xCapacity,
                           size_t * pxLength )
{
    CHECK( xCapacity >= xRequestLength );
    ( void ) memcpy( pucOut, pucRequest, xRequestLength );
    *pxLength = xRequestLength;
    return *( BaseType_t * ) pvContext;
}

/* One that computes, or waits, for as long as the program likes. */
static volatile bool bIsSlow;
static volatile bool bMayGoOn;

static bool prvMayGoOn( void )
{
    return bMayGoOn;
}

static bool prvIsSlow( void )
{
    return bIsSlow;
}

static BaseType_t prvSlow( void * pvContext,
                           const uint8_t * pucRequest,
                           size_t xRequestLength,
                           uint8_t * pucOut,
                           size_t xCapacity,
                           size_t * pxLength )
{
    ( void ) pvContext;
    ( void ) pucRequest;
    ( void ) xRequestLength;
    CHECK( xCapacity > 0U );
    bIsSlow = true;
    CHECK( bUntil( prvMayGoOn, 60000 ) );
    pucOut[ 0 ] = 7;
    *pxLength = 1;
    return pdTRUE;
}

static intptr_t prvAskSlow( intptr_t xConnection )
{
    return ( intptr_t ) prvAsk( ( uint32_t ) xConnection, "slow", "00" );
}

static intptr_t prvDeinit( intptr_t xUnused )
{
    IotBleWifiProv_Deinit();
    return xUnused;
}

static intptr_t prvList( intptr_t xIndex )
{
    const char * pcName = NULL;
    uint16_t usId = 0;

    return ( WIFI_PROVISION_ProtocommEndpoint( ( size_t ) xIndex, &pcName, &usId ) == pdTRUE ) ? ( intptr_t ) usId : -1;
}

/* Listing waits for nobody: a BLE host lists at every connection, whatever another task computes. */
static void prvListedMeanwhile( void )
{
    Call_t xAsked = { .pvFunction = prvAskSlow, .xArgument = 1 };
    Call_t xListed = { .pvFunction = prvList, .xArgument = 7 };
    Call_t xPast = { .pvFunction = prvList, .xArgument = 8 };

    CHECK( ( prvAsk( 1, "prov-session", "5203a20100" ) == eWiFiProvisionAnswered ) );
    vBegin( &xAsked, 2 );
    CHECK( bUntil( prvIsSlow, 5000 ) );
    vBegin( &xListed, 2 );
    CHECK( bEnds( &xListed, 5000 ) && ( xListed.xResult == 0xff56 ) );
    vBegin( &xPast, 2 );
    CHECK( bEnds( &xPast, 5000 ) && ( xPast.xResult == -1 ) );
    bMayGoOn = true;
    CHECK( bEnds( &xAsked, 5000 ) && ( xAsked.xResult == ( intptr_t ) eWiFiProvisionAnswered ) );
    CHECK( ( xOut == 1U ) && ( ucOut[ 0 ] == 7U ) );
}

/* A platform that knows why. */
static WIFI_PROVISION_Reason_t xWhy = eWiFiProvisionReasonUnspecified;

static uint32_t ulAskedWhy;

WIFI_PROVISION_Reason_t WIFI_PROVISION_JoinReason( void )
{
    ulAskedWhy++;
    return xWhy;
}

/* A platform that can put a network in the place of another, or cannot. */
static WIFIReturnCode_t xReplaces = eWiFiNotSupported;

static uint32_t ulReplaces;
static uint16_t usReplaced;
static WIFINetworkProfile_t xReplacement;

WIFIReturnCode_t WIFI_NetworkReplace( uint16_t usIndex,
                                      const WIFINetworkProfile_t * const pxNetworkProfile )
{
    ulReplaces++;
    usReplaced = usIndex;
    xReplacement = *pxNetworkProfile;
    return xReplaces;
}

static void prvTooEarly( const WIFI_PROVISION_ProtocommConfig_t * pxConfig )
{
    CHECK( WIFI_PROVISION_ProtocommStart( pxConfig ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommStop() == pdFALSE );
    CHECK( prvAsk( 1, "proto-ver", "" ) == eWiFiProvisionRefused );
    WIFI_PROVISION_ProtocommDisconnected( 1 );
}

/* Delete ends the endpoints as Stop does, in the middle of a session and while a request is answered. */
static void prvDeleted( WIFI_PROVISION_ProtocommConfig_t xConfig )
{
    Call_t xAsked = { .pvFunction = prvAskSlow, .xArgument = 1 };
    Call_t xEnded = { .pvFunction = prvDeinit };
    uint32_t ulBlocks;

    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    ulBlocks = ulHeapBlocks();
    xConfig.xSecurity = eWiFiProvisionSecurity2;
    xConfig.pcUser = "wifiprov";
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    CHECK( ulHeapBlocks() == ulBlocks );
    prvTooEarly( &xConfig );

    CHECK( IotBleWifiProv_Init() );
    CHECK( WIFI_PROVISION_ProtocommStop() == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    IotBleWifiProv_Deinit();
    CHECK( ulHeapBlocks() == ulBlocks );
    prvTooEarly( &xConfig );

    /* Somebody is at it: whoever that is ends them. */
    bIsSlow = false;
    bMayGoOn = false;
    xConfig.xSecurity = eWiFiProvisionSecurityNone;
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( prvAsk( 1, "prov-session", "5203a20100" ) == eWiFiProvisionAnswered );
    vBegin( &xAsked, 2 );
    CHECK( bUntil( prvIsSlow, 5000 ) );
    vBegin( &xEnded, 2 );
    CHECK( bEnds( &xEnded, 60000 ) );
    bMayGoOn = true;
    CHECK( bEnds( &xAsked, 5000 ) );
    CHECK( bHeapReturnsTo( ulBlocks ) );
    prvTooEarly( &xConfig );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommStop() == pdFALSE );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
}

static void prvBadConfigurations( WIFI_PROVISION_ProtocommConfig_t xConfig )
{
    char cLong[ WIFI_PROVISION_PROTOCOMM_MAX_SECRET_BYTES + 2 ];

    CHECK( WIFI_PROVISION_ProtocommStart( NULL ) == pdFALSE );
    xConfig.xRandom = NULL;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    xConfig.xRandom = prvRandom;
    ( void ) memset( cLong, 'l', sizeof( cLong ) );
    cLong[ sizeof( cLong ) - 1 ] = '\0';
    xConfig.pcSecret = cLong;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    xConfig.pcSecret = "abcd1234";
    xConfig.xSecurity = ( WIFI_PROVISION_Security_t ) 3;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    xConfig.xSecurity = eWiFiProvisionSecurity2;
    xConfig.pcUser = NULL;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    xConfig.pcUser = "";
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    xConfig.pcUser = "wifiprov";
    bHasRandom = false;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    bHasRandom = true;
    xConfig.pcSecret = NULL;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
}

static void prvEndpoints( BaseType_t * pxAnswers )
{
    const char * pcName = NULL;
    uint16_t usId = 0;
    const char cTooLong[] = "a-name-that-is-one-byte-too-long";

    CHECK( WIFI_PROVISION_ProtocommRegister( NULL, prvEcho, NULL ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "", prvEcho, NULL ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "echo", NULL, NULL ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "prov-scan", prvEcho, NULL ) == pdFALSE );
    CHECK( sizeof( cTooLong ) == WIFI_PROVISION_PROTOCOMM_MAX_NAME_BYTES + 2 );
    CHECK( WIFI_PROVISION_ProtocommRegister( cTooLong, prvEcho, NULL ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommRegister( &cTooLong[ 1 ], prvEcho, pxAnswers ) == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "echo", prvEcho, pxAnswers ) == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "echo", prvEcho, pxAnswers ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommEndpoint( 2, &pcName, &usId ) == pdTRUE );
    CHECK( ( strcmp( pcName, "prov-session" ) == 0 ) && ( usId == 0xff51U ) );
    CHECK( WIFI_PROVISION_ProtocommEndpoint( 6, &pcName, &usId ) == pdTRUE );
    CHECK( ( strcmp( pcName, "echo" ) == 0 ) && ( usId == 0xff55U ) );
    CHECK( WIFI_PROVISION_ProtocommEndpoint( 6, NULL, NULL ) == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommRegister( "slow", prvSlow, NULL ) == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommEndpoint( 8, &pcName, &usId ) == pdFALSE );
    CHECK( WIFI_PROVISION_ProtocommEndpoint( SIZE_MAX, &pcName, &usId ) == pdFALSE );
}

static void prvRecorded( void )
{
    ucNext = 0x60;
    CHECK( ( prvAsk( 1, "prov-session", CMD0 ) == eWiFiProvisionAnswered ) && prvIs( RESP0 ) );
    CHECK( ( prvAsk( 1, "prov-session", CMD1 ) == eWiFiProvisionAnswered ) && prvIs( RESP1 ) );
    CHECK( ( prvAsk( 1, "prov-config", SET ) == eWiFiProvisionAnswered ) && ( xOut == 4U ) );
    CHECK( prvAsk( 2, "prov-config", SET ) == eWiFiProvisionRefused );
    CHECK( prvAsk( 1, "no-such", SET ) == eWiFiProvisionRefused );
    CHECK( WIFI_PROVISION_ProtocommHandle( 1, NULL, ucOut, 1, ucOut, sizeof( ucOut ), &xOut ) == eWiFiProvisionRefused );
    CHECK( WIFI_PROVISION_ProtocommHandle( 1, "proto-ver", NULL, 1, ucOut, sizeof( ucOut ), &xOut ) == eWiFiProvisionRefused );
    CHECK( WIFI_PROVISION_ProtocommHandle( 1, "proto-ver", NULL, 0, NULL, 0, NULL ) == eWiFiProvisionRefused );
    CHECK( WIFI_PROVISION_ProtocommHandle( 1, "proto-ver", NULL, 0, ucOut, 8, &xOut ) == eWiFiProvisionRefused );
    WIFI_PROVISION_ProtocommDisconnected( 1 );
    CHECK( prvAsk( 1, "prov-config", SET ) == eWiFiProvisionRefused );
    /* Half a handshake, and the end. */
    CHECK( prvAsk( 1, "prov-session", CMD0 ) == eWiFiProvisionAnswered );
}

static void prvPlain( BaseType_t * pxAnswers )
{
    CHECK( prvAsk( 1, "prov-scan", "5200" ) == eWiFiProvisionRefused );
    CHECK( ( prvAsk( 1, "prov-session", "5203a20100" ) == eWiFiProvisionAnswered ) && prvIs( "52050801aa0100" ) );
    CHECK( ( prvAsk( 1, "echo", "0a0b0c" ) == eWiFiProvisionAnswered ) && prvIs( "0a0b0c" ) );
    *pxAnswers = pdFALSE;
    CHECK( prvAsk( 1, "echo", "0a0b0c" ) == eWiFiProvisionRefused );

    xWiFiBehaviour[ eCallScan ].ulBlockMs = 3000;
    CHECK( prvAsk( 1, "prov-scan", "5206080118052078" ) == eWiFiProvisionPending );
    CHECK( WIFI_PROVISION_ProtocommPending( 1, ucOut, sizeof( ucOut ), &xOut ) == eWiFiProvisionPending );
    CHECK( WIFI_PROVISION_ProtocommPending( 2, ucOut, sizeof( ucOut ), &xOut ) == eWiFiProvisionRefused );
    CHECK( prvAsk( 1, "prov-config", "5200" ) == eWiFiProvisionRefused );
    CHECK( bUntil( prvScanned, 10000 ) && prvIs( "08015a00" ) );
    CHECK( ( prvAsk( 1, "prov-scan", "0802" ) == eWiFiProvisionAnswered ) && prvIs( "08036a0408011002" ) );

    /* ScanNetwork01, secret123: refused by the access point, then not. */
    xWiFiBehaviour[ eCallConnect ].xResult = eWiFiFailure;
    xWiFiBehaviour[ eCallConnect ].ulBlockMs = 10000;
    xWhy = eWiFiProvisionReasonAuthentication;
    CHECK( prvAsk( 1, "prov-config", "0802621a0a0d5363616e4e6574776f726b30311209736563726574313233" ) == eWiFiProvisionAnswered );
    CHECK( ( prvAsk( 1, "prov-config", "0804" ) == eWiFiProvisionAnswered ) && prvIs( "08057a00" ) );
    CHECK( ( prvAsk( 1, "prov-config", "5200" ) == eWiFiProvisionAnswered ) && prvIs( "08015a021001" ) );
    CHECK( bUntil( prvHasSettled, 20000 ) && prvIs( "08015a0410035000" ) );
    CHECK( ulStored() == 1U );

    xWiFiBehaviour[ eCallConnect ].xResult = eWiFiSuccess;
    CHECK( prvAsk( 1, "prov-config", "0802621a0a0d5363616e4e6574776f726b30311209736563726574313233" ) == eWiFiProvisionAnswered );
    CHECK( prvAsk( 1, "prov-config", "0804" ) == eWiFiProvisionAnswered );
    CHECK( bUntil( prvHasSettled, 20000 ) );
    /* Connected: 10.0.0.2, WPA2, its name, its address, channel 1. */
    CHECK( prvIs( "08015a275a250a0831302e302e302e3210031a0d5363616e4e6574776f726b30312206a1a2a3a4a5a62801" ) );
    CHECK( ulStored() == 2U );
    CHECK( memcmp( pxStored( 1 )->ucSSID, "ScanNetwork01", 13 ) == 0 );
}

/* A saved network no driver is asked for: the reason is not that of the network tried before. */
static void prvUnasked( void )
{
    WIFINetworkProfile_t xOdd = { .ucSSID = "Odd", .ucSSIDLength = 3, .xSecurity = eWiFiSecurityNotSupported };
    uint16_t usIndex = 0;

    CHECK( WIFI_NetworkAdd( &xOdd, &usIndex ) == eWiFiSuccess );
    xWhy = eWiFiProvisionReasonAuthentication;
    CHECK( bWrites( "a2617703616700" ) && bAnswers( "a3617704617303616304", 10000 ) );
    CHECK( WIFI_NetworkDelete( usIndex ) == eWiFiSuccess );
}

static uint32_t ulConnects;

static bool prvIsJoining( void )
{
    return ulWiFiCalls[ eCallConnect ] > ulConnects;
}

static uint32_t ulScans;

static bool prvIsScanning( void )
{
    return ulWiFiCalls[ eCallScan ] > ulScans;
}

/* Applied while the service is at a list of Amazon's, and stopped behind that: joined by the next service, with nobody
 * asking again. */
static void prvAppliedBeforeTheEnd( void )
{
    ( void ) memset( xWiFiBehaviour, 0, sizeof( xWiFiBehaviour ) );
    CHECK( prvAsk( 1, "prov-session", "5203a20100" ) == eWiFiProvisionAnswered );
    CHECK( prvAsk( 1, "prov-config", "0802621a0a0d5363616e4e6574776f726b30311209736563726574313233" ) == eWiFiProvisionAnswered );
    xWiFiBehaviour[ eCallScan ].ulBlockMs = 1000;
    ulScans = ulWiFiCalls[ eCallScan ];
    CHECK( bWrites( LIST ) );
    CHECK( bUntil( prvIsScanning, 5000 ) );
    ulConnects = ulWiFiCalls[ eCallConnect ];
    CHECK( ( prvAsk( 1, "prov-config", "0804" ) == eWiFiProvisionAnswered ) && prvIs( "08057a00" ) );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( !prvIsJoining() );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    CHECK( bUntil( prvIsJoining, 5000 ) );
    CHECK( bUntil( prvHasSettled, 5000 ) );
}

/* ScanNetwork01 with another passphrase, while it is saved at place 1 of 2. Gives how many networks were added or deleted. */
static uint32_t prvSetAgain( WIFIReturnCode_t xCode,
                             const char * pcState )
{
    const uint32_t ulChanges = ulWiFiCalls[ eCallAdd ] + ulWiFiCalls[ eCallDelete ];

    xReplaces = xCode;
    ulReplaces = 0;
    CHECK( prvAsk( 1, "prov-config", "0802621a0a0d5363616e4e6574776f726b30311209736563726574343536" ) == eWiFiProvisionAnswered );
    CHECK( ( prvAsk( 1, "prov-config", "0804" ) == eWiFiProvisionAnswered ) && prvIs( "08057a00" ) );
    CHECK( bUntil( prvHasSettled, 20000 ) && prvIs( pcState ) );
    CHECK( ( ulReplaces == 1U ) && ( usReplaced == 1U ) && ( ulStored() == 2U ) );
    CHECK( memcmp( xReplacement.ucSSID, "ScanNetwork01", 13 ) == 0 );
    CHECK( ( xReplacement.ucPasswordLength == 9U ) && ( memcmp( xReplacement.cPassword, "secret456", 9 ) == 0 ) );
    CHECK( xReplacement.xSecurity == eWiFiSecurityWPA2 );
    return ulWiFiCalls[ eCallAdd ] + ulWiFiCalls[ eCallDelete ] - ulChanges;
}

/* The platform's own replacement is used where there is one; what it refuses is refused, and nothing is deleted for it. */
static void prvReplaced( void )
{
    const char cConnected[] = "08015a275a250a0831302e302e302e3210031a0d5363616e4e6574776f726b30312206a1a2a3a4a5a62801";

    CHECK( ulStored() == 2U );
    CHECK( prvSetAgain( eWiFiSuccess, cConnected ) == 0U );
    /* Failed: it could not be saved. */
    CHECK( prvSetAgain( eWiFiFailure, "08015a041003506c" ) == 0U );
    CHECK( prvSetAgain( eWiFiNotSupported, cConnected ) == 2U );
    CHECK( memcmp( pxStored( 1 )->cPassword, "secret456", 9 ) == 0 );
}

/* A driver that was not asked to join has no reason why it could not. */
static void prvNotAsked( void )
{
    static WIFINetworkProfile_t xProfile =
    {
        .ucSSID = "Office", .ucSSIDLength = 6, .xSecurity = eWiFiSecurityWPA2_ent
    };
    uint16_t usIndex = 0;
    const uint32_t ulAsked = ulAskedWhy;

    CHECK( WIFI_NetworkAdd( &xProfile, &usIndex ) == eWiFiSuccess );
    ulConnects = ulWiFiCalls[ eCallConnect ];
    CHECK( WIFI_PROVISION_Connect( 0 ) == pdFALSE );
    /* But back to where it was, which works. */
    CHECK( ulAskedWhy == ulAsked );
}

void vProgram( void )
{
    static BaseType_t xAnswers = pdTRUE;
    WIFI_PROVISION_ProtocommConfig_t xConfig =
    {
        .xSecurity  = eWiFiProvisionSecurity1,
        .pcSecret   = "abcd1234",
        .ucAttempts = 1,
        .xRandom    = prvRandom
    };
    uint32_t ulBlocks;

    vWiFiReset( 1, 2 );
    vPhoneReset( true );
    prvTooEarly( &xConfig );
    CHECK( WIFI_PROVISION_Init() == pdTRUE );
    prvEndpoints( &xAnswers );
    prvBadConfigurations( xConfig );
    ulBlocks = ulHeapBlocks();

    vHeapFailAfter( 0 );
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    vHeapFailNever();
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdFALSE );
    /* Nobody serves yet. */
    CHECK( prvAsk( 1, "prov-session", CMD0 ) == eWiFiProvisionRefused );
    CHECK( WIFI_PROVISION_Start() == pdTRUE );
    prvRecorded();
    CHECK( WIFI_PROVISION_ProtocommStop() == pdTRUE );
    CHECK( WIFI_PROVISION_ProtocommStop() == pdFALSE );
    CHECK( prvAsk( 1, "prov-session", CMD1 ) == eWiFiProvisionRefused );
    CHECK( prvAsk( 1, "proto-ver", "" ) == eWiFiProvisionRefused );

    xConfig.xSecurity = eWiFiProvisionSecurityNone;
    CHECK( WIFI_PROVISION_ProtocommStart( &xConfig ) == pdTRUE );
    prvPlain( &xAnswers );
    prvListedMeanwhile();
    prvUnasked();
    prvAppliedBeforeTheEnd();
    prvReplaced();
    prvNotAsked();
    CHECK( WIFI_PROVISION_ProtocommStop() == pdTRUE );
    CHECK( WIFI_PROVISION_Stop() == pdTRUE );
    CHECK( bHeapReturnsTo( ulBlocks ) );
    CHECK( WIFI_PROVISION_Delete() == pdTRUE );
    prvTooEarly( &xConfig );
    prvDeleted( xConfig );
}
