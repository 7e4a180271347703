// Package replay sends captures again: in their order, so many at once, at a pace. A worker
// alone goes on when its attempt is kept. Of several, besides the attempts under way, half as
// many at most as there are workers are not kept yet: a run that is ended by force repeats few.
//
// What is sent, where from and how it is told are the caller's: captures come as a
// sequence, a Maker makes each of them a request, a Sender sends it, a Keeper keeps what
// came of it. A run that was ended is gone on with from the Marks that it left.
package replay

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// A Shot is a capture that is to be sent.
type Shot struct {
	Capture *hook.Capture
	// Try is how often the run sends the capture with this time, from 1.
	Try int
	// Then is what the target answered before, nil where that is not asked for or it
	// never did.
	Then *Answer
}

// A Sender makes attempts.
type Sender interface {
	Attempt(ctx context.Context, r send.Request, relay send.Relay) *hook.Attempt
}

// A Keeper keeps attempts, of company workers side by side. The channel gets nil once one
// is on disk.
type Keeper interface {
	RecordSoon(a *hook.Attempt, company int) <-chan error
}

// A Config says how captures are sent. Pace may be nil.
type Config struct {
	Make   func(*hook.Capture) (Message, error)
	Sender Sender
	Keeper Keeper
	IDs    *hook.IDs
	// Gone reports whether an error of Keeper is about a capture that was deleted
	// meanwhile: its attempt is told and not kept.
	Gone func(error) bool
	// Run is the id that attempts are kept under, "" for none; Endpoint the name of the
	// endpoint that they go to.
	Run      hook.ID
	Endpoint string
	// Concurrency is how many attempts are under way at once. With 1 the order is kept
	// to the end of each; with more, attempts only begin in order.
	Concurrency int
	Pace        *Pace
	// Live sends each capture as it comes, without waiting for a few more to be read.
	Live bool
	// Grace is how long attempts may go on that are under way when the run is ended.
	Grace time.Duration
	// Tell is told what came of each shot, one at a time, in the order in which they
	// ended. An error ends the run.
	Tell func(*Result) error
}

// A Result is what came of a shot.
type Result struct {
	*Shot
	Message Message
	// Err is why nothing was sent; Attempt is nil then.
	Err     error
	Attempt *hook.Attempt
	// Why says in words why the answer is no acknowledgement, "" where it is one.
	Why string

	kept <-chan error // gets what became of keeping the attempt; nil for none
}

// ErrUnreachable is how a run ends whose target takes no connection, or no more.
var ErrUnreachable = errors.New("the target cannot be reached")

const (
	// groupLen and groupBytes bound the shots that are read at once; aheadLen groups are
	// ready at most, while one is read and another sent.
	groupLen   = 64
	groupBytes = 2 << 20
	aheadLen   = 4
	// futile is how many attempts in a row find no connection until the run is given up;
	// as many as there are at once, where that is more.
	futile = 10
)

