package listener

import (
	"net"
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// HopHeader carries the names of the hookctl processes that sent a request on.
const HopHeader = "X-Hookctl-Hop"

// Forward says where captures are sent as they arrive, and how.
type Forward struct {
	// Targets are the URLs to send to; a request's path is appended to each one's.
	Targets []*url.URL
	// ReplyFrom is the index of the target whose answer is relayed.
	ReplyFrom int
	// Events are globs of which one must fit a request's event type or path; none
	// means all.
	Events []string
	// Header is added, in the place of fields of the same name.
	Header hook.Header
	// Forwarded adds X-Forwarded-For, -Host and -Proto.
	Forwarded bool
	// Sender makes the attempts.
	Sender Sender
}

// interested returns the targets that want c.
func (s *Server) interested(c *hook.Capture) []*target {
	if len(s.config.Forward.Events) == 0 {
		return s.targets
	}
	path, event := c.Path(), ""
	if c.Identity != nil {
		event = c.Identity.Event.Type
	}
	for _, glob := range s.config.Forward.Events {
		if hook.Glob(glob, path) || hook.Glob(glob, strings.TrimPrefix(path, "/")) || event != "" && hook.Glob(glob, event) {
			return s.targets
		}
	}
	return nil
}

// replyTarget is the target whose answer is relayed; nil where there is none.
func (s *Server) replyTarget() *target {
	if len(s.targets) == 0 {
		return nil
	}
	return s.targets[s.config.Forward.ReplyFrom]
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

// outgoing is c as it is sent to the target at to.
func (s *Server) outgoing(c *hook.Capture, to *url.URL) send.Request {
	return send.Onward(c, to, s.additions(c))
}

// additions are the fields that are set on the way out.
func (s *Server) additions(c *hook.Capture) hook.Header {
	var set hook.Header
	if s.config.Forward.Forwarded {
		set = append(set, s.forwarded(c)...)
	}
	hops := append(c.Header.Values(HopHeader), s.config.Instance)
	set = append(set, hook.Field{Name: HopHeader, Value: strings.Join(hops, ", ")})
	return append(set.Without(s.config.Forward.Header.Has), s.config.Forward.Header...)
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
