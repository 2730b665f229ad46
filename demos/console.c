/*
 * One task reads the console. A numeric comparison comes before any command; what was typed before
 * it was asked, or after its time, answers nothing.
 */
#include "console.h"

#include <stdbool.h>
#include <string.h>

#include "queue.h"
#include "task.h"

#include "board.h"
#include "commands.h"
#include "iot_ble.h"

/* Drawing the QR code takes 3 KB, erasing networks as much; on the ESP32-C3 interrupts take 2 KB more. */
#define CONSOLE_STACK        1536
#define CONSOLE_PRIORITY     ( tskIDLE_PRIORITY + 1 )

/* How long there is to compare two numbers. */
#define ANSWER_TIME          pdMS_TO_TICKS( 30000U )

/* Bluetooth gives up a moment before the phone does; when it withdraws a question this old, that is why. */
#define ANSWER_TIME_OVER     pdMS_TO_TICKS( 28500U )

/* How long keys do not count after a question that was withdrawn less than this ago. */
#define DEAF_TIME            pdMS_TO_TICKS( 3000U )
#define WITHDRAWN_LATELY     pdMS_TO_TICKS( 10000U )

/* How often the task looks whether a question came, or was withdrawn. */
#define LOOK                 pdMS_TO_TICKS( 50U )

#define LINE_LENGTH          64

/* What Bluetooth wants of the console. */
typedef struct
{
    bool xAsk; /* false: the question before this is withdrawn */
    uint32_t ulNumber;
    BTBdaddr_t xPhone;
} Question_t;

/* Room for one: a newer one takes the place of an older one that nobody has looked at. */
static QueueHandle_t xQuestions = NULL;

/*-----------------------------------------------------------*/

/* Context: the Bluetooth task; does not block. */
static void prvAsked( BTBdaddr_t * pxPhone,
                      uint32_t ulNumber )
{
    Question_t xQuestion = { .xAsk = true, .ulNumber = ulNumber, .xPhone = *pxPhone };

    ( void ) xQueueOverwrite( xQuestions, &xQuestion );
}

/*-----------------------------------------------------------*/

/* Pairing is over, one way or the other. Context: the Bluetooth task; does not block. */
static void prvPairingChanged( BTStatus_t xStatus,
                               BTBdaddr_t * pxPhone,
                               BTBondState_t xBond,
                               BTSecurityLevel_t xLevel,
                               BTAuthFailureReason_t xReason )
{
    Question_t xWithdrawn = { .xAsk = false };

    ( void ) xStatus;
    ( void ) pxPhone;
    ( void ) xBond;
    ( void ) xLevel;
    ( void ) xReason;
    ( void ) xQueueOverwrite( xQuestions, &xWithdrawn );
}

/*-----------------------------------------------------------*/

BaseType_t CONSOLE_CompareNumbers( void )
{
    IotBleEventsCallbacks_t xCallback;

    if( xQuestions == NULL )
    {
        return pdFAIL;
    }

    ( void ) memset( &xCallback, 0, sizeof( xCallback ) );
    xCallback.pGAPPairingStateChangedCb = prvPairingChanged;

    if( IotBle_RegisterEventCb( eBLEPairingStateChanged, xCallback ) != eBTStatusSuccess )
    {
        return pdFAIL;
    }

    xCallback.pNumericComparisonCb = prvAsked;
    return ( IotBle_RegisterEventCb( eBLENumericComparisonCallback, xCallback ) == eBTStatusSuccess ) ? pdPASS : pdFAIL;
}

/*-----------------------------------------------------------*/

/* Forgets what was typed until now. */
static void prvDiscardTyped( void )
{
    uint8_t ucTyped[ 16 ];

    while( xPortGetUserInput( ucTyped, sizeof( ucTyped ), 0 ) > 0 )
    {
    }
}

/*-----------------------------------------------------------*/

