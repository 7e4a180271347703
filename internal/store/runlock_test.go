package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
	"github.com/hookctl/hookctl/internal/store"
)

func TestARunIsHeldByOneAtATime(t *testing.T) {
	dir := t.TempDir()
	s, other := openStore(t, dir), openStore(t, dir)
	id := newMaker(t).id(hook.RunPrefix)
	if s.RunLives(id) {
		t.Error("a run lives that nobody has begun")
	}
	held, err := s.HoldRun(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.HoldRun(context.Background(), id); !errors.Is(err, lock.ErrHeld) {
		t.Errorf("held twice: %v", err)
	}
	if !other.RunLives(id) {
		t.Error("the run does not live")
	}
	if err := held.Release(); err != nil || other.RunLives(id) {
		t.Errorf("%v, and it lives", err)
	}
	again, err := other.HoldRun(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Remove(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "runs")); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestOnlyRunsAreHeld(t *testing.T) {
	s := openStore(t, t.TempDir())
	for _, id := range []hook.ID{"", "../x", "run_1"} {
		if _, err := s.HoldRun(context.Background(), id); err == nil || s.RunLives(id) {
			t.Errorf("%q is held", id)
		}
	}
	dir := t.TempDir()
	s = openStore(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "runs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.HoldRun(context.Background(), newMaker(t).id(hook.RunPrefix)); !errors.Is(err, store.ErrUnsafe) {
		t.Errorf("a file in the place of the folder: %v", err)
	}
}

// A run that was begun later, and has ended, does not hide the one that has not.
func TestTheNewestRunThatHasNotEnded(t *testing.T) {
	s, m, ctx := openStore(t, t.TempDir()), newMaker(t), context.Background()
	if _, err := s.UnfinishedRun(ctx); !errors.As(err, new(*store.NotFoundError)) {
		t.Errorf("of none: %v", err)
	}
	var runs []*hook.Run
	for range 4 {
		r := &hook.Run{ID: m.id(hook.RunPrefix), StartedAt: time.Unix(1, 0).UTC(), Spec: []byte("{}")}
		if err := s.BeginRun(ctx, r); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	for _, i := range []int{0, 2, 3} {
		if err := s.EndRun(ctx, runs[i].ID, time.Unix(2, 0)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.UnfinishedRun(ctx)
	if err != nil || got.ID != runs[1].ID {
		t.Errorf("%+v, %v", got, err)
	}
}
