package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Draft is a message before it is signed.
type Draft struct {
	Method, URL string
	Body        []byte
	// Large stands in the place of Body where that is nil: read piece by piece where
	// the provider's way of signing allows it.
	Large hook.Body
	// ContentType stands in the place of the profile's where it is not empty.
	ContentType string
	// Event is its type; ID tells duplicates, "" makes one; At is when it is sent.
	Event, ID string
	At        time.Time
	// Timestamp, where it is not empty, stands in the place of that of At, as it is.
	Timestamp string
	// Try is the number of the attempt from 1, 0 where that is of no matter; First the
	// time of the first, and Cause why there is another.
	Try   int
	First time.Time
	Cause string
	// Header is added, in the place of fields of the same name.
	Header hook.Header
}

// A Signed message is one as the provider sends it.
type Signed struct {
	Message *provider.Message
	// ID is the event's id, "" where the provider's headers have none.
	ID string
	// Schemes are the names of those it is signed by.
	Schemes []string
	// InBody says that the body was changed: the signature stands there, or what the
	// provider writes anew for each message.
	InBody bool
}

// A Signer makes messages as one provider sends them. It is safe for concurrent use.
type Signer struct {
	profile *provider.Profile
	schemes []signingScheme
	streams bool // bodies need not be in memory
}

// A signingScheme is a provider.Scheme that is still sent, with its keys.
type signingScheme struct {
	*provider.Scheme
	place string // where its signature goes
	keys  []*key
	fault error // why the secrets are none for it
}

// NewSigner returns a Signer that signs with all keys at once, as providers do while a
// secret is rotated.
func NewSigner(p *provider.Profile, keys []Key) *Signer {
	signer := &Signer{profile: p, streams: p.Streams()}
	for i := range p.Signatures.Schemes {
		s := signingScheme{Scheme: &p.Signatures.Schemes[i]}
		if s.Legacy {
			continue
		}
		if s.place = codecPlace(s.Codec); s.Codec == "" {
			s.place = s.In[0].String()
		}
		s.keys, s.fault = signingKeys(s.Scheme, keys)
		signer.schemes = append(signer.schemes, s)
	}
	return signer
}

// Sign makes one message as NewSigner's Signer does.
func Sign(p *provider.Profile, d Draft, keys []Key, random io.Reader) (*Signed, error) {
	return NewSigner(p, keys).Sign(d, random)
}

// Sign makes the message that the provider sends: its headers, in its order, and a
// signature by each scheme that it uses. random is for ids.
func (signer *Signer) Sign(d Draft, random io.Reader) (*Signed, error) {
	p := signer.profile
	if d.ID == "" && p.Event.NewID != "" {
		var err error
		if d.ID, err = p.Event.NewID.NewID(random, d.At); err != nil {
			return nil, err
		}
	}
	m := &provider.Message{Method: orElse(d.Method, "POST"), URL: d.URL, Body: d.Body, Large: d.Large}
	if !signer.streams {
		if err := m.Load(); err != nil {
			return nil, err
		}
	}
	scope := &provider.Scope{
		Message: m, ID: d.ID, Event: d.Event, At: d.At, First: d.First, Try: d.Try, Cause: d.Cause,
		Timestamp: orElse(d.Timestamp, stampFor(p, d.At)), Random: random,
	}
	stamped, err := stampBody(p, scope)
	if err != nil {
		return nil, err
	}
	if err := addHeaders(p, scope, d); err != nil {
		return nil, err
	}
	signed := &Signed{Message: m, ID: d.ID, InBody: stamped}
	if err := signer.addSignatures(scope, d, signed); err != nil {
		return nil, err
	}
	override(m, d.Header)
	return signed, nil
}

// stampFor is the time at in the unit of the first scheme that has one.
func stampFor(p *provider.Profile, at time.Time) string {
	for i := range p.Signatures.Schemes {
		if rule := p.Signatures.Schemes[i].Timestamp; rule != nil {
			return provider.FormatTime(at, rule.Unit)
		}
	}
	return provider.FormatTime(at, provider.Seconds)
}

// stampBody writes into the body what is another for each message, and reports whether
// there is such. A body that is not an object of JSON has no room for it and stays as
// it is; what nothing is known of is left out.
func stampBody(p *provider.Profile, scope *provider.Scope) (stamped bool, err error) {
	m := scope.Message
	if len(p.Body.Stamps) == 0 || !bytes.HasPrefix(bytes.TrimSpace(m.Body), []byte{'{'}) || !json.Valid(m.Body) {
		return false, nil
	}
	for _, stamp := range p.Body.Stamps {
		value, err := stamp.Value.Fill(scope)
		var missing *provider.MissingError
		if errors.As(err, &missing) {
			continue
		}
		if !json.Valid([]byte(value)) {
			return false, fmt.Errorf("%s in the body: want JSON, got %q", stamp.Name, value)
		}
		path, err := jsontext.ParsePath(stamp.Name)
		if err != nil {
			return false, err
		}
		if m.Body, err = jsontext.Set(m.Body, path, []byte(value)); err != nil {
			return false, fmt.Errorf("%s in the body: %w", stamp.Name, err)
		}
		stamped = true
	}
	return stamped, nil
}

