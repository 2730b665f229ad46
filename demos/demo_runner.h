/*
 * What the device does once it is online.
 */
#ifndef DEMO_RUNNER_H_
#define DEMO_RUNNER_H_

/* Reports the network and the address and fetches a page, again each time WiFi has changed.
 * Returns when WiFi is gone. Call it in a task, while WiFi is connected. */
void DEMO_RUNNER_RunDemos( void );

#endif /* DEMO_RUNNER_H_ */
