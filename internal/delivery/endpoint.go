package delivery

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Problem is something that a provider would not accept of an endpoint, or would not do
// for it.
type Problem struct {
	Text string
	// Hint says what can be done about it, "" where there is nothing to say.
	Hint string
	// Fatal problems keep the provider from delivering there at all.
	Fatal bool
}

// CheckEndpoint says what the provider would have against e, and what it would do
// otherwise. Every problem is told, in the order in which an endpoint is written.
func (r *Rules) CheckEndpoint(e *hook.Endpoint) []Problem {
	var found []Problem
	found = append(found, r.checkURL("url", e.URL)...)
	found = append(found, r.checkEvents(e)...)
	found = append(found, CheckHeader(e.Header)...)
	found = append(found, r.checkOffered(e.Header)...)
	if e.Rate.Count > 0 && !r.profile.Endpoint.RateLimit {
		found = append(found, Problem{
			Text: fmt.Sprintf("rate_limit: %s is not known to limit rates; hookctl does", r.profile.Name),
		})
	}
	return append(found, r.checkErrors(e)...)
}

// checkURL demands the scheme that the provider does, but of addresses that only this
// machine can reach.
func (r *Rules) checkURL(key string, to *url.URL) []Problem {
	if to == nil || to.Scheme == "https" || !r.profile.Endpoint.HTTPS || Loopback(to.Hostname()) {
		return nil
	}
	return []Problem{{
		Fatal: true,
		Text:  fmt.Sprintf("%s: %s delivers to https only, got %s", key, r.profile.Name, hook.DisplayURL(to)),
		Hint:  "localhost may have http; set: {endpoint.https: false} allows it everywhere",
	}}
}

// Loopback reports whether host is this machine: localhost, or a loopback address. Any
// other name is looked up, and may lead anywhere.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func (r *Rules) checkEvents(e *hook.Endpoint) []Problem {
	const rule = "event.filter"
	switch filter := r.profile.Event.Filter; {
	case filter == provider.FilterRequired && len(e.Events) == 0:
		known := r.profile.Status(rule)
		p := Problem{
			Fatal: known != provider.Assumed,
			Text:  fmt.Sprintf("events: %s has every endpoint choose its events, and none is chosen", r.profile.Name),
			Hint:  `events: ["*"] chooses all of them`,
		}
		if !p.Fatal {
			p.Text += " (assumed)"
		}
		return []Problem{p}
	case filter == provider.FilterNone && len(e.Events) > 0:
		return []Problem{{Text: fmt.Sprintf("events: %s sends every endpoint everything: hookctl chooses all the same", r.profile.Name)}}
	}
	return nil
}

// CheckHeader says which fields no message may be given, whoever sends it.
func CheckHeader(header hook.Header) []Problem {
	var found []Problem
	for _, f := range header {
		switch {
		case f.Name == "" || strings.ContainsFunc(f.Name, notToken):
			found = append(found, Problem{Fatal: true, Text: fmt.Sprintf("headers: want a name of letters, digits and hyphens, got %q", f.Name)})
		case hook.HopByHop(f.Name), strings.EqualFold(f.Name, "Content-Length"):
			found = append(found, Problem{Fatal: true, Text: fmt.Sprintf("headers: %s belongs to the connection or the message itself and cannot be set", f.Name)})
		case strings.ContainsFunc(f.Value, control):
			found = append(found, Problem{Fatal: true, Text: fmt.Sprintf("headers: the value of %s has a control character, which no header may have", f.Name)})
		}
	}
	return found
}

// notToken reports whether c may not stand in a header's name (RFC 9110, 5.6.2).
func notToken(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", c))
}

func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

// checkOffered says which fields the provider would not let be set.
func (r *Rules) checkOffered(header hook.Header) []Problem {
	var found []Problem
	rule := &r.profile.Endpoint
	for _, f := range header {
		refused := func(g provider.Glob) bool {
			return provider.Glob(strings.ToLower(string(g))).Match(strings.ToLower(f.Name))
		}
		if i := slices.IndexFunc(rule.RefusedHeaders, refused); i >= 0 {
			text := fmt.Sprintf("headers: %s does not let %s be set", r.profile.Name, f.Name)
			if glob := string(rule.RefusedHeaders[i]); !strings.EqualFold(glob, f.Name) {
				text += ", nor any other " + glob
			}
			found = append(found, Problem{Fatal: true, Text: text, Hint: "set: {endpoint.refused_headers: []} allows it here"})
		}
	}
	if len(header) > 0 && len(found) == 0 && !rule.CustomHeaders {
		found = append(found, Problem{Text: fmt.Sprintf("headers: %s is not known to send custom ones; hookctl does", r.profile.Name)})
	}
	return found
}

// checkErrors says what is to be said of the URL for messages about failed deliveries.
func (r *Rules) checkErrors(e *hook.Endpoint) []Problem {
	if e.ErrorsTo == nil {
		return nil
	}
	if r.policy.Errors.After == 0 || len(r.policy.Errors.Body) == 0 {
		return []Problem{{Text: fmt.Sprintf("errors_to: %s sends no messages about failed deliveries: nothing will come", r.profile.Name)}}
	}
	return r.checkURL("errors_to", e.ErrorsTo)
}

// CheckTopics says which of the event types topics more of the endpoints all have chosen
// than the provider allows. All of them must be endpoints of this provider.
func (r *Rules) CheckTopics(all []*hook.Endpoint, topics []string) []Problem {
	limit := r.profile.Endpoint.PerTopic
	if limit == 0 {
		return nil
	}
	var found []Problem
	for _, topic := range slices.Compact(slices.Sorted(slices.Values(topics))) {
		var names []string
		for _, e := range all {
			if e.Wants(topic) {
				names = append(names, e.Name)
			}
		}
		if len(names) > limit {
			found = append(found, Problem{
				Fatal: true,
				Text:  fmt.Sprintf("%s allows %d endpoints for a topic, and %d want %s: %s", r.profile.Name, limit, len(names), topic, strings.Join(names, ", ")),
				Hint:  "take it out of the events of one of them",
			})
		}
	}
	return found
}
