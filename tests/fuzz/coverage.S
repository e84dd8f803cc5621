/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coverage.S - linked into libws.so for libFuzzer. Go's code calls libFuzzer's functions by their
 * distance, which no shared library can know: these know. They jump, so that who compares is
 * still told by the return address. Linked with --wrap for each (cmake/Sanitize.cmake).
 */
#ifdef __x86_64__
.macro door name
    .globl __wrap_\name
    .hidden __wrap_\name
    .type __wrap_\name, @function
__wrap_\name:
    jmp *__real_\name@GOTPCREL(%rip)
.endm
#else
#error "write it for this processor"
#endif

.text
door __sanitizer_cov_trace_cmp1
door __sanitizer_cov_trace_cmp2
door __sanitizer_cov_trace_cmp4
door __sanitizer_cov_trace_cmp8
door __sanitizer_cov_trace_const_cmp1
door __sanitizer_cov_trace_const_cmp2
door __sanitizer_cov_trace_const_cmp4
door __sanitizer_cov_trace_const_cmp8
door __sanitizer_cov_8bit_counters_init
door __sanitizer_cov_pcs_init
door __sanitizer_weak_hook_strcmp
.section .note.GNU-stack, "", @progbits
