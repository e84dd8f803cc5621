// SPDX-License-Identifier: Apache-2.0

// Package config is what a host may choose, and the one place that tells it what is wrong with
// its choice: every text like "options.X: is not in 1..64" is here, and so is every default.
// The structs come from capi as the host has filled them in; Fill (or what makes a checked
// struct of them) replaces zero values and checks ranges, once, before anything begins. What
// comes out never changes. Come here for a new option, a default or a range; what an option
// does is elsewhere.
package config
