/*
 * What the demo fetches and says. On the virtual board the page stands behind the access points.
 */
#ifndef DEMO_CONFIG_H_
#define DEMO_CONFIG_H_

#ifndef democonfigPAGE_ADDRESS
    #define democonfigPAGE_ADDRESS    { 10, 0, 2, 100 }
#endif
#ifndef democonfigPAGE_PORT
    #define democonfigPAGE_PORT       80
#endif

/* How often the page is asked for before the demo says that it cannot be had. */
#define democonfigPAGE_TRIES          3

/* Milliseconds for each step of it. */
#define democonfigPAGE_TIMEOUT_MS     10000U

/* Milliseconds between two messages of the hello world over MQTT. */
#ifndef democonfigHELLO_PERIOD_MS
    #define democonfigHELLO_PERIOD_MS    1000U
#endif

#endif /* DEMO_CONFIG_H_ */
