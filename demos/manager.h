/*
 * The network manager's interface for applications, at the console.
 */
#ifndef MANAGER_H_
#define MANAGER_H_

/* What stands behind "manager": subscribe, remove, parameters, join, rest. Anything else says so. Blocks as long as ending
 * the joining does with rest. */
void MANAGER_Run( const char * pcHow );

#endif /* MANAGER_H_ */
