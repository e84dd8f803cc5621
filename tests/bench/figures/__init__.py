# SPDX-License-Identifier: Apache-2.0
"""One figure of docs/benchmarks.md each. README.md says what they have in common."""
