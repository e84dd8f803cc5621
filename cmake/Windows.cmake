# SPDX-License-Identifier: Apache-2.0
#
# libws.dll, and what a linker wants to know of it: libws.dll.a for mingw, libws.def for all others
# ("lib /def:libws.def /machine:x64 /out:libws.lib").
#
# What is exported is what the header declares, and no more: Go's linker would export the doors between C and
# Go as well, but with --export-all-symbols it leaves that to the linker, whom --exclude-all-symbols stops.
#
# WS_MAP is the file that names the exports, as on Linux.
set(WS_MAP ${PROJECT_BINARY_DIR}/libws.def)
file(STRINGS ${PROJECT_SOURCE_DIR}/include/libws/ws.h lines REGEX "^WS_API ")
set(exports "")
foreach(line IN LISTS lines)
    string(REGEX REPLACE "^WS_API [^(]*(ws_[a-z0-9_]+)\\(.*" "    \\1\n" export "${line}")
    string(APPEND exports "${export}")
endforeach()
file(CONFIGURE OUTPUT ${WS_MAP} CONTENT "LIBRARY libws.dll\nEXPORTS\n${exports}" @ONLY)

string(CONCAT WS_EXTLDFLAGS
    "-Wl,--export-all-symbols -Wl,--exclude-all-symbols"
    " \"${WS_MAP}\""
    " -Wl,--wrap=x_cgo_sys_thread_create" # capi/start_windows.c
    " -Wl,--nxcompat -Wl,--dynamicbase -Wl,--high-entropy-va"
    " -static") # libgcc and winpthread: no other DLL has to be there

find_program(WS_DLLTOOL NAMES x86_64-w64-mingw32-dlltool dlltool DOC "Makes import libraries; of binutils for mingw-w64")
if(NOT WS_DLLTOOL)
    message(FATAL_ERROR "libws: no dlltool was found (Debian: binutils-mingw-w64-x86-64)")
endif()
set(WS_IMPORT_LIBRARY ${PROJECT_BINARY_DIR}/libws.dll.a)
# The members of the library have the path that dlltool is told for their name: none, so that each directory gives the same bytes.
add_custom_command(OUTPUT ${WS_IMPORT_LIBRARY}
    COMMAND ${WS_DLLTOOL} --deterministic-libraries -m i386:x86-64 -d libws.def -l libws.dll.a
    DEPENDS ${WS_MAP} WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)
