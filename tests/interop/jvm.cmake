# SPDX-License-Identifier: Apache-2.0
#
# A JVM in the process of a host. Included by tests/CMakeLists.txt.
find_package(Java 17 COMPONENTS Development) # not JNI, which wants libraries that Debian's headless JDK lacks
set(home)
if(Java_JAVAC_EXECUTABLE)
    get_filename_component(home ${Java_JAVAC_EXECUTABLE} REALPATH)
    get_filename_component(home ${home}/../.. ABSOLUTE)
endif()
find_library(WS_JVM_LIBRARY jvm PATHS ${home}/lib/server NO_DEFAULT_PATH DOC "libjvm of the JDK")
find_path(WS_JNI_INCLUDE jni.h PATHS ${home}/include NO_DEFAULT_PATH DOC "jni.h of the JDK")
if(NOT Java_FOUND OR NOT WS_JVM_LIBRARY OR NOT WS_JNI_INCLUDE)
    ws_leave_out("a JDK with libjvm was not found")
    return()
endif()
set(WS_JVM_DIR ${CMAKE_CURRENT_LIST_DIR}/jvm)
set(WS_JVM_CLASSES ${CMAKE_CURRENT_BINARY_DIR}/jvm)
add_custom_command(OUTPUT ${WS_JVM_CLASSES}/Beside.class
    COMMAND ${Java_JAVAC_EXECUTABLE} -d ${WS_JVM_CLASSES} --release 17 ${WS_JVM_DIR}/Beside.java
    DEPENDS ${WS_JVM_DIR}/Beside.java VERBATIM)
ws_c_program(beside_a_jvm "${WS_JVM_DIR}/beside_a_jvm.c;${WS_JVM_CLASSES}/Beside.class")
target_include_directories(beside_a_jvm PRIVATE ${WS_JNI_INCLUDE} ${WS_JNI_INCLUDE}/linux)
target_link_libraries(beside_a_jvm PRIVATE ws_testkit ${WS_JVM_LIBRARY})
foreach(engine epoll goroutine)
    foreach(order first later)
        ws_c_test(beside_a_jvm_${order} ${engine} inline 0 beside_a_jvm ${order} ${WS_JVM_CLASSES})
    endforeach()
endforeach()
