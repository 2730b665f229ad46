/*
 * Requests as the Android SDK sends them (keys in canonical order), and the hostile ones: a good
 * add with junk under keys nobody knows, put in front so that a decoder has to walk over it.
 */
#include "harness_cases.h"

#include "harness_board.h"

#define BYTES( ... )    ( const uint8_t[] ) { __VA_ARGS__ }, sizeof( ( const uint8_t[] ) { __VA_ARGS__ } )
#define HOSTILE         0, 0

#define K_B             0x61, 'b', 0x46, 1, 2, 3, 4, 5, 6
#define K_M             0x61, 'm', 0x6c, 'p', 'a', 's', 's', 'w', 'o', 'r', 'd', '0', '1', '2', '3'
#define K_Q             0x61, 'q', 0x03
#define K_R             0x61, 'r', 0x6b, 'H', 'o', 'm', 'e', 'N', 'e', 't', 'w', 'o', 'r', 'k'
#define K_W_ADD         0x61, 'w', 0x03
#define K_Y             0x61, 'y', 0xf5
#define NEW             0x61, 'g', 0x20

#define LIST            BYTES( 0xa3, 0x61, 'h', 0x14, 0x61, 't', 0x05, 0x61, 'w', 0x01 )
#define LIST_W_FIRST    BYTES( 0xa3, 0x61, 'w', 0x01, 0x61, 'h', 0x14, 0x61, 't', 0x05 )
#define ADD             BYTES( 0xa7, K_B, NEW, K_M, K_Q, K_R, K_W_ADD, K_Y )
#define ADD_NO_JOIN     BYTES( 0xa7, K_B, NEW, K_M, K_Q, K_R, K_W_ADD, 0x61, 'y', 0xf4 )
#define ADD_W_FIRST     BYTES( 0xa7, K_W_ADD, NEW, K_R, K_B, K_Q, K_M, K_Y )
#define SWITCH_FULL     BYTES( 0xa7, K_B, 0x61, 'g', 0x03, 0x61, 'm', 0x63, 'x', 'y', 'z', K_Q, K_R, K_W_ADD, K_Y )
#define SWITCH_SHORT    BYTES( 0xa3, 0x61, 'g', 0x03, 0x61, 'w', 0x03, 0x61, 'y', 0xf5 )
#define EDIT( from, to )    BYTES( 0xa3, 0x61, 'g', from, 0x61, 'j', to, 0x61, 'w', 0x05 )
#define DELETE( index )     BYTES( 0xa2, 0x61, 'g', index, 0x61, 'w', 0x07 )

#define SSID_32         'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', \
                        'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'
#define PASSWORD_31     'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', \
                        'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p', 'p'
#define ADD_LONGEST     BYTES( 0xa7, K_B, NEW, 0x61, 'm', 0x78, 63, PASSWORD_31, PASSWORD_31, 'p', K_Q, \
                               0x61, 'r', 0x78, 32, SSID_32, K_W_ADD, K_Y )

