package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func TestOpenMakesAStoreInAnyFolder(t *testing.T) {
	for _, name := range []string{"plain", "two words", "what?", "a#b", "100%", "%20", "a&b=c;d", "é", "deep/er/still", "quote'"} {
		dir := filepath.Join(t.TempDir(), name)
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		keep(t, s, newMaker(t).capture("x"))
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 2 || entries[0].Name() != ".gitignore" || entries[1].Name() != "hookctl.db" {
			t.Errorf("%s has %v, %v", name, entries, err)
		}
	}
}

func TestReadOnlyMakesNothing(t *testing.T) {
	parent := t.TempDir()
	for _, dir := range []string{parent, filepath.Join(parent, "none")} {
		if _, err := store.Open(dir, store.Options{ReadOnly: true}); !errors.Is(err, store.ErrNotExist) || !strings.Contains(err.Error(), dir) {
			t.Errorf("open: %v", err)
		}
		if _, err := store.Check(t.Context(), dir); !errors.Is(err, store.ErrNotExist) {
			t.Errorf("check: %v", err)
		}
		if _, err := store.Repair(t.Context(), dir); !errors.Is(err, store.ErrNotExist) {
			t.Errorf("repair: %v", err)
		}
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) > 0 {
		t.Errorf("there is %v, %v", entries, err)
	}
	openStore(t, parent).Close()
	s, err := store.Open(parent, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := newMaker(t)
	ctx := context.Background()
	_, deleting := s.Delete(ctx, []int64{1})
	_, pruning := s.Prune(ctx, 1, noon())
	_, importing := s.Import(ctx, m.capture(""))
	judging := s.Judge(ctx, 1, nil)
	_, cancelling := s.CancelPending(ctx, "shop", "disabled", noon())
	for what, err := range map[string]error{
		"keep": <-s.Keep(m.capture("")), "record": <-s.Record(m.attempt(m.capture(""))),
		"delete": deleting, "prune": pruning, "import": importing, "judge": judging,
		"record now": <-s.RecordNow(m.attempt(m.capture(""))), "enqueue": <-s.Enqueue(m.delivery("shop")),
		"keep for": <-s.KeepFor(m.capture(""), nil), "advance": <-s.Advance(nil, "dlv_x", nil), "cancel": cancelling,
		"set a standing": s.SetStanding(ctx, "shop", nil), "forget": s.ForgetPlace(ctx, "shop"),
		"begin a run": s.BeginRun(ctx, &hook.Run{}), "end a run": s.EndRun(ctx, "run_x", noon()),
	} {
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMigrations(t *testing.T) {
	ctx := context.Background()
	for version := 1; version < store.Versions(); version++ {
		dir := t.TempDir()
		if err := store.MakeVersion(dir, version); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(dir, store.Options{ReadOnly: true}); !errors.Is(err, store.ErrOlder) {
			t.Errorf("version %d, to be read: %v", version, err)
		}
		if report, err := store.Check(ctx, dir); err != nil || !report.Sound() {
			t.Errorf("version %d, checked: %+v, %v", version, report, err)
		}
		s := openStore(t, dir)
		c := newMaker(t).capture("x")
		keep(t, s, c)
		if _, err := s.Find(ctx, string(c.ID)); err != nil {
			t.Errorf("version %d: %v", version, err)
		}
	}
	t.Run("by two processes at once", func(t *testing.T) {
		dir := t.TempDir()
		if err := store.MakeVersion(dir, 1); err != nil {
			t.Fatal(err)
		}
		one, two := child(t, "open", dir), child(t, "open", dir)
		for _, cmd := range []interface{ Start() error }{one, two} {
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
		}
		for _, cmd := range []interface{ Wait() error }{one, two} {
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("a newer store is left alone", func(t *testing.T) {
		dir := t.TempDir()
		if err := store.MakeVersion(dir, store.Versions()+1); err != nil {
			t.Fatal(err)
		}
		for _, o := range []store.Options{{}, {ReadOnly: true}} {
			if _, err := store.Open(dir, o); !errors.Is(err, store.ErrNewer) {
				t.Error(err)
			}
		}
		if _, err := store.Repair(ctx, dir); !errors.Is(err, store.ErrNewer) {
			t.Error(err)
		}
	})
}

// TestCapturesOfOlderVersions has captures and attempts in rows that older versions wrote
// beside those of today, and the indexes of each.
func TestCapturesOfOlderVersions(t *testing.T) {
	for version := 1; version < store.Versions(); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			dir, m := t.TempDir(), newMaker(t)
			v := victim{captures: map[hook.ID]*hook.Capture{}, attempts: map[hook.ID]*hook.Attempt{}}
			s := openStore(t, dir)
			part := func(*hook.Attempt) {}
			add := func(n int, edit ...func(*hook.Capture)) {
				for i := range n {
					c := m.capture(strings.Repeat(fmt.Sprintf("body %d ", i), 150), edit...)
					keep(t, s, c)
					v.captures[c.ID] = c
					a := m.attempt(c, part)
					record(t, s, a)
					v.attempts[a.ID] = a
				}
			}
			shut := func() {
				if err := errors.Join(s.Close(), store.IndexAll(dir)); err != nil {
					t.Fatal(err)
				}
			}
			add(40)
			shut()
			if err := store.Downgrade(dir, version); err != nil {
				t.Fatal(err)
			}
			damageBody(t, dir, "body 7 body 7")
			if report, err := store.Repair(t.Context(), dir); err != nil || report.Captures != 39 || report.Attempts != 39 || report.DamagedCount != 2 {
				t.Fatalf("repair: %+v, %v", report, err)
			}
			maps.DeleteFunc(v.captures, func(_ hook.ID, c *hook.Capture) bool { return c.Seq == 8 })
			if err := store.Downgrade(dir, version); err != nil {
				t.Fatal(err)
			}
			s = openStore(t, dir)
			part = forwarded
			add(40, identified(failedOrder()))
			for _, bare := range []bool{false, true} {
				if got := collect(t, s.Attempts(t.Context(), store.AttemptQuery{Bare: bare})); len(got) != 79 {
					t.Errorf("%d attempts", len(got))
				}
			}
			enqueue(t, s, m.delivery("shop"))
			for range 2 { // before and after all is indexed
				if old, new := search(t, s, "provider:none -event:*", 0), search(t, s, "provider:recharge", 0); len(old) != 39 || len(new) != 40 {
					t.Errorf("%d old captures and %d new", len(old), len(new))
				}
				shut()
				s = openStore(t, dir)
			}
			shut()
			if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() || report.Captures != 79 || report.Attempts != 79 || report.Deliveries != 1 {
				t.Errorf("check: %+v, %v", report, err)
			}
			file := readFile(t, dir, "hookctl.db")
			clear(file[:page]) // all is to be found without the schema
			if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), file, 0o600); err != nil {
				t.Fatal(err)
			}
			checkRepair(t, dir, v, 0)
		})
	}
}

// damageBody changes a body that has text in it.
func damageBody(t *testing.T, dir, text string) {
	t.Helper()
	file := readFile(t, dir, "hookctl.db")
	if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), flipAll(file, text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAnEmptyFileIsDamage(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{}, {ReadOnly: true}} {
		if _, err := store.Open(dir, o); !errors.Is(err, store.ErrDamaged) {
			t.Error(err)
		}
	}
}
