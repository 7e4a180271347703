package signature_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// A trial is a message that verifies, by one scheme, about to be spoilt.
type trial struct {
	profile *provider.Profile
	scheme  *provider.Scheme
	message *provider.Message
	keys    []signature.Key
	at      time.Time
}

// A fault spoils a trial. It returns the reasons that may then be given; none where
// the message must still verify, and nil where the fault cannot be made of it.
type fault struct {
	name  string
	spoil func(t *testing.T, c *trial) []string
}

// holds is what a fault returns that must not change the verdict.
func holds() []string { return []string{} }

func faults() []fault {
	return []fault{
		{"another byte in the body", otherByte},
		{"another byte in what is covered of the body", otherField},
		{"another secret", func(t *testing.T, c *trial) []string {
			c.keys = []signature.Key{otherKey(t, c)}
			return []string{signature.Mismatch}
		}},
		{"old secret before the new one", func(t *testing.T, c *trial) []string {
			c.keys = append([]signature.Key{otherKey(t, c)}, c.keys...)
			return holds()
		}},
		{"new secret before the old one", func(t *testing.T, c *trial) []string {
			c.keys = append(slices.Clip(c.keys), otherKey(t, c))
			return holds()
		}},
		{"second signature before", func(t *testing.T, c *trial) []string { return secondSignature(c, true) }},
		{"second signature behind", func(t *testing.T, c *trial) []string { return secondSignature(c, false) }},
		{"empty secret", func(t *testing.T, c *trial) []string {
			c.keys = []signature.Key{{Name: "secret"}}
			return []string{signature.BadSecret}
		}},
		{"no secret", func(t *testing.T, c *trial) []string {
			c.keys = nil
			return []string{signature.NoSecret}
		}},
		{"as old as tolerated", func(t *testing.T, c *trial) []string { return age(c, 0) }},
		{"older than tolerated", func(t *testing.T, c *trial) []string { return age(c, time.Second) }},
		{"as far ahead as tolerated", func(t *testing.T, c *trial) []string { return ahead(c, 0) }},
		{"further ahead than tolerated", func(t *testing.T, c *trial) []string { return ahead(c, time.Second) }},
		{"no signature", func(t *testing.T, c *trial) []string {
			c.eachSignature(t, c.remove)
			return []string{signature.Missing}
		}},
		{"empty signature", func(t *testing.T, c *trial) []string {
			c.eachSignature(t, func(t *testing.T, p provider.Place) { c.replace(t, p, func(string) string { return "" }) })
			return []string{signature.Malformed, signature.Missing}
		}},
		{"repeated signature", repeatedSignature},
		{"signature of 100 KB", func(t *testing.T, c *trial) []string {
			return c.huge(t, func(value string) string { return value + strings.Repeat("A", 100_000) })
		}},
		{"signature repeated for 100 KB", func(t *testing.T, c *trial) []string {
			return c.huge(t, func(value string) string {
				return strings.Repeat(value+c.scheme.Grammar.List, 100_000/(len(value)+1)+2)
			})
		}},
		{"separators for 100 KB", func(t *testing.T, c *trial) []string {
			return c.huge(t, func(string) string { return strings.Repeat(orSpace(c.scheme.Grammar.List), 100_000) })
		}},
	}
}

func TestFaultsOfWhatVerifiesAreFound(t *testing.T) {
	eachVector(t, func(t *testing.T, p *provider.Profile, v *vector) {
		if v.Outcome != hook.Verified {
			t.Skip("does not verify to begin with")
		}
		for _, f := range faults() {
			c := newTrial(t, p, v)
			if want := f.spoil(t, c); want != nil {
				c.check(t, f.name, want)
			}
		}
	})
}

func newTrial(t *testing.T, p *provider.Profile, v *vector) *trial {
	t.Helper()
	c := &trial{profile: p, message: v.message(), keys: v.keys(), at: v.At.Time}
	verdict := verify(p, c.message, c.at, c.keys...)
	for i := range p.Signatures.Schemes {
		if s := &p.Signatures.Schemes[i]; s.Name == verdict.Scheme {
			c.scheme = s
		}
	}
	if verdict.Outcome != hook.Verified || c.scheme == nil {
		t.Fatalf("got %+v", verdict)
	}
	return c
}

