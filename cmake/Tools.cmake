# SPDX-License-Identifier: Apache-2.0
#
# The packages have libws-cat (tools/cat) and an example that is of use alone, under a name that no other package has:
# ws-echo is a server to try a client against.
add_executable(ws-echo ${PROJECT_SOURCE_DIR}/examples_c/echo_server.c)
target_link_libraries(ws-echo PRIVATE libws::libws Threads::Threads)
target_compile_options(ws-echo PRIVATE -Wall -Wextra -Werror)
set_target_properties(ws-echo PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
ws_strip(ws-echo)
if(WS_INSTALL)
    install(TARGETS ws-echo RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
endif()
