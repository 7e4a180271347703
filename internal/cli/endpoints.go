package cli

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// endpointsKey is the section of hookctl.yaml about endpoints.
const endpointsKey = "endpoints"

// An endpointConfig is one entry of the section endpoints of hookctl.yaml.
type endpointConfig struct {
	Name string    `yaml:",key"`
	URL  targetURL `yaml:"url"`
	// Provider is whose policy and signature count; that of each event where it is empty.
	Provider string `yaml:"provider"`
	// Events are globs of event types; none is all of them.
	Events []string `yaml:"events"`
	// Headers is a mapping of names to values, or a list of 'Name: value'.
	Headers     yamldoc.Node `yaml:"headers"`
	RateLimit   rateLimit    `yaml:"rate_limit"`
	Concurrency int          `yaml:"concurrency"`
	// Secret names the secrets that deliveries are signed with anew; several while they
	// are rotated.
	Secret []string `yaml:"secret"`
	// ErrorsTo is where the provider's messages about failed deliveries go.
	ErrorsTo targetURL `yaml:"errors_to"`
	// Reply says whether its answer can become the sender's.
	Reply replyRule             `yaml:"reply"`
	Set   []provider.Assignment `yaml:"set"`
}

// A knownEndpoint is an endpoint of hookctl.yaml with what it takes to deliver there.
type knownEndpoint struct {
	hook.Endpoint
	// provider is the one that hookctl.yaml names, nil where that of each event counts.
	provider *knownProvider
	// keys are the secrets of its own that are valid now, nil where the provider's count.
	keys []signature.Key
	// relay says that its answer can become the sender's.
	relay bool

	set      []provider.Assignment
	config   *endpointConfig
	troubles []error // what keeps its secrets from being read
	entry    yamldoc.Entry
}

// endpointSet is the section endpoints of hookctl.yaml.
type endpointSet struct {
	known []*knownEndpoint
}

// declaredAt is before the endpoints were read from disk.
func (a *app) declaredAt() time.Time {
	if a.file == nil {
		return time.Time{}
	}
	return a.file.read
}

// endpoints reads the section endpoints of hookctl.yaml, in its order.
func (a *app) endpoints() (*endpointSet, error) {
	es := &endpointSet{}
	if a.file == nil {
		return es, nil
	}
	providers, err := a.providers()
	if err != nil {
		return nil, err
	}
	for _, entry := range a.file.entries {
		if entry.Key == endpointsKey && !entry.Value.IsNull() {
			if err := es.read(a, entry.Value, providers); err != nil {
				return nil, err
			}
		}
	}
	return es, nil
}

func (es *endpointSet) read(a *app, section yamldoc.Node, providers *providerSet) error {
	var configs []endpointConfig
	if err := section.Decode(&configs, endpointsKey); err != nil {
		return err
	}
	entries, _ := section.Entries()
	for i, entry := range entries {
		if why := badEndpointName(entry.Key); why != "" {
			return entry.Errorf("an endpoint's name: %s", why)
		}
		e, err := a.knownEndpoint(&configs[i], entry, providers)
		if err != nil {
			return err
		}
		es.known = append(es.known, e)
	}
	return nil
}

// all are the endpoints in the order of the file.
func (es *endpointSet) all() []*knownEndpoint { return es.known }

// names are those of the endpoints, in the order of the file.
func (es *endpointSet) names() []string {
	names := make([]string, len(es.known))
	for i, e := range es.known {
		names[i] = e.Name
	}
	return names
}

// find returns the endpoint called name.
func (es *endpointSet) find(name string) (*knownEndpoint, error) {
	if i := slices.IndexFunc(es.known, func(e *knownEndpoint) bool { return e.Name == name }); i >= 0 {
		return es.known[i], nil
	}
	hint := "hookctl endpoint list shows them"
	switch near := suggest.Nearest(name, es.names()); {
	case len(es.known) == 0:
		hint = "hookctl endpoint add NAME --url URL makes one"
	case near != "":
		hint = "did you mean " + near + "?"
	}
	return nil, usage(hint, "there is no endpoint %q in %s", name, configName)
}

