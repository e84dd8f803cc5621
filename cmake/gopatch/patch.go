// SPDX-License-Identifier: Apache-2.0

package main

import (
	"debug/elf"
	"fmt"
	"strings"
)

// patch gives the object in which every access to g goes by a TLS descriptor.
func patch(file []byte) ([]byte, error) {
	o, err := parse(file)
	if err != nil {
		return nil, err
	}
	switch o.machine {
	case elf.EM_X86_64:
		err = o.patchAMD64()
	case elf.EM_AARCH64:
		err = o.patchARM64()
	default:
		err = fmt.Errorf("for %v", o.machine)
	}
	if err != nil {
		return nil, err
	}
	return o.bytes(), nil
}

// ---- x86-64 --------------------------------------------------------------------

var registers = strings.Fields("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15")

// callAndNop is a call, whose target the linker fills in, and a no-op of two bytes.
const callAndNop = "\xe8\x00\x00\x00\x00\x66\x90"

// isTLSAMD64 tells whether a relocation is about thread-local data.
func isTLSAMD64(kind uint32) bool {
	switch t := elf.R_X86_64(kind); {
	case t >= elf.R_X86_64_DTPMOD64 && t <= elf.R_X86_64_TPOFF32:
		return true
	case t == elf.R_X86_64_GOTPC32_TLSDESC, t == elf.R_X86_64_TLSDESC_CALL, t == elf.R_X86_64_TLSDESC:
		return true
	case t >= 43: // CODE_4_GOTTPOFF and others that are newer than this
		return true
	}
	return false
}

// patchAMD64: wherever Go wants g it loads g's offset from the thread pointer,
//
//	mov runtime.tlsg@gottpoff(%rip), %REG
//
// seven bytes, which become a call of wsx_tlsg_REG. That does the same by a descriptor and
// keeps all other registers. Flags change, on which none of these places counts.
func (o *object) patchAMD64() error {
	accesses := 0
	err := o.relocations(func(r relocation) error {
		if !isTLSAMD64(r.kind) {
			return nil
		}
		if elf.R_X86_64(r.kind) != elf.R_X86_64_GOTTPOFF || o.name(r.symbol) != "runtime.tlsg" || r.addend != -4 || r.offset < 3 {
			return fmt.Errorf("%v for %q%+d: not how g was found", elf.R_X86_64(r.kind), o.name(r.symbol), r.addend)
		}
		code := o.code(r.target, r.offset-3, 7)
		if code == nil || code[0]&^4 != 0x48 || code[1] != 0x8b || code[2]&0xc7 != 5 {
			return fmt.Errorf("g is found by the code % x: not how it was", code)
		}
		register := registers[code[0]&4<<1|code[2]>>3&7]
		if register == "rsp" {
			return fmt.Errorf("g is found by way of the stack pointer")
		}
		copy(code, callAndNop)
		o.replace(r, r.offset-2, o.undefined("wsx_tlsg_"+register), uint32(elf.R_X86_64_PLT32), -4)
		accesses++
		return nil
	})
	if err == nil && accesses == 0 {
		err = fmt.Errorf("no access to g")
	}
	return err
}

// ---- arm64 ---------------------------------------------------------------------

const (
	nopARM64   = 0xd503201f
	jumpARM64  = 0x14000000
	threadToX0 = 0xd53bd040 // mrs x0, tpidr_el0
)

// isTLSARM64 tells whether a relocation is about thread-local data.
func isTLSARM64(kind uint32) bool { return kind >= 512 && kind <= 573 || kind >= 1028 && kind <= 1031 }

// patchARM64: g lives in a register, and two functions of the runtime take it from thread-local
// data and put it there, load_g and save_g:
//
//	adrp, ldrb, cbz   // runtime.iscgo
//	mrs x0, tpidr_el0
//	adrp x27, ldr x27 // runtime.tls_g
//	ldr or str, ret
//
// The first instruction of each becomes a jump to wsx_load_g and wsx_save_g, which do the same
// by a descriptor and change the same registers.
func (o *object) patchARM64() error {
	starts := map[uint64]string{} // where a function begins that finds g by itself
	var text *section
	err := o.relocations(func(r relocation) error {
		if !isTLSARM64(r.kind) {
			return nil
		}
		t := elf.R_AARCH64(r.kind)
		page := t == elf.R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21
		if !page && t != elf.R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC || o.name(r.symbol) != "runtime.tls_g" || r.addend != 0 || r.offset < 16 {
			return fmt.Errorf("%v for %q%+d: not how g was found", t, o.name(r.symbol), r.addend)
		}
		code := o.code(r.target, r.offset, 4)
		if code == nil || text != nil && text != r.target {
			return fmt.Errorf("g is found in a place that is no code")
		}
		text = r.target
		if page {
			starts[r.offset-16] = ""
		}
		order.PutUint32(code, nopARM64) // never reached
		o.replace(r, r.offset, 0, uint32(elf.R_AARCH64_NONE), 0)
		return nil
	})
	if err != nil {
		return err
	}
	for index := range o.symbols() {
		entry := o.symbol(index)
		start := order.Uint64(entry[8:])
		if _, is := starts[start]; !is || elf.ST_TYPE(entry[4]) != elf.STT_FUNC {
			continue
		}
		name := o.name(index)
		if name != "runtime.load_g.abi0" && name != "runtime.save_g.abi0" {
			continue
		}
		code := o.code(text, start, 32)
		if code == nil || order.Uint32(code[12:]) != threadToX0 || order.Uint64(entry[16:]) != 32 {
			return fmt.Errorf("%s is not as it was", name)
		}
		starts[start] = strings.TrimSuffix(strings.TrimPrefix(name, "runtime."), ".abi0")
	}
	err = o.relocations(func(r relocation) error {
		name := starts[r.offset]
		if r.target != text || name == "" || elf.R_AARCH64(r.kind) != elf.R_AARCH64_ADR_PREL_PG_HI21 || o.name(r.symbol) != "runtime.iscgo" {
			return nil
		}
		order.PutUint32(o.code(text, r.offset, 4), jumpARM64)
		o.replace(r, r.offset, o.undefined("wsx_"+name), uint32(elf.R_AARCH64_JUMP26), 0)
		delete(starts, r.offset)
		return nil
	})
	if err == nil && (len(starts) != 0 || len(o.added) != 2) {
		err = fmt.Errorf("g is found elsewhere than in load_g and save_g, or not there: %d places besides, %d of these", len(starts), len(o.added))
	}
	return err
}
