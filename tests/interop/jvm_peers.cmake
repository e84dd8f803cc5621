# SPDX-License-Identifier: Apache-2.0
#
# WebSocket libraries of Java as peers: Netty, OkHttp, Java-WebSocket and Jetty, all in one JVM, because its start
# is most of the time. Included by tests/CMakeLists.txt.
find_program(WS_MVN mvn DOC "Maven")
find_package(Java 17 COMPONENTS Development)
if(NOT WS_PYTHON OR NOT WS_BUILD_EXAMPLES OR NOT WS_MVN OR NOT Java_FOUND)
    ws_leave_out("Maven or a JDK was not found, which the peers Netty, OkHttp, Java-WebSocket and Jetty want (Debian: maven default-jdk-headless)")
    return()
endif()
set(WS_JVM_PEERS ${CMAKE_CURRENT_BINARY_DIR}/jvm_peers)
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/jvm/peers/*.java)
set(pom ${CMAKE_CURRENT_LIST_DIR}/jvm/peers/pom.xml)
add_custom_command(OUTPUT ${WS_JVM_PEERS}/downloaded
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${WS_JVM_PEERS}/jars
    COMMAND ${WS_MVN} -q -B -f ${pom} -Dmaven.repo.local=${CMAKE_CURRENT_BINARY_DIR}/java/out/repository
        org.apache.maven.plugins:maven-dependency-plugin:3.10.0:copy-dependencies -DoutputDirectory=${WS_JVM_PEERS}/jars
    COMMAND ${CMAKE_COMMAND} -E touch ${WS_JVM_PEERS}/downloaded
    DEPENDS ${pom} COMMENT "Downloading the peers that are written in Java" VERBATIM)
add_custom_command(OUTPUT ${WS_JVM_PEERS}/classes/Peers.class
    COMMAND ${Java_JAVAC_EXECUTABLE} -Xlint:all,-processing -Werror --release 17 -d ${WS_JVM_PEERS}/classes
        -cp "${WS_JVM_PEERS}/jars/*" ${sources}
    DEPENDS ${sources} ${WS_JVM_PEERS}/downloaded VERBATIM)
add_custom_target(interop_jvm_peers ALL DEPENDS ${WS_JVM_PEERS}/classes/Peers.class)

set(command ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/jvm/jvm_peers.py $<TARGET_FILE:example_echo_server>
    $<TARGET_FILE:interop_client> $<TARGET_FILE:libws-cat>)
set(jvm -- ${Java_JAVA_EXECUTABLE} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "${WS_JVM_PEERS}/classes:${WS_JVM_PEERS}/jars/*" Peers)
# history is a window of 10 bits, takeover one of 15. What is missing, and why, is in compiled/README.md.
set(cells netty:client:tls netty:client:history netty:server:tls-history okhttp:client:tls
    okhttp:client:history jetty:client:plain jetty:client:tls-takeover jetty:server:tls-history
    java-websocket:client:tls java-websocket:client:deflate java-websocket:server:plain java-websocket:server:tls-history)
add_test(NAME interop_tls_jvm_peers COMMAND ${command} ${cells} ${jvm})
set_tests_properties(interop_tls_jvm_peers PROPERTIES TIMEOUT ${WS_HANGS_AFTER} LABELS interop)
ws_test_wants_certs(interop_tls_jvm_peers)

set(all okhttp:client:plain okhttp:client:tls okhttp:client:deflate okhttp:client:history okhttp:client:takeover
    okhttp:client:tls-takeover java-websocket:client:plain java-websocket:client:tls java-websocket:client:deflate
    java-websocket:server:plain java-websocket:server:tls java-websocket:server:deflate java-websocket:server:history
    java-websocket:server:tls-deflate java-websocket:server:tls-history)
foreach(library netty jetty)
    foreach(kind plain tls deflate takeover tls-deflate tls-takeover)
        list(APPEND all ${library}:client:${kind})
    endforeach()
    foreach(kind plain tls deflate history tls-deflate tls-history)
        list(APPEND all ${library}:server:${kind})
    endforeach()
endforeach()
add_custom_target(jvm_peers_long COMMAND ${CMAKE_COMMAND} -E env WS_TEST_CERTS=${WS_TEST_CERTS} ${command} ${all} ${jvm}
    DEPENDS ${WS_JVM_PEERS}/classes/Peers.class example_echo_server interop_client libws-cat VERBATIM)
