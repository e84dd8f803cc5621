// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
	"testing"
)

// sample is a go.o in small: one section of code, its relocations, symbols.
type sample struct {
	machine     elf.Machine
	class       elf.Class
	kind        elf.Type
	code        []byte
	symbols     []sampleSymbol // from index 1 on
	relocations []relocation   // offset, kind, symbol, addend
}

type sampleSymbol struct {
	name        string
	kind        elf.SymType
	value, size uint64
}

func (s sample) file() []byte {
	names := []byte{0}
	symtab := make([]byte, symbolSize)
	for _, y := range s.symbols {
		entry := make([]byte, symbolSize)
		order.PutUint32(entry, uint32(len(names)))
		entry[4] = byte(elf.STB_GLOBAL)<<4 | byte(y.kind)
		order.PutUint16(entry[6:], 1)
		order.PutUint64(entry[8:], y.value)
		order.PutUint64(entry[16:], y.size)
		symtab = append(symtab, entry...)
		names = append(names, y.name+"\x00"...)
	}
	var rela []byte
	for _, r := range s.relocations {
		rela = order.AppendUint64(rela, r.offset)
		rela = order.AppendUint64(rela, r.symbol<<32|uint64(r.kind))
		rela = order.AppendUint64(rela, uint64(r.addend))
	}
	const sectionNames = "\x00.text\x00.rela.text\x00.symtab\x00.strtab\x00.shstrtab\x00"
	file := make([]byte, 64)
	headers := make([]byte, sectionSize)
	add := func(name string, kind elf.SectionType, link, info uint32, entry uint64, data []byte) {
		h := make([]byte, sectionSize)
		order.PutUint32(h, uint32(strings.Index(sectionNames, "\x00"+name+"\x00")+1))
		order.PutUint32(h[4:], uint32(kind))
		order.PutUint64(h[24:], uint64(len(file)))
		order.PutUint64(h[32:], uint64(len(data)))
		order.PutUint32(h[40:], link)
		order.PutUint32(h[44:], info)
		order.PutUint64(h[48:], 8)
		order.PutUint64(h[56:], entry)
		headers = append(headers, h...)
		file = append(file, data...)
		for len(file)%8 != 0 {
			file = append(file, 0)
		}
	}
	add(".text", elf.SHT_PROGBITS, 0, 0, 0, s.code)
	add(".rela.text", elf.SHT_RELA, 3, 1, relocationSize, rela)
	add(".symtab", elf.SHT_SYMTAB, 4, 1, symbolSize, symtab)
	add(".strtab", elf.SHT_STRTAB, 0, 0, 0, names)
	add(".shstrtab", elf.SHT_STRTAB, 0, 0, 0, []byte(sectionNames))
	copy(file, "\x7fELF")
	file[4], file[5], file[6] = byte(s.class), byte(elf.ELFDATA2LSB), 1
	order.PutUint16(file[16:], uint16(s.kind))
	order.PutUint16(file[18:], uint16(s.machine))
	order.PutUint32(file[20:], 1)
	order.PutUint64(file[40:], uint64(len(file)))
	order.PutUint16(file[52:], 64)
	order.PutUint16(file[58:], sectionSize)
	order.PutUint16(file[60:], 6)
	order.PutUint16(file[62:], 5)
	return append(file, headers...)
}

const gottpoff = uint32(elf.R_X86_64_GOTTPOFF)

// amd64 has two accesses to g, into rcx and into r15, between other code.
func amd64() sample {
	return sample{elf.EM_X86_64, elf.ELFCLASS64, elf.ET_REL,
		[]byte("\x90\x48\x8b\x0d\x00\x00\x00\x00\x90\x4c\x8b\x3d\x00\x00\x00\x00\xc3"),
		[]sampleSymbol{{"runtime.tlsg", elf.STT_TLS, 0, 8}, {"other", elf.STT_OBJECT, 0, 8}},
		[]relocation{{offset: 4, kind: gottpoff, symbol: 1, addend: -4}, {offset: 12, kind: gottpoff, symbol: 1, addend: -4}}}
}

