// Package identify says whose a capture is, what it tells, and whether its
// signature holds: by the providers that hookctl knows, all at once.
package identify

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// A Source is a provider whose messages may come.
type Source struct {
	Profile *provider.Profile
	// Keys verify.
	Keys []signature.Key
	// URL is where the provider sends to, "" where that is not known.
	URL string
	// Configured says that the user works with it.
	Configured bool
}

// A Finding is what is known of a capture.
type Finding struct {
	// Identity is nil where nothing is known.
	Identity *hook.Identity
	// Answer is what the provider wants to hear where the capture is a handshake, else nil.
	Answer *provider.Answer
	// Notes are what a person should know besides.
	Notes []string

	// uncheckable says that no signature of the provider can be checked: it does not
	// sign, or no secret is known.
	uncheckable bool
}

// Forged reports whether the capture is of a provider whose signatures can be
// checked, and has not got one that holds. A handshake that has an answer is none:
// many of them are not signed.
func (f *Finding) Forged() bool {
	if f.Answer != nil || f.uncheckable || f.Identity == nil || f.Identity.Verification == nil {
		return false
	}
	v := f.Identity.Verification
	return v.Outcome != hook.Verified && v.Reason != signature.NoSecret
}

// An Identifier identifies captures. It is safe for concurrent use, and what it
// knows can be replaced while it works.
type Identifier struct{ known atomic.Pointer[Set] }

// New returns an Identifier that knows set.
func New(set *Set) *Identifier {
	id := &Identifier{}
	id.Replace(set)
	return id
}

// Replace makes what comes from now on known by set.
func (id *Identifier) Replace(set *Set) { id.known.Store(set) }

// Identify says whose c is.
func (id *Identifier) Identify(c *hook.Capture) Finding { return id.known.Load().Identify(c) }

// A Set is the providers that are known. It does not change.
type Set struct {
	sources  map[*provider.Profile]*source
	byName   map[string]*source
	detector *provider.Detector
	only     *source // whose all captures are
}

type source struct {
	Source
	verifier *signature.Verifier
}

// NewSet returns the set of sources. Where only is not empty, all captures are
// taken for those of the provider of that name.
func NewSet(sources []Source, only string) *Set {
	set := &Set{sources: map[*provider.Profile]*source{}, byName: map[string]*source{}}
	var profiles []*provider.Profile
	for _, from := range sources {
		s := &source{from, signature.NewVerifier(from.Profile, from.Keys, signature.Options{})}
		profiles = append(profiles, from.Profile)
		set.sources[from.Profile] = s
		for _, name := range append([]string{from.Profile.Name}, from.Profile.Aliases...) {
			if set.byName[name] == nil || name == from.Profile.Name {
				set.byName[name] = s
			}
		}
		if from.Profile.Name == only {
			set.only = s
		}
	}
	set.detector = provider.NewDetector(profiles, func(p *provider.Profile) bool { return set.sources[p].Configured })
	return set
}

// Identify says whose c is: the one provider of the set, the one that the path
// names, or the one whose message it is by its own marks. Signatures are those of the
// body as it came; all else is read as a receiver does, its compression undone.
func (set *Set) Identify(c *hook.Capture) Finding {
	m := provider.Message{Method: c.Method, URL: c.Target, Header: c.Header}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return Finding{Notes: []string{"not identified: the body cannot be read: " + err.Error()}}
	}
	m.Body = body
	plain := &m
	if inflate.Coding(c.Header) != "" {
		plain = &provider.Message{Method: m.Method, URL: m.URL, Header: m.Header, Body: inflate.Payload(c.Header, body)}
	}
	from := set.only
	if from == nil {
		from = set.named(c)
	}
	if from == nil {
		fitting := set.detector.Detect(plain)
		if len(fitting) != 1 {
			return undecided(fitting)
		}
		from = set.sources[fitting[0]]
	}
	return from.identify(c, &m, plain)
}

// named returns the provider whose name is the first part of the path, or nil.
func (set *Set) named(c *hook.Capture) *source {
	name, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	return set.byName[name]
}

func undecided(fitting []*provider.Profile) Finding {
	if len(fitting) == 0 {
		return Finding{}
	}
	id := &hook.Identity{}
	for _, p := range fitting {
		id.Candidates = append(id.Candidates, p.Name)
	}
	return Finding{Identity: id}
}

// identify says what c tells: m is the message as it came, plain as it is read. These may
// be the same.
func (s *source) identify(c *hook.Capture, m, plain *provider.Message) Finding {
	if m.URL = s.URL; m.URL == "" {
		m.URL, m.URLGuessed = provider.GuessURL(c), true
	}
	plain.URL, plain.URLGuessed = m.URL, m.URLGuessed
	verdict := s.verifier.Verify(m, c.ReceivedAt)
	f := Finding{
		Identity:    &hook.Identity{Provider: s.Profile.Name, Event: s.Profile.EventOf(plain), Verification: &verdict},
		uncheckable: len(s.Keys) == 0 || len(s.Profile.Signatures.Schemes) == 0,
	}
	if one, other, found := s.Profile.Disagreement(plain); found {
		f.Notes = append(f.Notes, fmt.Sprintf("the event is %s in one place and %s in another", one, other))
	}
	h := s.Profile.HandshakeOf(plain, verdict.Outcome)
	if h == nil {
		return f
	}
	answer, err := h.Answer(plain, s.secret())
	if err != nil {
		f.Notes = append(f.Notes, "the handshake "+h.Name+" cannot be answered: "+err.Error())
		return f
	}
	f.Answer = &answer
	f.Notes = append(f.Notes, "handshake "+h.Name)
	return f
}

// secret is what handshakes prove to know.
func (s *source) secret() []byte {
	if len(s.Keys) == 0 {
		return nil
	}
	return []byte(s.Keys[0].Secret)
}
