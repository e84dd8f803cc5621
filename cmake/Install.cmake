# SPDX-License-Identifier: Apache-2.0
#
# cmake --install: library, headers, and what find_package and pkg-config want.
# Nothing installed holds an absolute path: the tree may be moved.
include(CMakePackageConfigHelpers)

install(FILES ${WS_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR}
    PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
if(WS_LINKS)
    install(FILES ${WS_LINKS} DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(FILES ${WS_HEADERS} ${WS_CPP_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libws)

# Of which bindings are made: tests/ffi compares it with what the compiler makes of the headers.
install(FILES ${PROJECT_SOURCE_DIR}/tests/ffi/declarations.json DESTINATION ${CMAKE_INSTALL_DATADIR}/libws)

set(WS_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/libws)
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/libws-config.cmake.in ${PROJECT_BINARY_DIR}/cmake/libws-config.cmake
    INSTALL_DESTINATION ${WS_CONFIG_DIR}
    PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# While major is 0, an incompatible change raises minor.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/libws-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/cmake/libws-config.cmake
    ${PROJECT_BINARY_DIR}/cmake/libws-config-version.cmake
    DESTINATION ${WS_CONFIG_DIR})

set(WS_PC_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH WS_PC_TO_PREFIX /prefix/${WS_PC_DIR} /prefix)
string(REGEX REPLACE "/$" "" WS_PC_TO_PREFIX "${WS_PC_TO_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/libws.pc.in ${PROJECT_BINARY_DIR}/cmake/libws.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/libws.pc DESTINATION ${WS_PC_DIR})
