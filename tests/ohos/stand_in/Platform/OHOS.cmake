# SPDX-License-Identifier: Apache-2.0
#
# As the CMake of the SDK has it, as far as it matters here.
include(Platform/Linux)
