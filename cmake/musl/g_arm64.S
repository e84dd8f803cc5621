/* SPDX-License-Identifier: Apache-2.0 */
/*
 * g_arm64.S - g, the goroutine that runs, in thread-local data that dlopen of musl takes; what
 * cmake/gopatch lets load_g and save_g of the runtime jump to. They may change x0 and x27 only.
 */
	.section .tbss,"awT",%nobits
	.p2align 3
	.type	wsx_g,%object
	.size	wsx_g,8
wsx_g:	.zero	8

	.text
	.macro access name, op
	.globl	\name
	.hidden	\name
	.type	\name,%function
	.p2align 4
\name:
	stp	x1, x30, [sp, #-16]!
	adrp	x0, :tlsdesc:wsx_g
	ldr	x1, [x0, #:tlsdesc_lo12:wsx_g]
	add	x0, x0, #:tlsdesc_lo12:wsx_g
	.tlsdesccall wsx_g
	blr	x1
	mrs	x27, tpidr_el0
	\op	x28, [x0, x27]
	ldp	x1, x30, [sp], #16
	ret
	.size	\name, .-\name
	.endm
	access wsx_load_g, ldr
	access wsx_save_g, str
	.section .note.GNU-stack,"",%progbits
