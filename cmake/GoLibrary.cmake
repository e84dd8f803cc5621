# SPDX-License-Identifier: Apache-2.0
#
# libws.so itself: the Go package capi, as the imported target libws::libws.
#
#   <build>/libws.so -> libws.so.0.1 -> libws.so.0.1.0, on OpenHarmony libws.so alone
find_program(WS_GO go PATHS /usr/local/go/bin DOC "The go command, 1.26 or newer")
if(NOT WS_GO)
    message(FATAL_ERROR "libws: no go command found; Go 1.26 or newer is needed, see https://go.dev/dl/")
endif()

include(${CMAKE_CURRENT_LIST_DIR}/GoOverlay.cmake)
if(WIN32)
    include(${CMAKE_CURRENT_LIST_DIR}/GoRuntimeWindows.cmake)
else()
    include(${CMAKE_CURRENT_LIST_DIR}/GoRuntime.cmake)
endif()
ws_write_overlay()
include(${CMAKE_CURRENT_LIST_DIR}/Size.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Musl.cmake)

# While major is 0 an incompatible change raises minor, so that belongs to the names, too: a
# host that was linked with 0.1 must not load 0.2. From 1.0 on it is major alone.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(WS_ABI_NAME 0.${PROJECT_VERSION_MINOR})
else()
    set(WS_ABI_NAME ${PROJECT_VERSION_MAJOR})
endif()
set(WS_SONAME libws.so.${WS_ABI_NAME})
set(WS_FILE libws.so.${PROJECT_VERSION})
set(WS_LINKS ${PROJECT_BINARY_DIR}/${WS_SONAME} ${PROJECT_BINARY_DIR}/libws.so)
set(WS_MAKE_LINKS
    COMMAND ${CMAKE_COMMAND} -E create_symlink ${WS_FILE} ${PROJECT_BINARY_DIR}/${WS_SONAME}
    COMMAND ${CMAKE_COMMAND} -E create_symlink ${WS_SONAME} ${PROJECT_BINARY_DIR}/libws.so)
set(WS_NDK_NAME net_websocket)
if(WS_OHOS) # apps have no links, and the system has a library of the NDK's name
    set(WS_SONAME libws.so)
    set(WS_FILE libws.so)
    set(WS_LINKS "")
    set(WS_MAKE_LINKS "")
    set(WS_NDK_NAME ws_net_websocket)
endif()
if(WIN32) # no versions in names, either
    set(WS_FILE libws.dll)
    set(WS_LINKS "")
    set(WS_MAKE_LINKS "")
endif()
set(WS_LIBRARY ${PROJECT_BINARY_DIR}/${WS_FILE})
# cgo writes a header of its own beside its output. It is not for users, so it
# stays in a directory of its own.
set(WS_CGO_DIR ${PROJECT_BINARY_DIR}/cgo)
file(MAKE_DIRECTORY ${WS_CGO_DIR})

set(WS_HEADERS ${PROJECT_SOURCE_DIR}/include/libws/ws.h ${PROJECT_SOURCE_DIR}/include/libws/ws_types.h
    ${PROJECT_SOURCE_DIR}/include/libws/ws_options.h ${PROJECT_SOURCE_DIR}/include/libws/ws_server_options.h
    ${PROJECT_SOURCE_DIR}/include/libws/ws_relay.h)

if(WIN32)
    include(${CMAKE_CURRENT_LIST_DIR}/Windows.cmake)
else()
    configure_file(${PROJECT_SOURCE_DIR}/capi/ws.map.in ${PROJECT_BINARY_DIR}/ws.map @ONLY)
    set(WS_MAP ${PROJECT_BINARY_DIR}/ws.map)
endif()

