/*
 * Blocking TCP over the network WIFI_ConnectAP joined, for demos and tests.
 *
 * Every function is called from a task and blocks for at most ulTimeoutMs and a few seconds, which
 * a former connection may take to end. One task at a time uses a handle. Results below 0 are the
 * errors here.
 */
#ifndef PORT_TCP_H
#define PORT_TCP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many connections there can be at once. */
#define PORT_TCP_MAX_CONNECTIONS    2

#define PORT_TCP_TIMEOUT       ( -1 ) /* not done in time */
#define PORT_TCP_REFUSED       ( -2 ) /* nobody listens there */
#define PORT_TCP_RESET         ( -3 ) /* the connection is broken; close it */
#define PORT_TCP_NO_SOCKET     ( -4 ) /* all connections are in use */
#define PORT_TCP_NO_NETWORK    ( -5 ) /* no network is joined */
#define PORT_TCP_INVALID       ( -6 ) /* no such handle, or a bad argument */
#define PORT_TCP_BUSY          ( -7 ) /* another task is in a call with this handle */
#define PORT_TCP_UNKNOWN       ( -8 ) /* no name server knows the name */

/* Connects to an IPv4 address (network byte order, as in WIFIIPAddress_t). A handle, 0 or more. */
int32_t PORT_TcpConnect( uint32_t ulAddress,
                         uint16_t usPort,
                         uint32_t ulTimeoutMs );

/* Hands over at least one byte and returns how many; fewer than xLength is no error. */
int32_t PORT_TcpSend( int32_t lHandle,
                      const void * pvData,
                      size_t xLength,
                      uint32_t ulTimeoutMs );

/* Waits for at least one byte and returns how many were copied; 0 when the peer has closed. */
int32_t PORT_TcpReceive( int32_t lHandle,
                         void * pvBuffer,
                         size_t xLength,
                         uint32_t ulTimeoutMs );

/* Ends the connection; 0, and the handle is invalid, also when the peer does not answer. */
int32_t PORT_TcpClose( int32_t lHandle );

#ifdef __cplusplus
}
#endif

#endif /* PORT_TCP_H */
