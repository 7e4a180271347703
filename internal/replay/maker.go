package replay

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// How captures are signed.
const (
	SignOriginal = "original" // as they came
	SignFresh    = "fresh"    // anew, for the time at which they are sent
	SignNone     = "none"     // not at all
)

// A Party is a provider whose captures are sent again. It is safe for concurrent use.
type Party struct {
	Rules *delivery.Rules

	signer   *signature.Signer
	verifier *signature.Verifier
	// headers and queries are where signatures stand, in lower case and as they are.
	headers hook.NameSet
	queries []string
}

// NewParty returns the provider with these rules, who signs with keys.
func NewParty(rules *delivery.Rules, keys []signature.Key) *Party {
	p := rules.Profile()
	party := &Party{
		Rules: rules, signer: signature.NewSigner(p, keys),
		verifier: signature.NewVerifier(p, nil, signature.Options{}), headers: hook.NameSet{},
	}
	for i := range p.Signatures.Schemes {
		for _, place := range p.Signatures.Schemes[i].In {
			switch place.Kind {
			case provider.PlaceHeader:
				for _, name := range place.Names() {
					party.headers[strings.ToLower(name)] = true
				}
			case provider.PlaceQuery:
				party.queries = append(party.queries, place.Arg)
			}
		}
	}
	return party
}

// ErrUnknown is about a capture of which nobody knows who sent it.
var ErrUnknown = errors.New("nobody knows who sent it")

// A Maker makes captures requests. It is safe for concurrent use.
type Maker struct {
	To *url.URL
	// Exact sends to the URL as it is; a capture's path is appended otherwise.
	Exact bool
	// Header is put in the place of fields of the same name; Method, where it is not
	// empty, in that of the capture's.
	Header hook.Header
	Method string
	// Sign is one of the Sign constants. NewID makes each message signed anew one of
	// another event.
	Sign  string
	NewID bool
	// FreshID returns another id like the one that a JSON value is, nil where it is none.
	FreshID func(value []byte) ([]byte, error)
	// Edit changes a body; nil changes none.
	Edit func([]byte) ([]byte, error)
	// Party returns the provider called name, "" for one that is not known; nil where
	// nothing is known of it.
	Party func(name string) (*Party, error)
	// Deadline is how long an answer may take; 0 is as long as the provider allows.
	Deadline time.Duration
	Now      func() time.Time
	Random   io.Reader

	mu      sync.Mutex
	parties map[string]partyOrNot
}

type partyOrNot struct {
	party *Party
	err   error
}

// A Message is a capture as it is sent again.
type Message struct {
	Request         send.Request
	Provider, Event string
	// Stale, where it is not 0, is the age that the provider tolerates of signatures:
	// that of the message is older.
	Stale time.Duration

	rules *delivery.Rules
}