# No part of the library: they call it.
file(GLOB WS_CPP_HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/libws/*.hpp)

# Files outside of capi, and those that only the linker reads, are not in the
# key of Go's build cache. Without their hash among the flags a changed header
# would leave old objects in the library.
set(WS_INPUTS_HASH "")
foreach(file IN LISTS WS_HEADERS WS_MAP)
    file(SHA256 ${file} hash)
    string(APPEND WS_INPUTS_HASH ${hash})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endforeach()
string(SHA256 WS_INPUTS_HASH ${WS_INPUTS_HASH})

# What is released: the debug information in a file of its own, which debuggers find by its build id.
option(WS_SEPARATE_DEBUG "Debug information goes into libws.so.VERSION.debug" OFF)
set(WS_BUILD_ID none)
set(WS_DEBUG_FILE "")
set(WS_SPLIT "")
if(WS_SEPARATE_DEBUG)
    if(NOT CMAKE_OBJCOPY OR NOT CMAKE_READELF)
        message(FATAL_ERROR "libws: WS_SEPARATE_DEBUG wants objcopy and readelf (Debian: binutils)")
    endif()
    set(WS_BUILD_ID sha1)
    set(WS_DEBUG_FILE ${WS_LIBRARY}.debug)
    set(WS_SPLIT
        COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${WS_CGO_DIR}/${WS_FILE} ${WS_DEBUG_FILE}
        COMMAND ${CMAKE_OBJCOPY} --strip-all --remove-section=.comment ${WS_CGO_DIR}/${WS_FILE})
endif()

# ws_strip(TARGET): what is released beside the library is without debug information.
function(ws_strip target)
    if(WS_SEPARATE_DEBUG)
        add_custom_command(TARGET ${target} POST_BUILD VERBATIM
            COMMAND ${CMAKE_OBJCOPY} --strip-all --remove-section=.comment $<TARGET_FILE:${target}>)
    endif()
endfunction()

# The inner quotes are for paths with blanks. Go's linker runs in a directory of
# its own, so the paths are absolute.
if(NOT WIN32)
string(CONCAT WS_EXTLDFLAGS
    "\"-Wl,--version-script=${WS_MAP}\""
    " -Wl,-soname,${WS_SONAME}"
    " -Wl,-z,relro,-z,now"
    " -Wl,--build-id=${WS_BUILD_ID}"
    " -Wl,--wrap=${WS_BOUNDS_WRAP}"
    " -Wl,--wrap=crosscall2" # capi/gate.c
    " -Wl,--wrap=x_cgo_sys_thread_create" # capi/start_linux.c
    " -Wl,--wrap=x_cgo_thread_start,--wrap=_cgo_try_pthread_create,--wrap=x_cgo_init" # capi/threads.c
    "${WS_MUSL_OBJECTS}"
    "${WS_SIZE_LDFLAGS}${WS_COVERAGE_LDFLAGS}")
endif()

set(WS_CGO_CFLAGS "-O2 -g -DLIBWS_BUILDS -DWS_H_${WS_INPUTS_HASH}")
set(WS_CGO_LDFLAGS "")
set(WS_STRIP "-s -w ")
if(WS_DEBUG_INVARIANTS)
    string(APPEND WS_CGO_CFLAGS " -DWS_DEBUG_INVARIANTS")
endif()
if(WS_SEPARATE_DEBUG)
    set(WS_STRIP "")
    string(APPEND WS_CGO_CFLAGS " -ffile-prefix-map=${PROJECT_SOURCE_DIR}=libws")
endif()
if(WS_SANITIZE) # cmake/Sanitize.cmake; reports want names and lines
    list(JOIN WS_CC_SANITIZE " " WS_CGO_LDFLAGS)
    string(APPEND WS_CGO_CFLAGS " -O1 -fno-omit-frame-pointer ${WS_CGO_LDFLAGS} ${WS_CC_COVERAGE}")
    set(WS_STRIP "")
endif()
set(WS_GO_ENV ${WS_GO_BUILDS_ENV} GOOS=${WS_GOOS} GOARCH=${WS_GOARCH} CGO_ENABLED=1 "CC=${WS_GO_CC}" "CGO_CFLAGS=${WS_CGO_CFLAGS}" "CGO_LDFLAGS=${WS_CGO_LDFLAGS}" ${WS_MUSL_ENV})
if(WS_GOEXPERIMENT)
    list(APPEND WS_GO_ENV "GOEXPERIMENT=${WS_GOEXPERIMENT}")
endif()

file(GLOB_RECURSE WS_SOURCES CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/core/*.go
    ${PROJECT_SOURCE_DIR}/include/libws/*.h)
file(GLOB WS_CAPI_SOURCES CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/capi/*.go
    ${PROJECT_SOURCE_DIR}/capi/*.[chS])
list(APPEND WS_SOURCES ${WS_CAPI_SOURCES} ${WS_MAP} ${PROJECT_SOURCE_DIR}/go.mod ${PROJECT_SOURCE_DIR}/go.sum)
list(FILTER WS_SOURCES EXCLUDE REGEX "_test\\.go$")

add_custom_command(
    OUTPUT ${WS_LIBRARY}
    BYPRODUCTS ${WS_LINKS} ${WS_DEBUG_FILE}
    COMMAND ${CMAKE_COMMAND} -E env ${WS_GO_ENV}
        ${WS_GO_BUILDS} build -trimpath -buildvcs=false -buildmode=c-shared ${WS_GO_BUILD_FLAGS} ${WS_SIZE_GO_FLAGS} "-overlay=${WS_OVERLAY}"
        "-ldflags=${WS_STRIP}-buildid= ${WS_EXTLD_FLAG}-extldflags '${WS_EXTLDFLAGS}'"
        -o ${WS_CGO_DIR}/${WS_FILE} ./capi
    ${WS_SPLIT}
    COMMAND ${CMAKE_COMMAND} -E rename ${WS_CGO_DIR}/${WS_FILE} ${WS_LIBRARY}
    ${WS_MAKE_LINKS}
    DEPENDS ${WS_SOURCES} ${WS_OVERLAY} ${WS_OVERLAID} ${WS_COVERAGE_OBJECT} ${WS_MUSL_INPUTS}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Building ${WS_FILE} with go"
    VERBATIM)
add_custom_target(ws_go ALL DEPENDS ${WS_LIBRARY} ${WS_IMPORT_LIBRARY})

add_library(libws SHARED IMPORTED GLOBAL)
set_target_properties(libws PROPERTIES
    IMPORTED_LOCATION ${WS_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/include)
if(WIN32)
    set_target_properties(libws PROPERTIES IMPORTED_IMPLIB ${WS_IMPORT_LIBRARY})
else()
    set_target_properties(libws PROPERTIES IMPORTED_SONAME ${WS_SONAME})
endif()
add_dependencies(libws ws_go)
add_library(libws::libws ALIAS libws)
add_library(ws::ws ALIAS libws) # its other name
