package signature_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// newKeys makes a key of the form that s wants, and what verifies its signatures.
func newKeys(t *testing.T, p *provider.Profile, s *provider.Scheme) (signing, verifying signature.Key) {
	t.Helper()
	signing = signature.Key{Name: "made", Secret: newSecret(t, s)}
	only := *p
	only.Signatures.Schemes = []provider.Scheme{*s}
	only.Signatures.Schemes[0].Legacy = false
	keys, err := signature.VerifyingKeys(&only, []signature.Key{signing})
	if err != nil {
		t.Fatal(err)
	}
	return signing, keys[0]
}

func newSecret(t *testing.T, s *provider.Scheme) string {
	t.Helper()
	random := make([]byte, 32)
	rand.Read(random)
	prefix := ""
	if len(s.Key.Prefixes) > 0 {
		prefix = s.Key.Prefixes[0]
	}
	switch {
	case s.Algorithm == provider.Ed25519, s.Key.Encoding == provider.KeyHex:
		return prefix + hex.EncodeToString(random)
	case s.Algorithm.Asymmetric():
		return prefix + newPrivateKey(t, s.Algorithm)
	case s.Algorithm == provider.Basic:
		return "user:" + hex.EncodeToString(random)
	}
	return prefix + base64.StdEncoding.EncodeToString(random)
}

func newPrivateKey(t *testing.T, a provider.Algorithm) string {
	t.Helper()
	var private any
	var err error
	if a == provider.ECDSAP256 {
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// Each scheme of each profile alone: what is signed by it verifies by it, and stops
// to when the message, or the secret, is another.
func TestWhatEachSchemeSignsVerifies(t *testing.T) {
	library := provider.NewLibrary(schemas.Files())
	names, err := library.Names()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		for _, s := range load(t, name).Signatures.Schemes {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				p := load(t, name)
				p.Signatures.Schemes = []provider.Scheme{s}
				roundTrip(t, p)
			})
		}
	}
}

func roundTrip(t *testing.T, p *provider.Profile) {
	s := &p.Signatures.Schemes[0]
	s.Legacy = false
	now := time.Unix(1_700_000_000, 0)
	signing, verifying := newKeys(t, p, s)
	signed, err := signature.Sign(p, draft(t, p, now), []signature.Key{signing}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := func() *trial {
		m := *signed.Message
		return &trial{profile: p, scheme: s, message: &provider.Message{Method: m.Method, URL: m.URL, Header: m.Header, Body: m.Body},
			keys: []signature.Key{verifying}, at: now}
	}
	if got := verify(p, made().message, now, verifying); got.Outcome != hook.Verified || got.Scheme != s.Name {
		t.Fatalf("%v %s gives %+v", signed.Message.Header, signed.Message.Body, got)
	}
	for _, f := range faults() {
		c := made()
		if want := f.spoil(t, c); want != nil {
			c.check(t, f.name, want)
		}
	}
}

// draft is a message to which the scheme of p applies, and that has what it signs.
func draft(t *testing.T, p *provider.Profile, now time.Time) signature.Draft {
	t.Helper()
	s := &p.Signatures.Schemes[0]
	c := &trial{profile: p, message: &provider.Message{URL: "https://example.com/hooks?a=1", Body: []byte(`{"a":1}`)}}
	if p.Body.Kind == provider.BodyForm && s.Digest == nil {
		c.message.Body = []byte("a=1&b=two+words&a=2")
	}
	if s.PerItem() {
		c.message.Body = itemsBody(p)
	}
	if s.Codec == provider.CodecSNS {
		c.message.Body = []byte(`{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"m","Timestamp":"2023-11-14T22:13:20.000Z",` +
			`"SigningCertURL":"https://sns.us-east-2.amazonaws.com/a.pem"}`)
	}
	for _, condition := range s.When {
		if condition.Place.Kind == provider.PlaceHeader { // another scheme may be sent with another value
			p.Headers = slices.DeleteFunc(slices.Clone(p.Headers), func(h provider.HeaderRule) bool { return isOneOf(condition.Place, h.Name) })
		}
		c.fill(t, p, condition.Place, strings.ReplaceAll(string(condition.Glob), "*", "x"))
	}
	for place := range s.Content.Places() {
		c.fill(t, p, place, "x")
	}
	if s.Timestamp != nil {
		for _, place := range s.Timestamp.From {
			if place.Kind == provider.PlaceJSON {
				c.setJSON(t, c.fields(t, place)[0], provider.FormatTime(now, s.Timestamp.Unit))
			}
		}
	}
	if s.Digest != nil && s.Digest.From.Kind == provider.PlaceQuery {
		sum := sha256.Sum256(c.message.Body)
		c.message.URL = withQuery(c.message.URL, s.Digest.From.Arg, encoded(s.Digest.Encoding, sum[:]))
	}
	return signature.Draft{URL: c.message.URL, Body: c.message.Body, Event: "resource/action", At: now, Header: c.message.Header}
}

// itemsBody is a batch of two.
func itemsBody(p *provider.Profile) []byte {
	key := strings.TrimSuffix(p.Body.Items, "[]")
	if key == "" {
		return []byte(`[{"n":1},{"n":2}]`)
	}
	return []byte(`{"` + key + `":[{"n":1},{"n":2}]}`)
}

// fill puts text where place is, unless something is there.
func (c *trial) fill(t *testing.T, p *provider.Profile, place provider.Place, text string) {
	t.Helper()
	switch place.Kind {
	case provider.PlaceJSON, provider.PlaceItem:
		for _, path := range c.fields(t, place) {
			if _, there := jsontext.Lookup(c.message.Body, path); !there {
				c.setJSON(t, path, text)
			}
		}
	case provider.PlaceQuery:
		c.message.URL = withQuery(c.message.URL, place.Arg, text)
	case provider.PlaceHeader:
		sent := func(h provider.HeaderRule) bool { return isOneOf(place, h.Name) }
		for _, h := range p.Headers {
			if sent(h) {
				return
			}
		}
		template, err := provider.ParseTemplate(text)
		if err != nil {
			t.Fatal(err)
		}
		p.Headers = append(p.Headers[:len(p.Headers):len(p.Headers)], provider.HeaderRule{Name: place.Names()[0], Value: template})
	}
}

// withQuery is an address with a parameter more, in the place of one of its name.
func withQuery(address, name, value string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}
