/* CBOR as people read it (RFC 8949, section 8). */
#ifndef CBOR_TEXT_H
#define CBOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes one map of integers, booleans, texts and byte strings. False when it is something else, or
 * does not fit. */
bool xCborToText( const uint8_t * pucBytes,
                  size_t xLength,
                  char * pcText,
                  size_t xRoom );

#endif /* CBOR_TEXT_H */
