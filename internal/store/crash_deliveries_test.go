package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// childDeliver enqueues deliveries and makes two attempts at each, the second of which
// succeeds, without end. It prints what is on disk.
func childDeliver(dir string, _ int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	m := newMaker(childTB{})
	for {
		ds := []*hook.Delivery{m.delivery("shop"), m.delivery("shop")}
		if err := <-s.Enqueue(ds...); err != nil {
			return err
		}
		os.Stdout.WriteString(fmt.Sprintf("enqueued %s\nenqueued %s\n", ds[0].ID, ds[1].ID))
		for try := 1; try <= 2; try++ {
			for _, d := range ds {
				a := m.attempt(&hook.Capture{}, func(a *hook.Attempt) { a.Delivery, a.Try = d.ID, try })
				if err := <-s.Advance(a, d.ID, moved); err != nil {
					return err
				}
				os.Stdout.WriteString(fmt.Sprintf("tried %s %d\n", d.ID, try))
			}
		}
	}
}

// moved is what follows each attempt of childDeliver.
func moved(d *hook.Delivery, st *hook.Standing) {
	st.InRow++
	if d.Tries++; d.Tries == 2 {
		d.State = hook.Succeeded
	}
}

// childAdvance makes n movements of the newest delivery.
func childAdvance(dir string, n int) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	d := must(s.FindDelivery(context.Background(), "last"))
	for range n {
		if err := <-s.Advance(nil, d.ID, func(d *hook.Delivery, st *hook.Standing) { d.Tries++; st.InRow++ }); err != nil {
			return err
		}
	}
	return s.Close()
}

func TestDeliveriesSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	var enqueued []hook.ID
	tried := map[hook.ID]int{}
	take := func(line string) {
		parts := strings.Fields(line)
		switch id := hook.ID(parts[1]); parts[0] {
		case "enqueued":
			enqueued = append(enqueued, id)
		case "tried":
			tried[id], _ = strconv.Atoi(parts[2])
		}
	}
	for range 5 {
		cmd := child(t, "deliver", dir)
		printed := lines(t, cmd)
		for range 1 + rand.IntN(200) {
			take(<-printed)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for line := range printed {
			take(line)
		}
		if cmd.Wait() == nil {
			t.Fatal("the child was not killed")
		}
	}
	s := openStore(t, dir)
	all := collect(t, s.Deliveries(t.Context(), store.DeliveryQuery{Ascending: true}))
	movements, found := 0, []hook.ID{}
	for _, d := range all {
		movements += d.Tries
		if d.Tries < tried[d.ID] || d.Tries > tried[d.ID]+1 || (d.State == hook.Succeeded) != (d.Tries == 2) {
			t.Errorf("%s: %d tries, %s; %d were told of", d.ID, d.Tries, d.State, tried[d.ID])
		}
		if n := len(collect(t, s.Attempts(t.Context(), store.AttemptQuery{Delivery: d.ID}))); n != d.Tries {
			t.Errorf("%s: %d tries, %d attempts", d.ID, d.Tries, n)
		}
		if slices.Contains(enqueued, d.ID) {
			found = append(found, d.ID)
		}
	}
	if !slices.Equal(found, enqueued) {
		t.Errorf("%d of %d that were enqueued are there, or in another order", len(found), len(enqueued))
	}
	if st, err := s.Standing(t.Context(), "shop"); err != nil || st.InRow != movements {
		t.Errorf("%d movements counted, want %d: %v", st.InRow, movements, err)
	}
	if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() || report.Deliveries != len(all) {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestProcessesAdvanceTheSamePlace(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	enqueue(t, s, newMaker(t).delivery("shop"))
	const processes, each = 3, 200
	var running []*exec.Cmd
	for range processes {
		cmd := child(t, "advance 200", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	st, err := s.Standing(t.Context(), "shop")
	if got := findDelivery(t, s, "last").Tries; got != processes*each || st.InRow != got || err != nil {
		t.Errorf("%d tries and %d in a row, want %d: %v", got, st.InRow, processes*each, err)
	}
}
