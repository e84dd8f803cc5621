# SPDX-License-Identifier: Apache-2.0
#
# The addon's tests by Node for Windows, labels windows and node; what they want fetch.sh brings. Node 24 and newer do not
# start under Wine 8.0: "Fatal process out of memory: SegmentedTable::InitializeTable (subspace allocation)".
get_filename_component(npm ${WS_NODE_API}/../../../.. ABSOLUTE)
set(scripts ${PROJECT_SOURCE_DIR}/bindings/node/test)
set(keys ${CMAKE_CURRENT_BINARY_DIR}/node_keys.d)
file(MAKE_DIRECTORY ${keys})
add_test(NAME windows_node_keys COMMAND openssl req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=libws-test
    -addext subjectAltName=DNS:libws.test -keyout ${keys}/key.pem -out ${keys}/cert.pem)
set_tests_properties(windows_node_keys PROPERTIES LABELS "windows;node" FIXTURES_SETUP node_keys)

function(ws_windows_node_properties name)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${WS_HANGS_AFTER} LABELS "windows;node" FIXTURES_REQUIRED "windows;node_keys"
        ENVIRONMENT "${environment};LIBWS_NODE_ADDON=Z:$<TARGET_FILE:ws_node>;LIBWS_TEST_MODULES=Z:${npm}/modules;LIBWS_TEST_KEYS=Z:${keys}")
endfunction()

# ws_windows_node(VERSION NAME SCRIPT ARGUMENT...): OPTIONS are those of Node.
function(ws_windows_node version name script)
    add_test(NAME node_${name}.${version} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/node/node.sh
        ${npm}/node/node_modules/node-${version}/bin/node.exe ${OPTIONS} Z:${scripts}/${script} ${ARGN})
    ws_windows_node_properties(node_${name}.${version})
endfunction()

set(OPTIONS --expose-gc)
set(documents Z:${scripts}/documents/examples.json Z:${scripts}/documents/transcripts.json)
foreach(version 18 20 22)
    ws_windows_node(${version} documents_ours documents.mjs ours ${documents})
    foreach(script states features)
        ws_windows_node(${version} ${script} ${script}.mjs)
    endforeach()
endforeach()
ws_windows_node(22 documents_ws documents.mjs ws ${documents})
ws_windows_node(22 fuzz fuzz.mjs 5000 1)
foreach(script beyond dispatch websocket sessions)
    ws_windows_node(22 ${script} ${script}.mjs)
endforeach()
set(OPTIONS --import file:///Z:${scripts}/../lib/register.mjs)
ws_windows_node(22 imports imports.mjs)
add_test(NAME node_package.22 COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/node/package.sh ${CMAKE_CURRENT_BINARY_DIR}/node_package.d ${PROJECT_BINARY_DIR}
    ${npm}/node/node_modules/node-22/bin/node.exe)
ws_windows_node_properties(node_package.22)
