# SPDX-License-Identifier: Apache-2.0
#
# Peers that are compiled: Go (coder, gorilla), C (libwebsockets) and Java; what
# they do stands in compiled/README.md. Included by tests/CMakeLists.txt.
set(WS_COMPILED_PEERS ${CMAKE_CURRENT_LIST_DIR})

# ws_compiled_peer(NAME "client;server" COMMAND...): interop_[tls_]NAME_ROLE.
function(ws_compiled_peer name roles)
    foreach(role IN LISTS roles)
        set(ours $<TARGET_FILE:interop_client> $<TARGET_FILE:libws-cat>)
        if(role STREQUAL "client")
            set(ours $<TARGET_FILE:example_echo_server>)
        endif()
        foreach(kind plain tls)
            set(test interop_${name}_${role})
            if(kind STREQUAL "tls")
                set(test interop_tls_${name}_${role})
            endif()
            add_test(NAME ${test} COMMAND ${WS_PYTHON} -B ${WS_COMPILED_PEERS}/compiled/peer_as_${role}.py
                ${kind} ${ours} ${ARGN})
            set_tests_properties(${test} PROPERTIES TIMEOUT ${WS_HANGS_AFTER} LABELS interop)
            ws_test_wants_certs(${test})
        endforeach()
    endforeach()
endfunction()

# ws_compressing_peer: the same over permessage-deflate, interop_deflate_NAME_ROLE without
# takeover and interop_history_NAME_ROLE with it and our window of 10 bits.
function(ws_compressing_peer name roles)
    ws_compressing_peer_by("deflate;history" ${name} "${roles}" ${ARGN})
endfunction()
function(ws_compressing_peer_by kinds name roles)
    foreach(role IN LISTS roles)
        set(ours $<TARGET_FILE:interop_client> $<TARGET_FILE:libws-cat>)
        if(role STREQUAL "client")
            set(ours $<TARGET_FILE:example_echo_server>)
        endif()
        foreach(kind IN LISTS kinds)
            string(REPLACE "-" "_" test interop_${kind}_${name}_${role})
            add_test(NAME ${test} COMMAND ${WS_PYTHON} -B ${WS_COMPILED_PEERS}/compiled/peer_as_${role}.py
                ${kind} ${ours} ${ARGN})
            set_tests_properties(${test} PROPERTIES TIMEOUT ${WS_HANGS_AFTER} LABELS interop)
            ws_test_wants_certs(${test})
        endforeach()
    endforeach()
endfunction()

if(NOT WS_PYTHON)
    ws_leave_out("/usr/bin/python3 was not found, which runs the compiled peers")
    return()
endif()
if(NOT WS_BUILD_EXAMPLES)
    ws_leave_out("the compiled peers want WS_BUILD_EXAMPLES")
    return()
endif()

# ---- Go: a module of its own, so that the library's stays short -----------------
set(WS_GO_PEER_DIR ${WS_COMPILED_PEERS}/go)
set(WS_GO_PEER_ENV CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=readonly)
execute_process(COMMAND ${CMAKE_COMMAND} -E env ${WS_GO_PEER_ENV} ${WS_GO} mod download
    WORKING_DIRECTORY ${WS_GO_PEER_DIR} RESULT_VARIABLE WS_GO_PEER_FAILED OUTPUT_QUIET ERROR_QUIET)
if(NOT WS_GO_PEER_FAILED EQUAL 0)
    ws_leave_out("the Go modules of the peers coder and gorilla cannot be had (go mod download in tests/interop/go)")
else()
    file(GLOB WS_GO_PEER_SOURCES CONFIGURE_DEPENDS ${WS_GO_PEER_DIR}/*.go ${WS_GO_PEER_DIR}/go.*)
    set(WS_GO_PEER ${CMAKE_CURRENT_BINARY_DIR}/interop_go_peer)
    add_custom_command(
        OUTPUT ${WS_GO_PEER}
        COMMAND ${CMAKE_COMMAND} -E env ${WS_GO_PEER_ENV} ${WS_GO} build -buildvcs=false -o ${WS_GO_PEER} .
        DEPENDS ${WS_GO_PEER_SOURCES}
        WORKING_DIRECTORY ${WS_GO_PEER_DIR}
        COMMENT "Building the Go peers"
        VERBATIM)
    add_custom_target(interop_go_peers ALL DEPENDS ${WS_GO_PEER})
    foreach(library coder gorilla)
        ws_compiled_peer(${library} "client;server" ${WS_GO_PEER} ${library})
    endforeach()
endif()

# ---- C: libwebsockets ------------------------------------------------------------
find_path(WS_LWS_INCLUDE libwebsockets.h DOC "The directory of libwebsockets.h")
find_library(WS_LWS_LIBRARY websockets DOC "libwebsockets")
if(NOT WS_LWS_INCLUDE OR NOT WS_LWS_LIBRARY)
    ws_leave_out("libwebsockets was not found (Debian: libwebsockets-dev)")
else()
    file(GLOB WS_LWS_SOURCES CONFIGURE_DEPENDS ${WS_COMPILED_PEERS}/lws/*.c)
    ws_c_program(interop_lws_peer "${WS_LWS_SOURCES}")
    target_include_directories(interop_lws_peer SYSTEM PRIVATE ${WS_LWS_INCLUDE})
    target_link_libraries(interop_lws_peer PRIVATE ${WS_LWS_LIBRARY} Threads::Threads)
    ws_compiled_peer(lws "client;server" $<TARGET_FILE:interop_lws_peer>)
    ws_compressing_peer_by(deflate lws server $<TARGET_FILE:interop_lws_peer>) # why no more: compiled/README.md
endif()

# ---- Java: java.net.http.WebSocket, which is a client only -----------------------
find_program(WS_JAVA java DOC "Java 17 or newer with its compiler")
set(WS_JAVA_MODULES "")
if(WS_JAVA)
    execute_process(COMMAND ${WS_JAVA} --list-modules OUTPUT_VARIABLE WS_JAVA_MODULES ERROR_QUIET)
endif()
string(REGEX MATCH "jdk\\.compiler@([0-9]+)" WS_JAVA_COMPILER "${WS_JAVA_MODULES}")
if(NOT WS_JAVA_COMPILER OR CMAKE_MATCH_1 LESS 17)
    ws_leave_out("no Java 17 or newer with a compiler was found (Debian: default-jdk-headless)")
else()
    # It is compiled at each start and runs for a second: the fast compiler and the
    # small collector halve its time.
    ws_compiled_peer(java client
        ${WS_JAVA} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${WS_COMPILED_PEERS}/java/Peer.java)
endif()
