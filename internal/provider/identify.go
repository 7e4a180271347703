package provider

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// Hold reports whether all conditions hold for what scope has.
func (c Conditions) Hold(scope *Scope) bool {
	for i := range c {
		if !c[i].holds(scope) {
			return false
		}
	}
	return true
}

func (c *Condition) holds(scope *Scope) bool {
	text, ok := scope.Text(&c.Place)
	return ok && c.Glob.Match(text)
}

// ItemsOf returns the items of a batch, nil where the provider sends none or m has none.
func (p *Profile) ItemsOf(m *Message) [][]byte {
	path, ok := p.itemsPath()
	if !ok {
		return nil
	}
	list, ok := jsontext.Lookup(m.Body, path)
	if !ok {
		return nil
	}
	items, _ := jsontext.Items(list)
	return items
}

// itemsPath leads to the items of a batch, where the provider sends any.
func (p *Profile) itemsPath() (jsontext.Path, bool) {
	if p.Body.Items == "" {
		return nil, false
	}
	path, err := jsontext.ParsePath(strings.TrimSuffix(p.Body.Items, "[]"))
	return path, err == nil
}

// Ambiguous returns the key in the JSON body of m by which a receiver may find something
// else at place than is found here. See jsontext.Ambiguous.
func (p *Profile) Ambiguous(m *Message, place Place) (key string, found bool) {
	switch place.Kind {
	case PlaceJSON:
		return jsontext.Ambiguous(m.Body, place.path)
	case PlaceKey:
		name, _ := jsontext.FirstKey(m.Body)
		return jsontext.Ambiguous(m.Body, jsontext.Path{{Key: name}})
	case PlaceItem:
		path, _ := p.itemsPath()
		if key, found = jsontext.Ambiguous(m.Body, path); found {
			return key, found
		}
		for _, item := range p.ItemsOf(m) {
			if key, found = jsontext.Ambiguous(item, place.path); found {
				return key, found
			}
		}
	}
	return "", false
}

// EventOf returns what m says happened: of a batch the first item's, and how many
// there are.
func (p *Profile) EventOf(m *Message) hook.Event {
	scope := &Scope{Message: m}
	items := p.ItemsOf(m)
	if len(items) > 0 {
		scope.Item = items[0]
	}
	return hook.Event{
		Type: p.typeOf(scope), ID: firstFilled(p.Event.ID, scope), Time: firstFilled(p.Event.Time, scope), Items: len(items),
	}
}

// typeOf is the type that the message says, else that of what it has.
func (p *Profile) typeOf(scope *Scope) string {
	if said := firstFilled(p.Event.Type, scope); said != "" {
		return said
	}
	for _, named := range p.Event.Named {
		if named.When.Hold(scope) {
			return named.Type
		}
	}
	return ""
}

// Disagreement returns two differing values of the event's type where the profile
// has them agree; false where they do, or there is one at most.
func (p *Profile) Disagreement(m *Message) (one, other string, found bool) {
	if !p.Event.Agree {
		return "", "", false
	}
	scope := &Scope{Message: m}
	for _, t := range p.Event.Type {
		text, err := t.Fill(scope)
		switch {
		case err != nil:
		case one == "":
			one = text
		case text != one:
			return one, text, true
		}
	}
	return "", "", false
}

// firstFilled is the first template of which every place is there.
func firstFilled(templates []Template, scope *Scope) string {
	for _, t := range templates {
		if text, err := t.Fill(scope); err == nil && text != "" {
			return strings.ToValidUTF8(text, "\uFFFD")
		}
	}
	return ""
}

// HandshakeOf returns the handshake that m is, given how its verification ended;
// nil where it is none.
func (p *Profile) HandshakeOf(m *Message, outcome hook.Outcome) *Handshake {
	scope := &Scope{Message: m}
	for i := range p.Handshakes {
		h := &p.Handshakes[i]
		if h.wants(outcome) && h.When.Hold(scope) {
			return h
		}
	}
	return nil
}

func (h *Handshake) wants(outcome hook.Outcome) bool {
	switch h.Signature {
	case VerdictFailed:
		return outcome == hook.Failed
	case VerdictGood:
		return outcome == hook.Verified
	case VerdictNotFailed:
		return outcome != hook.Failed
	}
	return true
}

// An Answer is what a handshake is answered.
type Answer struct {
	Status int
	Header hook.Header
	Body   []byte
}

