/*
 * WiFi provisioning over BLE: the interface of the first generation, which runs the service in a
 * task of its own. Both families drive the same service and may be mixed.
 *
 * All functions may be called from any task, in any order and more than once; none from an
 * interrupt. Results are pdTRUE or pdFALSE.
 */
#ifndef WIFI_PROVISION_H_
#define WIFI_PROVISION_H_

#include <stdint.h>

#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the service itself needs of its task's stack, bytes: on a Cortex-M3, with the saved context and without
 * the log. With Espressif's protocol it is WIFI_PROVISION_PROTOCOMM_STACK_SERVICE. */
#define WIFI_PROVISION_STACK_SERVICE           384

/* The service's own task: stack in the unit of xTaskCreate, and priority. The stack holds what the
 * platform's WIFI_* functions need as well as the service itself. WIFI_PROVISION_ESPRESSIF is defined by the
 * build (CMake, pkg-config) where the archive has that protocol. */
#ifndef WIFI_PROVISION_TASK_STACK_DEPTH
    #ifdef WIFI_PROVISION_ESPRESSIF
        #define WIFI_PROVISION_TASK_STACK_DEPTH    1856
    #else
        #define WIFI_PROVISION_TASK_STACK_DEPTH    1024
    #endif
#endif
#ifndef WIFI_PROVISION_TASK_PRIORITY
    #define WIFI_PROVISION_TASK_PRIORITY       1
#endif

/* How long Start, Stop, Delete, Init and Deinit wait for a request in progress, milliseconds. */
#ifndef WIFI_PROVISION_STOP_TIMEOUT_MS
    #define WIFI_PROVISION_STOP_TIMEOUT_MS     5000
#endif

/* Makes the service ready: see IotBleWifiProv_Init. pdFALSE when it was ready already, or memory is
 * short. While a request from before Deinit is still carried out it waits, at most the timeout above; after
 * that it is pdTRUE, and what a power cut left in the store is repaired by a later Init. */
BaseType_t WIFI_PROVISION_Init( void );

/* Starts serving phones in a task of its own and returns. pdTRUE also when it is being served
 * already; pdFALSE before Init, or when the task or the channel cannot be had. While a loop that was
 * stopped still carries out a request, it waits for that, at most the timeout above, and gives pdFALSE
 * then: call it again. */
BaseType_t WIFI_PROVISION_Start( void );

/* Stops serving and waits until that is done. pdTRUE also when nothing was running. pdFALSE
 * before Init, and when a request, such as joining a network, is still in progress after the timeout:
 * serving ends with it. */
BaseType_t WIFI_PROVISION_Stop( void );

/* Stops, and makes the service unready. pdFALSE as for Stop; call it again then. What stays for the
 * next Init is one event group. */
BaseType_t WIFI_PROVISION_Delete( void );

/* How many networks are saved, counted in the store at once, whoever else is at work there: also before Init and
 * after Delete, so WiFi must be on. Blocks as long as the store does. 0 when that does not answer in time. */
uint16_t WIFI_PROVISION_GetNumNetworks( void );

/* Joins the saved network of that priority; 0 is the highest. Blocks as long as the driver does. */
BaseType_t WIFI_PROVISION_Connect( uint16_t usIndex );

/* Deletes every saved network, and leaves WiFi when it was on one of them. */
BaseType_t WIFI_PROVISION_EraseAllNetworks( void );

#ifdef __cplusplus
}
#endif

#endif /* WIFI_PROVISION_H_ */
