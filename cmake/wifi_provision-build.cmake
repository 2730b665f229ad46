# Builds the archive for the project: `cargo xtask dist`, which is also how it is shipped. cargo decides
# what is stale, so it is asked at every build; a second is all it takes when nothing is.
#
# | variable | names | when not set |
# |---|---|---|
# | WIFI_PROVISION_FREERTOS_CONFIG_DIR | the folder of FreeRTOSConfig.h | the target freertos_config |
# | FREERTOS_KERNEL_PATH | the kernel tree | the target freertos_kernel, the environment, the pinned one |
# | FREERTOS_PORT_DIR | the folder of portmacro.h | the kernel's port of the target |
# | WIFI_PROVISION_INCLUDE | a list: folders of the project's own platform headers, and of what they include | our own |
# | WIFI_PROVISION_CFLAGS | a list: flags those headers need | those of freertos_config |
# | WIFI_PROVISION_TARGET | the Rust target | asked of the C compiler |
# | WIFI_PROVISION_LOG | whether the service logs to configPRINTF | ON |
# | WIFI_PROVISION_CUSTOM_SERIALIZER | whether the project defines IotBleWifiProv_GetSerializer itself | OFF |
# | WIFI_PROVISION_ESPRESSIF | whether Espressif's protocol is in it | OFF |
# | WIFI_PROVISION_QUEUE_SLOTS | how many requests wait: 1, 2, 4 … 64 | the environment when first configured, 2 |
# | WIFI_PROVISION_MAX_… | a capacity; see build.rs | the environment when first configured, the project's C macro |
# | WIFI_PROVISION_CARGO_DIR | where cargo builds; several builds, one after the other, may share it | in the build folder |
include("${CMAKE_CURRENT_LIST_DIR}/wifi_provision-target.cmake")

