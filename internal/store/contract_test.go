package store_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// A contractStore is what every kind of store must be able to do.
type contractStore interface {
	Keep(*hook.Capture) <-chan error
	Record(*hook.Attempt) <-chan error
	Captures(context.Context, store.Query) iter.Seq2[*hook.Capture, error]
	Find(context.Context, string) (*hook.Capture, error)
	Attempts(context.Context, store.AttemptQuery) iter.Seq2[*hook.Attempt, error]
	FindAttempt(context.Context, string) (*hook.Attempt, error)
	Delete(context.Context, []int64) (int, error)
	Prune(context.Context, int, time.Time) (int, error)
	Import(context.Context, *hook.Capture) (bool, error)
	Judge(context.Context, int64, *hook.Identity) error
	Assess(int64, *hook.Validation) <-chan error
	CountDrifts(context.Context, []hook.Drift) error
	Drifts(context.Context, string) ([]hook.Drift, error)
	ForgetDrifts(context.Context, string) (int, error)
	Stats(context.Context) (store.Stats, error)
	deliveryStore
	Close() error
}

func TestStoreFulfilsTheContract(t *testing.T) {
	contract(t, func(t *testing.T, dir string) contractStore { return openStore(t, dir) })
}

// contract checks a kind of store. open opens the one that is called dir, which
// may have been opened before.
func contract(t *testing.T, open func(t *testing.T, dir string) contractStore) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s contractStore, m *maker)
	}{
		{"what is kept comes back as it was", comesBack},
		{"any header comes back as it was", anyHeader},
		{"bodies are exact", exactBodies},
		{"bodies can be read any number of times", rereadBodies},
		{"a wrong size is refused, and costs the others nothing", wrongSize},
		{"order is by seq, not by clock", bySeq},
		{"limit and direction", limits},
		{"concurrent callers are all served", concurrent},
		{"a capture's reply is its own or its newest attempt's", replies},
		{"identities come back as they were", identitiesComeBack},
		{"texts of identities that are not UTF-8 are made so", invalidTexts},
		{"of long identities the beginning is kept", longIdentities},
		{"a capture can be judged anew", judges},
		{"validations come back as they were", validationsComeBack},
		{"of many faults the first are kept", manyFaults},
		{"validations go with their captures", validationsGo},
		{"drifts are counted", driftsAreCounted},
		{"attempts come back as they were", attemptsComeBack},
		{"attempts of a deleted capture are refused", orphans},
		{"references", references},
		{"a seq is never used twice", neverTwice},
		{"delete takes bodies and attempts along", deletes},
		{"prune by count and by age", prunes},
		{"import skips what is there", imports},
		{"stats", stats},
		{"a list may be left and others go on", leaveList},
		{"writing while a list is read", writeWhileReading},
		{"a context ends a list", cancelledList},
		{"deliveries come back as they were", deliveriesComeBack},
		{"deliveries are enqueued all or none", enqueuesAllOrNone},
		{"deliveries are found by references", deliveryReferences},
		{"deliveries by what they are", deliveriesBy},
		{"what is pending, by place and beyond a seq", pending},
		{"a capture is kept with its deliveries, or neither", keepsFor},
		{"an attempt advances its delivery and its endpoint", advances},
		{"advancing what is not there", advancesNothing},
		{"concurrent attempts are all counted", concurrentAdvances},
		{"pending deliveries to a place are cancelled", cancels},
		{"deleting a capture ends its deliveries", deletesDelivered},
		{"prune spares what is pending", prunesSparingly},
		{"prune by age takes what has no capture", prunesLeftovers},
		{"standings come back as they were set", standings},
		{"runs come back, with what they have done", runs},
		{"attempts say what they were part of", attemptsOfDeliveries},
		{"attempts by what they are", attemptsBy},
		{"attempts that failed", attemptsThatFailed},
		{"attempts by events that only captures know", attemptsByIdentity},
		{"bare attempts are whole but for bodies", bareAttempts},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, open(t, t.TempDir()), newMaker(t))
		})
	}
	t.Run("all is there after closing and opening", func(t *testing.T) {
		dir, m := t.TempDir(), newMaker(t)
		s := open(t, dir)
		c := m.capture("body")
		keep(t, s, c)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-s.Keep(m.capture("late")); !errors.Is(err, store.ErrClosed) {
			t.Errorf("Keep after Close: %v", err)
		}
		s = open(t, dir)
		if diff := cmp.Diff(c, loadBody(t, find(t, s, "last"))); diff != "" {
			t.Error(diff)
		}
		next := m.capture("")
		if keep(t, s, next); next.Seq != c.Seq+1 {
			t.Errorf("seq %d after %d", next.Seq, c.Seq)
		}
	})
}

func find(t testing.TB, s contractStore, ref string) *hook.Capture {
	t.Helper()
	c, err := s.Find(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