// knownEndpoint makes the endpoint of an entry, and refuses what it cannot mean.
func (a *app) knownEndpoint(c *endpointConfig, entry yamldoc.Entry, providers *providerSet) (*knownEndpoint, error) {
	e := &knownEndpoint{
		Endpoint: hook.Endpoint{
			Name: c.Name, URL: c.URL.URL, Provider: c.Provider, Events: c.Events, Rate: c.RateLimit.Rate,
			Concurrency: max(1, c.Concurrency), ErrorsTo: c.ErrorsTo.URL,
		},
		relay: c.Reply != replyIgnored, set: c.Set, config: c, entry: entry,
	}
	if e.URL == nil {
		return nil, entry.Errorf("%s has no url, such as url: http://localhost:3000/hooks", c.Name)
	}
	if has(entry, "concurrency") && c.Concurrency < 1 {
		return nil, below(entry, "concurrency").Errorf("concurrency: want 1 or more, got %d", c.Concurrency)
	}
	for _, glob := range c.Events {
		if glob == "" {
			return nil, below(entry, "events").Errorf("events: want event types or globs such as order/*, got nothing")
		}
	}
	var err error
	if e.Header, err = readHeaderNode(c.Headers); err != nil {
		return nil, err
	}
	if err := e.findProvider(entry, providers); err != nil {
		return nil, err
	}
	return e, a.addEndpointSecrets(e, filepath.Dir(a.file.path))
}

// findProvider loads the provider that the entry names, and tries the rules that it sets.
func (e *knownEndpoint) findProvider(entry yamldoc.Entry, providers *providerSet) error {
	if e.Provider == "" {
		return e.tryRules(providers)
	}
	if isPath(e.Provider) {
		return below(entry, "provider").Errorf("provider: want the name of a provider, got the path %q: %s: gives its profile a name", e.Provider, providersKey)
	}
	known, err := providers.load(e.Provider)
	if err != nil {
		f := classify(err)
		return &failure{err: below(entry, "provider").Errorf("provider: %v", err), status: f.status, hint: f.hint}
	}
	if err := known.SetAll(e.set); err != nil {
		return err
	}
	e.provider, e.Provider = known, known.Name
	return nil
}

// tryRules tries the rules that an endpoint sets for whatever provider an event has: one of
// those known has to take them, first of all that which counts for events of nobody known.
func (e *knownEndpoint) tryRules(providers *providerSet) error {
	if len(e.set) == 0 {
		return nil
	}
	first := e.takenBy(providers, standardPolicy)
	if first == nil {
		return nil
	}
	names, err := providers.names()
	if err != nil {
		return first
	}
	for _, name := range names {
		if e.takenBy(providers, name) == nil {
			return nil
		}
	}
	return first
}

// takenBy says why the rules that an endpoint sets do not fit the provider called name.
func (e *knownEndpoint) takenBy(providers *providerSet, name string) error {
	p, err := providers.profileOf(name)
	if err != nil {
		return err
	}
	return p.SetAll(e.set)
}

// profileFor returns the profile whose policy counts for an event of the provider called
// name: that of the endpoint's own provider, where it has one, with the rules that the
// endpoint sets. It is the caller's to keep and to change.
func (e *knownEndpoint) profileFor(a *app, name string) (*provider.Profile, error) {
	if e.Provider != "" {
		name = e.config.Provider
	}
	set, err := a.providers()
	if err != nil {
		return nil, err
	}
	p, err := set.profileOf(name)
	if err != nil {
		return nil, err
	}
	if err := p.SetAll(e.set); err != nil {
		return nil, err
	}
	return p, nil
}

// problems are what the provider that the endpoint names has against it; without one, what
// any has.
func (e *knownEndpoint) problems() []delivery.Problem {
	if e.provider == nil {
		return delivery.CheckHeader(e.Header)
	}
	return delivery.NewRules(e.provider.Profile).CheckEndpoint(&e.Endpoint)
}

// has reports whether an entry's mapping has key.
func has(entry yamldoc.Entry, key string) bool {
	entries, _ := entry.Value.Entries()
	return slices.ContainsFunc(entries, func(e yamldoc.Entry) bool { return e.Key == key })
}

// below is the value of key in an entry's mapping; the entry's own where it has no such key.
func below(entry yamldoc.Entry, key string) yamldoc.Node {
	entries, _ := entry.Value.Entries()
	for _, e := range entries {
		if e.Key == key {
			return e.Value
		}
	}
	return entry.Value
}
