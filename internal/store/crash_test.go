package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// TestATornLogCostsItsEndAlone cuts and spoils the log that a killed process left.
func TestATornLogCostsItsEndAlone(t *testing.T) {
	live, m := t.TempDir(), newMaker(t)
	s := openStore(t, live)
	kept := map[hook.ID]*hook.Capture{}
	for i := range 30 {
		c := m.capture(fmt.Sprintf("body %d", i))
		keep(t, s, c)
		kept[c.ID] = c
	}
	file, log := readFile(t, live, "hookctl.db"), readFile(t, live, "hookctl.db-wal")
	for _, test := range []struct {
		name string
		log  []byte
		all  bool
	}{
		{"whole", log, true},
		{"gone", nil, false},
		{"cut in its head", log[:16], false},
		{"cut in the middle of a page", log[:len(log)/2+1000], false},
		{"cut by a byte", log[:len(log)-1], false},
		{"a bit off", flip(log, len(log)/3), false},
		{"its head off", flip(log, 20), false},
		{"more behind it", append(bytes.Clone(log), bytes.Repeat([]byte{7}, 5000)...), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, data := range map[string][]byte{"hookctl.db": file, "hookctl.db-wal": test.log} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s := openStore(t, dir)
			found := collect(t, s.Captures(context.Background(), store.Query{}))
			for _, c := range found {
				sameCapture(t, kept[c.ID], c)
			}
			if test.all != (len(found) == len(kept)) {
				t.Errorf("%d captures of %d", len(found), len(kept))
			}
			if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() {
				t.Errorf("%+v, %v", report, err)
			}
			next := m.capture("")
			if keep(t, s, next); next.Seq != int64(len(found)+1) {
				t.Errorf("seq %d after %d captures", next.Seq, len(found))
			}
		})
	}
}

// TestEachCommitIsSynced asks the database: no test can cut the power.
func TestEachCommitIsSynced(t *testing.T) {
	dir := t.TempDir()
	openStore(t, dir)
	if n, err := store.Synchronous(dir); n != 2 || err != nil {
		t.Errorf("synchronous is %d, want 2 (full): %v", n, err)
	}
}

func TestALogWithoutItsFileIsNoNewStore(t *testing.T) {
	live := t.TempDir()
	s := openStore(t, live)
	keep(t, s, newMaker(t).capture("x"))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hookctl.db-wal"), readFile(t, live, "hookctl.db-wal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrDamaged) {
		t.Error(err)
	}
}

func TestRepairLeavesAStoreInUseAlone(t *testing.T) {
	v := newVictim(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "hookctl.db")
	if err := os.WriteFile(path, flip(v.file, bytes.Index(v.file, []byte("body 7 body 7"))), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := child(t, "hold", dir)
	printed := lines(t, cmd)
	<-printed // it has the store open
	if _, err := store.Repair(t.Context(), dir); !errors.Is(err, store.ErrInUse) {
		t.Error(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for range printed {
	}
	cmd.Wait() // killed
	report, err := store.Repair(t.Context(), dir)
	if err != nil || report.DamagedCount != 1 || len(report.Damaged) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	if kept := readFile(t, dir, filepath.Base(report.Kept)); len(kept) != len(v.file) {
		t.Errorf("of the damaged file %d bytes were kept", len(kept))
	}
	if again, err := store.Repair(t.Context(), dir); err != nil || again.Kept != "" {
		t.Errorf("a second repair: %+v, %v", again, err)
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

// flipAll flips a bit of text wherever it is: the file may have older copies of a page.
func flipAll(b []byte, text string) []byte {
	b = bytes.Clone(b)
	for at := bytes.Index(b, []byte(text)); at >= 0; at = bytes.Index(b, []byte(text)) {
		b[at] ^= 1
	}
	return b
}

func readFile(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
