# SPDX-License-Identifier: Apache-2.0
#
# What the tests of a library need that is not for this machine's own libc or processor, and what
# they cannot show there.
#
# WS_FOREIGN: programs of this machine (Python, Node, curl) cannot load the library.
# WS_TEST_SYSROOT, of the toolchain file that target.sh makes: headers and libraries beside libc.
set(WS_FOREIGN OFF)
file(GLOB glibc /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.*)
if(CMAKE_CROSSCOMPILING OR (WS_LIBC STREQUAL "musl" AND glibc))
    set(WS_FOREIGN ON)
endif()
set(WS_TEST_SYSROOT "" CACHE PATH "Headers and libraries for the tests of a target that is not this machine")

# ---- OpenSSL, for the raw peers ------------------------------------------------------
if(NOT WS_TEST_SYSROOT)
    find_package(OpenSSL)
else()
    include_directories(AFTER SYSTEM ${WS_TEST_SYSROOT}/include)
    add_library(OpenSSL::SSL INTERFACE IMPORTED)
    target_include_directories(OpenSSL::SSL SYSTEM INTERFACE ${WS_TEST_SYSROOT}/openssl)
    set(libraries ${WS_TEST_SYSROOT}/lib/libssl.a ${WS_TEST_SYSROOT}/lib/libcrypto.a)
    if(WS_LIBC STREQUAL "musl") # Debian's are for glibc
        add_library(ws_glibc_names STATIC ${CMAKE_CURRENT_LIST_DIR}/glibc_names.c ${CMAKE_CURRENT_LIST_DIR}/contexts.c)
        list(APPEND libraries ws_glibc_names)
        add_link_options(-Wl,--eh-frame-hdr) # of which musl-gcc says nothing
    endif()
    target_link_libraries(OpenSSL::SSL INTERFACE ${libraries} ${CMAKE_DL_LIBS} Threads::Threads)
endif()

# ---- a glibc of long ago -----------------------------------------------------------------
# The library wants no function that 2.17 lacks; tests do, and call the kernel instead.
check_c_source_compiles("int gettid(void); int main(void) { return gettid(); }" WS_LIBC_IS_NEW)
if(NOT WS_LIBC_IS_NEW AND WS_LIBC STREQUAL "glibc")
    add_compile_options(-include ${CMAKE_CURRENT_LIST_DIR}/old_names.h)
    link_libraries(-lunwind) # zig's own, for _Unwind_Backtrace
endif()

# ---- how tests meet the library --------------------------------------------------------
set(WS_TEST_LOAD_DEFAULT linked)
if(WS_LIBC STREQUAL "musl") # whose dlopen is particular
    set(WS_TEST_LOAD_DEFAULT "linked;dlopen")
endif()
set(WS_TEST_LOAD ${WS_TEST_LOAD_DEFAULT} CACHE STRING "C tests are linked with the library, load it by dlopen, or both: linked, dlopen; or with libws.a: static")

# WS_OPENED: every function of ws.h as a jump through a table, which is filled by dlopen before
# main. So a test meets the library that way without a change.
file(STRINGS ${PROJECT_SOURCE_DIR}/include/libws/ws.h lines REGEX "^WS_API ")
set(WS_FUNCTIONS "")
foreach(line IN LISTS lines)
    string(REGEX REPLACE "^WS_API [^(]*(ws_[a-z0-9_]+)\\(.*" "X(\\1)\n" function "${line}")
    string(APPEND WS_FUNCTIONS "${function}")
endforeach()
set(WS_OPENED ${CMAKE_CURRENT_LIST_DIR}/opened.c)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/targets/functions.h CONTENT "${WS_FUNCTIONS}" @ONLY)
set_property(SOURCE ${WS_OPENED} APPEND PROPERTY INCLUDE_DIRECTORIES ${CMAKE_CURRENT_BINARY_DIR}/targets)

# ---- what cannot be shown ---------------------------------------------------------------------
# Tests that cannot be run are not passed over in silence: CTest calls them disabled.
set(WS_TARGET_CANNOT "")
if(CMAKE_CROSSCOMPILING_EMULATOR MATCHES "qemu-")
    list(APPEND WS_TARGET_CANNOT
        address_space_limit # RLIMIT_AS means nothing
        connect_step_timeouts # getsockopt(TCP_INFO) never has what it waits for
        seccomp kernel_refuses_the_first_call descriptor_limit_is_the_hosts # it has no filters of system calls
        first_call # counts threads, of which the emulator has some of its own
        forked_before_the_first_call # the emulator (7.2) fails an assertion in a child with threads
        # They exec themselves, and the kernel runs no programs for that processor.
        exit_under_traffic sigpipe_is_the_hosts closed_standard_descriptors crash_reporter data_may_fault fault_handlers
        go_variables_are_the_hosts log_to_stderr network_namespaces signals_inside_calls urgent_signal_is_the_hosts
    )
endif()

if(WS_OHOS)
    list(APPEND WS_TARGET_CANNOT
        cancel_waits_for_the_call cancelled_at_any_moment queue_cancellation # its libc has no pthread_setcancelstate (capi/cancel.h)
    )
endif()

# musl 1.2.3 interrupts threads for setuid() by a handler without SA_ONSTACK, which then runs on small
# stacks of Go; that of 1.2.5 has it. They tell no version; _GNU_SOURCE brings fopen64 in the older one.
if(WS_LIBC STREQUAL "musl")
    check_c_source_compiles("#define _GNU_SOURCE\n#include <stdio.h>\n#ifndef fopen64\n#error newer\n#endif\nint main(void) { return 0; }" WS_MUSL_IS_OLD)
    if(WS_MUSL_IS_OLD)
        list(APPEND WS_TARGET_CANNOT setuid_while_busy)
    endif()
endif()

function(ws_target_cannot name)
    string(REGEX REPLACE "[.].*" "" behaviour ${name})
    if(behaviour IN_LIST WS_TARGET_CANNOT)
        set_tests_properties(${name} PROPERTIES DISABLED TRUE)
    endif()
endfunction()
