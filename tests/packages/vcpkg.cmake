# SPDX-License-Identifier: Apache-2.0
#
# cmake -DWORK=DIRECTORY -P vcpkg.cmake: plays packaging/vcpkg/portfile.cmake. vcpkg comes from no package registry: the
# functions below do what those of its ports vcpkg-cmake and vcpkg-cmake-config are documented to do, of the release
# build, and refuse what those would. What vcpkg would install is in WORK/packages then.
cmake_minimum_required(VERSION 3.18)
get_filename_component(CURRENT_PORT_DIR ${CMAKE_CURRENT_LIST_DIR}/../../packaging/vcpkg ABSOLUTE)
set(CURRENT_PACKAGES_DIR ${WORK}/packages)
file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR})

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(result)
        message(FATAL_ERROR "${ARGN}: ${result}\n${said}")
    endif()
    set(said "${said}" PARENT_SCOPE)
endfunction()

function(vcpkg_check_linkage only)
    if(NOT only STREQUAL "ONLY_DYNAMIC_LIBRARY")
        message(FATAL_ERROR "the port gives a shared library, and says ${only}")
    endif()
endfunction()

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 port "" "SOURCE_PATH" "OPTIONS")
    if(port_UNPARSED_ARGUMENTS OR NOT port_SOURCE_PATH)
        message(FATAL_ERROR "vcpkg_cmake_configure: SOURCE_PATH '${port_SOURCE_PATH}', and ${port_UNPARSED_ARGUMENTS}")
    endif()
    run(${CMAKE_COMMAND} -S ${port_SOURCE_PATH} -B ${WORK}/build -DCMAKE_BUILD_TYPE=Release
        -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -DCMAKE_INSTALL_LIBDIR=lib ${port_OPTIONS})
    if(said MATCHES "not used by the project:([ \n]+WS_[A-Z_]+)")
        message(FATAL_ERROR "no option of this project:${CMAKE_MATCH_1}")
    endif()
endfunction()

function(vcpkg_cmake_install)
    cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
    run(${CMAKE_COMMAND} --build ${WORK}/build --target install --parallel ${processors})
endfunction()

# Moves them to share/PACKAGE_NAME, one directory nearer to the prefix, which they have to bear.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 port "" "PACKAGE_NAME;CONFIG_PATH" "")
    file(GLOB files ${CURRENT_PACKAGES_DIR}/${port_CONFIG_PATH}/*.cmake)
    if(NOT files)
        message(FATAL_ERROR "no files for CMake in ${port_CONFIG_PATH}")
    endif()
    foreach(file IN LISTS files)
        get_filename_component(name ${file} NAME)
        file(READ ${file} text)
        string(REPLACE "\"\${CMAKE_CURRENT_LIST_DIR}/../../../\"" "\"\${CMAKE_CURRENT_LIST_DIR}/../../\"" text "${text}")
        file(WRITE ${CURRENT_PACKAGES_DIR}/share/${port_PACKAGE_NAME}/${name} "${text}")
        file(REMOVE ${file})
    endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
    file(GLOB files ${CURRENT_PACKAGES_DIR}/lib/pkgconfig/*.pc)
    if(NOT files)
        message(FATAL_ERROR "no files for pkg-config in lib/pkgconfig")
    endif()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 port "" "" "FILE_LIST")
    foreach(file IN LISTS port_FILE_LIST)
        file(READ ${file} text)
        file(APPEND ${CURRENT_PACKAGES_DIR}/share/libws/copyright "${text}")
    endforeach()
endfunction()

include(${CURRENT_PORT_DIR}/portfile.cmake)
