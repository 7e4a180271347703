package cli

import (
	"context"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/store"
)

// outcomeGroup is of how many captures it is asked at once how they fared.
const outcomeGroup = 256

// chosen are the named captures that pass the filters. What the target answered to each
// before is put into then, where that is to be compared.
func (sel *replaySelection) chosen(ctx context.Context, then map[int64]*replay.Answer) iter.Seq2[*hook.Capture, error] {
	size := outcomeGroup
	if sel.spec.stdin() {
		size = 1
	}
	return func(yield func(*hook.Capture, error) bool) {
		var group []*hook.Capture
		emit := func() bool {
			passed, err := sel.judge(ctx, group, then)
			if err != nil {
				yield(nil, err)
				return false
			}
			for _, c := range passed {
				if !yield(c, nil) {
					return false
				}
			}
			group = group[:0]
			return true
		}
		for c, err := range sel.named(ctx) {
			switch {
			case err != nil:
				if !emit() || !yield(nil, err) {
					return
				}
				continue
			case c.Seq > sel.spec.Last && len(sel.spec.IDs) == 0: // they come in the order of seq
				emit()
				return
			case !sel.wants(c):
				sel.unwanted++
			case c.Seq >= sel.from && (sel.since == nil || !c.ReceivedAt.Before(sel.since.StartedAt)):
				group = append(group, c)
			}
			if len(group) >= size && !emit() {
				return
			}
		}
		emit()
	}
}

// wants reports whether the target is for c, as listen sees it. What is named by its id
// goes to any endpoint.
func (sel *replaySelection) wants(c *hook.Capture) bool {
	return sel.target.endpoint == nil || len(sel.spec.IDs) > 0 || sel.target.endpoint.Takes(c)
}

// filtered reports whether captures are asked how they fared.
func (s *replaySpec) filtered() bool { return s.Failed || s.Missing || s.SinceAttempt != "" }

// judge returns those of the captures that the filters let pass.
func (sel *replaySelection) judge(ctx context.Context, captures []*hook.Capture, then map[int64]*replay.Answer) ([]*hook.Capture, error) {
	if len(captures) == 0 || !sel.spec.filtered() && !sel.spec.Diff {
		return captures, nil
	}
	urls := make(map[int64]string, len(captures))
	for _, c := range captures {
		urls[c.Seq] = sel.target.urlOf(c)
	}
	last, err := sel.store.Outcomes(ctx, captures, store.OutcomeQuery{
		Before: sel.before, Bodies: sel.spec.Diff,
		Fits: func(a *hook.Attempt) bool {
			return a.Failure != hook.FailureCancelled && sel.target.got(a, urls[a.CaptureSeq])
		},
	})
	if err != nil {
		return nil, err
	}
	var passed []*hook.Capture
	for _, c := range captures {
		if !sel.passes(c, last[c.Seq]) {
			continue
		}
		passed = append(passed, c)
		switch {
		case !sel.spec.Diff:
		case last[c.Seq] != nil:
			then[c.Seq] = replay.AnswerOf(last[c.Seq])
		case replay.Compares(c):
			then[c.Seq] = sel.reply(c)
		}
	}
	return passed, nil
}

// passes reports whether c, whose last attempt at the target is a, is one that is wanted.
func (sel *replaySelection) passes(c *hook.Capture, a *hook.Attempt) bool {
	if !sel.spec.filtered() {
		return true
	}
	failed, missing := sel.spec.Failed, sel.spec.Missing
	if !failed && !missing { // --since-attempt alone
		failed, missing = true, true
	}
	return missing && a == nil || failed && sel.hadFailed(c, a)
}

// hadFailed reports whether c failed: in its last attempt at the target, or where there
// was none, in the eyes of its sender, who got no acknowledgement.
func (sel *replaySelection) hadFailed(c *hook.Capture, a *hook.Attempt) bool {
	if a != nil {
		return !replay.AnswerOf(a).Acknowledged
	}
	answer := sel.reply(c)
	return answer == nil || !answer.Acknowledged
}

// sinceAttempt narrows the selection down to the captures from that of the attempt on.
func (sel *replaySelection) sinceAttempt(ctx context.Context) error {
	if sel.spec.SinceAttempt == "" {
		return nil
	}
	a, err := sel.store.FindAttempt(ctx, sel.spec.SinceAttempt)
	if err != nil {
		return usage("hookctl attempts list shows the ids", "--since-attempt: %w", err)
	}
	sel.spec.SinceAttempt = string(a.ID)
	if sel.from = a.CaptureSeq; a.CaptureSeq == 0 { // hookctl made what it sent
		sel.since = a
	}
	return nil
}
