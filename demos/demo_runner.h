/*
 * What the device does once it is online.
 */
#ifndef DEMO_RUNNER_H_
#define DEMO_RUNNER_H_

/* Begins the hello world over MQTT, which goes on over any network by itself. Then reports the WiFi
 * network and the address and fetches a page, again each time WiFi has changed. Does not return. Call
 * it in a task, when the networks are switched on. */
void DEMO_RUNNER_RunDemos( void );

#endif /* DEMO_RUNNER_H_ */
