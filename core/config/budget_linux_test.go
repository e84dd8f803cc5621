// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"
	"os"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"
)

const (
	mounted2 = "35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	mounted1 = "36 25 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n37 25 0:32 / /sys/fs/cgroup/memory rw shared:15 - cgroup cgroup rw,memory\n"
)

func TestTheBudgetKnowsTheLimitsOfTheCgroup(t *testing.T) {
	t.Parallel()
	const none = math.MaxInt64
	type files map[string]string
	for name, c := range map[string]struct {
		cgroup, mounts string
		files          files
		want           int64
	}{
		"nothing is known":       {"", "", nil, none},
		"no limit":               {"0::/a\n", mounted2, files{"sys/fs/cgroup/a/memory.max": "max\n"}, none},
		"its own":                {"0::/a/b\n", mounted2, files{"sys/fs/cgroup/a/b/memory.max": "1000\n", "sys/fs/cgroup/a/memory.max": "max\n"}, 1000},
		"one above":              {"0::/a/b/c\n", mounted2, files{"sys/fs/cgroup/a/memory.max": "1000\n", "sys/fs/cgroup/a/b/c/memory.max": "2000\n"}, 1000},
		"the root's":             {"0::/\n", mounted2, files{"sys/fs/cgroup/memory.max": "1000\n"}, 1000},
		"high is less than max":  {"0::/a\n", mounted2, files{"sys/fs/cgroup/a/memory.max": "2000\n", "sys/fs/cgroup/a/memory.high": "1500\n"}, 1500},
		"high above":             {"0::/a/b\n", mounted2, files{"sys/fs/cgroup/a/memory.high": "1500\n", "sys/fs/cgroup/a/b/memory.max": "2000\n"}, 1500},
		"another's":              {"0::/a/b\n", mounted2, files{"sys/fs/cgroup/ab/memory.max": "1\n", "sys/fs/cgroup/a/c/memory.max": "1\n"}, none},
		"another mount point":    {"0::/a\n", "1 2 0:3 / /cg\\040two rw - cgroup2 none rw\n", files{"cg two/a/memory.max": "1000\n"}, 1000},
		"a part of the tree":     {"0::/docker/x/y\n", "1 2 0:3 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup rw\n", files{"sys/fs/cgroup/y/memory.max": "2000\n", "sys/fs/cgroup/memory.max": "1000\n"}, 1000},
		"from another namespace": {"0::/../../a\n", mounted2, files{"sys/fs/cgroup/memory.max": "1000\n"}, 1000},
		"version 1":              {"5:cpu:/c\n4:memory:/a/b\n", mounted1, files{"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1000\n", "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9223372036854771712\n"}, 1000},
		"version 1, joined":      {"4:cpu,memory:/a\n", "1 2 0:3 / /m rw - cgroup cgroup rw,cpu,memory\n", files{"m/a/memory.limit_in_bytes": "1000\n"}, 1000},
		"both":                   {"4:memory:/a\n0::/b\n", mounted1 + mounted2, files{"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "2000\n", "sys/fs/cgroup/b/memory.max": "1000\n"}, 1000},
		"what is no number":      {"0::/a\nnonsense\n", "nonsense\n" + mounted2, files{"sys/fs/cgroup/a/memory.max": "-1\n", "sys/fs/cgroup/a/memory.high": "x"}, none},
	} {
		root := fstest.MapFS{"proc/self/cgroup": {Data: []byte(c.cgroup)}, "proc/self/mountinfo": {Data: []byte(c.mounts)}}
		for path, text := range c.files {
			root[path] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := cgroupLimit(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestTheBudgetKnowsTheLimitsOfTheProcess(t *testing.T) {
	t.Parallel()
	page := int64(os.Getpagesize())
	root := fstest.MapFS{"proc/self/statm": {Data: []byte("100 9 9 9 0 20 0\n")}}
	for _, c := range []struct {
		space, data uint64
		want        int64
	}{
		{unix.RLIM_INFINITY, unix.RLIM_INFINITY, math.MaxInt64},
		{uint64(300 * page), unix.RLIM_INFINITY, 200 * page},
		{unix.RLIM_INFINITY, uint64(300 * page), 280 * page},
		{uint64(300 * page), uint64(100 * page), 80 * page},
		{uint64(50 * page), unix.RLIM_INFINITY, 1}, // more is in use already
	} {
		got := rlimitLeft(root, func(which int) uint64 {
			if which == unix.RLIMIT_AS {
				return c.space
			}
			return c.data
		})
		if got != c.want {
			t.Errorf("%d of addresses, %d of data: %d are left, want %d", c.space, c.data, got, c.want)
		}
	}
}

func TestTheDefaultBudgetIsAPartOfWhatThereIs(t *testing.T) {
	t.Parallel()
	for memory, want := range map[int64]int64{
		0: 256 << 20, 8 << 30: 2 << 30, 256 << 20: 64 << 20, 200 << 20: 64 << 20, 64 << 20: 32 << 20, 1: leastBudget,
	} {
		if got := budgetOf(memory); got != want {
			t.Errorf("of %d: %d, want %d", memory, got, want)
		}
	}
}
