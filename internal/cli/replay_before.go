package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/store"
)

// recall counts what earlier parts of the replay have sent, which is not sent again.
func (r *replayer) recall(ctx context.Context) error {
	query := store.AttemptQuery{Run: r.record.ID, Ascending: true, Bare: true}
	for a, err := range r.store.Attempts(ctx, query) {
		if errors.As(err, new(*store.DamagedRowError)) { // as if it had not been sent
			continue
		}
		if err != nil {
			return err
		}
		r.selection.done.Add(a.CaptureSeq, a.Try)
		result := &replay.Result{Attempt: a}
		if !a.Succeeded() {
			result.Why = "not acknowledged"
		}
		r.before.Add(result)
	}
	began := r.record.StartedAt.Local().Format(time.DateTime)
	r.app.messages().Status(fmt.Sprintf("going on with the replay of %s to %s: %d were sent before", began, r.target.name(), r.before.Sent))
	return nil
}

// A recount compares what earlier parts of a replay brought with the answers before that,
// as these parts have told: the total is of the whole.
type recount struct {
	selection *replaySelection
	try       int
	then      map[int64]*replay.Answer // of captures that are still to be looked at
	group     []*hook.Capture
	before    map[int64]*replay.Answer // of those in group
}

func (sel *replaySelection) newRecount(try int, then map[int64]*replay.Answer) *recount {
	return &recount{selection: sel, try: try, then: then, before: map[int64]*replay.Answer{}}
}

// add takes in a capture that an earlier part has sent.
func (c *recount) add(ctx context.Context, sent *hook.Capture) error {
	if !c.selection.spec.Diff {
		return nil
	}
	c.group = append(c.group, &hook.Capture{Seq: sent.Seq})
	c.before[sent.Seq] = c.then[sent.Seq]
	delete(c.then, sent.Seq)
	if len(c.group) < outcomeGroup {
		return nil
	}
	return c.end(ctx)
}

// end counts what was taken in.
func (c *recount) end(ctx context.Context) error {
	if len(c.group) == 0 {
		return nil
	}
	sel := c.selection
	answers, err := sel.store.Outcomes(ctx, c.group, store.OutcomeQuery{
		Bodies: true, Fits: func(a *hook.Attempt) bool { return a.Run == sel.run && a.Try == c.try },
	})
	if err != nil {
		return err
	}
	for seq, a := range answers {
		sel.changes[replay.Compare(c.before[seq], replay.AnswerOf(a))]++
	}
	c.group = c.group[:0]
	clear(c.before)
	return nil
}
