package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/store"
)

// A replaySelection is the captures of a replay, read as they are wanted.
type replaySelection struct {
	app    *app
	store  *store.Store
	spec   *replaySpec
	target replayTarget
	// before is the seq from which on attempts do not tell how captures fared before, 0
	// for none; from the seq of the first capture that comes into question.
	before, from int64
	since        *hook.Attempt // where that has no capture: those received after it
	done         *replay.Marks
	run          hook.ID               // that is gone on with, "" for none
	changes      map[replay.Change]int // what became of answers, in the parts of it before
	damaged      int
	unwanted     int                                // that the endpoint does not want
	bare         bool                               // bodies are left unread
	reply        func(*hook.Capture) *replay.Answer // that the sender of a capture got
}

// settleIDs puts whole ids in the place of those that the user gave, and notes where the
// store ends now.
func (o *replayOptions) settleIDs(ctx context.Context, s *store.Store) error {
	last, err := s.Find(ctx, "last")
	var missing *store.NotFoundError
	if errors.As(err, &missing) {
		return usage("hookctl listen keeps some", "replay: there are no captures")
	}
	var damaged *store.DamagedRowError
	switch {
	case errors.As(err, &damaged):
		o.Last = damaged.Seq
	case err != nil:
		return err
	default:
		o.Last = last.Seq
	}
	if o.stdin() {
		return nil
	}
	for i, ref := range o.IDs {
		c, err := s.Find(ctx, ref)
		if err != nil {
			return err
		}
		o.IDs[i] = string(c.ID)
	}
	return nil
}

// query is the query that the flags come to.
func (s *replaySpec) query() (store.Query, error) {
	parts := []string{s.Query}
	for _, f := range []struct{ field, value string }{{"since", s.Since}, {"until", s.Until}, {"event", s.Event}} {
		if f.value == "" {
			continue
		}
		part := f.field + `:"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.value) + `"`
		if _, err := store.ParseQuery(part, s.Now); err != nil {
			var at *store.QueryError
			if errors.As(err, &at) {
				return store.Query{}, usage("", "--%s: %s", f.field, at.What)
			}
			return store.Query{}, err
		}
		parts = append(parts, part)
	}
	q, err := store.ParseQuery(s.Query, s.Now)
	if err == nil {
		q, err = store.ParseQuery(strings.Join(parts, " "), s.Now)
	}
	q.Ascending, q.Bodies = true, !s.filtered()
	return q, err
}

// shots are the captures that are to be sent, as often as that is.
func (sel *replaySelection) shots(ctx context.Context) iter.Seq2[*replay.Shot, error] {
	return func(yield func(*replay.Shot, error) bool) {
		for try := 1; try <= sel.spec.Repeat; try++ {
			if !sel.pass(ctx, try, yield) {
				return
			}
		}
	}
}

// pass goes over the captures once. It returns false where the end has come.
func (sel *replaySelection) pass(ctx context.Context, try int, yield func(*replay.Shot, error) bool) bool {
	then := map[int64]*replay.Answer{}
	before := sel.newRecount(try, then)
	captures := sel.undone(ctx, try, sel.chosen(ctx, then), before.add)
	if !sel.spec.stdin() {
		captures = sel.store.WithBodies(ctx, captures)
	}
	for c, err := range captures {
		if sel.app.damagedRow(err) {
			sel.damaged++
			continue
		}
		if err != nil {
			yield(nil, err)
			return false
		}
		shot := &replay.Shot{Capture: c, Try: try, Then: then[c.Seq]}
		delete(then, c.Seq)
		if !yield(shot, nil) {
			_ = before.end(context.WithoutCancel(ctx)) // it ends early, and says why
			return false
		}
	}
	if err := before.end(ctx); err != nil {
		yield(nil, err)
		return false
	}
	return true
}

// count is how many shots there are, 0 where that cannot be told.
func (sel *replaySelection) count(ctx context.Context) int {
	counted := *sel
	counted.bare = true
	n := 0
	for try := 1; try <= sel.spec.Repeat; try++ {
		nowhere := func(context.Context, *hook.Capture) error { return nil }
		for _, err := range counted.undone(ctx, try, counted.chosen(ctx, map[int64]*replay.Answer{}), nowhere) {
			if err == nil {
				n++
			} else if !errors.As(err, new(*store.DamagedRowError)) {
				return 0
			}
		}
	}
	return n
}

// undone leaves out what an earlier part of the run has sent, which goes to done, past what
// the limit allows.
func (sel *replaySelection) undone(ctx context.Context, try int, captures iter.Seq2[*hook.Capture, error], done func(context.Context, *hook.Capture) error) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		n := 0
		for c, err := range captures {
			if err == nil {
				if n++; sel.spec.Limit > 0 && n > sel.spec.Limit {
					return
				}
				if sel.done.Has(c.Seq, try) {
					if err = done(ctx, c); err == nil {
						continue
					}
				}
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// named are the captures that ids or a query name.
func (sel *replaySelection) named(ctx context.Context) iter.Seq2[*hook.Capture, error] {
	switch {
	case sel.spec.stdin():
		return sel.found(ctx, idLines(sel.app))
	case len(sel.spec.IDs) > 0:
		return sel.found(ctx, func(yield func(string, error) bool) {
			for _, id := range sel.spec.IDs {
				if !yield(id, nil) {
					return
				}
			}
		})
	}
	q, err := sel.spec.query()
	if err != nil {
		return func(yield func(*hook.Capture, error) bool) { yield(nil, err) }
	}
	q.Bodies = q.Bodies && !sel.bare
	return sel.store.Captures(ctx, q)
}

// found are the captures with the ids refs, each once.
func (sel *replaySelection) found(ctx context.Context, refs iter.Seq2[string, error]) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		var seen replay.Marks
		for ref, err := range refs {
			var c *hook.Capture
			if err == nil {
				c, err = sel.store.Find(ctx, ref)
			}
			if err == nil {
				if seen.Has(c.Seq, 1) {
					continue
				}
				seen.Add(c.Seq, 1)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// maxIDLine is the longest line that is read for an id: captures with their bodies.
const maxIDLine = 64 << 20

// idLines reads ids, one a line, or captures as JSON.
func idLines(a *app) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		lines := bufio.NewScanner(a.world.Stdin)
		lines.Buffer(nil, maxIDLine)
		for n := 1; lines.Scan(); n++ {
			line := bytes.TrimSpace(lines.Bytes())
			if n == 1 {
				line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
			}
			if len(line) == 0 {
				continue
			}
			id, ok := idOfLine(line)
			if !ok {
				yield("", usage("hookctl captures list --json prints such lines", "standard input, line %d: want an id, or a capture as JSON", n))
				return
			}
			if !yield(id, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield("", cannot("", fmt.Errorf("reading standard input: %w", err)))
		}
	}
}

// idOfLine is the id that a line has: itself, that of a capture as JSON, or that of the
// capture of an attempt.
func idOfLine(line []byte) (string, bool) {
	if line[0] != '{' {
		return string(line), true
	}
	for _, key := range []string{"capture_id", "id"} {
		value, _ := jsontext.Lookup(line, jsontext.Path{{Key: key}})
		if id, ok := jsontext.Plain(value); ok && id != "" {
			return id, key != "id" || !strings.HasPrefix(id, hook.AttemptPrefix)
		}
	}
	return "", false
}
