// SPDX-License-Identifier: Apache-2.0

//go:build linux && !android

package loop

const defaultKind = Epoll
