#ifndef SDKCONFIG_H
#define SDKCONFIG_H
/* `cargo xtask idf` evaluates the Kconfig into this one. */
#include "sdkconfig-evaluated.h"
#endif
