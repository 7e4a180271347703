package listener

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// An exchange is the life of one capture from the moment it is whole: its
// commit, its attempts and its reply, which run side by side.
type exchange struct {
	server  *Server
	capture *hook.Capture // not changed once the attempts have begun
	payload *payload
	notes   []string
	start   time.Time
	// assessment is how the body is held against its schema; nil where it is not.
	// assessable says that it may be.
	assessment *assessment
	assessable bool

	// relaying is the target whose answer the sender gets; nil for hookctl's own.
	relaying *target
	// planned are the deliveries that were kept with the capture, for the queue.
	planned []*hook.Delivery
	// unwritten says that the request to relaying could not be made.
	unwritten bool

	committed chan struct{} // closed when err is known; nil where there are no attempts
	err       error         // why the capture is not on disk

	open     atomic.Int32 // who still works on this: the handler and each background attempt
	mu       sync.Mutex
	reply    *hook.Reply
	attempts []*hook.Attempt
}

// keep begins to put the capture on disk, with its deliveries where its sender is told
// that it was taken: somebody has to see to it then that it arrives.
func (x *exchange) keep(to *audience) <-chan error {
	s := x.server
	x.notes = append(x.notes, to.notes...)
	queued := x.queued()
	if !queued {
		for _, t := range to.waiting {
			x.notes = append(x.notes, t.withheld(hook.Paused))
		}
	}
	if len(to.open) == 0 && (!queued || len(to.waiting) == 0) {
		return s.config.Store.Keep(x.capture)
	}
	if queued {
		var endpoints []*hook.Endpoint
		for _, t := range append(slices.Clip(to.open), to.waiting...) {
			endpoints = append(endpoints, &t.Endpoint)
		}
		var err error
		if x.planned, err = s.config.Forward.Queue.Plan(x.capture, endpoints); err != nil {
			refused := make(chan error, 1)
			refused <- err
			return refused
		}
		return s.config.Store.KeepFor(x.capture, x.planned)
	}
	x.committed = make(chan struct{})
	return s.config.Store.Keep(x.capture)
}

// queued reports whether the capture is delivered until it is acknowledged: it brings an
// event, and its sender is told that it was taken. What a browser asks for brings none.
func (x *exchange) queued() bool {
	reply := x.capture.Reply
	return x.server.config.Forward.Queue != nil && x.assessable && reply != nil && reply.Status/100 == 2 && brings(x.capture.Method)
}

// brings reports whether requests of a method bring something.
func brings(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	}
	return false
}

// settle records how the commit went and tells those who wait for it.
func (x *exchange) settle(err error) {
	x.err = err
	if x.committed != nil {
		close(x.committed)
	}
	if err == nil {
		if x.server.full.to(false) {
			x.server.config.Notice(Notice{Text: "there is room again: requests are kept", Over: true})
		}
		if x.planned != nil {
			x.server.config.Forward.Queue.Add(x.planned)
		}
		x.assess()
		x.server.config.Observe(Event{Kind: Received, Capture: x.capture, Notes: x.notes, assessment: x.assessment})
	}
}

// answerSelf gives hookctl's own reply.
func (x *exchange) answerSelf(w http.ResponseWriter, r *http.Request, a *answer) {
	if x.err != nil {
		x.refuse(w, r)
		return
	}
	x.server.config.Observe(Event{Kind: Replied, Capture: x.capture})
	x.server.answer(w, r, a)
}

// refuse answers a request whose commit failed.
func (x *exchange) refuse(w http.ResponseWriter, r *http.Request) {
	c := *x.capture
	x.server.refuse(w, r, &c, x.err)
}

// background sends the capture to t without anybody waiting for the answer.
func (x *exchange) background(t *target) {
	x.open.Add(1)
	x.server.work.Add(1)
	go func() {
		defer x.server.work.Done()
		defer x.leave()
		a := x.attempt(t, nil)
		<-x.committed
		x.record(a)
	}()
}

// relay sends the capture to the target whose answer is the sender's reply.
func (x *exchange) relay(w http.ResponseWriter, r *http.Request, kept <-chan error) {
	s := x.server
	s.work.Add(1)
	defer s.work.Done()
	var reply *hook.Reply
	a := x.attempt(x.relaying, func(status int, header http.Header) io.Writer {
		x.settle(<-kept)
		if x.err != nil {
			return nil
		}
		reply = x.replied(status, hook.FromEndpoint)
		relayHead(w, status, header)
		if header.Get("Content-Length") == "" {
			return &flusher{w, http.NewResponseController(w)}
		}
		return w
	})
	if reply == nil && x.err == nil { // no head came
		x.settle(<-kept)
		if x.err == nil {
			reply = x.replied(gatewayStatus(a), hook.FromListener)
			x.gatewayError(w, reply.Status, a)
		}
	}
	if x.err != nil {
		x.refuse(w, r)
		return
	}
	a.Reply = reply
	x.mu.Lock()
	x.reply = reply
	x.mu.Unlock()
	x.record(a)
	if reply.From == hook.FromEndpoint && a.Failure != "" {
		panic(http.ErrAbortHandler) // the sender must not take a part for the whole
	}
}

