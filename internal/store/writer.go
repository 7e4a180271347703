package store

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"
)

const (
	// queueLen is how many jobs wait at most before the callers do.
	queueLen = 1024
	// maxBatch and maxBatchBytes end a batch: those in it all wait for its commit.
	maxBatch      = 256
	maxBatchBytes = 4 << 20
	// lazyFor is how long a task that nobody waits for is held back, so that it goes
	// along with the commit of a capture: a commit of its own would only keep the
	// next capture waiting.
	lazyFor = time.Millisecond
	// idleAfter is how long nothing was kept before the indexes are seen to.
	idleAfter = 100 * time.Millisecond
)

// A task is something to write.
type task interface {
	// weight is about how many bytes it adds.
	weight() int64
	// write does it within the session's transaction.
	write(ctx context.Context, s *session) error
	// lazy reports whether nobody waits for it.
	lazy() bool
	// committed is called when what write did is durable.
	committed()
}

// A job is a task and who waits for it.
type job struct {
	task task
	done chan<- error // buffered
}

// A writer is the one goroutine of a process that writes. It commits all that is
// queued at once: the more callers wait, the fewer commits each costs. Where
// somebody waits for the result it never waits for more to come.
type writer struct {
	folder  folder
	schema  schema
	onError func(error)
	queue   chan job
	ended   chan struct{}

	mu     sync.RWMutex // held while sending to queue
	closed bool

	// Of the goroutine alone:
	session  *session // nil after trouble
	troubled bool     // the last write failed
	batch    []job
	results  []error
	held     *job // taken from the queue, but not fit for the batch
	busy     bool // something was kept since the last look
	logged   bool // something was written since the log was last brought into the file
	syncer   syncer
}

// startWriter opens the file for writing, brings it up to date and starts.
func startWriter(ctx context.Context, place folder, steps schema, onError func(error)) (*writer, error) {
	w := &writer{
		folder: place, schema: steps, onError: onError,
		queue: make(chan job, queueLen), ended: make(chan struct{}), syncer: syncer{place: place},
	}
	var err error
	if w.session, err = openSession(ctx, place.file(), steps); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// do queues t. The channel gets one value.
func (w *writer) do(t task) <-chan error {
	done := make(chan error, 1)
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		done <- ErrClosed
		return done
	}
	w.queue <- job{t, done}
	return done
}

