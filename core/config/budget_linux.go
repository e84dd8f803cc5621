// SPDX-License-Identifier: Apache-2.0

package config

import (
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// totalMemory is what this process may have: the memory of the machine, or what its cgroup
// or its own limits leave of that.
func totalMemory() int64 {
	memory := int64(math.MaxInt64)
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		memory = int64(uint64(info.Totalram) * uint64(info.Unit))
	}
	root := os.DirFS("/")
	return min(memory, cgroupLimit(root), rlimitLeft(root, func(which int) uint64 {
		var limit unix.Rlimit
		if unix.Getrlimit(which, &limit) != nil {
			return unix.RLIM_INFINITY
		}
		return limit.Cur
	}))
}

// rlimitLeft is what RLIMIT_AS and RLIMIT_DATA leave beside what is in use: the runtime of
// Go alone reserves more than a gigabyte of addresses. See proc(5).
func rlimitLeft(root fs.FS, soft func(which int) uint64) int64 {
	used := strings.Fields(read(root, "proc/self/statm")) // in pages: of all, ..., sixth of data and stack
	left := int64(math.MaxInt64)
	for which, field := range map[int]int{unix.RLIMIT_AS: 0, unix.RLIMIT_DATA: 5} {
		limit := soft(which)
		if limit > math.MaxInt64 { // RLIM_INFINITY
			continue
		}
		n := int64(limit)
		if field < len(used) {
			pages, _ := strconv.ParseInt(used[field], 10, 64)
			n = max(n-pages*int64(os.Getpagesize()), 1)
		}
		left = min(left, n)
	}
	return left
}

// hierarchy is a tree of cgroups as this process sees it.
type hierarchy struct {
	path  string   // of the process, from the root of the tree
	files []string // with limits
	is    func(kind, options string) bool
}

// cgroupLimit is the least limit on the way from the cgroup of this process up to
// the root, as far as it is visible; MaxInt64 without. See cgroups(7).
func cgroupLimit(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	for line := range strings.Lines(read(root, "proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3) // number, controllers, path
		if len(parts) < 3 {
			continue
		}
		h := hierarchy{path: parts[2]}
		switch {
		case parts[1] == "":
			h.files = []string{"memory.max", "memory.high"}
			h.is = func(kind, _ string) bool { return kind == "cgroup2" }
		case hasWord(parts[1], "memory"):
			h.files = []string{"memory.limit_in_bytes"}
			h.is = func(kind, options string) bool { return kind == "cgroup" && hasWord(options, "memory") }
		default:
			continue
		}
		least = min(least, h.limit(root))
	}
	return least
}

// limit walks up the tree, where it is mounted.
func (h *hierarchy) limit(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	for line := range strings.Lines(read(root, "proc/self/mountinfo")) {
		before, behind, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		own, rest := strings.Fields(before), strings.Fields(behind)
		if !ok || len(own) < 5 || len(rest) < 3 || !h.is(rest[0], rest[2]) {
			continue
		}
		top, at := unescape(own[3]), strings.Trim(unescape(own[4]), "/")
		// A container may see a part of the tree only, and its own path from elsewhere.
		path, inside := strings.CutPrefix(h.path, strings.TrimSuffix(top, "/"))
		if !inside || path != "" && path[0] != '/' || strings.Contains(path, "..") {
			path = ""
		}
		for path = strings.TrimSuffix(path, "/"); ; path = path[:strings.LastIndexByte(path, '/')] {
			for _, file := range h.files {
				least = min(least, limitIn(read(root, strings.TrimPrefix(at+path+"/"+file, "/"))))
			}
			if path == "" {
				break
			}
		}
	}
	return least
}

// limitIn is what a file of a cgroup says; MaxInt64 for "max", or without the file.
func limitIn(text string) int64 {
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && n > 0 {
		return n
	}
	return math.MaxInt64
}

func hasWord(list, word string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one == word {
			return true
		}
	}
	return false
}

// read is a small file, "" without it.
func read(root fs.FS, path string) string {
	text, _ := fs.ReadFile(root, path)
	return string(text)
}

// unescape undoes what the kernel does to spaces in mountinfo.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}
