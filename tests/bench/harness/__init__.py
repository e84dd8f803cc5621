# SPDX-License-Identifier: Apache-2.0
"""What the figures of the benchmark share."""
