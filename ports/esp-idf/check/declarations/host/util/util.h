#ifndef H_HOST_UTIL_
#define H_HOST_UTIL_
int ble_hs_util_ensure_addr( int );
#endif
