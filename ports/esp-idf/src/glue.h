/* What the files of the glue ask of each other. */
#ifndef GLUE_H_
#define GLUE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "wifi_provision_idf.h"

/* The longest message in either direction, bytes. */
#define GLUE_MESSAGE_MAX    1024

/* ble.c: the link. One phone at a time. */
esp_err_t BLE_GLUE_Start( WIFI_PROVISION_CompareCallback_t xCompare );

/* The bytes a notification has room for; 0 without a phone. Any task. */
size_t BLE_GLUE_ChunkSize( void );

/* Notifies the small or the large characteristic. Any task. */
bool BLE_GLUE_Notify( bool xLarge,
                      const uint8_t * pucBytes,
                      size_t xLength );

/* channel.c: messages. All of these in NimBLE's task. */
bool CHANNEL_Start( void );
bool CHANNEL_IsReady( void );
void CHANNEL_Control( bool xReady );
void CHANNEL_Disconnected( void );
void CHANNEL_Subscribed( bool xLarge,
                         bool xOn );
void CHANNEL_Received( const uint8_t * pucMessage,
                       size_t xLength );
void CHANNEL_ReceivedChunk( const uint8_t * pucChunk,
                            size_t xLength );

/* The next chunk of the large message under way. */
const uint8_t * CHANNEL_NextChunk( size_t * pxLength );

/* wifi.c */
esp_err_t WIFI_GLUE_Start( void );

/* store.c */
esp_err_t STORE_GLUE_Start( void );

#endif /* GLUE_H_ */
