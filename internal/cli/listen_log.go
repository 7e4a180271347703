package cli

import (
	"encoding/json"
	"errors"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/signature"
)

// A listenLog prints what the listener tells, on a goroutine of its own: a
// terminal that stands still must not hold up the replies.
type listenLog struct {
	app     *app
	entries chan func()
	missed  atomic.Int64
	closing chan struct{} // closed when no more is to come
	done    chan struct{} // closed when all is printed
	show    func(listener.Event) error
	// ended has since when the endpoints are out of use of which that was told; of delivered
	// alone, which is called once at a time.
	ended map[string]time.Time
	// Only the printing goroutine looks at these.
	broken bool // standard output is closed
	hinted bool // it was said how a failing signature is explained
}

const (
	// logBacklog is how many lines may wait for the terminal before lines are left out.
	logBacklog = 8192
	// lastLines is how long the end of hookctl waits for a terminal that stands still.
	lastLines = time.Second
)

func newListenLog(a *app) *listenLog {
	l := &listenLog{app: a, entries: make(chan func(), logBacklog), closing: make(chan struct{}), done: make(chan struct{}), ended: map[string]time.Time{}}
	switch {
	case a.global.json:
		l.show = l.showJSON
	case !a.global.quiet:
		l.show = a.eventPrinter()
	}
	go l.print()
	return l
}

func (l *listenLog) print() {
	defer close(l.done)
	for {
		select {
		case entry := <-l.entries:
			l.printEntry(entry)
			continue
		default:
		}
		select {
		case entry := <-l.entries:
			l.printEntry(entry)
		case <-l.closing:
			if len(l.entries) == 0 {
				return
			}
		}
	}
}

func (l *listenLog) printEntry(entry func()) {
	entry()
	if l.missed.Swap(0) > 0 {
		l.app.messages().Warn("the terminal was too slow: lines left out here; all requests are kept")
	}
}

// close prints what is still waiting, as long as the terminal takes it.
func (l *listenLog) close() {
	close(l.closing)
	select {
	case <-l.done:
	case <-time.After(lastLines):
	}
}

// observer returns the function that queues the listener's events for printing;
// nil where none are shown.
func (l *listenLog) observer() func(listener.Event) {
	if l.show == nil {
		return nil
	}
	return func(e listener.Event) { l.queue(func() { l.printEvent(e) }) }
}

func (l *listenLog) queue(entry func()) {
	select {
	case l.entries <- entry:
	default:
		l.missed.Add(1)
	}
}

func (l *listenLog) printEvent(e listener.Event) {
	if l.broken {
		return
	}
	l.check(l.show(e))
	if e.Kind == listener.Received && !l.hinted && !l.app.global.json && mismatched(e.Capture.Identity) {
		l.hinted = true
		l.app.messages().Hint("hookctl verify " + e.Capture.ID.Short() + " --explain says why the signature does not match")
	}
}

// check notes, and says, that nobody reads the output any more.
func (l *listenLog) check(err error) {
	if errors.Is(err, syscall.EPIPE) {
		l.broken = true
		l.app.messages().Warn("standard output is closed: requests are still kept and forwarded, but no longer shown")
	}
}

// mismatched reports whether a signature is there and does not hold.
func mismatched(id *hook.Identity) bool {
	return id != nil && id.Verification != nil && id.Verification.Reason == signature.Mismatch
}

// notice queues a notice of the listener. Notices are for people: they go to
// standard error, also with --json.
func (l *listenLog) notice(n listener.Notice) {
	l.queue(func() { l.app.notice(n) })
}

// notice prints a notice of the listener.
func (a *app) notice(n listener.Notice) {
	m := a.messages()
	if n.Over {
		m.Status(n.Text)
		return
	}
	m.Warn(n.Text)
	if n.Hint != "" {
		m.Hint(n.Hint)
	}
}

// status queues a line about what listen does.
func (l *listenLog) status(text string) {
	l.queue(func() { l.app.messages().Status(text) })
}

// storeTrouble tells of a store that cannot write. A full disk is told by the
// listener, which knows what senders are answered.
func (l *listenLog) storeTrouble(err error) {
	if err != nil && !errors.Is(err, hook.ErrFull) {
		l.notice(listener.Notice{Text: "the store does not take requests: " + err.Error(), Hint: "hookctl doctor looks into it"})
	}
}

// showJSON writes one object for each exchange: the capture's stable form with
// its attempts, or, where it was not kept, with the reason.
func (l *listenLog) showJSON(e listener.Event) error {
	switch e.Kind {
	case listener.Finished:
		attempts := make([]*hook.Attempt, len(e.Attempts))
		for i, attempt := range e.Attempts {
			attempts[i] = attempt.Masked()
		}
		more := map[string]any{"attempts": attempts}
		if found, _ := e.Assessed(0); len(found.New) > 0 {
			more["drift"] = driftsJSON(found.New)
		}
		return l.writeCapture(e.Capture, more)
	case listener.Refused:
		return l.writeCapture(e.Capture, map[string]any{"refused": e.Reason})
	}
	return nil
}

// A driftJSON is a drift in the stream, where the capture says the rest.
type driftJSON struct {
	Kind    string `json:"kind"`
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

func driftsJSON(drifts []hook.Drift) []driftJSON {
	list := make([]driftJSON, len(drifts))
	for i, d := range drifts {
		list[i] = driftJSON{d.Kind, d.Pointer, d.Detail}
	}
	return list
}

// writeCapture writes c without its body and credentials, with fields more.
func (l *listenLog) writeCapture(c *hook.Capture, more map[string]any) error {
	listed := c.Masked()
	listed.Body = nil
	object, err := json.Marshal(listed)
	if err != nil {
		return err
	}
	extra, err := json.Marshal(more)
	if err != nil {
		return err
	}
	object[len(object)-1] = ','
	return render.WriteJSON(l.app.world.Stdout, json.RawMessage(append(object, extra[1:]...)))
}

// verdictPatience is how long a line waits for what is found of the body: then that gets
// a line of its own.
const verdictPatience = 50 * time.Millisecond

// eventPrinter returns the function that prints events for people.
func (a *app) eventPrinter() func(listener.Event) error {
	p := a.out()
	late := map[hook.ID]bool{} // captures that were shown before their body was looked at
	return func(e listener.Event) error {
		if a.world.StdoutTerminal && p.Width() != a.world.Width() {
			p = a.out() // the terminal was resized
		}
		switch e.Kind {
		case listener.Received:
			found, known := e.Assessed(verdictPatience)
			if !known {
				late[e.Capture.ID] = true
			}
			received := *e.Capture
			received.Validation = found.Validation
			p.Received(&received, render.Remarks{Notes: e.Notes, Unchecked: found.Unchecked, New: found.New})
		case listener.Replied:
			p.Replied(e.Capture)
		case listener.Attempted:
			p.Attempted(e.Capture, e.Attempt)
		case listener.Finished:
			if late[e.Capture.ID] {
				delete(late, e.Capture.ID)
				found, _ := e.Assessed(0)
				p.Assessed(e.Capture, render.Remarks{Unchecked: found.Unchecked, New: found.New})
			}
		case listener.Refused:
			p.Refused(e.Capture, e.Reason)
		}
		return p.Err()
	}
}