// Answer makes the answer to m. secret is for those that prove its knowledge. The
// error is a *MissingError.
func (h *Handshake) Answer(m *Message, secret []byte) (Answer, error) {
	scope := &Scope{Message: m, Secret: secret}
	a := Answer{Status: h.Reply.Status}
	if media := h.Reply.media(); media != "" {
		a.Header = append(a.Header, hook.Field{Name: "Content-Type", Value: media})
	}
	for _, rule := range h.Reply.Headers {
		value, err := rule.Value.Fill(scope)
		if err != nil {
			return Answer{}, err
		}
		a.Header = append(a.Header, hook.Field{Name: rule.Name, Value: strings.NewReplacer("\r", "", "\n", "").Replace(value)})
	}
	if len(h.Reply.JSON) == 0 {
		text, err := h.Reply.Text.Fill(scope)
		a.Body = []byte(text)
		return a, err
	}
	a.Body = []byte{'{'}
	for i, field := range h.Reply.JSON {
		value, err := field.Value.Fill(scope)
		if err != nil {
			return Answer{}, err
		}
		if i > 0 {
			a.Body = append(a.Body, ',')
		}
		name, _ := jsontext.Marshal(field.Name)
		text, _ := jsontext.Marshal(value)
		a.Body = append(append(append(a.Body, name...), ':'), text...)
	}
	a.Body = append(a.Body, '}')
	return a, nil
}

// URLForms are the other ways to write the URL of m that may be what the sender signed.
// One that somebody vouches for is taken at its word: only the port that goes without
// saying may be there or not.
func (m *Message) URLForms() []string {
	if m.URLGuessed {
		return URLForms(m.URL)
	}
	scheme, host, path := originOf(m.URL)
	port := map[string]string{"https": ":443", "http": ":80"}[scheme]
	bare, ported := strings.CutSuffix(host, port)
	switch {
	case port == "" || host == "":
		return nil
	case ported:
		return []string{scheme + "://" + bare + path}
	case withoutPort(host) != host:
		return nil
	}
	return []string{scheme + "://" + host + port + path}
}

// originOf takes a URL apart: its path is all that follows the host. The scheme is ""
// where it has none.
func originOf(url string) (scheme, host, path string) {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "", "", url
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	return scheme, rest[:end], rest[end:]
}

// withoutPort is a host without its port, where it has one.
func withoutPort(host string) string {
	if colon := strings.LastIndexByte(host, ':'); colon >= 0 && strings.Trim(host[colon+1:], "0123456789") == "" {
		return host[:colon]
	}
	return host
}

// URLForms are other ways to write the same URL of which one may be what a sender
// signed: without its port, with the one that goes without saying, and under the
// other scheme.
func URLForms(url string) []string {
	scheme, host, path := originOf(url)
	if scheme == "" {
		return nil
	}
	bare := withoutPort(host)
	var forms []string
	for _, s := range []struct{ scheme, port string }{{"https", ":443"}, {"http", ":80"}} {
		for _, h := range []string{host, bare, bare + s.port} {
			form := s.scheme + "://" + h + path
			if form != scheme+"://"+host+path && !slices.Contains(forms, form) {
				forms = append(forms, form)
			}
		}
	}
	return forms
}

// Needs are the kinds of place that the provider's own headers and signatures are
// filled from: what must be known to make a message of its.
func (p *Profile) Needs() map[PlaceKind]bool {
	needs := map[PlaceKind]bool{}
	for _, h := range p.Headers {
		for place := range h.Value.Places() {
			needs[place.Kind] = true
		}
	}
	for i := range p.Signatures.Schemes {
		if s := &p.Signatures.Schemes[i]; !s.Legacy {
			for place := range s.Content.Places() {
				needs[place.Kind] = true
			}
		}
	}
	return needs
}

// Streams reports whether messages can be signed without their body being in
// memory as a whole: it is signed as it is and nothing is looked up in it.
func (p *Profile) Streams() bool {
	if len(p.Body.Stamps) > 0 {
		return false
	}
	needs := p.Needs()
	for i := range p.Signatures.Schemes {
		s := &p.Signatures.Schemes[i]
		if s.Codec != "" || s.Digest != nil {
			return false
		}
		for _, place := range append(slices.Collect(s.When.places()), s.In...) {
			needs[place.Kind] = true
		}
	}
	for _, kind := range []PlaceKind{PlaceJSON, PlaceItem, PlaceKey, PlaceForm, PlaceForms, PlaceXML, PlaceSHA256, PlaceCRC32} {
		if needs[kind] {
			return false
		}
	}
	return true
}

// GuessURL is the URL that the sender of c most likely used: with the host it
// named, or a proxy named for it, and HTTPS, which providers use. See URLForms.
func GuessURL(c *hook.Capture) string {
	if strings.Contains(c.Target, "://") {
		return c.Target
	}
	host := c.Header.Get("X-Forwarded-Host")
	if host == "" {
		host = c.Header.Get("Host")
	}
	host, _, _ = strings.Cut(host, ",")
	return "https://" + strings.TrimSpace(host) + c.Target
}
