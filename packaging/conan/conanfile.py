# SPDX-License-Identifier: Apache-2.0
"""conan create packaging/conan: libws from this tree. The go command is the machine's, as of no recipe."""
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class Libws(ConanFile):
    name = "libws"
    description = "WebSocket client and server with a plain C ABI"
    license = ("Apache-2.0", "BSD-3-Clause", "MIT")
    topics = ("websocket", "rfc6455")
    settings = "os", "arch", "compiler", "build_type"
    package_type = "shared-library"

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "..", "..", "include", "libws", "ws_types.h"))
        self.version = ".".join(re.search(rf"#define WS_VERSION_{part} (\d+)", text)[1] for part in ("MAJOR", "MINOR", "PATCH"))

    def configure(self):  # it is C, and made by Go
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def validate(self):
        if self.settings.os != "Linux" or self.settings.arch not in ("x86_64", "armv8"):
            raise ConanInvalidConfiguration("libws is built for Linux on x86-64 and arm64 by this recipe")

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "go.mod", "go.sum", "LICENSE", "THIRD_PARTY.md", "CHANGELOG.md",
                        "capi/*", "cmake/*", "core/*", "include/*", "tools/site/*", "tests/ffi/declarations.json"):
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "EXAMPLES", "NODE", "NDK", "BRIDGES"):
            toolchain.cache_variables[f"WS_BUILD_{option}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "*", os.path.join(self.package_folder, "share", "doc", "libws"), os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.libs = ["ws"]
        self.cpp_info.set_property("cmake_file_name", "libws")
        self.cpp_info.set_property("cmake_target_name", "libws::libws")
        self.cpp_info.set_property("cmake_target_aliases", ["ws::ws"])
        self.cpp_info.set_property("pkg_config_name", "libws")
