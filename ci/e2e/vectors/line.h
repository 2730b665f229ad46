/* Lines from and to the test that runs the image. */
#ifndef LINE_H_
#define LINE_H_

#include <stdbool.h>
#include <stddef.h>

/* Reads one line, without its end; false when there is none. */
bool line_get( char * to, size_t size );

/* Writes text. */
void line_put( const char * text );

#endif /* LINE_H_ */