// function is load_g or save_g as Go 1.26 has them.
func function(last uint32) []byte {
	var code []byte
	for _, instruction := range []uint32{0x9000001b, 0x39400360, 0xb40000a0, threadToX0, 0x9000001b, 0xf940037b, last, 0xd65f03c0} {
		code = binary.LittleEndian.AppendUint32(code, instruction)
	}
	return code
}

func arm64() sample {
	s := sample{machine: elf.EM_AARCH64, class: elf.ELFCLASS64, kind: elf.ET_REL, code: append(function(0xf87b681c), function(0xf83b681c)...),
		symbols: []sampleSymbol{{"runtime.tls_g", elf.STT_TLS, 0, 8}, {"runtime.iscgo", elf.STT_OBJECT, 0, 1},
			{"runtime.load_g.abi0", elf.STT_FUNC, 0, 32}, {"runtime.save_g.abi0", elf.STT_FUNC, 32, 32}}}
	for _, start := range []uint64{0, 32} {
		s.relocations = append(s.relocations,
			relocation{offset: start, kind: uint32(elf.R_AARCH64_ADR_PREL_PG_HI21), symbol: 2},
			relocation{offset: start + 4, kind: uint32(elf.R_AARCH64_LDST8_ABS_LO12_NC), symbol: 2},
			relocation{offset: start + 16, kind: uint32(elf.R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21), symbol: 1},
			relocation{offset: start + 20, kind: uint32(elf.R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC), symbol: 1})
	}
	return s
}

// patched reads what patch has made; find gives the relocation at an offset, with the name of its symbol.
func patched(t *testing.T, s sample) (code []byte, find func(offset uint64) (kind uint32, name string, addend int64)) {
	t.Helper()
	out, err := patch(s.file())
	if err != nil {
		t.Fatal(err)
	}
	o, err := parse(out)
	if err != nil {
		t.Fatalf("what was made cannot be read: %v", err)
	}
	whole, _ := elf.NewFile(bytes.NewReader(out))
	symbols, err := whole.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range symbols[len(s.symbols):] {
		if elf.ST_BIND(y.Info) != elf.STB_GLOBAL || elf.ST_VISIBILITY(y.Other) != elf.STV_HIDDEN || y.Section != elf.SHN_UNDEF {
			t.Errorf("%s is %v, not hidden, global and undefined", y.Name, y)
		}
	}
	return out[o.sections[1].offset:][:len(s.code)], func(offset uint64) (kind uint32, name string, addend int64) {
		o.relocations(func(r relocation) error {
			if r.offset == offset {
				kind, name, addend = r.kind, o.name(r.symbol), r.addend
			}
			return nil
		})
		return
	}
}

func TestEachAccessOnAMD64BecomesACall(t *testing.T) {
	code, find := patched(t, amd64())
	if want := "\x90" + callAndNop + "\x90" + callAndNop + "\xc3"; string(code) != want {
		t.Errorf("code % x, want % x", code, want)
	}
	for offset, want := range map[uint64]string{2: "wsx_tlsg_rcx", 10: "wsx_tlsg_r15"} {
		if kind, name, addend := find(offset); elf.R_X86_64(kind) != elf.R_X86_64_PLT32 || name != want || addend != -4 {
			t.Errorf("at %d: %v %s%+d, want a call of %s", offset, elf.R_X86_64(kind), name, addend, want)
		}
	}
}

func TestBothFunctionsOnARM64Jump(t *testing.T) {
	code, find := patched(t, arm64())
	for offset, want := range map[uint64]string{0: "wsx_load_g", 32: "wsx_save_g"} {
		if kind, name, addend := find(offset); elf.R_AARCH64(kind) != elf.R_AARCH64_JUMP26 || name != want || addend != 0 {
			t.Errorf("at %d: %v %s%+d, want a jump to %s", offset, elf.R_AARCH64(kind), name, addend, want)
		}
		if got := order.Uint32(code[offset:]); got != jumpARM64 {
			t.Errorf("at %d: %#x, not a jump", offset, got)
		}
		for _, at := range []uint64{offset + 16, offset + 20} {
			if kind, _, _ := find(at); kind != 0 {
				t.Errorf("at %d: still a relocation of kind %d", at, kind)
			}
		}
	}
}