option(WIFI_PROVISION_LOG "The provisioning service logs to configPRINTF" ON)
option(WIFI_PROVISION_CUSTOM_SERIALIZER "The project defines IotBleWifiProv_GetSerializer itself" OFF)
option(WIFI_PROVISION_ESPRESSIF "Espressif's protocol, beside Amazon's" OFF)
get_filename_component(_wifi_provision_root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(_wifi_provision_folder "${CMAKE_CURRENT_BINARY_DIR}/wifi_provision")

# One sentence for what is missing, with the mend.
macro(_wifi_provision_missing sentence)
  message(FATAL_ERROR "wifi_provision: ${sentence}")
endmacro()

find_program(WIFI_PROVISION_CARGO cargo HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin"
  DOC "Rust's build tool")
if(NOT WIFI_PROVISION_CARGO)
  _wifi_provision_missing("cargo is not there; install Rust with rustup (https://rustup.rs), or name cargo with -DWIFI_PROVISION_CARGO=PATH.")
endif()

# The target.
wifi_provision_find_target(_wifi_provision_target _wifi_provision_cflags)
if(WIFI_PROVISION_TARGET)
  set(_wifi_provision_target "${WIFI_PROVISION_TARGET}")
endif()
if(NOT _wifi_provision_target)
  _wifi_provision_missing("no Rust target is known for what ${CMAKE_C_COMPILER} compiles for; pass it the CPU (-mcpu=...) in CMAKE_C_FLAGS or with add_compile_options before this, or name one with -DWIFI_PROVISION_TARGET=TARGET.")
endif()
message(STATUS "wifi_provision: for ${_wifi_provision_target}, by ${WIFI_PROVISION_CARGO}")
get_filename_component(_wifi_provision_rust "${WIFI_PROVISION_CARGO}" DIRECTORY)
execute_process(
  COMMAND "${_wifi_provision_rust}/rustc" --print target-libdir --target "${_wifi_provision_target}"
  WORKING_DIRECTORY "${_wifi_provision_root}"
  OUTPUT_VARIABLE _wifi_provision_libdir OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_VARIABLE _wifi_provision_error)
if(NOT IS_DIRECTORY "${_wifi_provision_libdir}")
  _wifi_provision_missing("this Rust toolchain has no ${_wifi_provision_target}; run `rustup target add ${_wifi_provision_target}` in ${_wifi_provision_root}. ${_wifi_provision_error}")
endif()

# The kernel and its configuration.
set(_wifi_provision_kernel "${FREERTOS_KERNEL_PATH}")
if(NOT _wifi_provision_kernel AND TARGET freertos_kernel)
  get_target_property(_wifi_provision_kernel freertos_kernel SOURCE_DIR)
endif()
if(NOT _wifi_provision_kernel)
  set(_wifi_provision_kernel "$ENV{FREERTOS_KERNEL_PATH}")
endif()
if(_wifi_provision_kernel AND NOT EXISTS "${_wifi_provision_kernel}/include/FreeRTOS.h")
  _wifi_provision_missing("${_wifi_provision_kernel} is no kernel tree (it has no include/FreeRTOS.h); set FREERTOS_KERNEL_PATH to one.")
endif()
set(_wifi_provision_include "${WIFI_PROVISION_INCLUDE}")
list(APPEND _wifi_provision_cflags ${WIFI_PROVISION_CFLAGS})
if(WIFI_PROVISION_FREERTOS_CONFIG_DIR)
  get_filename_component(_wifi_provision_config "${WIFI_PROVISION_FREERTOS_CONFIG_DIR}" ABSOLUTE)
  if(NOT EXISTS "${_wifi_provision_config}/FreeRTOSConfig.h")
    _wifi_provision_missing("${_wifi_provision_config} has no FreeRTOSConfig.h; set WIFI_PROVISION_FREERTOS_CONFIG_DIR to the folder that has it.")
  endif()
elseif(TARGET freertos_config)
  # As the kernel's own CMake has it: a target that carries folders and macros.
  list(APPEND _wifi_provision_include "$<TARGET_PROPERTY:freertos_config,INTERFACE_INCLUDE_DIRECTORIES>")
  set(_wifi_provision_macros "$<TARGET_PROPERTY:freertos_config,INTERFACE_COMPILE_DEFINITIONS>")
  list(APPEND _wifi_provision_cflags
    "$<$<BOOL:${_wifi_provision_macros}>:-D$<JOIN:${_wifi_provision_macros}, -D>>")
else()
  _wifi_provision_missing("where FreeRTOSConfig.h lies is not known; set WIFI_PROVISION_FREERTOS_CONFIG_DIR to its folder, or add the target freertos_config before this.")
endif()
foreach(_wifi_provision_header IN LISTS WIFI_PROVISION_INCLUDE)
  if(NOT IS_DIRECTORY "${_wifi_provision_header}")
    _wifi_provision_missing("${_wifi_provision_header} of WIFI_PROVISION_INCLUDE is no folder; give absolute paths of folders with the project's headers.")
  endif()
endforeach()

set(_wifi_provision_cargo_dir "${WIFI_PROVISION_CARGO_DIR}")
if(NOT _wifi_provision_cargo_dir)
  set(_wifi_provision_cargo_dir "$ENV{WIFI_PROVISION_CARGO_DIR}")
endif()
if(NOT _wifi_provision_cargo_dir)
  set(_wifi_provision_cargo_dir "${_wifi_provision_folder}/cargo")
endif()

# What build.rs reads, and nothing of the shell's that would change a cross compilation. The binutils that
# came with the project's compiler are found before others.
get_filename_component(_wifi_provision_tools "${CMAKE_C_COMPILER}" DIRECTORY)
set(_wifi_provision_environment
  --unset=CFLAGS --unset=CC
  "PATH=${_wifi_provision_rust}:${_wifi_provision_tools}:$ENV{PATH}"
  "CARGO_TARGET_DIR=${_wifi_provision_cargo_dir}"
  "WIFI_PROVISION_INCLUDE=$<JOIN:${_wifi_provision_include},:>"
  "WIFI_PROVISION_CFLAGS=$<JOIN:${_wifi_provision_cflags}, >")
if(_wifi_provision_kernel)
  list(APPEND _wifi_provision_environment "FREERTOS_KERNEL_PATH=${_wifi_provision_kernel}")
endif()
if(_wifi_provision_config)
  list(APPEND _wifi_provision_environment "FREERTOS_CONFIG_DIR=${_wifi_provision_config}")
endif()
if(FREERTOS_PORT_DIR)
  list(APPEND _wifi_provision_environment "FREERTOS_PORT_DIR=${FREERTOS_PORT_DIR}")
endif()
# The capacities. Those that C has a macro for are defined for what links the service as well.
set(_wifi_provision_definitions "")
foreach(_wifi_provision_capacity
    MAX_SAVED_NETWORKS=IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS
    MAX_SCAN_NETWORKS=IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS
    MAX_SSID_BYTES=wificonfigMAX_SSID_LEN
    MAX_PASSPHRASE_BYTES=wificonfigMAX_PASSPHRASE_LEN
    QUEUE_SLOTS=)
  string(REGEX MATCH "^([^=]+)=(.*)$" _wifi_provision_capacity "${_wifi_provision_capacity}")
  set(_wifi_provision_variable "WIFI_PROVISION_${CMAKE_MATCH_1}")
  set(_wifi_provision_macro "${CMAKE_MATCH_2}")
  set(_wifi_provision_value "${${_wifi_provision_variable}}")
  if(_wifi_provision_value STREQUAL "")
    set(_wifi_provision_value "$ENV{${_wifi_provision_variable}}")
  endif()
  if(_wifi_provision_value STREQUAL "")
    list(APPEND _wifi_provision_environment "--unset=${_wifi_provision_variable}")
    continue()
  endif()
  if(_wifi_provision_macro)
    set(_wifi_provision_form "^[0-9]+$")
    set(_wifi_provision_must "a whole number")
    list(APPEND _wifi_provision_definitions "${_wifi_provision_macro}=${_wifi_provision_value}")
  else()
    set(_wifi_provision_form "^(1|2|4|8|16|32|64)$")
    set(_wifi_provision_must "1, 2, 4, 8, 16, 32 or 64")
  endif()
  if(NOT _wifi_provision_value MATCHES "${_wifi_provision_form}")
    _wifi_provision_missing(
      "${_wifi_provision_variable} is ${_wifi_provision_value}; it must be ${_wifi_provision_must}")
  endif()
  if(NOT DEFINED ${_wifi_provision_variable})
    # Kept: CMake configures again by itself, and maybe from another environment.
    set(${_wifi_provision_variable} "${_wifi_provision_value}" CACHE STRING "from the environment when first configured")
  endif()
  list(APPEND _wifi_provision_environment "${_wifi_provision_variable}=${_wifi_provision_value}")
endforeach()
set(_wifi_provision_options "")
if(WIFI_PROVISION_LOG)
  list(APPEND _wifi_provision_options --log)
endif()
if(WIFI_PROVISION_CUSTOM_SERIALIZER)
  list(APPEND _wifi_provision_options --custom-serializer)
endif()
if(WIFI_PROVISION_ESPRESSIF)
  list(APPEND _wifi_provision_options --espressif)
endif()

add_custom_target(wifi_provision_build
  COMMAND "${CMAKE_COMMAND}" -E env ${_wifi_provision_environment}
    "${WIFI_PROVISION_CARGO}" run --quiet --locked --package xtask --
    dist --target ${_wifi_provision_target} --to "${_wifi_provision_folder}" --as-is ${_wifi_provision_options}
  BYPRODUCTS
    "${_wifi_provision_folder}/libwifi_provision.a"
    "${_wifi_provision_folder}/include/wifi_provision_abi.h"
  WORKING_DIRECTORY "${_wifi_provision_root}"
  COMMENT "wifi_provision: asking cargo for the archive"
  USES_TERMINAL
  VERBATIM)
