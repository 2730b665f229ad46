/* A phone at the far end of the data-transfer channel. */
#ifndef POSIX_PHONE_H_
#define POSIX_PHONE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer than any answer may be. */
#define PHONE_LONGEST_ANSWER    128U

typedef struct
{
    size_t xLength;
    uint8_t ucBytes[ PHONE_LONGEST_ANSWER ];
} PhoneAnswer_t;

/* How the middleware and the phone behave. All zeros is as they should. */
typedef struct
{
    bool bCannotOpen;              /* the channel is in use by somebody else */
    bool bCannotSetCallback;
    bool bNeverFetches;            /* large answers stay with the device */
    bool bTakesHalf;               /* Send takes only half of what it is given */
    void ( * pvInOpen )( void );   /* called while the device opens the channel, by its task */
    uint32_t ulClosesAfter;        /* the phone leaves after so many answers; 0: never */
} PhoneBehaviour_t;

extern PhoneBehaviour_t xPhoneBehaviour;

/* Starts the BLE host's task; once, by a task. */
void vPhoneStart( void );

/* Behaves again, has read all answers, and is there or not. */
void vPhoneReset( bool bIsThere );

/* Comes, or goes, in the BLE host's task; returns when that is done. */
void vPhoneCome( void );
void vPhoneGo( void );

/* Writes a message; returns when the device has taken it in. False when nobody listens. */
bool bPhoneWrite( const void * pvMessage,
                  size_t xLength );

/* The next answer, if one comes in that time. */
bool bPhoneAnswer( PhoneAnswer_t * pxAnswer,
                   uint32_t ulMs );

/* Answers sent that nobody has read yet. */
size_t xPhoneUnread( void );

/* Whether the device has the channel, with its callback. */
bool bPhoneIsHeard( void );

#endif /* POSIX_PHONE_H_ */
