# SPDX-License-Identifier: Apache-2.0
#
# Real services, and libws as their client: the target services_long, of test-long only, which installs what they
# need (build.sh). Included by tests/CMakeLists.txt.
find_program(WS_NODE node DOC "Node 20 or newer")
find_program(WS_NPM npm DOC "npm")
if(NOT WS_PYTHON OR NOT WS_BUILD_EXAMPLES OR NOT WS_NODE OR NOT WS_NPM)
    return() # others have said what is missing
endif()
set(services ${CMAKE_CURRENT_BINARY_DIR}/services)
foreach(name package.json package-lock.json services.mjs)
    configure_file(${CMAKE_CURRENT_LIST_DIR}/services/${name} ${services}/${name} COPYONLY)
endforeach()
add_custom_command(OUTPUT ${services}/installed
    COMMAND ${WS_NPM} ci --no-audit --no-fund --ignore-scripts
    COMMAND ${CMAKE_COMMAND} -E touch ${services}/installed
    DEPENDS ${services}/package-lock.json WORKING_DIRECTORY ${services} VERBATIM)
add_custom_target(services_long
    COMMAND ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/services/services.py ${WS_LIBRARY} $<TARGET_FILE:example_mqtt> ${WS_NODE}
        ${services} mosquitto websockify prosody devtools socketio graphql
    DEPENDS ${services}/installed example_mqtt VERBATIM)
