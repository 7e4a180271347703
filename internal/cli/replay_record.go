package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/store"
)

// unfinishedRun is the newest run that did not come to its end.
func unfinishedRun(ctx context.Context, s *store.Store) (*hook.Run, error) {
	run, err := s.UnfinishedRun(ctx)
	if err == nil || !isNotFound(err) {
		return run, err
	}
	last, err := s.LastRun(ctx)
	switch {
	case isNotFound(err):
		return nil, usage("hookctl replay --help says how one begins", "--resume: there was no replay of several captures yet")
	case err != nil:
		return nil, err
	}
	return nil, ended(last)
}

// ended is the refusal to go on with a run that came to its end.
func ended(run *hook.Run) error {
	return usage("give the captures and the target to begin another", "--resume: the last replay came to its end, %s", run.Ended.Format(time.RFC3339))
}

// begin takes up the run that was not finished, or prepares a new one, which begins with
// the first shot.
func (r *replayer) begin(ctx context.Context) error {
	if r.record != nil {
		return r.goOn(ctx)
	}
	if r.options.single() {
		return nil
	}
	spec, err := r.options.kept(r.app.world.Dir)
	if err != nil {
		return err
	}
	r.hintUnfinished(ctx, spec)
	now := r.app.world.Now().UTC()
	id, err := hook.NewIDs(rand.Reader).New(hook.RunPrefix, now)
	r.record = &hook.Run{ID: id, StartedAt: now, Spec: spec}
	return err
}

// goOn takes up the run that was not finished.
func (r *replayer) goOn(ctx context.Context) error {
	if err := r.hold(ctx); err != nil {
		if errors.Is(err, lock.ErrHeld) {
			began := r.record.StartedAt.Local().Format(time.DateTime)
			return usage("wait for its end, or end it first", "--resume: the replay of %s to %s is still going on", began, r.target.name())
		}
		return err
	}
	now, err := r.store.UnfinishedRun(ctx)
	if err != nil && !isNotFound(err) {
		return err
	}
	if err != nil || now.ID != r.record.ID { // somebody else has just finished it
		r.record.Ended = r.app.world.Now().UTC()
		return errors.Join(r.held.Remove(), ended(r.record))
	}
	r.selection.before, r.selection.run = r.record.Floor+1, r.record.ID
	return r.recall(ctx)
}

// hold keeps others from going on with the run.
func (r *replayer) hold(ctx context.Context) (err error) {
	r.held, err = r.store.HoldRun(ctx, r.record.ID)
	return err
}

// shots are those of the selection. With the first a new run begins: one that sends nothing
// is none.
func (r *replayer) shots(ctx context.Context) iter.Seq2[*replay.Shot, error] {
	return func(yield func(*replay.Shot, error) bool) {
		for shot, err := range r.selection.shots(ctx) {
			if err == nil && r.record != nil && r.held == nil {
				err = r.start(ctx)
			}
			if !yield(shot, err) {
				return
			}
		}
	}
}

// start keeps the run, which begins now.
func (r *replayer) start(ctx context.Context) error {
	if err := r.hold(ctx); err != nil {
		return err
	}
	if err := r.store.BeginRun(ctx, r.record); err != nil {
		return errors.Join(err, r.held.Remove())
	}
	r.selection.before = r.record.Floor + 1
	return nil
}

// finish notes that the run came to its end, where it did. A run of which something did
// not reach the target can be gone on with.
func (r *replayer) finish(ctx context.Context, t *replayTeller, err error) error {
	if r.held == nil {
		return err
	}
	if err == nil && t.total.Failed[hook.FailureUnreachable] == 0 {
		if err = r.store.EndRun(ctx, r.record.ID, r.app.world.Now().UTC()); err == nil {
			return r.held.Remove()
		}
	}
	_ = r.held.Release() // nothing was written
	return err
}

// hintUnfinished says where a replay to the same target was begun before and not finished.
// spec is the new one, as it is kept.
func (r *replayer) hintUnfinished(ctx context.Context, spec []byte) {
	last, err := r.store.UnfinishedRun(ctx)
	if err != nil || r.store.RunLives(last.ID) {
		return
	}
	was, err := readSpec(last.Spec)
	if err != nil {
		return
	}
	if now, err := readSpec(spec); err == nil && now.sameTargetAs(was) {
		r.app.messages().Hint("an earlier one is unfinished: hookctl replay --resume or --forget")
	}
}
