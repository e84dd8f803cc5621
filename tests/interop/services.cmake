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
# Echoes of libraries that a Linux desktop has.
find_package(PkgConfig QUIET)
set(echoes)
if(PKG_CONFIG_FOUND)
    pkg_check_modules(WS_SOUP QUIET IMPORTED_TARGET libsoup-3.0)
    pkg_check_modules(WS_QT5 QUIET IMPORTED_TARGET Qt5WebSockets)
    pkg_check_modules(WS_QT6 QUIET IMPORTED_TARGET Qt6WebSockets)
endif()
if(WS_SOUP_FOUND)
    list(APPEND echoes soup)
    add_executable(service_soup EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/services/soup.c)
    target_link_libraries(service_soup PRIVATE PkgConfig::WS_SOUP)
endif()
foreach(qt qt5 qt6)
    string(TOUPPER ${qt} package)
    if(WS_${package}_FOUND AND CMAKE_CXX_COMPILER)
        list(APPEND echoes ${qt})
        add_executable(service_${qt} EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/services/qt.cpp)
        target_link_libraries(service_${qt} PRIVATE PkgConfig::WS_${package})
        target_compile_options(service_${qt} PRIVATE -fPIC)
        set_target_properties(service_${qt} PROPERTIES CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON)
    endif()
endforeach()
set(programs)
foreach(name IN LISTS echoes)
    list(APPEND programs service_${name})
    set_target_properties(service_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${services})
endforeach()
add_custom_target(services_long
    COMMAND ${WS_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/services/services.py ${WS_LIBRARY} $<TARGET_FILE:example_mqtt> ${WS_NODE}
        ${services} mosquitto websockify prosody janus kamailio devtools socketio graphql ${echoes}
    DEPENDS ${services}/installed example_mqtt ${programs} VERBATIM)