func TestWhatIsNotAsItWasIsRefused(t *testing.T) {
	change := func(base func() sample, how func(*sample)) []byte {
		s := base()
		how(&s)
		return s.file()
	}
	once, err := patch(amd64().file())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"no ELF file", []byte("!<arch>\n" + strings.Repeat(" ", 100)), "bad magic"},
		{"an empty file", nil, "EOF"},
		{"a file that was cut", amd64().file()[:200], ""},
		{"32 bits", change(amd64, func(s *sample) { s.class = elf.ELFCLASS32 }), ""},
		{"an executable", change(amd64, func(s *sample) { s.kind = elf.ET_DYN }), "not a relocatable"},
		{"another processor", change(amd64, func(s *sample) { s.machine = elf.EM_RISCV }), "EM_RISCV"},
		{"an object that was patched", once, "no access to g"},
		{"no access", change(amd64, func(s *sample) { s.relocations = nil }), "no access to g"},
		{"another TLS relocation", change(amd64, func(s *sample) { s.relocations[1].kind = uint32(elf.R_X86_64_TPOFF32) }), "R_X86_64_TPOFF32"},
		{"a newer TLS relocation", change(amd64, func(s *sample) { s.relocations[1].kind = 44 }), "not how g was found"},
		{"another thread-local symbol", change(amd64, func(s *sample) { s.relocations[1].symbol = 2 }), "other"},
		{"a symbol that is none", change(amd64, func(s *sample) { s.relocations[1].symbol = 77 }), `""`},
		{"another addend", change(amd64, func(s *sample) { s.relocations[1].addend = 0 }), "runtime.tlsg"},
		{"add instead of mov", change(amd64, func(s *sample) { s.code[10] = 0x03 }), "4c 03 3d"},
		{"another prefix", change(amd64, func(s *sample) { s.code[9] = 0x49 }), "49 8b 3d"},
		{"another addressing", change(amd64, func(s *sample) { s.code[11] = 0x3c }), "4c 8b 3c"},
		{"the stack pointer", change(amd64, func(s *sample) { s.code[2+1] = 0x25 }), "stack pointer"},
		{"a place outside of the code", change(amd64, func(s *sample) { s.relocations[1].offset = 4000 }), "not how it was"},
		{"arm64: another TLS relocation", change(arm64, func(s *sample) { s.relocations[2].kind = uint32(elf.R_AARCH64_TLSDESC_ADR_PAGE21) }), "TLSDESC"},
		{"arm64: a third access", change(arm64, func(s *sample) {
			s.code = append(s.code, function(0xf87b681c)...)
			s.relocations = append(s.relocations, relocation{offset: 80, kind: uint32(elf.R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21), symbol: 1})
		}), "1 places besides"},
		{"arm64: another name", change(arm64, func(s *sample) { s.symbols[2].name = "runtime.loadg" }), "besides"},
		{"arm64: another size", change(arm64, func(s *sample) { s.symbols[3].size = 36 }), "runtime.save_g.abi0"},
		{"arm64: another instruction", change(arm64, func(s *sample) { s.code[12] = 0x41 }), "runtime.load_g.abi0"},
		{"arm64: does not ask iscgo", change(arm64, func(s *sample) { s.relocations[0].symbol = 1 }), "besides"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := patch(c.file)
			if err == nil {
				t.Fatal("taken")
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

func TestTheCompilerHasToBeNamed(t *testing.T) {
	t.Setenv("WS_REAL_CC", "")
	if err := run(nil); err == nil || !strings.Contains(err.Error(), "WS_REAL_CC") {
		t.Error(err)
	}
	t.Setenv("WS_REAL_CC", "/nowhere/cc -m64")
	if err := run(nil); err == nil || !strings.Contains(err.Error(), "/nowhere/cc") {
		t.Error(err)
	}
}