static void prvAnswer( Question_t * pxQuestion,
                       bool xSame,
                       const char * pcSaid )
{
    if( IotBle_ConfirmNumericComparison( &pxQuestion->xPhone, pxQuestion->ulNumber, xSame ) == eBTStatusSuccess )
    {
        configPRINTF( ( "Numeric comparison: %s", pcSaid ) );
    }
    else
    {
        configPRINTF( ( "Numeric comparison: too late, the pairing is over" ) );
    }
}

/*-----------------------------------------------------------*/

/* Asks for y or n. Ends early when Bluetooth withdraws the question or has a newer one. */
static void prvCompare( Question_t * pxQuestion )
{
    /* A key may still be meant for a number that was withdrawn a moment ago: then nothing counts until
     * the user had time to see that another one stands there. */
    static bool xWithdrawn = false;
    static TickType_t xWithdrawnAt;
    TickType_t xBegan, xDeaf = 0;
    uint8_t ucKey;

    if( xWithdrawn && ( ( xTaskGetTickCount() - xWithdrawnAt ) < WITHDRAWN_LATELY ) )
    {
        xDeaf = DEAF_TIME;
    }

    xWithdrawn = false;
    prvDiscardTyped();
    configPRINTF( ( "Numeric comparison: %06lu  confirm? (y/n)", ( unsigned long ) pxQuestion->ulNumber ) );
    xBegan = xTaskGetTickCount();

    while( ( xTaskGetTickCount() - xBegan ) < ANSWER_TIME )
    {
        bool xTyped = xPortGetUserInput( &ucKey, 1, LOOK ) > 0;

        if( xTyped && ( ( xTaskGetTickCount() - xBegan ) < xDeaf ) )
        {
            configPRINTF( ( "Numeric comparison: the number has changed, compare it again" ) );
            xTyped = false;
        }

        /* First, so that a key for this question answers no other one. */
        if( uxQueueMessagesWaiting( xQuestions ) > 0 )
        {
            bool xOver = ( xTaskGetTickCount() - xBegan ) >= ANSWER_TIME_OVER;

            configPRINTF( ( "Numeric comparison: %s", xOver ? "nobody answered, refused" : "withdrawn" ) );
            xWithdrawn = !xOver;
            xWithdrawnAt = xTaskGetTickCount();
            return;
        }

        if( xTyped && ( ( ucKey == 'y' ) || ( ucKey == 'Y' ) ) )
        {
            prvAnswer( pxQuestion, true, "confirmed" );
            return;
        }

        if( xTyped && ( ( ucKey == 'n' ) || ( ucKey == 'N' ) ) )
        {
            prvAnswer( pxQuestion, false, "refused" );
            return;
        }
    }

    prvAnswer( pxQuestion, false, "nobody answered, refused" );
}

/*-----------------------------------------------------------*/

static void prvConsoleTask( void * pvParameters )
{
    char cLine[ LINE_LENGTH ];
    size_t xLength = 0;
    Question_t xQuestion;
    uint8_t ucKey;

    ( void ) pvParameters;

    for( ; ; )
    {
        if( xQueueReceive( xQuestions, &xQuestion, 0 ) == pdTRUE )
        {
            if( xQuestion.xAsk )
            {
                xLength = 0;
                prvCompare( &xQuestion );
            }
        }
        else if( xPortGetUserInput( &ucKey, 1, LOOK ) > 0 )
        {
            if( ( ucKey == '\r' ) || ( ucKey == '\n' ) )
            {
                cLine[ xLength ] = '\0';
                xLength = 0;

                if( cLine[ 0 ] != '\0' )
                {
                    COMMANDS_Run( cLine );
                }
            }
            else if( xLength < LINE_LENGTH - 1 )
            {
                cLine[ xLength++ ] = ( char ) ucKey;
            }
        }
    }
}

/*-----------------------------------------------------------*/

BaseType_t CONSOLE_Start( void )
{
    xQuestions = xQueueCreate( 1, sizeof( Question_t ) );

    if( xQuestions == NULL )
    {
        return pdFAIL;
    }

    return xTaskCreate( prvConsoleTask, "console", CONSOLE_STACK, NULL, CONSOLE_PRIORITY, NULL );
}
