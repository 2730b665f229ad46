/*
 * What can be typed at the console.
 */
#ifndef COMMANDS_H_
#define COMMANDS_H_

/* Runs one line. Blocks as long as the command takes. */
void COMMANDS_Run( const char * pcLine );

#endif /* COMMANDS_H_ */
