// SPDX-License-Identifier: Apache-2.0

// Command dashboard checks docs/grafana.json by the schema that Grafana publishes: every member
// is known and of its type, none that is required is missing, and each panel shows a query of
// Prometheus. tests/interop/dashboard.py checks the queries themselves.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

func check(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	runtime := cog.NewRuntime()
	runtime.RegisterPanelcfgVariant(stat.VariantConfig())
	runtime.RegisterPanelcfgVariant(timeseries.VariantConfig())
	runtime.RegisterDataqueryVariant(prometheus.VariantConfig())
	// A list of errors that it returns may be empty, and then what it has read is not whole.
	if err := new(dashboard.Dashboard).UnmarshalJSONStrict(raw); err != nil && err.Error() != "" {
		return err
	}
	var d dashboard.Dashboard
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	if err := d.Validate(); err != nil {
		return err
	}
	drawn := 0
	for _, either := range d.Panels {
		if either.Panel == nil {
			continue // a row
		}
		p := *either.Panel
		if p.Type != "stat" && p.Type != "timeseries" {
			return fmt.Errorf("panel %q is a %q, whose schema is not known here", *p.Title, p.Type)
		}
		if len(p.Targets) == 0 || p.GridPos == nil || p.GridPos.X+p.GridPos.W > 24 {
			return fmt.Errorf("panel %q has no query or no place", *p.Title)
		}
		for _, target := range p.Targets {
			if _, ok := target.(*prometheus.Dataquery); !ok {
				return fmt.Errorf("panel %q: a query is a %T", *p.Title, target)
			}
		}
		drawn++
	}
	if drawn < 10 {
		return fmt.Errorf("%d panels are too few; are they found?", drawn)
	}
	return nil
}

func main() {
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "dashboard:", err)
		os.Exit(1)
	}
}