// wait queues t and waits until it is durable, or ctx ends: then it may still be done.
func (w *writer) wait(ctx context.Context, t task) error {
	select {
	case err := <-w.do(t):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close writes what is queued and ends the goroutine.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
	unsynced := w.syncer.flush()
	if w.session == nil {
		return unsynced
	}
	w.session.checkpoint()
	return errors.Join(unsynced, w.session.close())
}

func (w *writer) run() {
	defer close(w.ended)
	idle := time.NewTimer(idleAfter)
	defer idle.Stop()
	for {
		if !w.gather(idle) {
			return
		}
		if len(w.batch) > 0 {
			w.commit()
			w.relieve()
		}
	}
}

// gather waits for a job and takes as many more as are there and fit. It returns
// false when no more will come. While there is none it sees to the indexes.
func (w *writer) gather(idle *time.Timer) bool {
	w.batch = w.batch[:0]
	var first job
	if w.held != nil {
		first, w.held = *w.held, nil
	} else {
		var open bool
		select {
		case first, open = <-w.queue:
			if !open {
				return false
			}
		case <-idle.C:
			if next := w.idle(); next > 0 {
				idle.Reset(next)
			}
			return true
		}
	}
	if !w.busy {
		w.busy = true
		idle.Reset(idleAfter)
	}
	w.take(first)
	return true
}

// take fills the batch: first, and what is queued behind it. Where all of that has time
// it waits a little for more.
func (w *writer) take(first job) {
	// Whoever is about to queue something may do so first: one commit more for all
	// is cheaper than one for each.
	runtime.Gosched()
	w.batch = append(w.batch, first)
	weight, worth := first.task.weight(), worthOf(first.task)
	var patience <-chan time.Time
	for len(w.batch) < maxBatch {
		next, ok := w.next(len(w.batch) < worth, &patience)
		if !ok {
			return
		}
		if weight += next.task.weight(); weight > maxBatchBytes {
			w.held = &next
			return
		}
		w.batch = append(w.batch, next)
		worth = min(worth, worthOf(next.task))
	}
}

// worthOf is how many jobs it is worth for t to wait a moment for. Those who record many
// in a row are waited for as long as most of them are under way: a commit for each costs
// more than what it keeps.
func worthOf(t task) int {
	if r, ok := t.(*recording); ok && r.soon {
		return r.company * 3 / 8
	}
	if t.lazy() {
		return maxBatch
	}
	return 0
}

// next returns a job that is queued. Where there is none it waits only if that is worth
// it, and not past patience, which then begins to run.
func (w *writer) next(worth bool, patience *<-chan time.Time) (job, bool) {
	select {
	case next, open := <-w.queue:
		return next, open
	default:
	}
	if !worth {
		return job{}, false
	}
	if *patience == nil {
		*patience = time.After(lazyFor)
	}
	select {
	case next, open := <-w.queue:
		return next, open
	case <-*patience:
		return job{}, false
	}
}

// commit writes the batch in one transaction and answers those who wait.
func (w *writer) commit() {
	w.results = append(w.results[:0], make([]error, len(w.batch))...)
	err := w.write()
	w.report(err)
	for i := range w.batch {
		result := err
		if result == nil {
			result = w.results[i]
		}
		if result == nil {
			w.batch[i].task.committed()
		}
		w.batch[i].done <- result
		w.batch[i] = job{}
	}
}

// write does the batch. A job that fails for a reason of its own has it in
// results; an error is one for all.
func (w *writer) write() error {
	ctx := context.Background() // what was promised is kept: there is no way back
	if w.session == nil {
		var err error
		if w.session, err = openSession(ctx, w.folder.file(), w.schema); err != nil {
			return explain(err)
		}
	}
	w.logged = true
	wait := !w.soonEnough()
	if !wait {
		if err := w.syncer.failure(); err != nil {
			return err // to those whose records would go the same way
		}
	}
	err := w.session.settle(ctx, wait)
	if err == nil {
		err = w.session.transact(ctx, w.writeBatch)
	}
	if err == nil {
		w.syncer.committed(wait)
	}
	if err != nil && !isFull(err) {
		// Whatever it is, a new connection has the best chance not to have it.
		w.session.close()
		w.session = nil
	}
	return explain(err)
}

func (w *writer) writeBatch(ctx context.Context) error {
	for i := range w.batch {
		err := w.batch[i].task.write(ctx, w.session)
		if err != nil && !isRowsOwn(err) {
			return err
		}
		w.results[i] = err
	}
	return nil
}

// report tells of a change between working and not.
func (w *writer) report(err error) {
	troubled := err != nil
	if troubled == w.troubled {
		return
	}
	w.troubled = troubled
	if w.onError != nil {
		w.onError(err)
	}
}

// idle is called when nothing was to do for a while. It returns after how long it
// wants to be called again; 0 is when something was kept.
func (w *writer) idle() time.Duration {
	if w.busy {
		w.busy = false
		return idleAfter
	}
	if err := w.syncer.flush(); err != nil {
		w.syncer.failed = err // whoever writes next is told, or Close
	}
	if w.session == nil {
		return 0
	}
	pause, err := w.session.index(context.Background(), func() bool { return len(w.queue) > 0 })
	if err != nil {
		return 0 // what cannot be indexed now is found without, and tried again later
	}
	if pause == 0 && w.logged {
		w.logged = false
		w.session.tidy()
	}
	return pause
}

// relieve indexes a slice when there was no idle moment to do so for long.
func (w *writer) relieve() {
	if w.session != nil && w.session.backlog() > maxBacklog {
		_, _ = w.session.indexFacets(context.Background(), pressedSlice)
	}
}
