/* The phone's side of the stand-in middleware. */
#ifndef PHONE_LINK_H
#define PHONE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct
{
    size_t xLength;
    uint8_t ucBytes[ 128 ];
} PhoneMessage_t;

/* One whole message to the device, in the caller's task, as the BLE host's would. False when nobody listens. */
bool xPhoneWrites( const uint8_t * pucMessage,
                   size_t xLength );

/* The next message of the device. False when none came in time. */
bool xPhoneReads( PhoneMessage_t * pxMessage,
                  uint32_t ulMilliseconds );

#endif /* PHONE_LINK_H */
