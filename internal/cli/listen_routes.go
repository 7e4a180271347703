package cli

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// A route is a receiver of what listen takes: a --forward-to, or an endpoint of
// hookctl.yaml.
type route struct {
	hook.Endpoint
	relay bool
	known *knownEndpoint // nil for a --forward-to
}

// noEndpoint is the word for --endpoint that chooses none.
const noEndpoint = "none"

// routes are where captures go: first to the targets that --forward-to names, then to the
// endpoints of hookctl.yaml, all of them or those that --endpoint chooses.
func (o *listenOptions) routes(a *app) ([]route, error) {
	routes, err := o.forwardRoutes()
	if err != nil {
		return nil, err
	}
	declared, err := o.endpointRoutes(a)
	if err != nil {
		return nil, err
	}
	routes = append(routes, declared...)
	if len(routes) == 0 && (len(o.events) > 0 || len(o.header) > 0 || o.insecure || o.forwarded) {
		return nil, usage("add --forward-to URL", "--events, --header, --insecure and --x-forwarded say what to forward and how, but there is no target")
	}
	return routes, nil
}

// forwardRoutes are the targets of --forward-to.
func (o *listenOptions) forwardRoutes() ([]route, error) {
	var routes []route
	for i, text := range o.forwardTo {
		to, err := parseTarget(text)
		if err != nil {
			return nil, err
		}
		routes = append(routes, route{Endpoint: hook.Endpoint{URL: to, Concurrency: 1}, relay: i == o.replyFrom-1})
	}
	switch {
	case len(routes) == 0 && o.replyFrom != 1:
		return nil, usage("reply: ignore in "+configName+" keeps an endpoint from answering", "--reply-from: want the number of a --forward-to, and there is none")
	case len(routes) > 0 && (o.replyFrom < 1 || o.replyFrom > len(routes)):
		return nil, usage("", "--reply-from: want the number of a --forward-to, from 1 to %d, got %d", len(routes), o.replyFrom)
	}
	return routes, nil
}

// endpointRoutes are the endpoints of hookctl.yaml that listen sends to.
func (o *listenOptions) endpointRoutes(a *app) ([]route, error) {
	declared, err := a.endpoints()
	if err != nil {
		return nil, err
	}
	chosen := declared.all()
	if len(o.endpoints) > 0 {
		if chosen, err = o.chosenEndpoints(declared); err != nil {
			return nil, err
		}
	}
	var routes []route
	for _, e := range chosen {
		for _, p := range e.problems() {
			if p.Fatal {
				return nil, usage(p.Hint, "endpoint %s: %s", e.Name, p.Text)
			}
		}
		routes = append(routes, route{Endpoint: e.Endpoint, relay: e.relay, known: e})
	}
	return routes, nil
}

