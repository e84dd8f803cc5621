# SPDX-License-Identifier: Apache-2.0
#
# For other native modules of an app: find_package(libws) gives libws::libws (ws.h) and
# libws::net_websocket (network/netstack/net_websocket.h), for the ABI that is being built.
get_filename_component(ws_package "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(ws_libraries ${ws_package}/libs/${OHOS_ARCH})
if(NOT EXISTS ${ws_libraries}/libws.so)
    message(FATAL_ERROR "libws: this package has libraries for arm64-v8a and x86_64, not for the ABI '${OHOS_ARCH}'")
endif()
if(NOT TARGET libws::libws)
    add_library(libws::libws SHARED IMPORTED)
    set_target_properties(libws::libws PROPERTIES
        IMPORTED_LOCATION ${ws_libraries}/libws.so
        IMPORTED_SONAME libws.so
        INTERFACE_INCLUDE_DIRECTORIES ${ws_package}/include)
    add_library(libws::net_websocket SHARED IMPORTED)
    set_target_properties(libws::net_websocket PROPERTIES
        IMPORTED_LOCATION ${ws_libraries}/libws_net_websocket.so
        IMPORTED_SONAME libws_net_websocket.so
        IMPORTED_LINK_DEPENDENT_LIBRARIES libws::libws
        INTERFACE_INCLUDE_DIRECTORIES ${ws_package}/include)
endif()