func addHeaders(p *provider.Profile, scope *provider.Scope, d Draft) error {
	m := scope.Message
	if media := orElse(d.ContentType, p.Body.ContentType); media != "" {
		m.Header = append(m.Header, hook.Field{Name: "Content-Type", Value: media})
	}
	rules := p.Headers
	if d.Try > 0 {
		rules = append(rules[:len(rules):len(rules)], p.Policy.Headers...)
	}
	for _, rule := range rules {
		value, err := rule.Value.Fill(scope)
		var missing *provider.MissingError
		if errors.As(err, &missing) {
			continue // a header of what there is none of is not sent
		}
		if strings.ContainsAny(value, "\r\n\x00") {
			return fmt.Errorf("header %s: the value would have a line break in it", rule.Name)
		}
		m.Header = append(m.Header, hook.Field{Name: rule.Name, Value: value})
	}
	return nil
}

// addSignatures signs by each scheme that applies.
func (signer *Signer) addSignatures(scope *provider.Scope, d Draft, signed *Signed) error {
	var faults []error
	var written []string
	for i := range signer.schemes {
		s := &signer.schemes[i]
		if slices.Contains(written, s.place) || !s.When.Hold(scope) {
			continue // an alternative to a scheme that was used, or not for this message
		}
		if s.fault != nil {
			faults = append(faults, s.fault)
			continue
		}
		if err := signBy(signer.profile, s.Scheme, scope, d, s.keys, signed); err != nil {
			return fmt.Errorf("scheme %s: %w", s.Name, err)
		}
		written = append(written, s.place)
		signed.Schemes = append(signed.Schemes, s.Name)
	}
	if len(signed.Schemes) == 0 {
		return errors.Join(faults...)
	}
	return nil
}

func signingKeys(s *provider.Scheme, keys []Key) ([]*key, error) {
	var made []*key
	for _, k := range keys {
		one, err := newSigningKey(k, s)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, nil
}

// signBy adds the signature of one scheme.
func signBy(p *provider.Profile, s *provider.Scheme, scope *provider.Scope, d Draft, keys []*key, signed *Signed) error {
	if s.Codec != "" {
		return signCodec(s, scope, d, keys, signed)
	}
	if s.Timestamp != nil {
		scope.Timestamp = orElse(d.Timestamp, provider.FormatTime(d.At, s.Timestamp.Unit))
	}
	if s.Each {
		return signEach(s, scope, keys, signed)
	}
	if !s.PerItem() {
		return signPlace(s, scope, keys, signed, s.In[0].String())
	}
	items := p.ItemsOf(scope.Message)
	if len(items) == 0 {
		return fmt.Errorf("the body has no items at %s", p.Body.Items)
	}
	for i, item := range items {
		scope.Item = item
		if err := signPlace(s, scope, keys, signed, fmt.Sprintf("json:%s[%d].%s", strings.TrimSuffix(p.Body.Items, "[]"), i, s.In[0].Arg)); err != nil {
			return err
		}
	}
	return nil
}

// signEach puts the signature of each key at a place of its own.
func signEach(s *provider.Scheme, scope *provider.Scope, keys []*key, signed *Signed) error {
	if len(keys) > len(s.In) {
		return fmt.Errorf("there is room for %d signatures, and there are %d secrets", len(s.In), len(keys))
	}
	for i := range keys {
		if err := signPlace(s, scope, keys[i:i+1], signed, s.In[i].String()); err != nil {
			return err
		}
	}
	return nil
}

// signPlace makes signatures of scope and puts them where place says.
func signPlace(s *provider.Scheme, scope *provider.Scope, keys []*key, signed *Signed, place string) error {
	var texts []string
	for _, k := range keys {
		signature, err := k.sign(func(secret []byte, emit func([]byte)) error {
			scope.Secret = secret
			return s.Content.Write(scope, emit)
		})
		if err != nil {
			return err
		}
		texts = append(texts, encode(s.Encoding, signature))
	}
	var lead []string
	for _, template := range s.Grammar.Lead {
		text, err := template.Fill(scope)
		if err != nil {
			return err
		}
		lead = append(lead, text)
	}
	value := formatValue(s, lead, texts)
	m := scope.Message
	kind, arg, _ := strings.Cut(place, ":")
	switch provider.PlaceKind(kind) {
	case provider.PlaceHeader:
		name, _, _ := strings.Cut(arg, "|")
		m.Header = append(m.Header, hook.Field{Name: name, Value: value})
		return nil
	case provider.PlaceQuery:
		mark := "?"
		if strings.Contains(m.URL, "?") {
			mark = "&"
		}
		m.URL += mark + url.QueryEscape(arg) + "=" + url.QueryEscape(value)
		return nil
	}
	if provider.PlaceKind(kind) != provider.PlaceJSON {
		return fmt.Errorf("a signature cannot be put into a %s yet", kind)
	}
	return signed.setInBody(m, arg, value)
}

// setInBody puts a text into the JSON body.
func (signed *Signed) setInBody(m *provider.Message, path, text string) error {
	to, err := jsontext.ParsePath(path)
	if err != nil {
		return err
	}
	body, err := jsontext.SetText(m.Body, to, text)
	if err != nil {
		return err
	}
	m.Body, signed.InBody = body, true
	return nil
}

// override puts fields in the place of those of the same name, or at the end.
func override(m *provider.Message, fields hook.Header) {
	m.Header = append(m.Header.Without(fields.Has), fields...)
}