// check holds the verdict on a spoilt message against the reasons that are wanted.
func (c *trial) check(t *testing.T, name string, want []string) {
	t.Helper()
	got := verify(c.profile, c.message, c.at, c.keys...)
	outcome := hook.Failed
	switch {
	case len(want) == 0:
		outcome = hook.Verified
	case slices.Contains(want, signature.NoSecret):
		outcome = hook.NotChecked
	}
	if got.Outcome != outcome || len(want) > 0 && !slices.Contains(want, got.Reason) {
		t.Errorf("%s: want %s %v, got %+v", name, outcome, want, got)
	}
	if binding := c.scheme.Binding(); got.Outcome == hook.Verified && got.Unbound != (binding == provider.CoversNone || binding == provider.CoversFields) {
		t.Errorf("%s: what covers the body is said wrongly: %+v", name, got)
	}
	for _, k := range c.keys {
		if len(k.Secret) > 8 && strings.Contains(got.Detail, k.Secret) {
			t.Errorf("%s: the detail tells the secret: %s", name, got.Detail)
		}
	}
}

// otherByte changes a byte in the middle of the body. Where the signature does not
// cover the body as it was sent, white space is added behind it instead, which changes
// no field.
func otherByte(_ *testing.T, c *trial) []string {
	switch c.scheme.Binding() {
	case provider.CoversNone, provider.CoversFields:
		c.message.Body = append(slices.Clip(c.message.Body), '\n')
		return holds()
	}
	if len(c.message.Body) == 0 {
		c.message.Body = []byte("x")
	} else {
		c.message.Body = bytes.Clone(c.message.Body)
		c.message.Body[len(c.message.Body)/2] ^= 1
	}
	return []string{signature.Mismatch, signature.BadDigest, signature.Incomplete}
}

// otherField changes, one after the other, the fields of the body that a signature
// covers.
func otherField(t *testing.T, c *trial) []string {
	if c.scheme.Binding() != provider.CoversFields {
		return nil
	}
	for place := range c.scheme.Content.Places() {
		for _, field := range c.fields(t, place) {
			value, ok := jsontext.Lookup(c.message.Body, field)
			text, plain := jsontext.Plain(value)
			if !ok || !plain {
				continue
			}
			other := *c
			other.message = &provider.Message{Method: c.message.Method, URL: c.message.URL, Header: c.message.Header, Body: c.message.Body}
			other.setJSON(t, field, text+"0")
			other.check(t, "another "+place.Arg, []string{signature.Mismatch, signature.Malformed})
		}
	}
	return nil
}

