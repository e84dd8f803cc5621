# SPDX-License-Identifier: Apache-2.0
#
# What may stand between a client and a server: proxies and servers that others wrote,
# and links that break. Each script of proxies/ gets the path of echo_server and finds
# the other examples beside it. Included by tests/CMakeLists.txt.

# ws_proxy_test(NAME TOOL...): proxies/tls_NAME.py, which runs the tools.
function(ws_proxy_test name)
    foreach(tool ${ARGN})
        # As root most of them are in /usr/sbin; PATH of others may lack it.
        find_program(WS_TOOL_${tool} ${tool} PATHS /usr/sbin /usr/local/sbin)
        if(NOT WS_TOOL_${tool})
            ws_leave_out("${tool} was not found")
            return()
        endif()
    endforeach()
    add_test(NAME interop_tls_${name} COMMAND ${WS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/interop/proxies/tls_${name}.py
        $<TARGET_FILE:example_echo_server>)
    set_tests_properties(interop_tls_${name} PROPERTIES TIMEOUT ${WS_HANGS_AFTER} LABELS interop)
    ws_test_wants_certs(interop_tls_${name})
endfunction()

if(WS_PYTHON AND WS_BUILD_EXAMPLES)
    ws_proxy_test(tinyproxy tinyproxy)
    ws_proxy_test(squid squid)
    ws_proxy_test(microsocks microsocks)
    ws_proxy_test(nginx nginx)
    ws_proxy_test(haproxy haproxy)
    ws_proxy_test(stunnel stunnel4)
    ws_proxy_test(client_certificates nginx openssl)
    ws_proxy_test(broken_links)
    ws_proxy_test(pages_behind_proxies nginx haproxy)
    ws_proxy_test(client_addresses nginx haproxy)
    ws_proxy_test(slow_requests slowhttptest)
    ws_proxy_test(bearer_tokens)
else()
    ws_leave_out("the tests with proxies want python3 and WS_BUILD_EXAMPLES")
endif()