const struct measured_case measured_cases[] =
{
    { "list_0_0",           0, 0,  -1, LIST         },
    { "list_0_10",          0, 10, -1, LIST         },
    { "list_8_0",           8, 0,  -1, LIST         },
    { "list_8_10",          8, 10, -1, LIST         },
    { "add_connect",        0, 0,  -1, ADD          },
    { "add_connect_7",      7, 0,  -1, ADD          },
    { "add_no_connect",     0, 0,  -1, ADD_NO_JOIN  },
    { "add_longest",        0, 0,  -1, ADD_LONGEST  },
    { "add_full",           8, 0,  -1, ADD          },
    { "switch_full",        8, 0,  -1, SWITCH_FULL  },
    { "switch_short",       8, 0,  -1, SWITCH_SHORT },
    { "edit_7_0",           8, 0,  -1, EDIT( 7, 0 ) },
    { "edit_0_7",           8, 0,  -1, EDIT( 0, 7 ) },
    { "edit_3_4",           8, 0,  -1, EDIT( 3, 4 ) },
    { "edit_3_3",           8, 0,  -1, EDIT( 3, 3 ) },
    { "delete_3",           8, 0,  0,  DELETE( 3 )  },
    { "delete_connected",   8, 0,  0,  DELETE( 0 )  },
    { "delete_absent",      8, 0,  -1, DELETE( 9 )  },
    { "add_w_first",        0, 0,  -1, ADD_W_FIRST  },
    { "list_w_first",       0, 0,  -1, LIST_W_FIRST },
    { "hostile_ints",       0, 0,  -1, HOSTILE      },
    { "hostile_texts",      0, 0,  -1, HOSTILE      },
    { "hostile_array_440",  0, 0,  -1, HOSTILE      },
    { "hostile_array_64",   0, 0,  -1, HOSTILE      },
    { "hostile_array_1024", 0, 0,  -1, HOSTILE      },
    { "hostile_open_arrays", 0, 0, -1, HOSTILE      },
    { "hostile_maps",       0, 0,  -1, HOSTILE      },
    { "hostile_tags",       0, 0,  -1, HOSTILE      },
    { "hostile_cut",        0, 0,  -1, HOSTILE      },
};
const uint32_t measured_case_count = sizeof( measured_cases ) / sizeof( measured_cases[ 0 ] );

static const uint8_t good_add[] = { K_B, NEW, K_M, K_Q, K_R, K_W_ADD, K_Y };
static uint8_t buffer[ 1200 ];
static uint32_t filled;

static void put( uint8_t byte )
{
    buffer[ filled++ ] = byte;
}

static void put_times( uint32_t times, uint8_t byte )
{
    while( times-- > 0u )
    {
        put( byte );
    }
}

/* One junk value under the key "a" in front: `times` openings of `depth` nested values around a 0. */
static void put_nested( uint32_t depth, uint8_t opening )
{
    put( 0xa8 );
    put( 0x61 );
    put( 'a' );
    put_times( depth, opening );
    put( 0 );
}

static void put_good_add( void )
{
    for( uint32_t i = 0; i < sizeof( good_add ); i++ )
    {
        put( good_add[ i ] );
    }
}

static int same( const char * a, const char * b )
{
    while( ( *a != 0 ) && ( *a == *b ) )
    {
        a++;
        b++;
    }

    return *a == *b;
}

static void make_hostile( const char * name )
{
    filled = 0;

    if( same( name, "hostile_ints" ) )
    {
        put( 0xb8 );
        put( 223 + 7 );
        put_times( 2u * 223u, 0 );
    }
    else if( same( name, "hostile_texts" ) )
    {
        put( 0xb8 );
        put( 149 + 7 );

        for( uint32_t i = 0; i < 149u; i++ )
        {
            put( 0x61 );
            put( 'a' );
            put( 0 );
        }
    }
    else if( same( name, "hostile_array_440" ) || same( name, "hostile_cut" ) )
    {
        put_nested( 440, 0x81 );
    }
    else if( same( name, "hostile_array_64" ) )
    {
        put_nested( 64, 0x81 );
    }
    else if( same( name, "hostile_array_1024" ) )
    {
        put_nested( 1024, 0x81 );
    }
    else if( same( name, "hostile_open_arrays" ) )
    {
        put_nested( 220, 0x9f );
        put_times( 220, 0xff );
    }
    else if( same( name, "hostile_maps" ) )
    {
        put( 0xa8 );
        put( 0x61 );
        put( 'a' );

        for( uint32_t i = 0; i < 220u; i++ )
        {
            put( 0xa1 );
            put( 0 );
        }

        put( 0 );
    }
    else if( same( name, "hostile_tags" ) )
    {
        put_nested( 440, 0xc1 );
    }
    else
    {
        give_up( "a case without a message" );
    }

    if( !same( name, "hostile_cut" ) ) /* the cut one ends inside the junk */
    {
        put_good_add();
    }
}

const uint8_t * measured_message( const struct measured_case * which, uint32_t * length )
{
    if( which->length != 0u )
    {
        *length = which->length;
        return which->message;
    }

    make_hostile( which->name );
    *length = filled;
    return buffer;
}
