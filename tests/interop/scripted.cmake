# SPDX-License-Identifier: Apache-2.0
#
# Peers that are scripts: Python (websockets, autobahn, aiohttp), Node (ws, undici) and Chromium,
# which Node drives; what they do stands in compiled/README.md. Included by
# tests/CMakeLists.txt behind compiled.cmake.
if(NOT COMMAND ws_compiled_peer OR NOT WS_PYTHON OR NOT WS_BUILD_EXAMPLES)
    return() # compiled.cmake has said why
endif()

# ---- Python --------------------------------------------------------------------
foreach(library aiohttp autobahn websockets)
    set(module ${library})
    if(library STREQUAL "autobahn")
        set(module autobahn.asyncio.websocket)
    endif()
    execute_process(COMMAND ${WS_PYTHON} -c "import ${module}" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed)
        ws_leave_out("/usr/bin/python3 has no module ${library} (Debian: python3-${library})")
    else()
        ws_compiled_peer(${library} "client;server"
            ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scripted/${library}_peer.py)
        if(NOT library STREQUAL "aiohttp")
            ws_compressing_peer(${library} "client;server"
                ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scripted/${library}_peer.py)
        endif()
        if(library STREQUAL "websockets") # over TLS one peer shows it
            ws_compressing_peer_by("tls-deflate;tls-history" ${library} "client;server"
                ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scripted/${library}_peer.py)
        endif()
    endif()
endforeach()

# ---- Node: its modules come into the build directory, once ----------------------------
find_program(WS_NODE node DOC "Node 20 or newer")
find_program(WS_NPM npm DOC "npm")
if(NOT WS_NODE OR NOT WS_NPM)
    ws_leave_out("node or npm was not found (Debian: nodejs npm)")
    return()
endif()
set(WS_NODE_PEERS ${CMAKE_CURRENT_BINARY_DIR}/node)
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/node/*.mjs ${CMAKE_CURRENT_LIST_DIR}/node/package*.json
    ${CMAKE_CURRENT_LIST_DIR}/node/.npmrc)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME)
    configure_file(${source} ${WS_NODE_PEERS}/${name} COPYONLY)
endforeach()
file(SHA256 ${CMAKE_CURRENT_LIST_DIR}/node/package-lock.json WS_NODE_LOCK)
if(NOT EXISTS ${WS_NODE_PEERS}/installed-${WS_NODE_LOCK})
    execute_process(COMMAND ${WS_NPM} ci --no-audit --no-fund --ignore-scripts
        WORKING_DIRECTORY ${WS_NODE_PEERS} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE why)
    if(failed)
        ws_leave_out("the npm modules of the peers cannot be had (npm ci in tests/interop/node): ${why}")
        return()
    endif()
    file(WRITE ${WS_NODE_PEERS}/installed-${WS_NODE_LOCK} "")
endif()
ws_compiled_peer(ws "client;server" ${WS_NODE} ${WS_NODE_PEERS}/ws.mjs)
ws_compiled_peer(undici client ${WS_NODE} ${WS_NODE_PEERS}/undici.mjs)
ws_compressing_peer(ws "client;server" ${WS_NODE} ${WS_NODE_PEERS}/ws.mjs)
ws_compressing_peer(undici client ${WS_NODE} ${WS_NODE_PEERS}/undici.mjs)

find_program(WS_CHROMIUM chromium DOC "Chromium")
if(NOT WS_CHROMIUM)
    ws_leave_out("chromium was not found (Debian: chromium)")
    return()
endif()
ws_compiled_peer(chromium client ${WS_NODE} ${WS_NODE_PEERS}/chromium.mjs)
ws_compressing_peer(chromium client ${WS_NODE} ${WS_NODE_PEERS}/chromium.mjs)
# A browser takes seconds to start, and all of the machine.
add_test(NAME interop_chromium_chat COMMAND ${WS_NODE} ${WS_NODE_PEERS}/chat.mjs
    $<TARGET_FILE:example_chat_server> ${CMAKE_CURRENT_BINARY_DIR}/chat.png $<TARGET_FILE:libws-cat>)
set(status)
if(NOT WS_GOEXPERIMENT) # what crosses between Go and C is that of the chat
    set(status interop_chromium_status)
    add_test(NAME ${status} COMMAND ${WS_NODE} ${WS_NODE_PEERS}/status.mjs
        $<TARGET_FILE:example_status_server> ${CMAKE_CURRENT_BINARY_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/ffi/declarations.json)
endif()
set(cluster)
find_program(WS_HAPROXY haproxy PATHS /usr/sbin DOC "haproxy")
if(WS_HAPROXY AND WS_NATS_SERVER AND TARGET example_cluster_chat)
    set(cluster interop_chromium_cluster)
    add_test(NAME ${cluster} COMMAND ${WS_NODE} ${WS_NODE_PEERS}/cluster.mjs
        ${PROJECT_SOURCE_DIR}/scripts/cluster.sh ${PROJECT_BINARY_DIR} ${CMAKE_CURRENT_BINARY_DIR}/cluster)
elseif(TARGET ws_nats)
    ws_leave_out("haproxy or nats-server was not found (Debian: haproxy nats-server), or examples are not built")
endif()
set_tests_properties(interop_chromium_chat ${cluster} ${status} PROPERTIES LABELS interop)
foreach(test interop_chromium_client interop_tls_chromium_client interop_deflate_chromium_client
        interop_history_chromium_client interop_chromium_chat ${cluster} ${status})
    set_tests_properties(${test} PROPERTIES TIMEOUT ${WS_HANGS_AFTER} RUN_SERIAL TRUE)
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "WS_CHROMIUM=${WS_CHROMIUM};WS_PEER_DEADLINE=600")
endforeach()
