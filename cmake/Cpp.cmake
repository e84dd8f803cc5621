# SPDX-License-Identifier: Apache-2.0
#
# WS_CPP: there is a C++ compiler for the examples and tests of ws.hpp, for the libc of the C compiler,
# and of its family when both bring a sanitizer's runtime. The library has no C++.
set(WS_CPP OFF)
if((WS_BUILD_EXAMPLES OR WS_BUILD_TESTS) AND WS_LIBC STREQUAL "glibc" AND NOT CMAKE_CROSSCOMPILING AND NOT WS_OHOS)
    include(CheckLanguage)
    check_language(CXX)
    if(CMAKE_CXX_COMPILER)
        enable_language(CXX)
        if(NOT WS_SANITIZE OR CMAKE_CXX_COMPILER_ID STREQUAL CMAKE_C_COMPILER_ID)
            set(WS_CPP ON)
        endif()
    endif()
endif()