// Run sends the shots. It returns when all was sent and kept, with an error of the
// sequence, of the Keeper or of Tell, with ErrUnreachable, or with that of ctx.
func Run(ctx context.Context, shots iter.Seq2[*Shot, error], c Config) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(c.Grace, cancel) })()
	r := &runner{Config: c, ctx: ctx, sending: sending, stop: stop, groups: make(chan []*Shot, aheadLen)}
	var workers, finisher sync.WaitGroup
	if c.Concurrency > 1 {
		// One more is with the finisher.
		r.ended = make(chan *Result, c.Concurrency/2-1)
		finisher.Go(r.finish)
	}
	for range max(1, c.Concurrency) {
		workers.Go(r.work)
	}
	err := r.read(shots)
	close(r.groups)
	workers.Wait()
	if r.ended != nil {
		close(r.ended)
		finisher.Wait()
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// A runner is a run under way.
type runner struct {
	Config
	ctx     context.Context // ends with the run
	sending context.Context // ends a little later
	stop    context.CancelCauseFunc
	groups  chan []*Shot
	ended   chan *Result // nil for one worker, who sees to its results by itself

	next  sync.Mutex // held while the next shot is waited for
	group []*Shot

	vain atomic.Int64 // attempts without a connection since the last with one
}

// read gathers shots, ahead of the workers.
func (r *runner) read(shots iter.Seq2[*Shot, error]) error {
	var group []*Shot
	size := int64(0)
	hand := func() bool {
		select {
		case r.groups <- group:
			group, size = nil, 0
			return true
		case <-r.ctx.Done():
			return false
		}
	}
	for shot, err := range shots {
		if err != nil {
			r.rest(group)
			return err
		}
		group = append(group, shot)
		size += shot.Capture.BodySize
		if (len(group) == groupLen || size >= groupBytes || r.Live) && !hand() {
			return nil
		}
	}
	r.rest(group)
	return nil
}

// rest hands over what was gathered last.
func (r *runner) rest(group []*Shot) {
	if len(group) == 0 {
		return
	}
	select {
	case r.groups <- group:
	case <-r.ctx.Done():
	}
}

// work sends one shot after the other.
func (r *runner) work() {
	for {
		shot := r.take()
		if shot == nil {
			return
		}
		result, err := r.one(shot)
		switch {
		case err != nil:
		case r.ended == nil:
			err = r.conclude(result)
		default:
			r.ended <- result
		}
		if err != nil {
			r.stop(err)
			return
		}
	}
}

// finish concludes one result of the workers after the other.
func (r *runner) finish() {
	for result := range r.ended {
		if err := r.conclude(result); err != nil {
			r.stop(err)
		}
	}
}

// take waits for the next shot and for its time; nil is the end.
func (r *runner) take() *Shot {
	r.next.Lock()
	defer r.next.Unlock()
	for len(r.group) == 0 {
		var open bool
		select {
		case r.group, open = <-r.groups:
			if !open {
				return nil
			}
		case <-r.ctx.Done():
			return nil
		}
	}
	shot := r.group[0]
	r.group = r.group[1:]
	if r.ctx.Err() != nil || !r.Pace.wait(r.ctx, shot) {
		return nil
	}
	return shot
}

// one sends a shot, and hands over what came of it to be kept.
func (r *runner) one(shot *Shot) (result *Result, err error) {
	result = &Result{Shot: shot}
	result.Message, result.Err = r.Make(shot.Capture)
	if result.Err == nil {
		r.attempt(result)
		err = r.keep(result)
	}
	return result, err
}

// attempt sends the message and judges the answer.
func (r *runner) attempt(result *Result) {
	c, m := result.Capture, &result.Message
	a := r.Sender.Attempt(r.sending, m.Request, nil)
	a.CaptureID, a.CaptureSeq = c.ID, c.Seq
	a.Trigger, a.Endpoint, a.Provider, a.Event = hook.TriggerManual, r.Endpoint, m.Provider, m.Event
	result.Why = m.judge(a)
	acknowledged := result.Why == ""
	a.Acknowledged = &acknowledged
	result.Attempt = a
	r.watch(a)
}

// keep hands the attempt to the Keeper. One that did not reach the target, or was cut short,
// does not count for the run: going on with that repeats it.
func (r *runner) keep(result *Result) error {
	a := result.Attempt
	if a.Failure != hook.FailureCancelled && a.Failure != hook.FailureUnreachable {
		a.Run, a.Try = r.Run, result.Try
	}
	var err error
	if a.ID, err = r.IDs.New(hook.AttemptPrefix, a.StartedAt); err == nil {
		result.kept = r.Keeper.RecordSoon(a, r.Concurrency)
	}
	return err
}

// conclude waits until the attempt is kept, and tells.
func (r *runner) conclude(result *Result) error {
	if result.kept != nil {
		if err := <-result.kept; err != nil && (r.Gone == nil || !r.Gone(err)) {
			return err
		}
	}
	return r.Tell(result)
}

// watch gives the run up where one attempt after the other finds no connection.
func (r *runner) watch(a *hook.Attempt) {
	switch a.Failure {
	case hook.FailureCancelled: // it does not tell
	case hook.FailureUnreachable:
		if r.vain.Add(1) == int64(max(futile, r.Concurrency)) {
			r.stop(ErrUnreachable)
		}
	default:
		r.vain.Store(0)
	}
}
