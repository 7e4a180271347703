package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[hook.ID]bool{}
	for range 6 {
		cmd := child(t, "keep", dir)
		printed := lines(t, cmd)
		for range 1 + rand.IntN(300) {
			acknowledged[hook.ID(<-printed)] = true
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for line := range printed {
			acknowledged[hook.ID(line)] = true
		}
		if cmd.Wait() == nil {
			t.Fatal("the child was not killed")
		}
		onceEach(t, dir, acknowledged)
	}
}

func TestProcessesWriteAtTheSameTime(t *testing.T) {
	dir := t.TempDir() // none of them finds a store: they make it at the same time
	const processes, each = 3, 150
	acknowledged := map[hook.ID]bool{}
	var running []<-chan string
	for range processes {
		cmd := child(t, "keep 150", dir)
		running = append(running, lines(t, cmd))
		defer func() {
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		}()
	}
	for _, printed := range running {
		for line := range printed {
			acknowledged[hook.ID(line)] = true
		}
	}
	if len(acknowledged) != processes*each {
		t.Errorf("%d acknowledged, want %d", len(acknowledged), processes*each)
	}
	onceEach(t, dir, acknowledged)
}

func TestAStoreInTheMakingIsNotDamaged(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for {
					s, err := store.Open(dir, store.Options{ReadOnly: true})
					if err == nil {
						s.Close()
						return
					}
					if !errors.Is(err, store.ErrNotExist) {
						t.Error(err)
						return
					}
				}
			})
		}
		s := openStore(t, dir)
		keep(t, s, newMaker(t).capture("x"))
		all.Wait()
	}
}

func TestAReaderSeesWhatAnotherProcessKeeps(t *testing.T) {
	dir := t.TempDir()
	openStore(t, dir)
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cmd := child(t, "keep 50", dir)
	for id := range lines(t, cmd) {
		if got := find(t, s, "last"); got == nil {
			t.Fatal("nothing there")
		}
		if _, err := s.Find(context.Background(), id); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// onceEach demands that each of ids is in the store once, as it was kept, and that
// all else there is whole.
func onceEach(t *testing.T, dir string, ids map[hook.ID]bool) {
	t.Helper()
	s := openStore(t, dir)
	defer s.Close()
	found := map[hook.ID]bool{}
	for _, c := range collect(t, s.Captures(context.Background(), store.Query{})) {
		if found[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		found[c.ID] = true
		want := childCapture(c.ID)
		want.Seq = c.Seq
		sameCapture(t, want, c)
	}
	for id := range ids {
		if !found[id] {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	report, err := store.Check(context.Background(), dir)
	if err != nil || !report.Sound() {
		t.Errorf("%+v, %v", report, err)
	}
}