func (x *exchange) replied(status int, from string) *hook.Reply {
	return &hook.Reply{Status: status, From: from, Latency: time.Since(x.start)}
}

// attempt makes one outbound attempt and fills in what it is about.
func (x *exchange) attempt(t *target, relay send.Relay) *hook.Attempt {
	s := x.server
	request, err := s.request(x.capture, t)
	var a *hook.Attempt
	if err == nil {
		t.unwritable.to(false)
		a = s.config.Forward.Sender.Attempt(s.base, request, relay)
	} else {
		a = x.unsent(t, err)
	}
	a.CaptureID, a.Trigger, a.Endpoint = x.capture.ID, hook.TriggerForward, t.Name
	if id := x.capture.Identity; id != nil {
		a.Provider, a.Event = id.Provider, id.Event.Type
	}
	switch {
	case err != nil: // nothing is known of the target
	case a.Failure == hook.FailureUnreachable:
		t.seen(false, a.Reason)
	case a.Status != 0 || a.Failure == hook.FailureLate:
		t.seen(true, "")
	}
	return a
}

// unsent is the attempt that was not made, for err kept its request from being written,
// and tells of that once.
func (x *exchange) unsent(t *target, err error) *hook.Attempt {
	if t.unwritable.to(true) {
		t.notice(Notice{Text: "nothing is sent to " + t.Name + ": " + err.Error() + "; requests are kept meanwhile"})
	}
	if t == x.relaying {
		x.unwritten = true
	}
	return &hook.Attempt{
		StartedAt: x.server.config.Now().UTC().Truncate(time.Microsecond), Method: x.capture.Method, URL: hook.DisplayURL(t.URL),
		Failure: hook.FailureUnreachable, Reason: "nothing was sent: " + err.Error(),
	}
}

// record puts a on disk, off the reply path, and tells of it.
func (x *exchange) record(a *hook.Attempt) {
	s := x.server
	if x.err != nil {
		return
	}
	a.CaptureSeq = x.capture.Seq
	id, err := s.config.IDs.New(hook.AttemptPrefix, a.StartedAt)
	if err != nil {
		s.config.Notice(Notice{Text: "an attempt was not recorded: " + err.Error()})
		return
	}
	a.ID = id
	s.config.Store.Record(a) // the store tells of its own trouble
	x.mu.Lock()
	x.attempts = append(x.attempts, a)
	x.mu.Unlock()
	s.config.Observe(Event{Kind: Attempted, Capture: x.capture, Attempt: a})
}

// leave is called once by each who worked on x; the last one cleans up.
func (x *exchange) leave() {
	if x.open.Add(-1) > 0 {
		return
	}
	x.payload.close()
	if x.err != nil || !x.server.observed {
		return
	}
	c := *x.capture
	c.Reply = x.reply
	if x.assessment != nil {
		c.Validation = x.assessment.finding.Validation
	}
	x.server.config.Observe(Event{Kind: Finished, Capture: &c, Attempts: x.attempts, assessment: x.assessment})
}

// A flusher passes an answer of unknown length on as it comes, for it may be a stream.
type flusher struct {
	w       io.Writer
	control *http.ResponseController
}

func (f *flusher) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err == nil {
		err = f.control.Flush()
	}
	return n, err
}

// relayHead writes the target's response head to the sender.
func relayHead(w http.ResponseWriter, status int, header http.Header) {
	to := w.Header()
	// net/http would add these two where the target left them out.
	to["Date"], to["Content-Type"] = nil, nil
	options := hook.SortedHeader(header).ConnectionOptions()
	for name, values := range header {
		if !hook.HopByHop(name) && !options.Has(name) {
			to[name] = values
		}
	}
	w.WriteHeader(status)
}

// gatewayStatus is the reply where the target brought no answer.
func gatewayStatus(a *hook.Attempt) int {
	if a.Failure == hook.FailureLate {
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway
}

func (x *exchange) gatewayError(w http.ResponseWriter, status int, a *hook.Attempt) {
	// The sender may be anybody: of the target it learns the host and no more.
	to, reason := x.relaying.URL, a.Reason
	if x.unwritten {
		reason = "nothing was sent, for the request could not be made"
	}
	http.Error(w, fmt.Sprintf("hookctl: %s://%s: %s; the request is kept as %s", to.Scheme, to.Host, reason, x.capture.ID), status)
}
