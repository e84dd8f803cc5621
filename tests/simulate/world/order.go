// SPDX-License-Identifier: Apache-2.0

package world

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// order sorts keys of a map: pointers by their numbers, others by their text.
func order[K comparable](keys []K) {
	if len(keys) < 2 {
		return
	}
	if w := current; w != nil && reflect.TypeOf(keys[0]).Kind() == reflect.Pointer {
		for _, k := range keys {
			if _, known := w.numbers[any(k)]; !known {
				Fail("a map is walked over whose keys have no numbers: %T", k)
			}
		}
		slices.SortFunc(keys, func(a, b K) int { return cmp.Compare(w.numbers[any(a)], w.numbers[any(b)]) })
		return
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}
