package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

const (
	// replayDial bounds a connection, TLS handshake included.
	replayDial = 10 * time.Second
	// replayGrace is how long attempts may go on when the replay is ended: less than the
	// program itself may.
	replayGrace = 500 * time.Millisecond
)

func runReplay(ctx context.Context, a *app, o *replayOptions, cmd *cobra.Command) error {
	if !o.resume {
		if err := o.settle(a, cmd); err != nil {
			return err
		}
	}
	return a.withReplayStore(o, func(s *store.Store) error {
		var was *hook.Run
		if o.resume {
			var err error
			if was, err = unfinishedRun(ctx, s); err != nil {
				return err
			}
			if err := o.takeUp(was.Spec, cmd); err != nil {
				return err
			}
		}
		r, err := newReplayer(ctx, a, o, s, was)
		if err != nil {
			return err
		}
		if o.dryRun {
			return r.print(ctx)
		}
		return r.run(ctx)
	})
}

// withReplayStore opens the store to be written, unless nothing is sent. It makes none.
func (a *app) withReplayStore(o *replayOptions, do func(*store.Store) error) (err error) {
	if o.dryRun {
		return a.withStore(readOnly, do)
	}
	s, err := a.openStoreWith(store.Options{Existing: true})
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return do(s)
}

// unfinishedRun is the last run, where it did not come to its end.
func unfinishedRun(ctx context.Context, s *store.Store) (*hook.Run, error) {
	run, err := s.LastRun(ctx)
	var none *store.NotFoundError
	switch {
	case errors.As(err, &none):
		return nil, usage("hookctl replay --help says how one begins", "--resume: there was no replay of several captures yet")
	case err != nil:
		return nil, err
	case !run.Ended.IsZero():
		return nil, usage("give the captures and the target to begin another", "--resume: the last replay came to its end, %s", run.Ended.Format(time.RFC3339))
	}
	return run, nil
}

// A replayer is one replay, with all that it takes.
type replayer struct {
	app       *app
	options   *replayOptions
	store     *store.Store
	target    replayTarget
	maker     *replay.Maker
	selection *replaySelection
	// record is what the attempts are kept under, nil where one alone is sent.
	record *hook.Run
}

func newReplayer(ctx context.Context, a *app, o *replayOptions, s *store.Store, was *hook.Run) (*replayer, error) {
	target, err := o.target(a)
	if err != nil {
		return nil, err
	}
	if err := o.refuseFar(target); err != nil {
		return nil, err
	}
	r := &replayer{app: a, options: o, store: s, target: target, record: was}
	r.selection = &replaySelection{app: a, store: s, spec: &o.replaySpec, target: target, done: &replay.Marks{}}
	if was == nil {
		if err := o.settleIDs(ctx, s); err != nil {
			return nil, err
		}
	}
	for _, step := range []func(context.Context) error{r.warnOfStanding, r.selection.sinceAttempt, r.prepare} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// prepare finds out what is wrong for all captures, before any is sent.
func (r *replayer) prepare(ctx context.Context) error {
	if _, err := r.options.query(); err != nil {
		return err
	}
	var edited []byte
	var err error
	if r.options.edit {
		if edited, err = r.edit(ctx); err != nil {
			return err
		}
	}
	if r.maker, err = r.options.maker(r.app, r.target, edited); err != nil {
		return err
	}
	if r.options.Provider != "" || r.target.endpoint != nil && r.target.endpoint.Provider != "" {
		_, err = r.maker.Party("")
	}
	return err
}

// begin keeps the run, or takes up the one that was not finished.
func (r *replayer) begin(ctx context.Context) error {
	if r.record != nil {
		r.selection.before = r.record.Floor + 1
		for mark, err := range r.store.RunDone(ctx, r.record) {
			if err != nil {
				return err
			}
			r.selection.done.Add(mark.CaptureSeq, mark.Try)
		}
		r.app.messages().Status(fmt.Sprintf("going on with the replay to %s: %d were sent before", r.target.name(), r.selection.done.Len()))
		return nil
	}
	if r.options.single() {
		return nil
	}
	r.hintUnfinished(ctx)
	spec, err := r.options.kept()
	if err != nil {
		return err
	}
	now := r.app.world.Now().UTC()
	id, err := hook.NewIDs(rand.Reader).New(hook.RunPrefix, now)
	if err != nil {
		return err
	}
	r.record = &hook.Run{ID: id, StartedAt: now, Spec: spec}
	if err := r.store.BeginRun(ctx, r.record); err != nil {
		return err
	}
	r.selection.before = r.record.Floor + 1
	return nil
}

// hintUnfinished says where the same replay was begun before and not finished.
func (r *replayer) hintUnfinished(ctx context.Context) {
	last, err := r.store.LastRun(ctx)
	if err != nil || !last.Ended.IsZero() {
		return
	}
	if was, err := readSpec(last.Spec); err == nil && r.options.sameAs(was) {
		r.app.messages().Hint("the same replay of " + last.StartedAt.Format(time.RFC3339) + " was ended before its end: hookctl replay --resume would have gone on with it")
	}
}

// run sends the captures and tells what came of it.
func (r *replayer) run(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	client := send.New(send.Options{DialTimeout: replayDial, Timeout: standardTimeout, Insecure: r.options.Insecure}, r.app.world.Now)
	defer client.Close()
	tell := r.newTeller()
	config := replay.Config{
		Make: r.maker.Make, Sender: client, Keeper: r.store, Gone: isNotFound, IDs: hook.NewIDs(rand.Reader),
		Endpoint: r.options.Endpoint, Concurrency: r.options.Concurrency, Pace: r.pace(),
		Live: r.options.stdin(), Grace: replayGrace, Tell: tell.result,
	}
	if r.record != nil {
		config.Run = r.record.ID
	}
	err := replay.Run(ctx, r.selection.shots(ctx), config)
	tell.end(err)
	if err == nil && r.record != nil {
		err = r.store.EndRun(ctx, r.record.ID, r.app.world.Now().UTC())
	}
	return r.outcome(tell, err)
}

func isNotFound(err error) bool { return errors.As(err, new(*store.NotFoundError)) }

// standardTimeout is the time for an answer where neither a flag nor a provider says it.
const standardTimeout = 30 * time.Second

// pace is that of the flags, else that which the endpoint bears.
func (r *replayer) pace() *replay.Pace {
	p := &replay.Pace{Rate: r.options.Rate, Speed: r.options.Speed}
	if e := r.target.endpoint; e != nil && p.Rate.Count == 0 && p.Speed == 0 {
		p.Rate = e.Rate
	}
	if p.Rate.Count == 0 && p.Speed == 0 {
		return nil
	}
	return p
}

// warnOfStanding says where the endpoint gets no deliveries at present: what a person asks
// for is sent all the same.
func (r *replayer) warnOfStanding(ctx context.Context) error {
	if r.target.endpoint == nil {
		return nil
	}
	standing, err := r.store.Standing(ctx, r.target.endpoint.Place())
	if err == nil && !standing.Active(r.app.world.Now()) {
		r.app.messages().Warn(fmt.Sprintf("the endpoint %s is %s: this goes there all the same", r.target.name(), standing.Status))
	}
	return err
}
