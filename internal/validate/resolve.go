package validate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/schema"
)

// Known tells of the providers that there are. Its methods need not be safe for
// concurrent use, and are asked for the same thing once.
type Known interface {
	// Names are those of all providers.
	Names() ([]string, error)
	// Catalog returns the catalog of a provider and the API version that is taken where
	// nothing else says. The error wraps ErrNoCatalog where it has none.
	Catalog(provider string) (*catalog.Catalog, string, error)
	// Profile returns the profile of a provider.
	Profile(provider string) (*provider.Profile, error)
	// Detector returns one that finds out whose a message is, by its marks.
	Detector() (*provider.Detector, error)
}

// ErrNoCatalog is the error of a provider that has no catalog.
var ErrNoCatalog = errors.New("there is no catalog")

// A Resolver finds out what a payload is to be held against, and does it. What is not
// needed is not looked for. It is safe for concurrent use.
type Resolver struct {
	// Provider, Event and Version are what the user says; "" where the payloads say it.
	Provider, Event, Version string
	Known                    Known

	mu       sync.Mutex
	sources  map[string]*source
	names    func() (map[string]bool, error)
	detector func() (*provider.Detector, error)
	anyJSON  func() (*schema.Schema, error)
}

// NewResolver returns a Resolver that knows of what known tells.
func NewResolver(known Known) *Resolver {
	r := &Resolver{Known: known, sources: map[string]*source{}}
	guarded := func(do func()) { r.mu.Lock(); defer r.mu.Unlock(); do() }
	r.names = sync.OnceValues(func() (names map[string]bool, err error) {
		guarded(func() {
			var all []string
			all, err = known.Names()
			names = make(map[string]bool, len(all))
			for _, name := range all {
				names[name] = true
			}
		})
		return names, err
	})
	r.detector = sync.OnceValues(func() (d *provider.Detector, err error) {
		guarded(func() { d, err = known.Detector() })
		return d, err
	})
	r.anyJSON = sync.OnceValues(func() (*schema.Schema, error) {
		return schema.Compile(home+"any.json", []byte("true"), schema.Options{})
	})
	return r
}

// A source is what is known of one provider.
type source struct {
	catalog *catalog.Catalog // nil where err says why
	version string
	err     error
	events  *nameSet
	profile func() *provider.Profile
}

// source returns what is known of a provider; it is looked up once.
func (r *Resolver) source(name string) *source {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.sources[name]; s != nil {
		return s
	}
	s := &source{}
	if s.catalog, s.version, s.err = r.Known.Catalog(name); s.err == nil {
		s.events = eventNames(s.catalog)
	}
	s.profile = sync.OnceValue(func() *provider.Profile {
		r.mu.Lock()
		defer r.mu.Unlock()
		p, err := r.Known.Profile(name)
		if err != nil {
			return nil // a catalog may be there without one: names say the events then
		}
		return p
	})
	r.sources[name] = s
	return s
}

// A subject is a payload, and what is known of it so far.
type subject struct {
	*Payload
	parts    []string // of its path, where that is one of a file
	provider string
	at       int // where in parts the provider is, or -1
	event    string
	version  string
	doubt    *hook.Fault
	reason   string // why no event of the catalog is to be taken, or ""
}

// message is the request that the payload came in, as far as it is known.
func (s *subject) message() *provider.Message {
	m := &provider.Message{Method: "POST", Body: s.Text}
	if c := s.Capture; c != nil {
		m.Method, m.URL, m.Header = c.Method, c.Target, c.Header
	}
	return m
}

// Check holds a payload against the schema of its event.
func (r *Resolver) Check(p *Payload) Report {
	s := r.subject(p)
	reason, err := r.findProvider(s)
	if err != nil {
		return Report{Trouble: err}
	}
	if s.provider == "" {
		return r.unresolved(s, reason)
	}
	from := r.source(s.provider)
	if errors.Is(from.err, ErrNoCatalog) {
		return r.unresolved(s, from.err.Error())
	}
	if from.err != nil {
		return Report{Provider: s.provider, Trouble: from.err}
	}
	if from.catalog.Name != "" && strings.ContainsAny(s.provider, `/\`) {
		s.provider = from.catalog.Name // the user has named a folder
	}
	items := r.findEvent(s, from)
	switch {
	case items > 0:
		return r.unresolved(s, fmt.Sprintf("it is a batch of %d events, which are not told apart", items))
	case s.reason != "":
		return r.unresolved(s, s.reason)
	case s.event == "":
		return r.unresolved(s, noEvent(s))
	}
	return r.hold(s, from)
}

func (r *Resolver) subject(p *Payload) *subject {
	s := &subject{Payload: p, at: -1, version: r.Version}
	if p.Path != "-" && (p.Capture == nil || p.Line > 0 || p.Entry > 0) {
		s.parts = partsOf(cmp.Or(p.place.path, p.Path))
	}
	return s
}

// Whose says whose a payload is and which event, as Check finds it; "" for what is not
// known.
func (r *Resolver) Whose(p *Payload) (provider, event string, err error) {
	s := r.subject(p)
	if _, err := r.findProvider(s); err != nil || s.provider == "" {
		return "", "", err
	}
	from := r.source(s.provider)
	if from.err != nil { // without a catalog no name of an event is known
		return s.provider, "", nil
	}
	if items := r.findEvent(s, from); items > 0 || s.reason != "" {
		return s.provider, "", nil
	}
	if e, err := from.catalog.Event(s.event); err == nil {
		s.event = e.Type
	}
	return s.provider, s.event, nil
}

func (r *Resolver) hold(s *subject, from *source) Report {
	if s.version == "" {
		s.version = from.version
	}
	report := Report{Provider: s.provider, Event: s.event}
	report.Validation, report.Trouble = from.catalog.Hold(s.event, s.version, s.Text)
	if e, err := from.catalog.Event(s.event); err == nil {
		report.Event = e.Type
	}
	if s.doubt != nil && report.Trouble == nil && report.Validation.Outcome != hook.NoSchema && report.Validation.Outcome != hook.NotJSON {
		report.Validation.Faults = slices.Insert(report.Validation.Faults, 0, *s.doubt)
	}
	return report
}

// unresolved is the report of a payload that no schema is known for. What is not JSON
// at all is told as that.
func (r *Resolver) unresolved(s *subject, reason string) Report {
	report := Report{Provider: s.provider, Event: s.event}
	plain, err := r.anyJSON()
	if err != nil {
		return Report{Trouble: err}
	}
	report.Validation = plain.Check(s.Text)
	if media := s.media(); report.Validation.Outcome == hook.NotJSON && (media == "" || strings.Contains(media, "json")) {
		return report
	} else if report.Validation.Outcome == hook.NotJSON {
		report.Validation.Faults = nil
		reason = "a body of the type " + media + " has no schema"
	}
	report.Validation.Outcome, report.Validation.Reason = hook.NoSchema, reason
	return report
}

// media is the content type of the request, as far as it is known.
func (s *subject) media() string {
	if s.Capture == nil {
		return ""
	}
	media, _, _ := strings.Cut(s.Capture.Header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(media))
}