func (o *listenOptions) chosenEndpoints(declared *endpointSet) ([]*knownEndpoint, error) {
	if slices.Contains(o.endpoints, noEndpoint) {
		if len(o.endpoints) > 1 {
			return nil, usage("", "--endpoint %s leaves no room for others", noEndpoint)
		}
		return nil, nil
	}
	var chosen []*knownEndpoint
	for _, name := range o.endpoints {
		e, err := declared.find(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(chosen, e) {
			chosen = append(chosen, e)
		}
	}
	return chosen, nil
}

// announceRoutes says where captures go, and with held of which routes they do not at
// present.
func (o *listenOptions) announceRoutes(a *app, routes []route, held map[string]string) {
	m := a.messages()
	relays := -1
	if !o.fixedReply {
		relays = slices.IndexFunc(routes, func(r route) bool { return r.relay && held[r.Place()] == "" })
	}
	for i, r := range routes {
		if line := held[r.Place()]; line != "" {
			m.Status(line)
			continue
		}
		line := "forwarding to " + r.URL.Redacted()
		if r.Name != "" {
			line = "endpoint " + r.Name + ": " + eventsInWords(&r.Endpoint) + " to " + hook.DisplayURL(r.URL)
		}
		switch {
		case i == relays && r.Name == "":
			line += ", whose answer is relayed"
		case i == relays:
			line += ", whose answer is relayed where it wants the event"
		}
		m.Status(line)
	}
	if unheeded := unheededSettings(routes, held); len(unheeded) > 0 && !o.queues() {
		m.Status(strings.Join(unheeded, "; ") + ": only with --reply 200, for here each event is sent once, as it comes")
	}
	if len(routes) > 0 && o.queues() {
		m.Status("answering at once, delivering until it is acknowledged or the provider's policy ends")
	}
}

// unheededSettings says which endpoints that are not held have which settings that count for
// deliveries alone.
func unheededSettings(routes []route, held map[string]string) []string {
	var lines []string
	for _, r := range routes {
		if r.known == nil || held[r.Place()] != "" {
			continue
		}
		if settings := r.known.deliverySettings(); len(settings) > 0 {
			lines = append(lines, strings.Join(settings, ", ")+" of "+r.Name)
		}
	}
	return lines
}

// deliverySettings are the settings that e has and that count for deliveries alone.
func (e *knownEndpoint) deliverySettings() []string {
	var settings []string
	if e.Rate.Count > 0 {
		settings = append(settings, "rate_limit")
	}
	if e.Concurrency > 1 {
		settings = append(settings, "concurrency")
	}
	if len(e.set) > 0 {
		settings = append(settings, "set")
	}
	return settings
}

// eventsInWords says what an endpoint wants.
func eventsInWords(e *hook.Endpoint) string {
	text := "everything"
	if len(e.Events) > 0 {
		text = strings.Join(e.Events, ", ")
	}
	if e.Provider != "" {
		text += " of " + e.Provider
	}
	return text
}

// queues reports whether what is taken may be answered with a 2xx before it was
// delivered.
func (o *listenOptions) queues() bool {
	if !o.fixedReply {
		return false
	}
	if len(o.replyScript) == 0 {
		return o.reply/100 == 2
	}
	return slices.ContainsFunc(o.replyScript, func(step listener.Step) bool { return step.Status/100 == 2 })
}

// refuseLoops refuses routes that lead to the listener itself.
func refuseLoops(routes []route, at *net.TCPAddr) error {
	var urls []*url.URL
	for _, r := range routes {
		urls = append(urls, r.URL)
	}
	return refuseLoop(urls, at)
}

// routesDiffer says in words which endpoints are new, gone or changed; "" for none.
func routesDiffer(before, after []route) string {
	var words []string
	find := func(in []route, name string) *route {
		if i := slices.IndexFunc(in, func(r route) bool { return r.Name == name }); i >= 0 {
			return &in[i]
		}
		return nil
	}
	for _, now := range after {
		switch was := find(before, now.Name); {
		case now.Name == "": // a --forward-to stays as it was given
		case was == nil:
			words = append(words, "endpoint "+now.Name+" added")
		case was.fingerprint() != now.fingerprint():
			words = append(words, "endpoint "+now.Name+" changed")
		}
	}
	for _, was := range before {
		if find(after, was.Name) == nil {
			words = append(words, "endpoint "+was.Name+" gone")
		}
	}
	return strings.Join(words, ", ")
}

// fingerprint is the same for routes that do the same.
func (r *route) fingerprint() string {
	text := fmt.Sprintf("%s %q %q %v %v %d %v %v", r.URL, r.Provider, r.Events, r.Header, r.Rate, r.Concurrency, r.ErrorsTo, r.relay)
	if r.known == nil {
		return text
	}
	for _, key := range r.known.keys {
		text += fmt.Sprintf(" %q", key.Secret)
	}
	for _, rule := range r.known.set {
		text += " " + rule.Path + "=" + nodeText(rule.Value)
	}
	return text
}
