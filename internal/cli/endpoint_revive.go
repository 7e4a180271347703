package cli

import (
	"context"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// outlived reports whether st, at which the endpoint called name stands, is that of one which
// was removed before hookctl.yaml was read: that one is declared now is another, which an
// editor or another branch has brought.
func (a *app) outlived(declared *endpointSet, name string, st *hook.Standing) bool {
	return st.Status == hook.Deleted && st.Reason == removed && st.Since.Before(a.declaredAt()) &&
		slices.Contains(declared.names(), name)
}

// revive has endpoints be new that were removed and are declared again.
func (a *app) revive(ctx context.Context, s *store.Store) error {
	declared, err := a.endpoints()
	if err != nil {
		return err
	}
	standings, err := s.Standings(ctx)
	if err != nil {
		return err
	}
	for _, name := range declared.names() {
		if st := standings[name]; !a.outlived(declared, name, &st) {
			continue
		}
		err := s.SetStanding(ctx, name, func(now *hook.Standing) {
			if a.outlived(declared, name, now) { // and nobody has removed it once more
				*now = now.Anew()
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