// Make makes c a request. Errors are ErrUnknown, and those of Party, Edit and signing.
func (m *Maker) Make(c *hook.Capture) (Message, error) {
	name := ""
	if c.Identity != nil {
		name = c.Identity.Provider
	}
	party, err := m.party(name)
	if err != nil {
		return Message{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	made := Message{}
	if c.Identity != nil {
		made.Provider, made.Event = c.Identity.Provider, c.Identity.Event.Type
	}
	if party != nil {
		made.Provider, made.rules = party.Rules.Profile().Name, party.Rules
	}
	changed, err := m.changed(c)
	if err == nil {
		made.Request, err = m.request(changed, party, &made)
	}
	if err != nil {
		return Message{}, fmt.Errorf("%s: %w", c.ID, err)
	}
	made.Request.Deadline = m.deadline(party)
	return made, nil
}

// party finds the provider called name, and remembers it.
func (m *Maker) party(name string) (*Party, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, ok := m.parties[name]
	if !ok {
		known.party, known.err = m.Party(name)
		if m.parties == nil {
			m.parties = map[string]partyOrNot{}
		}
		m.parties[name] = known
	}
	return known.party, known.err
}

func (m *Maker) deadline(p *Party) time.Duration {
	if m.Deadline > 0 || p == nil {
		return m.Deadline
	}
	limit, _ := p.Rules.Deadline()
	return limit
}

// changed is c with what the user changes of it.
func (m *Maker) changed(c *hook.Capture) (*hook.Capture, error) {
	if m.Edit == nil && m.Method == "" {
		return c, nil
	}
	other := *c
	if m.Method != "" {
		other.Method = m.Method
	}
	if m.Edit == nil {
		return &other, nil
	}
	if coding := inflate.Coding(c.Header); coding != "" {
		return nil, fmt.Errorf("the body is compressed (%s) and cannot be changed", coding)
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	if body, err = m.Edit(body); err != nil {
		return nil, err
	}
	other.Body, other.BodySize = hook.Bytes(body), int64(len(body))
	return &other, nil
}

// request is c in the way of signing that was asked for.
func (m *Maker) request(c *hook.Capture, p *Party, made *Message) (send.Request, error) {
	switch m.Sign {
	case SignFresh:
		if p == nil {
			return send.Request{}, ErrUnknown
		}
		return m.fresh(c, p, made)
	case SignNone:
		if p == nil {
			return send.Request{}, ErrUnknown
		}
		return m.onward(p.unsigned(c, nil), m.Header), nil
	}
	if p != nil {
		made.Stale = p.stale(c, m.Now())
	}
	return m.onward(c, m.Header), nil
}

// onward is c as it is sent to the target.
func (m *Maker) onward(c *hook.Capture, set hook.Header) send.Request {
	r := send.Onward(c, m.To, set)
	r.Target = m.Target(c)
	return r
}

// Target is the request target, path and query, that c goes to.
func (m *Maker) Target(c *hook.Capture) string {
	if m.Exact {
		return m.To.RequestURI()
	}
	return hook.JoinTarget(m.To, c.Target)
}

// largestDated is the largest body that is looked into for the time of its signature.
const largestDated = 1 << 20

// stale is the age that p tolerates of signatures where that of c is older; else 0.
func (p *Party) stale(c *hook.Capture, now time.Time) time.Duration {
	if !p.verifier.Timed() {
		return 0
	}
	var body []byte
	if p.verifier.Dated() && c.BodySize <= largestDated {
		var err error
		if body, err = hook.ReadBody(c.Body); err != nil {
			return 0 // sending it tells
		}
	}
	age, tolerated := p.verifier.Age(&provider.Message{Method: c.Method, URL: c.Target, Header: c.Header, Body: body}, now)
	if age > tolerated {
		return tolerated
	}
	return 0
}

// Reply is the answer that the sender of c got, nil where there is none known: an
// acknowledgement where its provider takes it for one.
func (m *Maker) Reply(c *hook.Capture) *Answer {
	answer := ReplyOf(c)
	if answer == nil || c.Identity == nil || answer.Failure != "" {
		return answer
	}
	if party, err := m.party(c.Identity.Provider); err == nil && party != nil {
		// What body it had is not known: it is not held against it.
		result := delivery.Result{Status: answer.Status, Body: true}
		answer.Acknowledged = party.Rules.Judge(c.Identity.Event.Type, result).Acknowledged
	}
	return answer
}

// judge says why the answer of a is no acknowledgement, "" where it is one: by the
// provider's policy, or by the class of its status where no provider is known.
func (made *Message) judge(a *hook.Attempt) string {
	switch {
	case made.rules != nil:
		return made.rules.Judge(made.Event, delivery.ResultOf(a, a.StartedAt.Add(a.Latency))).Reason
	case a.Failure != "":
		return a.Reason
	case a.Status < 200 || a.Status > 299:
		return fmt.Sprintf("%d is no acknowledgement", a.Status)
	}
	return ""
}
