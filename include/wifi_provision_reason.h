/*
 * Why joining a network failed: an optional extension of the platform contract for builds with Espressif's
 * protocol. The archive has a weak default; a platform that knows more defines the function itself.
 */
#ifndef WIFI_PROVISION_REASON_H_
#define WIFI_PROVISION_REASON_H_

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
    eWiFiProvisionReasonUnspecified = 0,    /* the driver does not say */
    eWiFiProvisionReasonAuthentication = 1, /* the passphrase or key is wrong */
    eWiFiProvisionReasonNotFound = 2,       /* no such network in reach */
    eWiFiProvisionReasonNoAddress = 3,      /* the network gave no address */
    eWiFiProvisionReasonSecurity = 4,       /* the driver cannot do its security, or it has another than asked for */
    eWiFiProvisionReasonRefused = 5,        /* the access point does not want the device */
    eWiFiProvisionReasonTimeout = 6,        /* no answer in time */
    eWiFiProvisionReasonLost = 7            /* the connection was lost at once */
} WIFI_PROVISION_Reason_t;

/* Why the last WIFI_ConnectAP failed. Asked right after it has, by the task that called it: the service's, or the caller of
 * WIFI_PROVISION_Connect or IotBleWifiProv_Connect. Not asked when WIFI_ConnectAP was not called. Must not block.
 * The default returns eWiFiProvisionReasonUnspecified: what remains is the return code. */
WIFI_PROVISION_Reason_t WIFI_PROVISION_JoinReason( void );

#ifdef __cplusplus
}
#endif

#endif /* WIFI_PROVISION_REASON_H_ */
