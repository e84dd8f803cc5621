/* SPDX-License-Identifier: Apache-2.0 */
/*
 * g_amd64.S - g, the goroutine that runs, in thread-local data that dlopen of musl takes; what
 * cmake/gopatch has made calls of. wsx_tlsg_REG puts the offset of this thread's g from %fs:0
 * into REG and keeps every other register; flags change.
 */
	.section .tbss,"awT",@nobits
	.p2align 3
	.type	wsx_g,@object
	.size	wsx_g,8
wsx_g:	.zero	8

	.text
	.macro tlsg reg
	.globl	wsx_tlsg_\reg
	.hidden	wsx_tlsg_\reg
	.type	wsx_tlsg_\reg,@function
	.p2align 4
wsx_tlsg_\reg:
	.ifnc \reg,rax
	push	%rax
	.endif
	lea	wsx_g@tlsdesc(%rip), %rax
	call	*wsx_g@tlscall(%rax)
	.ifnc \reg,rax
	mov	%rax, %\reg
	pop	%rax
	.endif
	ret
	.size	wsx_tlsg_\reg, .-wsx_tlsg_\reg
	.endm
	.irp reg,rax,rcx,rdx,rbx,rbp,rsi,rdi,r8,r9,r10,r11,r12,r13,r14,r15
	tlsg \reg
	.endr
	.section .note.GNU-stack,"",%progbits
