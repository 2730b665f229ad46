/* The service's headers know the kernel without the folder that ESP-IDF keeps it in. */
#include "freertos/event_groups.h"
