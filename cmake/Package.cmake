# SPDX-License-Identifier: Apache-2.0
#
# CPack makes .deb and .rpm of what Install.cmake installs; packaging/dist/dist.sh says for which systems,
# and what stays to be said by it: the directory of libraries, WS_DOC_NAME and the architecture.
if(WS_GOARCH STREQUAL "arm64")
    set(deb arm64)
    set(rpm aarch64)
else()
    set(deb amd64)
    set(rpm x86_64)
endif()
# What tests/packages reads of the library.
set(WS_GLIBC 2.17 CACHE STRING "The oldest glibc that the packages ask for")

set(CPACK_PACKAGE_NAME libws)
set(CPACK_PACKAGE_VENDOR "libws")
set(CPACK_PACKAGE_CONTACT "the maintainers of libws <libws@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "WebSocket client and server with a plain C ABI")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL runtime development debug tools) # ndk is for an app of its own
if(TARGET ws_nats)
    list(APPEND CPACK_COMPONENTS_ALL nats nats_development)
endif()
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "WebSocket client and server with a plain C ABI: the library")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "WebSocket client and server with a plain C ABI: headers, pkg-config, CMake")
set(CPACK_COMPONENT_DEBUG_DESCRIPTION "WebSocket client and server with a plain C ABI: debug information")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "WebSocket client and server with a plain C ABI: libws-cat and ws-echo")
set(CPACK_COMPONENT_NATS_DESCRIPTION "WebSocket topics of many processes, over NATS: the library")
set(CPACK_COMPONENT_NATS_DEVELOPMENT_DESCRIPTION "WebSocket topics of many processes, over NATS: header, pkg-config")

# What is installed gets the time of SOURCE_DATE_EPOCH before it is packed.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/times.cmake CONTENT [[
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    execute_process(COMMAND find "${CPACK_TEMPORARY_DIRECTORY}" -exec touch -h -d "@$ENV{SOURCE_DATE_EPOCH}" {} + COMMAND_ERROR_IS_FATAL ANY)
endif()
]] @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/package/times.cmake)

# ---- .deb: libws0.1, libws-dev, libws0.1-dbg, libws-tools, libws-nats0.1, libws-nats-dev ----
set(name libws${WS_ABI_NAME})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${deb})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${name})
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libws-dev)
set(CPACK_DEBIAN_DEBUG_PACKAGE_NAME ${name}-dbg)
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME libws-tools)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEBUG_PACKAGE_SECTION debug)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION net)
set(same "${name} (= ${PROJECT_VERSION}-1)")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "libc6 (>= ${WS_GLIBC})")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${same}, libc6-dev")
set(CPACK_DEBIAN_DEBUG_PACKAGE_DEPENDS "${same}")
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${same}, libc6 (>= ${WS_GLIBC})")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/triggers CONTENT "activate-noawait ldconfig\n")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/shlibs CONTENT "libws ${WS_ABI_NAME} ${name} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/package/triggers ${PROJECT_BINARY_DIR}/package/shlibs)
if(TARGET ws_nats) # a build of this system, whose NATS client it has
    set(CPACK_DEBIAN_NATS_PACKAGE_NAME libws-nats${WS_ABI_NAME})
    set(CPACK_DEBIAN_NATS_DEVELOPMENT_PACKAGE_NAME libws-nats-dev)
    set(CPACK_DEBIAN_NATS_PACKAGE_SECTION libs)
    set(CPACK_DEBIAN_NATS_DEVELOPMENT_PACKAGE_SECTION libdevel)
    get_filename_component(client ${WS_NATS_LIBRARY} REALPATH)
    execute_process(COMMAND dpkg-query -S ${client} OUTPUT_VARIABLE owner ERROR_QUIET RESULT_VARIABLE unknown)
    string(REGEX MATCH "^[^:]+" owner "${owner}")
    if(NOT unknown)
        set(CPACK_DEBIAN_NATS_PACKAGE_DEPENDS "${same}, ${owner}")
    else()
        set(CPACK_DEBIAN_NATS_PACKAGE_DEPENDS "${same}")
    endif()
    set(CPACK_DEBIAN_NATS_DEVELOPMENT_PACKAGE_DEPENDS
        "libws-nats${WS_ABI_NAME} (= ${PROJECT_VERSION}-1), libws-dev (= ${PROJECT_VERSION}-1)")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/nats/shlibs CONTENT
        "libws_nats ${WS_ABI_NAME} libws-nats${WS_ABI_NAME} (>= ${PROJECT_VERSION})\n")
    set(CPACK_DEBIAN_NATS_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/package/triggers ${PROJECT_BINARY_DIR}/package/nats/shlibs)
endif()
# libws-cat is also wscat, unless another package is: an alternative, so that npm's is not overwritten.
set(WS_ALTERNATIVES ${PROJECT_SOURCE_DIR}/packaging/alternatives)
set(CPACK_DEBIAN_TOOLS_PACKAGE_CONTROL_EXTRA ${WS_ALTERNATIVES}/postinst ${WS_ALTERNATIVES}/prerm)

# ---- .rpm: libws, libws-devel, libws-debuginfo, libws-tools ----------------------------
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_MAIN_COMPONENT runtime)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_ARCHITECTURE ${rpm})
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_LICENSE "Apache-2.0 AND BSD-3-Clause AND MIT")
set(CPACK_RPM_DEVELOPMENT_PACKAGE_NAME libws-devel)
set(CPACK_RPM_DEBUG_PACKAGE_NAME libws-debuginfo)
set(CPACK_RPM_TOOLS_PACKAGE_NAME libws-tools)
set(CPACK_RPM_NATS_PACKAGE_NAME libws-nats)
set(CPACK_RPM_NATS_DEVELOPMENT_PACKAGE_NAME libws-nats-devel)
foreach(component DEVELOPMENT DEBUG TOOLS NATS NATS_DEVELOPMENT)
    set(CPACK_RPM_${component}_PACKAGE_REQUIRES "libws = ${PROJECT_VERSION}-1")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/ldconfig.sh CONTENT "/sbin/ldconfig\n")
set(CPACK_RPM_RUNTIME_POST_INSTALL_SCRIPT_FILE ${PROJECT_BINARY_DIR}/package/ldconfig.sh)
set(CPACK_RPM_RUNTIME_POST_UNINSTALL_SCRIPT_FILE ${PROJECT_BINARY_DIR}/package/ldconfig.sh)
set(CPACK_RPM_TOOLS_POST_INSTALL_SCRIPT_FILE ${WS_ALTERNATIVES}/postinst)
set(CPACK_RPM_TOOLS_PRE_UNINSTALL_SCRIPT_FILE ${WS_ALTERNATIVES}/prerm)
# The bytes are those of Install.cmake, and the times those of SOURCE_DATE_EPOCH.
set(CPACK_RPM_SPEC_MORE_DEFINE "%define __spec_install_post %{nil}
%define debug_package %{nil}
%define _build_id_links none
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1
%define _buildhost libws")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr/lib/debug /usr/lib/debug/.build-id /usr/lib64/cmake /usr/lib64/pkgconfig
    /usr/share/man /usr/share/man/man1 /usr/share/man/man3 /usr/share/bash-completion /usr/share/bash-completion/completions /usr/share/zsh
    /usr/share/zsh/site-functions /usr/share/fish /usr/share/fish/vendor_completions.d)
include(CPack)
