package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/suggest"
)

// checkEndpoint refuses the name of an endpoint that neither hookctl.yaml nor the store
// knows: nothing can have gone there. URLs and globs are not names.
func (f *attemptFilter) checkEndpoint(ctx context.Context, a *app, s *store.Store) error {
	if f.endpoint == "" || f.anyEndpoint() || strings.Contains(f.endpoint, "://") {
		return nil
	}
	declared, err := a.endpoints()
	if err != nil {
		return nil // what was kept can be looked at, whatever the file says
	}
	standings, err := s.Standings(ctx)
	if err != nil {
		return err
	}
	known := append(declared.names(), slices.Sorted(maps.Keys(standings))...)
	if slices.Contains(known, f.endpoint) {
		return nil
	}
	for _, err := range s.Attempts(ctx, store.AttemptQuery{Places: []string{f.endpoint}, Limit: 1, Bare: true}) {
		return err
	}
	for _, err := range s.Deliveries(ctx, store.DeliveryQuery{Place: f.endpoint, Limit: 1}) {
		return err
	}
	hint := "hookctl endpoint list shows them; URLs are written whole, such as http://localhost:3000/hooks"
	if near := suggest.Nearest(f.endpoint, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return usage(hint, "there is no endpoint %q: neither %s nor the store knows it", f.endpoint, configName)
}
