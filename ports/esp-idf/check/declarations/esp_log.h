#ifndef ESP_LOG_H
#define ESP_LOG_H
void check_log( const char * tag, const char * format, ... ) __attribute__( ( format( printf, 2, 3 ) ) );
#define ESP_LOGE( tag, ... )    check_log( tag, __VA_ARGS__ )
#define ESP_LOGW( tag, ... )    check_log( tag, __VA_ARGS__ )
#define ESP_LOGI( tag, ... )    check_log( tag, __VA_ARGS__ )
#endif
