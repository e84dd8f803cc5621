# SPDX-License-Identifier: Apache-2.0
#
# Stands in for the toolchain file of OpenHarmony's SDK where there is no SDK: the system's name, its
# macro, a musl that reads bitmaps of relocations; WS_STAND_IN is what tests/targets/target.sh has made
# of musl-new. It shows that this build does what it should under that name, and nothing of clang, lld,
# the SDK's headers, its libc or a device.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WS_STAND_IN)
set(CMAKE_SYSTEM_NAME OHOS)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CROSSCOMPILING_EMULATOR env) # its programs run here
set(CMAKE_C_COMPILER ${WS_STAND_IN}/cc)
set(CMAKE_C_FLAGS_INIT -D__OHOS__)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR}) # the SDK's own CMake knows the system
set(WS_TEST_SYSROOT ${WS_STAND_IN} CACHE PATH "")
