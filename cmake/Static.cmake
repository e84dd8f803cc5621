# SPDX-License-Identifier: Apache-2.0
#
# libws.a (WS_BUILD_STATIC), as the imported target libws::static: for a program that has to be one file.
#
# An archive of Go's is not linked by us, so what the linker does for libws.so is done before: all becomes one
# object by "ld -r", with the same wraps of the C library and of Go's start, and but for what the header declares
# no symbol of it stays global. So it shares a program with other archives of Go's.
if(NOT WS_LIBC STREQUAL "glibc" OR WS_SANITIZE)
    message(FATAL_ERROR "libws: WS_BUILD_STATIC is for glibc, and without sanitizers: cmake/gopatch works on the last link, which for an archive is the program's")
endif()
set(triplet aarch64-linux-gnu)
if(WS_GOARCH STREQUAL "amd64")
    set(triplet x86_64-linux-gnu)
endif()
find_program(WS_LD NAMES ${triplet}-ld.bfd ${triplet}-ld DOC "The linker of binutils for the target, which knows --wrap with -r")
find_program(WS_OBJCOPY NAMES ${triplet}-objcopy DOC "Of binutils for the target")
find_program(WS_AR NAMES ${triplet}-ar DOC "Of binutils for the target")
if(NOT WS_LD OR NOT WS_OBJCOPY OR NOT WS_AR)
    message(FATAL_ERROR "libws: WS_BUILD_STATIC wants ${triplet}-ld, -objcopy and -ar (Debian: binutils-${triplet})")
endif()
string(REGEX MATCHALL "--wrap=[a-z_0-9]+" wraps "${WS_EXTLDFLAGS}")
set(WS_STATIC_LIBRARY ${PROJECT_BINARY_DIR}/libws.a)
set(parts ${WS_CGO_DIR}/parts.a)
set(whole ${WS_CGO_DIR}/libws.o)
add_custom_command(
    OUTPUT ${WS_STATIC_LIBRARY}
    COMMAND ${CMAKE_COMMAND} -E env ${WS_GO_ENV}
        ${WS_GO_BUILDS} build -trimpath -buildvcs=false -buildmode=c-archive ${WS_GO_BUILD_FLAGS} ${WS_SIZE_GO_FLAGS} "-overlay=${WS_OVERLAY}"
        "-ldflags=${WS_STRIP}-buildid= -extar ${WS_AR}" -o ${parts} ./capi
    COMMAND ${WS_LD} -r -d -o ${whole} --whole-archive ${parts} --no-whole-archive ${wraps}
    COMMAND ${WS_OBJCOPY} --wildcard "--keep-global-symbol=ws_*" --strip-debug --remove-section=.comment ${whole}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${WS_STATIC_LIBRARY}
    COMMAND ${WS_AR} rcsD ${WS_STATIC_LIBRARY} ${whole}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${parts} ${whole}
    DEPENDS ${WS_SOURCES} ${WS_OVERLAY} ${WS_OVERLAID}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Building libws.a with go"
    VERBATIM)
add_custom_target(ws_static ALL DEPENDS ${WS_STATIC_LIBRARY})
add_dependencies(ws_static ws_go) # not at once: what one has compiled, the other has in Go's cache

find_package(Threads REQUIRED)
add_library(libws_static STATIC IMPORTED GLOBAL)
set_target_properties(libws_static PROPERTIES
    IMPORTED_LOCATION ${WS_STATIC_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/include
    INTERFACE_LINK_LIBRARIES Threads::Threads)
add_dependencies(libws_static ws_static)
add_library(libws::static ALIAS libws_static)
