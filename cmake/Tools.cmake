# SPDX-License-Identifier: Apache-2.0
#
# Two examples that are of use alone, under names that no other package has: ws-cat talks to a server
# from a terminal, ws-echo is a server to try a client against.
foreach(tool cat=wscat echo=echo_server)
    string(REPLACE "=" ";" tool ${tool})
    list(GET tool 0 name)
    list(GET tool 1 source)
    add_executable(ws-${name} ${PROJECT_SOURCE_DIR}/examples_c/${source}.c)
    target_link_libraries(ws-${name} PRIVATE libws::libws Threads::Threads)
    target_compile_options(ws-${name} PRIVATE -Wall -Wextra -Werror)
    set_target_properties(ws-${name} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
    ws_strip(ws-${name})
    if(WS_INSTALL)
        install(TARGETS ws-${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
    endif()
endforeach()
