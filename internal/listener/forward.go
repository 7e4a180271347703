package listener

import (
	"net"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// HopHeader carries the names of the hookctl processes that sent a request on.
const HopHeader = "X-Hookctl-Hop"

// Forward says where captures are sent as they arrive, and how.
type Forward struct {
	// Targets are the endpoints to send to.
	Targets []Target
	// Events are globs of which one must fit a request's event type or path; none
	// means all.
	Events []string
	// Header is added, in the place of fields of the same name.
	Header hook.Header
	// Forwarded adds X-Forwarded-For, -Host and -Proto.
	Forwarded bool
	// Sender makes the attempts.
	Sender Sender
	// Queue takes over the captures whose senders are answered at once; nil where each is
	// attempted once.
	Queue Queue
}

// A Target is an endpoint that captures are sent to.
type Target struct {
	hook.Endpoint
	// Relay says that its answer can become the sender's: that of the first target does
	// that wants the capture and says so.
	Relay bool
	// Exact sends to the URL as it is; a request's path is appended otherwise.
	Exact bool
	// Status says whether it gets anything at present; nil for always. It is asked for each
	// capture that the target wants, and should be quick.
	Status func() hook.EndpointStatus
	// Write makes the request for a capture, where that does not go on as it came; nil, and
	// a nil request, where it does. An error is told, and nothing is sent.
	Write func(c *hook.Capture) (*send.Request, error)
}

// A Queue delivers captures until they are acknowledged.
type Queue interface {
	// Plan makes the deliveries of c to the endpoints to. They are kept with c.
	Plan(c *hook.Capture, to []*hook.Endpoint) ([]*hook.Delivery, error)
	// Add begins with deliveries that are on disk.
	Add(ds []*hook.Delivery)
}

// An audience is who wants a capture.
type audience struct {
	// open are the targets that get it, waiting those that are paused: deliveries to these
	// wait, but nothing else is sent there.
	open, waiting []*target
	// notes say which get nothing though they want it.
	notes []string
}

// audience is who wants c.
func (s *Server) audience(c *hook.Capture) audience {
	var to audience
	targets := s.targets()
	if len(targets) == 0 || !s.fits(c) {
		return to
	}
	for _, t := range targets {
		if !t.Takes(c) {
			continue
		}
		switch status := t.status(); status {
		case hook.Enabled:
			to.open = append(to.open, t)
		case hook.Paused:
			to.waiting = append(to.waiting, t)
		default:
			to.notes = append(to.notes, t.withheld(status))
		}
	}
	return to
}

// status says whether t gets anything at present.
func (t *target) status() hook.EndpointStatus {
	if t.Status == nil {
		return hook.Enabled
	}
	return t.Status()
}

// withheld says that t gets nothing.
func (t *target) withheld(status hook.EndpointStatus) string {
	return "not sent to " + t.Name + ", which is " + string(status)
}

// fits reports whether c is one of the Events that are sent on.
func (s *Server) fits(c *hook.Capture) bool {
	if len(s.config.Forward.Events) == 0 {
		return true
	}
	path, event := c.Path(), eventOf(c)
	for _, glob := range s.config.Forward.Events {
		if hook.Glob(glob, path) || hook.Glob(glob, strings.TrimPrefix(path, "/")) || event != "" && hook.Glob(glob, event) {
			return true
		}
	}
	return false
}

func eventOf(c *hook.Capture) string {
	if c.Identity == nil {
		return ""
	}
	return c.Identity.Event.Type
}

// relaying is the target whose answer is the sender's; nil where there is none.
func relaying(targets []*target) *target {
	for _, t := range targets {
		if t.Relay {
			return t
		}
	}
	return nil
}

// looped reports whether this process has sent c before.
func (s *Server) looped(c *hook.Capture) bool {
	for _, v := range c.Header.Values(HopHeader) {
		for hop := range strings.SplitSeq(v, ",") {
			if strings.TrimSpace(hop) == s.config.Instance {
				return true
			}
		}
	}
	return false
}

// Outgoing is c as it is sent to t.
func (s *Server) Outgoing(c *hook.Capture, t *Target) send.Request {
	r := send.Onward(c, t.URL, s.additions(c, t.Header))
	if t.Exact {
		r.Target = t.URL.RequestURI()
	}
	return r
}

// request is c as it is sent to t.
func (s *Server) request(c *hook.Capture, t *target) (send.Request, error) {
	if t.Write != nil {
		if written, err := t.Write(c); err != nil || written != nil {
			if err != nil {
				return send.Request{}, err
			}
			return *written, nil
		}
	}
	return s.Outgoing(c, &t.Target), nil
}

// Added are the fields that Outgoing sets for c, with own in their place, and the one of
// them by which a loop is noticed, apart: for a request that is written anew.
func (s *Server) Added(c *hook.Capture, own hook.Header) (fields hook.Header, hop hook.Field) {
	all := s.additions(c, own)
	is := hook.NameSet{strings.ToLower(HopHeader): true}
	return all.Without(is.Has), hook.Field{Name: HopHeader, Value: strings.Join(all.Values(HopHeader), ", ")}
}

// additions are the fields that are set on the way out.
func (s *Server) additions(c *hook.Capture, own hook.Header) hook.Header {
	var set hook.Header
	if s.config.Forward.Forwarded {
		set = append(set, s.forwarded(c)...)
	}
	hops := append(c.Header.Values(HopHeader), s.config.Instance)
	set = append(set, hook.Field{Name: HopHeader, Value: strings.Join(hops, ", ")})
	for _, added := range []hook.Header{s.config.Forward.Header, own} {
		set = append(set.Without(added.Has), added...)
	}
	return set
}

func (s *Server) forwarded(c *hook.Capture) hook.Header {
	host, _, err := net.SplitHostPort(c.Remote)
	if err != nil {
		host = c.Remote
	}
	proto := "http"
	if s.config.TLS != nil {
		proto = "https"
	}
	via := append(c.Header.Values("X-Forwarded-For"), host)
	return hook.Header{
		{Name: "X-Forwarded-For", Value: strings.Join(via, ", ")},
		{Name: "X-Forwarded-Host", Value: c.Header.Get("Host")},
		{Name: "X-Forwarded-Proto", Value: proto},
	}
}
