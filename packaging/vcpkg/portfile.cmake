# SPDX-License-Identifier: Apache-2.0
#
# An overlay port: vcpkg install libws --overlay-ports=packaging/vcpkg. It builds the tree that it is in, by the
# machine's go command; a port for the public registry would name an archive and its hash here.
vcpkg_check_linkage(ONLY_DYNAMIC_LIBRARY)
get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../.." ABSOLUTE)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DWS_BUILD_TESTS=OFF
        -DWS_BUILD_EXAMPLES=OFF
        -DWS_BUILD_NODE=OFF
        -DWS_BUILD_NDK=OFF
        -DWS_BUILD_BRIDGES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME libws CONFIG_PATH lib/cmake/libws)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/THIRD_PARTY.md")
