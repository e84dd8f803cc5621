# SPDX-License-Identifier: Apache-2.0
#
# cmake --install: library, headers, and what find_package and pkg-config want.
# Nothing installed holds an absolute path: the tree may be moved. Components: runtime, development,
# debug, tools, ndk (libnet_websocket.so), nats and nats_development (libws_nats.so); cmake/Package.cmake makes packages of them.
include(CMakePackageConfigHelpers)
set(WS_DOC_NAME libws CACHE STRING "Licences go to share/doc and this; a distribution has a name of its own")

set(WS_LIBRARY_DIR ${CMAKE_INSTALL_LIBDIR})
if(WIN32) # where programs are, which is where Windows looks
    set(WS_LIBRARY_DIR ${CMAKE_INSTALL_BINDIR})
    install(FILES ${WS_IMPORT_LIBRARY} ${WS_MAP} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endif()
install(FILES ${WS_LIBRARY} DESTINATION ${WS_LIBRARY_DIR} COMPONENT runtime
    PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
if(WS_LINKS)
    install(FILES ${PROJECT_BINARY_DIR}/${WS_SONAME} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
    install(FILES ${PROJECT_BINARY_DIR}/libws.so DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endif()
if(WS_BUILD_STATIC)
    install(FILES ${WS_STATIC_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endif()
install(FILES ${WS_HEADERS} ${WS_CPP_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libws COMPONENT development)
# Who passes on the library has to pass on the notices of what is linked in.
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${WS_DOC_NAME} COMPONENT runtime)
install(FILES ${PROJECT_BINARY_DIR}/libws.cdx.json # when packaging/dist/dist.sh has made it
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${WS_DOC_NAME} COMPONENT runtime OPTIONAL)

# Of which bindings are made: tests/ffi compares it with what the compiler makes of the headers.
install(FILES ${PROJECT_SOURCE_DIR}/tests/ffi/declarations.json DESTINATION ${CMAKE_INSTALL_DATADIR}/libws COMPONENT development)

set(WS_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libws)
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/libws-config.cmake.in ${PROJECT_BINARY_DIR}/cmake/libws-config.cmake
    INSTALL_DESTINATION ${WS_CONFIG_DIR}
    PATH_VARS WS_LIBRARY_DIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# While major is 0, an incompatible change raises minor.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/libws-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/cmake/libws-config.cmake
    ${PROJECT_BINARY_DIR}/cmake/libws-config-version.cmake
    DESTINATION ${WS_CONFIG_DIR} COMPONENT development)

set(WS_PC_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH WS_PC_TO_PREFIX /prefix/${WS_PC_DIR} /prefix)
string(REGEX REPLACE "/$" "" WS_PC_TO_PREFIX "${WS_PC_TO_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/libws.pc.in ${PROJECT_BINARY_DIR}/cmake/libws.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/libws.pc DESTINATION ${WS_PC_DIR} COMPONENT development)

# The build id is known when the library is linked.
if(WS_DEBUG_FILE)
    install(CODE "
        execute_process(COMMAND \"${CMAKE_READELF}\" -n \"${WS_LIBRARY}\" OUTPUT_VARIABLE notes COMMAND_ERROR_IS_FATAL ANY)
        if(NOT notes MATCHES \"Build ID: ([0-9a-f][0-9a-f])([0-9a-f]+)\")
            message(FATAL_ERROR \"libws: ${WS_LIBRARY} has no build id\")
        endif()
        file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/debug/.build-id/\${CMAKE_MATCH_1}\" TYPE FILE
            RENAME \"\${CMAKE_MATCH_2}.debug\" FILES \"${WS_DEBUG_FILE}\")" COMPONENT debug)
endif()
