// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
)

var order = binary.LittleEndian

const (
	sectionSize    = 64 // of a header
	symbolSize     = 24
	relocationSize = 24
)

// object is a relocatable ELF file that is being edited. debug/elf has read it once, so that
// its tables lie inside of the file.
type object struct {
	file     []byte
	machine  elf.Machine
	sections []section
	symtab   *section
	strtab   *section
	names    []byte            // strtab, with what was added
	news     []byte            // symbols that were added
	added    map[string]uint64 // their indices
}

// section is the part of a section header that matters here.
type section struct {
	header       uint64 // where it stands in the file
	kind         elf.SectionType
	link, info   uint32
	offset, size uint64
}

// relocation says how an address in a section is to be made.
type relocation struct {
	entry  uint64 // where it stands in the file
	target *section
	offset uint64 // in target
	kind   uint32
	symbol uint64
	addend int64
}

func parse(file []byte) (*object, error) {
	whole, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if whole.Class != elf.ELFCLASS64 || whole.Data != elf.ELFDATA2LSB || whole.Type != elf.ET_REL {
		return nil, fmt.Errorf("%v %v %v, not a relocatable file of 64 bits, little-endian", whole.Class, whole.Data, whole.Type)
	}
	o := &object{file: bytes.Clone(file), machine: whole.Machine, added: map[string]uint64{}}
	headers := order.Uint64(file[40:])
	for i, s := range whole.Sections {
		if s.Type != elf.SHT_NOBITS && s.Type != elf.SHT_NULL && (s.Offset > uint64(len(file)) || s.FileSize > uint64(len(file))-s.Offset) {
			return nil, fmt.Errorf("section %s lies outside of the file", s.Name)
		}
		o.sections = append(o.sections, section{headers + uint64(i)*sectionSize, s.Type, s.Link, s.Info, s.Offset, s.FileSize})
	}
	for i := range o.sections {
		s := &o.sections[i]
		if s.kind == elf.SHT_SYMTAB && s.link < uint32(len(o.sections)) {
			o.symtab, o.strtab = s, &o.sections[s.link]
		}
	}
	if o.symtab == nil {
		return nil, fmt.Errorf("no symbols")
	}
	o.names = bytes.Clone(o.file[o.strtab.offset:][:o.strtab.size])
	return o, nil
}

func (o *object) symbols() uint64 { return o.symtab.size / symbolSize }

// symbol is the entry of a symbol, which stays part of the file.
func (o *object) symbol(index uint64) []byte {
	return o.file[o.symtab.offset+index*symbolSize:][:symbolSize]
}

func (o *object) name(index uint64) string {
	if index >= o.symbols() {
		return ""
	}
	at := uint64(order.Uint32(o.symbol(index)))
	if at >= uint64(len(o.names)) {
		return ""
	}
	name, _, _ := bytes.Cut(o.names[at:], []byte{0})
	return string(name)
}

// undefined gives the index of a hidden symbol that the linker has to find elsewhere.
func (o *object) undefined(name string) uint64 {
	if index, there := o.added[name]; there {
		return index
	}
	index := o.symbols() + uint64(len(o.added))
	o.added[name] = index
	entry := make([]byte, symbolSize)
	order.PutUint32(entry, uint32(len(o.names)))
	entry[4] = byte(elf.STB_GLOBAL) << 4
	entry[5] = byte(elf.STV_HIDDEN)
	o.news = append(o.news, entry...)
	o.names = append(o.names, name+"\x00"...)
	return index
}

// relocations calls use for each, until it fails.
func (o *object) relocations(use func(relocation) error) error {
	for _, s := range o.sections {
		if s.kind == elf.SHT_REL {
			return fmt.Errorf("relocations without addends")
		}
		if s.kind != elf.SHT_RELA {
			continue
		}
		if s.info >= uint32(len(o.sections)) || s.size%relocationSize != 0 {
			return fmt.Errorf("relocations of section %d", s.info)
		}
		for at := s.offset; at < s.offset+s.size; at += relocationSize {
			info := order.Uint64(o.file[at+8:])
			r := relocation{at, &o.sections[s.info], order.Uint64(o.file[at:]), uint32(info), info >> 32, int64(order.Uint64(o.file[at+16:]))}
			if err := use(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace writes another relocation in the place of r.
func (o *object) replace(r relocation, offset, symbol uint64, kind uint32, addend int64) {
	order.PutUint64(o.file[r.entry:], offset)
	order.PutUint64(o.file[r.entry+8:], symbol<<32|uint64(kind))
	order.PutUint64(o.file[r.entry+16:], uint64(addend))
}

// code is what lies at an offset of a section, nil where it has not so much.
func (o *object) code(s *section, offset, size uint64) []byte {
	if s.kind != elf.SHT_PROGBITS || offset > s.size || size > s.size-offset {
		return nil
	}
	return o.file[s.offset+offset:][:size]
}

// bytes is the file with what was added: the tables of symbols and names lie behind the rest.
func (o *object) bytes() []byte {
	o.move(o.symtab, append(bytes.Clone(o.file[o.symtab.offset:][:o.symtab.size]), o.news...))
	o.move(o.strtab, o.names)
	return o.file
}

func (o *object) move(s *section, data []byte) {
	for len(o.file)%8 != 0 {
		o.file = append(o.file, 0)
	}
	order.PutUint64(o.file[s.header+24:], uint64(len(o.file)))
	order.PutUint64(o.file[s.header+32:], uint64(len(data)))
	o.file = append(o.file, data...)
}
