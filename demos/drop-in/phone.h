#ifndef PHONE_H
#define PHONE_H

/* Plays a phone that lists, adds, edits and deletes, in the calling task. Tells on the console what
 * was asked and answered. Returns how many answers were not as they should be. */
int iPhonePlay( void );

#endif /* PHONE_H */
