package listener

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/provider"
)

// ServeHTTP takes one request through its whole life.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	if r.ProtoMajor != 1 {
		http.Error(w, "hookctl: only HTTP/1.0 and HTTP/1.1 are spoken here", http.StatusHTTPVersionNotSupported)
		return
	}
	c, err := s.capture(r)
	if err != nil {
		s.refuse(w, r, c, err)
		return
	}
	if smuggled(c) {
		w.Header().Set("Connection", "close")
	}
	payload, err := s.readBody(w, r)
	if err != nil {
		s.refuse(w, r, c, err)
		return
	}
	c.Body, c.BodySize, c.BodySHA256 = payload.body, payload.body.Size(), payload.sum
	c.Trailer = hook.SortedHeader(r.Trailer)
	s.exchange(w, r, c, payload, start)
}

// capture makes the capture of r, but for its body.
func (s *Server) capture(r *http.Request) (*hook.Capture, error) {
	at := s.config.Now().UTC().Truncate(time.Microsecond)
	c := &hook.Capture{
		ReceivedAt: at,
		Method:     r.Method,
		Target:     r.RequestURI,
		Proto:      r.Proto,
		Remote:     r.RemoteAddr,
	}
	if conn := tapped(r); conn != nil {
		c.Header, c.HeadersExact = exactHead(conn.head, r)
	}
	if !c.HeadersExact {
		c.Header = plainHead(r)
	}
	if s.looped(c) {
		return c, errLoop
	}
	var err error
	c.ID, err = s.config.IDs.New(hook.CapturePrefix, at)
	return c, err
}

// smuggled reports whether a request stated its length twice. net/http reads
// such a request by its chunks; what follows it on the connection cannot be
// trusted (RFC 9112, 6.1). Where the head is not exact the Content-Length may be
// hidden, so any chunked request counts.
func smuggled(c *hook.Capture) bool {
	return c.Header.Has("Transfer-Encoding") && (!c.HeadersExact || c.Header.Has("Content-Length"))
}

// exchange keeps c, sends it on, and answers the sender.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request, c *hook.Capture, p *payload, start time.Time) {
	var finding identify.Finding
	if s.config.Identifier != nil {
		finding = s.config.Identifier.Identify(c)
		c.Identity = finding.Identity
	}
	refusal, assessed := s.examine(c, &finding)
	var to audience
	if refusal == nil {
		to = s.audience(c)
	}
	own := refusal
	if own == nil {
		own = s.ownReply(c, to.open, finding.Answer)
	}
	if own != nil {
		c.Reply = &hook.Reply{
			Status: own.Status, From: hook.FromListener, Dropped: own.Dropped, Latency: time.Since(start) + own.wait(),
		}
	}
	x := &exchange{
		server: s, capture: c, payload: p, notes: finding.Notes, start: start, reply: c.Reply,
		assessable: finding.Answer == nil, assessment: assessed,
	}
	if own == nil {
		x.relaying = relaying(to.open)
	}
	kept := x.keep(&to)
	x.open.Add(1)
	defer x.leave()
	for _, t := range to.open {
		if x.planned == nil && t != x.relaying {
			x.background(t)
		}
	}
	if own != nil {
		x.settle(<-kept)
		x.answerSelf(w, r, own)
		return
	}
	x.relay(w, r, kept)
}

// examine returns the answer that c is refused with under Strict, nil where it is not
// refused, and what is known by then of its body. A handshake is held against nothing.
func (s *Server) examine(c *hook.Capture, finding *identify.Finding) (*answer, *assessment) {
	if s.config.Strict && finding.Forged() {
		return unauthorized(c.Identity.Verification), nil
	}
	if finding.Answer != nil {
		return nil, nil
	}
	assessed := s.assessed(c)
	if unfit(assessed) {
		return unprocessable(assessed.finding.Validation), assessed
	}
	return nil, assessed
}

// ownReply returns the answer that hookctl gives by itself; nil where that of a
// target is relayed. A handshake is answered as the provider wants it unless a
// target is there to do that, or a script says otherwise.
func (s *Server) ownReply(c *hook.Capture, targets []*target, handshake *provider.Answer) *answer {
	if step, ok := pathStep(c.Path()); ok {
		return s.standard(step)
	}
	relayed := !s.config.Replies.Fixed && relaying(targets) != nil
	switch {
	case relayed:
		return nil
	case handshake != nil && len(s.script.steps) == 1:
		return &answer{Step: Step{Status: handshake.Status}, header: handshake.Header, body: handshake.Body}
	}
	return s.standard(s.script.next())
}

// errLoop is the error of a request that this very process sent out.
var errLoop = errors.New("the request came back from its own target")

// refuse answers a request that is not kept, and says so.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, c *hook.Capture, err error) {
	status, reason := http.StatusInternalServerError, err.Error()
	var cut *cutError
	switch {
	case errors.Is(err, errTooLarge):
		status = http.StatusRequestEntityTooLarge
		reason = fmt.Sprintf("the body is over %d bytes, the limit that --max-body sets", s.config.MaxBody)
	case errors.Is(err, errLoop):
		status = http.StatusLoopDetected
	case errors.Is(err, hook.ErrFull):
		status = http.StatusInsufficientStorage
		s.noticeFull(err)
	case errors.As(err, &cut):
		status = cut.status()
	}
	w.Header().Set("Connection", "close")
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex() // else the answer would wait for the body
	_ = control.SetReadDeadline(time.Now().Add(refusedPatience))
	http.Error(w, "hookctl: not kept: "+reason, status)
	if r.Header.Get("Expect") == "" && control.Flush() == nil {
		// What the sender still has under way is read and dropped, so that it sees the
		// answer and not a reset; but not for long.
		_, _ = io.CopyN(io.Discard, r.Body, refusedDrain)
	}
	c.ID = "" // nothing will ever be found under it
	c.Reply = &hook.Reply{Status: status, From: hook.FromListener}
	s.config.Observe(Event{Kind: Refused, Capture: c, Reason: reason})
}

// noticeFull says once that the disk is full.
func (s *Server) noticeFull(err error) {
	if s.full.to(true) {
		s.config.Notice(Notice{
			Text: "not keeping requests: " + err.Error() + "; senders get 507",
			Hint: "make room on the disk, or drop old captures: hookctl captures prune --keep 1000",
		})
	}
}