// fields are the paths of place from the root of the body.
func (c *trial) fields(t *testing.T, place provider.Place) []jsontext.Path {
	t.Helper()
	var texts []string
	switch place.Kind {
	case provider.PlaceJSON:
		texts = append(texts, place.Arg)
	case provider.PlaceItem:
		for i := range c.profile.ItemsOf(c.message) {
			texts = append(texts, fmt.Sprintf("%s[%d].%s", strings.TrimSuffix(c.profile.Body.Items, "[]"), i, place.Arg))
		}
	}
	var paths []jsontext.Path
	for _, text := range texts {
		path, err := jsontext.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func (c *trial) setJSON(t *testing.T, path jsontext.Path, text string) {
	t.Helper()
	body, err := jsontext.SetText(c.message.Body, path, text)
	if err != nil {
		t.Fatal(err)
	}
	c.message.Body = body
}

func otherKey(t *testing.T, c *trial) signature.Key {
	_, verifying := newKeys(t, c.profile, c.scheme)
	return verifying
}

// secondSignature puts a signature that does not hold beside the one that does,
// where several may stand in the value.
func secondSignature(c *trial, before bool) []string {
	g := c.scheme.Grammar
	if g.List == "" || len(c.scheme.In) == 0 {
		return nil
	}
	length := 32
	if c.scheme.Algorithm.Asymmetric() {
		length = 64
	}
	other := c.scheme.Prefix + encoded(c.scheme.Encoding, make([]byte, length))
	if g.Pair != "" {
		other = g.Names[0] + g.Pair + other
	}
	c.replace(nil, c.scheme.In[0], func(value string) string {
		if before {
			return other + g.List + value
		}
		return value + g.List + other
	})
	return holds()
}

func encoded(e provider.Encoding, b []byte) string {
	switch e {
	case provider.Base64:
		return base64.StdEncoding.EncodeToString(b)
	case provider.Base64URL:
		return base64.URLEncoding.EncodeToString(b)
	}
	return hex.EncodeToString(b)
}

// age lets the message be older by more than is tolerated.
func age(c *trial, more time.Duration) []string {
	signed, ok := c.signedAt()
	if !ok || c.scheme.Timestamp.Tolerance == provider.AnyDuration {
		return nil
	}
	c.at = signed.Add(time.Duration(c.scheme.Timestamp.Tolerance) + more)
	if more == 0 {
		return holds()
	}
	return []string{signature.Stale}
}

// ahead lets the message be of a time to come.
func ahead(c *trial, more time.Duration) []string {
	signed, ok := c.signedAt()
	if !ok {
		return nil
	}
	if c.scheme.Timestamp.Future == provider.AnyDuration {
		c.at = signed.Add(-365 * 24 * time.Hour)
		return holds()
	}
	c.at = signed.Add(-time.Duration(c.scheme.Timestamp.Future) - more)
	if more == 0 {
		return holds()
	}
	return []string{signature.Future}
}

// signedAt is the timestamp of the message's signature.
func (c *trial) signedAt() (time.Time, bool) {
	if c.scheme.Timestamp == nil {
		return time.Time{}, false
	}
	scope := &provider.Scope{Message: c.message, Part: c.part}
	for i := range c.scheme.Timestamp.From {
		if text, ok := scope.Text(&c.scheme.Timestamp.From[i]); ok {
			at, err := provider.ParseTime(text, c.scheme.Timestamp.Unit)
			return at, err == nil
		}
	}
	return time.Time{}, false
}

// part is an element of the signature's value.
func (c *trial) part(name string) (string, bool) {
	for _, header := range c.scheme.In[0].Names() {
		for piece := range strings.SplitSeq(c.message.Header.Get(header), c.scheme.Grammar.List) {
			if text, ok := strings.CutPrefix(strings.TrimSpace(piece), name+c.scheme.Grammar.Pair); ok {
				return text, true
			}
		}
	}
	return "", false
}

// eachSignature calls do with the places of the signatures of all schemes: a weaker
// scheme must not stand in for the one that is spoilt.
func (c *trial) eachSignature(t *testing.T, do func(*testing.T, provider.Place)) {
	for i := range c.profile.Signatures.Schemes {
		for _, place := range placesOf(t, &c.profile.Signatures.Schemes[i]) {
			do(t, place)
		}
	}
}

// placesOf are the places where a signature of s can stand.
func placesOf(t *testing.T, s *provider.Scheme) []provider.Place {
	var places []provider.Place
	texts := map[provider.Codec]string{provider.CodecSNS: "json:Signature", provider.CodecMessageSignatures: "header:Signature"}
	if text, ok := texts[s.Codec]; ok {
		place, err := provider.ParsePlace(text)
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, place)
	}
	return append(places, s.In...)
}

// remove takes away what is at place. In a body it is given another name.
func (c *trial) remove(_ *testing.T, place provider.Place) {
	switch place.Kind {
	case provider.PlaceHeader:
		c.message.Header = c.message.Header.Without(func(name string) bool { return isOneOf(place, name) })
	case provider.PlaceJSON, provider.PlaceItem:
		name := place.Arg[strings.LastIndexByte(place.Arg, '.')+1:]
		c.message.Body = bytes.ReplaceAll(c.message.Body, []byte(`"`+name+`"`), []byte(`"other`+name+`"`))
	case provider.PlaceForm:
		c.message.Body = bytes.ReplaceAll(c.message.Body, []byte(place.Arg+"="), []byte("other"+place.Arg+"="))
	case provider.PlaceQuery:
		c.message.URL = strings.ReplaceAll(c.message.URL, place.Arg+"=", "other"+place.Arg+"=")
	}
}

func isOneOf(place provider.Place, name string) bool {
	return slices.ContainsFunc(place.Names(), func(n string) bool { return strings.EqualFold(n, name) })
}

// replace changes what is at place, where there is anything.
func (c *trial) replace(t *testing.T, place provider.Place, change func(string) string) {
	if place.Kind == provider.PlaceHeader {
		c.message.Header = slices.Clone(c.message.Header)
		for i, h := range c.message.Header {
			if isOneOf(place, h.Name) {
				c.message.Header[i].Value = change(h.Value)
			}
		}
		return
	}
	if place.Kind == provider.PlaceQuery {
		if text, ok := (&provider.Scope{Message: c.message}).Text(&place); ok {
			c.message.URL = withQuery(c.message.URL, place.Arg, change(text))
		}
		return
	}
	for _, path := range c.fields(t, place) {
		if value, ok := jsontext.Lookup(c.message.Body, path); ok {
			text, _ := jsontext.Plain(value)
			c.setJSON(t, path, change(text))
		}
	}
}

// repeatedSignature sends the header of the signature twice.
func repeatedSignature(t *testing.T, c *trial) []string {
	for _, place := range placesOf(t, c.scheme) {
		for _, h := range c.message.Header {
			if place.Kind == provider.PlaceHeader && isOneOf(place, h.Name) {
				c.message.Header = append(slices.Clip(c.message.Header), h)
				return []string{signature.Duplicate}
			}
		}
	}
	return nil // it stands in the body
}

// huge gives the signatures values that are much too long.
func (c *trial) huge(t *testing.T, change func(string) string) []string {
	c.eachSignature(t, func(t *testing.T, p provider.Place) { c.replace(t, p, change) })
	return []string{signature.Malformed, signature.Mismatch, signature.Missing}
}

func orSpace(text string) string {
	if text == "" {
		return " "
	}
	return text
}
