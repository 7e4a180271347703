package validate

import (
	"context"
	"iter"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
)

// Config says how payloads are held against their schemas.
type Config struct {
	// Check holds one payload against its schema and tells Provider, Event and Validation,
	// or Trouble. It must be safe for concurrent use.
	Check  func(*Payload) Report
	FailOn FailOn
	// MustFail tells by Path and File which payloads are there to be refused; nil for none.
	MustFail func(*Report) bool
	// Workers is how many payloads are checked at once; 0 takes all processors.
	Workers int
	// Now is the clock that Elapsed is measured with.
	Now func() time.Time
}

const (
	// inMemory is how many bytes of payloads may be in memory at once, besides the one
	// that is to be told next.
	inMemory = 64 << 20
	// maxBatch and batchBytes bound what a worker takes at once.
	maxBatch   = 32
	batchBytes = 256 << 10
	// smallFile is how large a file may be that is not counted before it is read.
	smallFile = 64 << 10
)

// Run checks payloads on all processors and tells of each, in their order, whatever the
// number of workers. It ends with the first error of tell, or when ctx ends.
func Run(ctx context.Context, payloads iter.Seq[Payload], c Config, tell func(*Report) error) (Total, error) {
	start := c.Now()
	r := newRun(ctx, c)
	defer r.stop()
	go r.produce(payloads)
	for range r.workers {
		go r.work()
	}
	var total Total
	err := r.tellAll(tell, &total)
	total.Elapsed = c.Now().Sub(start)
	return total, err
}

// A run is the machinery of Run: one goroutine finds payloads and makes batches of
// them, workers check these, and the caller's tells of them in their order.
type run struct {
	Config
	ctx     context.Context
	cancel  context.CancelFunc
	gate    *gate
	workers int
	todo    chan *batch
	order   chan *batch // as found; closed at the end
	busy    sync.WaitGroup
}

// A batch is payloads that one worker checks.
type batch struct {
	number   int
	payloads []Payload
	reports  []Report
	read     int64 // bytes of its payloads when it was made
	held     int64 // bytes that the gate counts for it
	done     chan struct{}
}

func newRun(ctx context.Context, c Config) *run {
	r := &run{Config: c, gate: newGate(inMemory), workers: c.Workers}
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.todo = make(chan *batch)
	r.order = make(chan *batch, 4*r.workers)
	r.busy.Add(r.workers + 1)
	return r
}

// stop ends all goroutines and waits for them.
func (r *run) stop() {
	r.cancel()
	r.gate.close()
	r.busy.Wait()
}

func (r *run) produce(payloads iter.Seq[Payload]) {
	defer r.busy.Done()
	defer close(r.todo)
	defer close(r.order)
	b := &batch{done: make(chan struct{})}
	for p := range payloads {
		n := int64(len(p.Text))
		if n > 0 && !r.gate.enter(b.number, n) || r.ctx.Err() != nil {
			return
		}
		b.payloads = append(b.payloads, p)
		b.read, b.held = b.read+n, b.held+n
		if !r.handOver(b, len(b.payloads) == maxBatch || b.read >= batchBytes) {
			continue
		}
		if !r.enqueue(b) {
			return
		}
		b = &batch{number: b.number + 1, done: make(chan struct{})}
	}
	if len(b.payloads) > 0 && r.handOver(b, true) {
		r.enqueue(b)
	}
}

// handOver gives b to a worker: to one that is idle now, or to the next one where b is
// full. It reports whether one has it.
func (r *run) handOver(b *batch, full bool) bool {
	select {
	case r.todo <- b:
		return true
	default:
	}
	if !full {
		return false
	}
	select {
	case r.todo <- b:
		return true
	case <-r.ctx.Done():
		return false
	}
}

func (r *run) enqueue(b *batch) bool {
	select {
	case r.order <- b:
		return true
	case <-r.ctx.Done():
		return false
	}
}

func (r *run) work() {
	defer r.busy.Done()
	for b := range r.todo {
		b.reports = make([]Report, len(b.payloads))
		for i := range b.payloads {
			if r.ctx.Err() != nil {
				return
			}
			r.check(b, i)
		}
		close(b.done)
	}
}

// check makes the report of one payload of a batch. What need not be kept for it is
// given back at once.
func (r *run) check(b *batch, i int) {
	start := r.Now()
	p := &b.payloads[i]
	if p.unread && p.Trouble == nil {
		p.Text, p.Trouble = readFile(p.File, func(n int64) bool {
			b.held += n
			return r.gate.enter(b.number, n)
		})
	}
	size := int64(len(p.Text))
	counted := !p.unread || size > smallFile
	p.unwrap()
	report := Report{Trouble: p.Trouble}
	if p.Trouble == nil {
		report = r.Check(p)
		inflate.Explain(&report.Validation, p.coded)
		explainLines(&report.Validation, p)
	}
	if p.Capture != nil {
		report.Seq = p.Capture.Seq
	}
	report.Path, report.File, report.Line, report.Entry = p.Path, p.File, p.Line, p.Entry
	report.Inside = p.inside
	report.Bodiless = p.Trouble == nil && len(p.Text) == 0 && p.Capture != nil && !carries(p.Capture.Method)
	report.Text = nil
	if len(report.Validation.Faults) > 0 {
		report.Text = p.Text
	} else if counted {
		b.held -= size
		r.gate.leave(size)
	}
	p.Text, p.Capture = nil, nil
	r.judge(&report)
	report.Elapsed = r.Now().Sub(start)
	b.reports[i] = report
}

// judge says whether a report counts against the run.
func (r *run) judge(report *Report) {
	report.MustFail = r.MustFail != nil && r.MustFail(report)
	if report.Trouble != nil {
		return
	}
	v := &report.Validation
	if report.MustFail { // what nobody knows a schema for is not refused
		report.Failed = r.FailOn != FailNever && (v.Outcome == hook.NoSchema || !r.FailOn.Refuses(v))
		return
	}
	report.Failed = r.FailOn.counts(v)
}

func (r *run) tellAll(tell func(*Report) error, total *Total) error {
	for {
		select {
		case <-r.ctx.Done():
			return context.Cause(r.ctx)
		case b, more := <-r.order:
			if !more {
				return context.Cause(r.ctx)
			}
			if err := r.tellBatch(b, tell, total); err != nil {
				return err
			}
		}
	}
}

func (r *run) tellBatch(b *batch, tell func(*Report) error, total *Total) error {
	select {
	case <-b.done:
	case <-r.ctx.Done():
		return context.Cause(r.ctx)
	}
	for i := range b.reports {
		if !b.reports[i].Bodiless {
			total.count(&b.reports[i], r.FailOn)
		}
		if err := tell(&b.reports[i]); err != nil {
			return err
		}
	}
	r.gate.told(b.number, b.held)
	return nil
}

// carries reports whether requests of a method are there to carry a body.
func carries(method string) bool {
	switch strings.ToUpper(method) {
	case "POST", "PUT", "PATCH":
		return true
	}
	return false
}
