// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"bytes"
	"io"
	"testing"
)

func TestTableFindsOnlyTheCurrentOwner(t *testing.T) {
	t.Parallel()
	var table table
	type place struct {
		slot       int32
		generation uint32
	}
	owners := map[int32]uint32{}
	for range 5000 { // more than a chunk
		slot, generation := table.put(handlerFunc(nil))
		if _, taken := owners[slot]; taken {
			t.Fatalf("slot %d was given out twice", slot)
		}
		owners[slot] = generation
	}
	var stale []place
	for slot, generation := range owners {
		if slot%3 == 0 {
			table.release(slot)
			delete(owners, slot)
			stale = append(stale, place{slot, generation})
		}
	}
	for range len(stale) / 2 {
		slot, generation := table.put(handlerFunc(nil))
		owners[slot] = generation
	}
	if table.made != 5000 {
		t.Errorf("%d slots were made, though there were free ones", table.made)
	}
	for slot, generation := range owners {
		if table.lookup(slot, generation) == nil {
			t.Errorf("the owner of slot %d is not found", slot)
		}
	}
	for _, s := range append(stale, place{-1, 0}, place{5000, 0}) {
		if table.lookup(s.slot, s.generation) != nil {
			t.Errorf("somebody is found in slot %d of generation %d", s.slot, s.generation)
		}
	}
}

// A full vector is what one system call takes: all of it arrives.
func TestVectorIsFullWithAsManyPiecesAsTheSystemTakes(t *testing.T) {
	onEachEngine(t, func(t *testing.T, l *testLoop) {
		s, peer := l.register(t, func(*Socket, int) {})
		var want []byte
		l.do(t, func() {
			var v Vector
			for i := range MaxPieces {
				if v.Full() {
					t.Fatalf("full with %d pieces", i)
				}
				piece := []byte{byte(i), 'x'}
				v.Add(piece)
				v.Add(nil) // is no piece
				want = append(want, piece...)
			}
			if !v.Full() || v.Size() != len(want) {
				t.Errorf("full %v, %d bytes", v.Full(), v.Size())
			}
			if n, errno := s.WriteVector(&v); n != v.Size() || errno != 0 {
				t.Errorf("%d of %d bytes, %v", n, v.Size(), errno)
			}
			v.Reset()
			if v.Full() || v.Size() != 0 {
				t.Error("not empty after Reset")
			}
		})
		got := make([]byte, len(want))
		if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("other bytes came, %v", err)
		}
	})
}

func TestSocketThatIsNotRegisteredDoesNothing(t *testing.T) {
	t.Parallel()
	var s Socket
	s.Close()
	s.Watch(true, true)
	s.Suspend()
	s.ShutdownWrite()
	s.ShutdownBoth()
	if s.Open() || s.WatchesOut() {
		t.Errorf("%+v", s)
	}
}
