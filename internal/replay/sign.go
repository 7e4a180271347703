package replay

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// unsigned is c without its signatures, as far as they are in headers and in the query,
// but for the fields that keep names.
func (p *Party) unsigned(c *hook.Capture, keep hook.Header) *hook.Capture {
	other := *c
	other.Header = c.Header.Without(func(name string) bool { return p.headers.Has(name) && !keep.Has(name) })
	other.Target = withoutQuery(c.Target, p.queries)
	return &other
}

// withoutQuery is a request target without the parameters called names. Everything else
// stays as it is written.
func withoutQuery(target string, names []string) string {
	query := hook.TargetQuery(target)
	if query == "" || len(names) == 0 {
		return target
	}
	parts := strings.Split(query[1:], "&")
	kept := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		return err == nil && slices.Contains(names, plain)
	})
	switch {
	case len(kept) == len(parts):
		return target
	case len(kept) == 0:
		return strings.TrimSuffix(target, query)
	}
	return strings.TrimSuffix(target, query) + "?" + strings.Join(kept, "&")
}

// fresh is c signed anew: what the provider writes for each message is put in the place
// of what was there, everything else stays.
func (m *Maker) fresh(c *hook.Capture, p *Party, made *Message) (send.Request, error) {
	profile := p.Rules.Profile()
	event, err := m.event(c, profile)
	if err != nil {
		return send.Request{}, err
	}
	made.Event = event.Type
	if m.NewID {
		if c, event.ID, err = m.renamed(c, profile, event); err != nil {
			return send.Request{}, err
		}
	}
	bare := p.unsigned(c, nil)
	origin := m.To.Scheme + "://" + m.To.Host
	draft := signature.Draft{
		Method: c.Method, URL: origin + m.Target(bare), ContentType: c.Header.Get("Content-Type"),
		Event: event.Type, ID: event.ID, At: m.Now(),
	}
	if whole, ok := c.Body.(hook.Bytes); ok {
		draft.Body = whole
	} else {
		draft.Large = c.Body
	}
	signed, err := p.signer.Sign(draft, m.Random)
	if err != nil {
		return send.Request{}, fmt.Errorf("signing for %s: %w", profile.Name, err)
	}
	set := signed.Message.Header.Without(func(name string) bool {
		return strings.EqualFold(name, "Content-Type") || m.Header.Has(name)
	})
	signedAnew := p.unsigned(c, set)
	if signed.Message.Body != nil {
		signedAnew.Body = hook.Bytes(signed.Message.Body)
	}
	r := m.onward(signedAnew, append(set, m.Header...))
	r.Target = strings.TrimPrefix(signed.Message.URL, origin) // a signature may stand in its query
	return r, nil
}

// event is what c tells in the words of p.
func (m *Maker) event(c *hook.Capture, p *provider.Profile) (hook.Event, error) {
	if c.Identity != nil && c.Identity.Provider == p.Name && m.Edit == nil {
		return c.Identity.Event, nil
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return hook.Event{}, fmt.Errorf("reading the body: %w", err)
	}
	return p.EventOf(&provider.Message{Method: c.Method, URL: c.Target, Header: c.Header, Body: body}), nil
}

// renamed gives c another event's id, in the body where the provider has it there, and
// returns that.
func (m *Maker) renamed(c *hook.Capture, p *provider.Profile, event hook.Event) (*hook.Capture, string, error) {
	if p.Needs()[provider.PlaceID] {
		id, err := m.newID(p, event.ID)
		return c, id, err
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return nil, "", fmt.Errorf("reading the body: %w", err)
	}
	for _, path := range idPaths(p) {
		value, there := jsontext.Lookup(body, path)
		if !there {
			continue
		}
		made, err := m.otherID(value)
		if err != nil || made == nil {
			break
		}
		if body, err = jsontext.Set(body, path, made); err != nil {
			return nil, "", fmt.Errorf("a new id: %w", err)
		}
		other := *c
		other.Body, other.BodySize = hook.Bytes(body), int64(len(body))
		id, _ := jsontext.Plain(made)
		return &other, id, nil
	}
	return nil, "", fmt.Errorf("it has no id of an event that could be made anew for %s", p.Name)
}

// newID is another id as the provider makes them, or like the one there is.
func (m *Maker) newID(p *provider.Profile, was string) (string, error) {
	if p.Event.NewID != "" {
		return p.Event.NewID.NewID(m.Random, m.Now())
	}
	value, err := jsontext.Marshal(was)
	if err == nil {
		value, err = m.otherID(value)
	}
	id, ok := jsontext.Plain(value)
	if err == nil && !ok {
		err = fmt.Errorf("nothing says how %s makes the ids of events", p.Name)
	}
	return id, err
}

// otherID is FreshID that makes sure of another: of a short one there are not many.
func (m *Maker) otherID(value []byte) (made []byte, err error) {
	for range 16 {
		if made, err = m.FreshID(value); err != nil || !bytes.Equal(made, value) {
			break
		}
	}
	return made, err
}

// idPaths are where in a JSON body the event's id can stand.
func idPaths(p *provider.Profile) []jsontext.Path {
	var paths []jsontext.Path
	for _, template := range p.Event.ID {
		for place := range template.Places() {
			if place.Kind != provider.PlaceJSON || template.String() != "{"+place.String()+"}" {
				break // more than the id alone
			}
			if path, err := jsontext.ParsePath(place.Arg); err == nil && len(path) > 0 {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
