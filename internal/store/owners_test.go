package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// childOwn owns deliveries until it is killed.
func childOwn(dir string, _ int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	o, err := s.Own()
	if err != nil {
		return err
	}
	n, err := s.Adopt(context.Background(), "shop", o.ID(), nil)
	fmt.Println(n, o.ID())
	time.Sleep(time.Hour)
	return err
}

func own(t *testing.T, s *store.Store) *store.Owner {
	t.Helper()
	o, err := s.Own()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// adopt has o adopt what is pending for place, and demands that it is n deliveries.
func adopt(t *testing.T, s *store.Store, place string, o *store.Owner, which func(*hook.Delivery) bool, n int) {
	t.Helper()
	got, err := s.Adopt(t.Context(), place, o.ID(), which)
	if err != nil || got != n {
		t.Errorf("%d adopted, want %d: %v", got, n, err)
	}
}

// owned are the seqs of what is pending for the owner id.
func owned(t *testing.T, s *store.Store, id string) []int64 {
	t.Helper()
	return deliverySeqs(slices.DeleteFunc(collect(t, s.Pending(t.Context(), "", 0)), func(d *hook.Delivery) bool { return d.Owner != id }))
}

func TestWhatNobodyAliveOwnsIsAdopted(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s, other := openStore(t, dir), openStore(t, dir)
	a, b := own(t, s), own(t, other)
	var ds []*hook.Delivery
	for i := range 2500 { // more than are adopted at once
		ds = append(ds, m.delivery([]string{"shop", "else"}[i%2]))
	}
	enqueue(t, s, ds...)
	advance(t, s, nil, ds[0].ID, func(d *hook.Delivery, _ *hook.Standing) { d.State = hook.Succeeded })
	mine := m.delivery("shop", func(d *hook.Delivery) { d.Owner = b.ID() })
	enqueue(t, other, mine)
	adopt(t, s, "shop", a, nil, 1249)
	adopt(t, s, "shop", a, nil, 0)
	adopt(t, other, "", b, func(d *hook.Delivery) bool { return d.Seq <= 100 }, 50)
	if got := owned(t, s, b.ID()); len(got) != 51 || got[0] != 2 || got[50] != mine.Seq {
		t.Errorf("the other owns %v", got)
	}
	advance(t, s, nil, ds[2].ID, func(d *hook.Delivery, _ *hook.Standing) { d.Tries++ })
	if d := findDelivery(t, s, string(ds[2].ID)); d.Owner != a.ID() {
		t.Errorf("an attempt took it from its owner: %+v", d)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	adopt(t, s, "", a, nil, 1250-50+51)
	if got := owned(t, s, a.ID()); len(got) != 2500 {
		t.Errorf("%d of 2500 are adopted", len(got))
	}
}

// Whoever adopts a delivery can plan it anew in the same step: nobody finds it his, and planned
// by another.
func TestWhatIsAdoptedIsPlannedAnewWithThat(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	plain, paced := m.delivery("shop"), m.delivery("shop")
	due := paced.CreatedAt.Add(time.Minute).UTC().Truncate(time.Microsecond)
	pace := hook.Pace{Is: 0.1, Was: 1.0 / 3, At: due}
	paced.Pace = hook.Pace{Is: 60}
	enqueue(t, s, plain, paced)
	o := own(t, s)
	adopt(t, s, "", o, func(d *hook.Delivery) bool {
		if d.Seq == paced.Seq {
			d.Due, d.Pace = due, pace
		}
		return true
	}, 2)
	s = openStore(t, dir)
	if d := findDelivery(t, s, string(paced.ID)); d.Owner != o.ID() || d.Pace != pace || !d.Due.Equal(due) {
		t.Errorf("%+v", d)
	}
	if d := findDelivery(t, s, string(plain.ID)); d.Pace != (hook.Pace{}) {
		t.Errorf("%+v", d)
	}
	advance(t, s, nil, paced.ID, func(d *hook.Delivery, _ *hook.Standing) { d.Pace = hook.Pace{} })
	if d := findDelivery(t, s, string(paced.ID)); d.Pace != (hook.Pace{}) {
		t.Errorf("%+v", d)
	}
}

// A store without paces has the deliveries that it had; a pace survives a repair.
func TestDeliveriesOfAnOlderStoreAreByTheClock(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	enqueue(t, s, m.delivery("shop"), m.delivery("shop"))
	if err := errors.Join(s.Close(), store.Downgrade(dir, store.Versions()-1)); err != nil {
		t.Fatal(err)
	}
	if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() || report.Deliveries != 2 {
		t.Errorf("check: %+v, %v", report, err)
	}
	s = openStore(t, dir)
	ds := collect(t, s.Pending(t.Context(), "", 0))
	if len(ds) != 2 || ds[0].Pace != (hook.Pace{}) {
		t.Fatalf("%d deliveries", len(ds))
	}
	pace := hook.Pace{Is: 60}
	advance(t, s, nil, ds[0].ID, func(d *hook.Delivery, _ *hook.Standing) { d.Pace = pace })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := readFile(t, dir, "hookctl.db")
	clear(file[:4096]) // all is to be found without the schema
	if err := os.WriteFile(filepath.Join(dir, "hookctl.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	if report, err := store.Repair(t.Context(), dir); err != nil || report.Deliveries != 2 {
		t.Fatalf("repair: %+v, %v", report, err)
	}
	s = openStore(t, dir)
	if first, second := findDelivery(t, s, string(ds[0].ID)), findDelivery(t, s, string(ds[1].ID)); first.Pace != pace || second.Pace != (hook.Pace{}) {
		t.Errorf("%+v and %+v", first.Pace, second.Pace)
	}
}

func TestAKilledOwnersDeliveriesAreAdopted(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	enqueue(t, s, m.delivery("shop"), m.delivery("shop"))
	cmd := child(t, "own", dir)
	printed := lines(t, cmd)
	if line := <-printed; line[:2] != "2 " {
		t.Fatalf("the child says %q", line)
	}
	o := own(t, s)
	adopt(t, s, "", o, nil, 0)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	adopt(t, s, "", o, nil, 2)
	if files, err := os.ReadDir(filepath.Join(dir, "owners")); err != nil || len(files) != 1 || files[0].Name() != o.ID() {
		t.Errorf("files of owners: %v, %v", files, err)
	}
}

func TestOwnersThatAreNoneAreGone(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	enqueue(t, s, m.delivery("shop", func(d *hook.Delivery) { d.Owner = "../hookctl.db" }))
	o := own(t, s)
	adopt(t, s, "", o, nil, 1)
	if _, err := os.Stat(filepath.Join(dir, "hookctl.db")); err != nil {
		t.Error(err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	reader, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Own(); !errors.Is(err, store.ErrReadOnly) {
		t.Error(err)
	}
	if _, err := reader.Adopt(t.Context(), "", "", nil); !errors.Is(err, store.ErrReadOnly) {
		t.Error(err)
	}
}
