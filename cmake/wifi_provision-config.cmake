# The target `wifi_provision`: link it, and the service is in the firmware. In the repository it builds
# the archive for the project (wifi_provision-build.cmake); in a folder that `cargo xtask dist` made it
# takes the archive that lies there.
if(TARGET wifi_provision)
  return()
endif()

if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/../Cargo.toml")
  get_filename_component(_wifi_provision_files "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)
  include("${CMAKE_CURRENT_LIST_DIR}/wifi_provision-build.cmake")
else()
  get_filename_component(_wifi_provision_folder "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
  set(_wifi_provision_files "${_wifi_provision_folder}/src")
endif()

add_library(wifi_provision_archive STATIC IMPORTED GLOBAL)
set_target_properties(wifi_provision_archive PROPERTIES
  IMPORTED_LOCATION "${_wifi_provision_folder}/libwifi_provision.a")
# What the archive asks for is looked for behind it.
if(TARGET freertos_kernel)
  set_property(TARGET wifi_provision_archive APPEND PROPERTY INTERFACE_LINK_LIBRARIES freertos_kernel)
endif()

add_library(wifi_provision INTERFACE)
# The project's own headers stand before ours.
target_include_directories(wifi_provision INTERFACE
  ${WIFI_PROVISION_INCLUDE} "${_wifi_provision_folder}/include")
target_link_libraries(wifi_provision INTERFACE wifi_provision_archive)
# What the archive was made with and the firmware's C code must know: whether Espressif's protocol is in it, and the
# capacities ordered. Ordered here, or as the folder tells pkg-config.
if(NOT TARGET wifi_provision_build)
  file(STRINGS "${_wifi_provision_folder}/wifi_provision.pc" _wifi_provision_definitions REGEX "^Cflags:")
  string(REGEX MATCHALL "-D[^ ]+" _wifi_provision_definitions "${_wifi_provision_definitions}")
elseif(WIFI_PROVISION_ESPRESSIF)
  list(APPEND _wifi_provision_definitions WIFI_PROVISION_ESPRESSIF=1)
endif()
target_compile_definitions(wifi_provision INTERFACE ${_wifi_provision_definitions})
# Compiled with the firmware's own flags: the proof that the archive fits, and the way to configPRINTF.
target_sources(wifi_provision INTERFACE
  "${_wifi_provision_files}/wifi_provision_check.c"
  "${_wifi_provision_files}/wifi_provision_log.c")
if(TARGET wifi_provision_build)
  add_dependencies(wifi_provision wifi_provision_build)
  add_dependencies(wifi_provision_archive wifi_provision_build)
endif()
set(wifi_provision_FOUND TRUE)
