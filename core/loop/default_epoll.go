// SPDX-License-Identifier: Apache-2.0

//go:build linux && !android && !ws_goroutine

package loop

const defaultKind = Epoll
