# SPDX-License-Identifier: Apache-2.0
#
# Clients of HTTP that do not say how long their bodies are: aiohttp, http.client, and, if they
# are there, curl and Node. Included by tests/CMakeLists.txt.
if(NOT WS_PYTHON)
    return() # said already
endif()
execute_process(COMMAND ${WS_PYTHON} -c "import aiohttp" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
if(failed)
    ws_leave_out("/usr/bin/python3 has no module aiohttp (Debian: python3-aiohttp), which sends bodies in chunks")
    return()
endif()
ws_c_program(interop_bodies_server ${CMAKE_CURRENT_LIST_DIR}/bodies/server.c)
target_link_libraries(interop_bodies_server PRIVATE libws::libws)
set(tools)
find_program(WS_CURL curl DOC "The curl command")
find_program(WS_NODE node DOC "Node 20 or newer")
foreach(tool WS_CURL WS_NODE)
    if(${tool})
        list(APPEND tools ${${tool}})
    else()
        ws_leave_out("curl or node was not found (Debian: curl nodejs); no bodies in chunks come from it")
    endif()
endforeach()
foreach(kind plain tls)
    set(test interop_bodies)
    if(kind STREQUAL "tls")
        set(test interop_tls_bodies)
    endif()
    add_test(NAME ${test} COMMAND ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/bodies/bodies.py ${kind}
        $<TARGET_FILE:interop_bodies_server> ${tools})
    set_tests_properties(${test} PROPERTIES TIMEOUT 120 LABELS interop)
    ws_test_wants_certs(${test})
endforeach()
