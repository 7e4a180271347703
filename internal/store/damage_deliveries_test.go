package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func TestADamagedRecordOfDeliveriesCostsItself(t *testing.T) {
	v := newVictim(t)
	for _, test := range []struct {
		name, text, what string
		// check is given the store with the damage.
		check func(t *testing.T, s *store.Store)
		// cancelled is how many deliveries have nothing to send after the repair, lost how
		// many records are gone.
		cancelled, lost int
	}{
		{"a delivery", "reason 42.", "head", func(t *testing.T, s *store.Store) {
			bad := 0
			for _, err := range s.Deliveries(t.Context(), store.DeliveryQuery{}) {
				var damaged *store.DamagedRowError
				if errors.As(err, &damaged) {
					bad++
				}
			}
			if bad != 2 {
				t.Errorf("%d deliveries are damaged", bad)
			}
		}, 0, 2},
		{"a message", "message 42.", "message", func(t *testing.T, s *store.Store) {
			for _, d := range collect(t, s.Deliveries(t.Context(), store.DeliveryQuery{Place: "endpoint 42."})) {
				_, err := s.FindDelivery(t.Context(), string(d.ID))
				if damaged := errors.Is(err, store.ErrDamaged); damaged != (d.CaptureSeq == 0) {
					t.Error(err)
				}
			}
		}, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), flipAll(v.file, test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s := openStore(t, dir)
			test.check(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			report, err := store.Check(t.Context(), dir)
			if err != nil || report.Captures != len(v.captures) || report.DamagedCount == 0 || report.Damaged[0].What != test.what {
				t.Fatalf("%+v, %v", report, err)
			}
			if report, err := store.Repair(t.Context(), dir); err != nil || report.Deliveries != len(v.deliveries)-test.lost {
				t.Fatalf("%+v, %v", report, err)
			}
			s = openStore(t, dir)
			v.checkDeliveries(t, s, 0)
			if got := collect(t, s.Deliveries(t.Context(), store.DeliveryQuery{States: []hook.DeliveryState{hook.Cancelled}})); len(got) != test.cancelled {
				t.Errorf("%d cancelled", len(got))
			}
			if diff := cmp.Diff(v.standings, must(s.Standings(t.Context()))); diff != "" {
				t.Error(diff)
			}
			if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() {
				t.Errorf("after repair: %+v, %v", report, err)
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestADamagedStandingCanBeSetAnew(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	d := m.delivery("shop")
	enqueue(t, s, d)
	if err := s.SetStanding(t.Context(), "shop", func(st *hook.Standing) { st.Reason = "the reason why." }); err != nil {
		t.Fatal(err)
	}
	if err := s.SetStanding(t.Context(), "other", func(st *hook.Standing) { st.InRow = 1 }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	damageBody(t, dir, "the reason why.")
	s = openStore(t, dir)
	if _, err := s.Standing(t.Context(), "shop"); !errors.Is(err, store.ErrDamaged) {
		t.Error(err)
	}
	if all, err := s.Standings(t.Context()); !errors.Is(err, store.ErrDamaged) || all["other"].InRow != 1 {
		t.Error(all, err)
	}
	never := func(*hook.Delivery, *hook.Standing) { t.Error("decide was called") }
	if err := <-s.Advance(m.attempt(&hook.Capture{}), d.ID, never); !errors.Is(err, store.ErrDamaged) {
		t.Error(err)
	}
	if got := collect(t, s.Attempts(t.Context(), store.AttemptQuery{})); len(got) != 1 {
		t.Errorf("%d attempts", len(got))
	}
	if err := s.SetStanding(t.Context(), "shop", func(st *hook.Standing) { st.Lost = 2 }); err != nil {
		t.Error(err)
	}
	if st, err := s.Standing(t.Context(), "shop"); err != nil || st.Lost != 2 {
		t.Error(st, err)
	}
}
