/* The requests that are measured; the names are the tool's keys. */
#ifndef HARNESS_CASES_H
#define HARNESS_CASES_H

#include <stdint.h>

struct measured_case
{
    const char * name;
    uint8_t saved;
    uint8_t scanned;
    int8_t connected; /* the saved network joined before, or -1 */
    const uint8_t * message;
    uint16_t length;  /* 0: world_hostile makes it */
};

extern const struct measured_case measured_cases[];
extern const uint32_t measured_case_count;

/* The message of a case; made in one buffer that the next call overwrites. */
const uint8_t * measured_message( const struct measured_case * which, uint32_t * length );

#endif
