package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
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
	if o.forget {
		return a.withStore(existing, func(s *store.Store) error { return o.forgetRuns(ctx, a, s, cmd) })
	}
	if !o.resume {
		if err := o.settle(a, cmd); err != nil {
			return err
		}
	}
	how := existing
	if o.dryRun {
		how = readOnly
	}
	return a.withStore(how, func(s *store.Store) error {
		var was *hook.Run
		if o.resume {
			var err error
			if was, err = unfinishedRun(ctx, s); err != nil {
				return err
			}
			if err := o.takeUp(was, cmd); err != nil {
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

// A replayer is one replay, with all that it takes.
type replayer struct {
	app       *app
	options   *replayOptions
	store     *store.Store
	target    replayTarget
	maker     *replay.Maker
	selection *replaySelection
	// record is what the attempts are kept under, nil where one alone is sent. Once it has
	// begun, held keeps others from going on with it.
	record *hook.Run
	held   *lock.Lock
	// before is what earlier parts of it came to.
	before replay.Total
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
	r.selection = &replaySelection{app: a, store: s, spec: &o.replaySpec, target: target, done: &replay.Marks{}, changes: map[replay.Change]int{}, reply: replay.ReplyOf}
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
	r.selection.reply = r.maker.Reply
	if r.options.Provider != "" || r.target.endpoint != nil && r.target.endpoint.Provider != "" {
		_, err = r.maker.Party("")
	}
	return err
}

// run sends the captures and tells what came of it.
func (r *replayer) run(ctx context.Context) error {
	r.app.keepTelling("requests are still sent and their answers kept, but no longer shown")
	if err := r.begin(ctx); err != nil {
		return err
	}
	keeper, err := r.newKeeper(ctx)
	if err != nil {
		return err
	}
	client := send.New(send.Options{DialTimeout: replayDial, Timeout: standardTimeout, Insecure: r.options.Insecure}, r.app.world.Now)
	defer client.Close()
	tell := r.newTeller()
	config := replay.Config{
		Make: r.maker.Make, Sender: client, Keeper: keeper, Gone: isNotFound, IDs: hook.NewIDs(rand.Reader),
		Endpoint: r.options.Endpoint, Concurrency: r.options.Concurrency, Pace: r.pace(),
		Live: r.options.stdin(), Grace: replayGrace, Tell: tell.result,
	}
	if r.record != nil {
		config.Run = r.record.ID
	}
	err = replay.Run(ctx, r.shots(ctx), config)
	err = r.finish(ctx, tell, err)
	keeper.tell()
	if failure := tell.end(); err == nil && failure != nil {
		return cannot("", fmt.Errorf("telling the total: %w", failure))
	}
	return r.outcome(ctx, tell, err)
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
	if err != nil || standing.Active(r.app.world.Now()) {
		return err
	}
	declared, err := r.app.endpoints()
	if err == nil && !r.app.outlived(declared, r.target.name(), &standing) {
		r.app.messages().Warn(fmt.Sprintf("the endpoint %s is %s: this goes there all the same", r.target.name(), standing.Status))
	}
	return err
}
