package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// FuzzParseValue looks for values of signatures that make the parser panic, or that
// it takes more from than there is.
func FuzzParseValue(f *testing.F) {
	for _, seed := range []struct{ text, list, pair, names, prefix string }{
		{"t=1700000000,v1=aa,v1=bb,v0=cc", ",", "=", "v1", ""},
		{"v1,aa v1,bb v1a,cc", " ", ",", "v1", ""},
		{"sha256=aa", "", "", "", "sha256="},
		{"Bearer aa", "", "", "", "Bearer "},
		{strings.Repeat("v1=a,", 100), ",", "=", "v1", ""},
		{",,=,=,", ",", "=", "", ""},
	} {
		f.Add(seed.text, seed.list, seed.pair, seed.names, seed.prefix, false)
	}
	f.Fuzz(func(t *testing.T, text, list, pair, names, prefix string, token bool) {
		s := &provider.Scheme{Algorithm: provider.HMACSHA256, Prefix: prefix, Grammar: provider.Grammar{List: list}}
		if token {
			s.Algorithm = provider.Token
		}
		if names != "" {
			s.Grammar.Pair, s.Grammar.Names = pair, strings.Split(names, "|")
		}
		v, err := parseValue(s, text)
		if err != nil && len(err.Error()) > 400+len(prefix)*4+len(names)+len(pair)*4 {
			t.Errorf("the error says too much: %v", err)
		}
		if len(v.signatures) > maxSignatures+1 || len(v.parts) > maxSignatures {
			t.Errorf("got %d signatures and %d parts", len(v.signatures), len(v.parts))
		}
		for _, one := range v.signatures {
			if !strings.Contains(text, one) {
				t.Errorf("%q is not in %q", one, text)
			}
		}
	})
}

// FuzzSignatureInput looks for structured fields that make the parser panic, and for
// covered components of which it takes another text than the one that was signed.
func FuzzSignatureInput(f *testing.F) {
	for _, seed := range []string{
		`sig1=("@method" "@query-param";name="a" "content-digest");created=1618884473;keyid="k"`,
		`a=(), b=("x";sf);expires=-1;alg="hmac-sha256"`, `a;b;c=?0, d=:AQI=:, e=token/x`, `a=("b\"\\")`, "a=(\"b\"  \"c\" );x",
	} {
		f.Add(seed, "sig1=:AQI=:, a=:AA==:")
	}
	m := &provider.Message{Method: "POST", URL: "https://example.com/in?a=1", Header: hook.Header{{Name: "Content-Digest", Value: "x"}}}
	f.Fuzz(func(t *testing.T, input, signatures string) {
		inputs, err := parseDictionary(input)
		if err != nil {
			return
		}
		values, _ := parseDictionary(signatures)
		for i := range inputs {
			in := &inputs[i]
			if len(inputs) > maxSignatures || len(in.list) > maxEntries || !strings.Contains(input, in.raw) {
				t.Fatalf("got %+v", in)
			}
			again, err := parseDictionary(in.key + "=" + in.raw)
			if in.raw != "" && in.raw[0] != ';' && (err != nil || len(again) != 1 || again[0].raw != in.raw) {
				t.Fatalf("%q: read again it is %+v %v", in.raw, again, err)
			}
			sig, err := newMessageSignature(in, values)
			if err != nil {
				continue
			}
			if base, err := sig.base(m); err == nil && strings.Count(base, "\n") != len(sig.covered) {
				t.Errorf("want a line for each component, got %q", base)
			}
		}
	})
}

// fuzzed is what FuzzVerify verifies with: the same key for all messages of a provider.
type fuzzed struct {
	verifier *Verifier
	secret   string
	// content is what was signed with the key pair, where that is asymmetric.
	content string
	// proves reports whether the message has a signature, by means other than ours.
	proves func(f *fuzzed, m *provider.Message) bool
}

const fuzzSecret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// FuzzVerify looks for messages that make the verifier panic, or that it takes for
// signed although nobody signed them.
func FuzzVerify(f *testing.F) {
	library := provider.NewLibrary(schemas.Files())
	all := []*fuzzed{
		{secret: fuzzSecret, proves: (*fuzzed).provesSvix}, {secret: fuzzSecret, proves: (*fuzzed).provesStripe},
		{secret: fuzzSecret, proves: (*fuzzed).provesRecharge}, {secret: newFuzzPair(f), proves: (*fuzzed).provesSNS},
	}
	now := time.Unix(1772827200, 0)
	for i, name := range []string{"svix", "stripe", "recharge", "sns"} {
		p, err := library.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		body := `{"a":1}`
		if name == "sns" {
			body = `{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"a\nb","Timestamp":"2026-03-06T20:00:00.000Z","SigningCertURL":"https://sns.eu-west-1.amazonaws.com/a.pem"}`
			all[i].content = "Message\na\nb\nMessageId\n1\nTimestamp\n2026-03-06T20:00:00.000Z\nTopicArn\narn\nType\nNotification\n"
		}
		keys := []Key{{"secret", all[i].secret}}
		signed, err := Sign(p, Draft{Body: []byte(body), Event: "a/b", At: now}, keys, rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		if keys, err = VerifyingKeys(p, keys); err != nil {
			f.Fatal(err)
		}
		all[i].verifier = NewVerifier(p, keys, Options{})
		var header strings.Builder
		for _, h := range signed.Message.Header {
			header.WriteString(h.Name + ": " + h.Value + "\n")
		}
		if got := all[i].verifier.Verify(signed.Message, now); got.Outcome != hook.Verified {
			f.Fatalf("%s: %+v", name, got)
		}
		f.Add(uint8(i), "https://example.com/in", header.String(), signed.Message.Body)
		f.Add(uint8(i), "", "", []byte(nil))
	}
	f.Fuzz(func(t *testing.T, which uint8, url, header string, body []byte) {
		one := all[int(which)%len(all)]
		m := &provider.Message{Method: "POST", URL: url, Body: body}
		for line := range strings.SplitSeq(header, "\n") {
			name, value, _ := strings.Cut(line, ":")
			m.Header = append(m.Header, hook.Field{Name: name, Value: strings.TrimSpace(value)})
		}
		got := one.verifier.Verify(m, now)
		if got.Outcome == hook.Verified && !one.proves(one, m) {
			t.Errorf("nobody signed %q %q, got %+v", header, body, got)
		}
		if got.Outcome == hook.Failed && got.Reason == "" || len(got.Detail) > 1000 || strings.Contains(got.Detail, fuzzSecret) {
			t.Errorf("got %+v", got)
		}
	})
}

func newFuzzPair(f *testing.F) string {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		f.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func macOf(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func (f *fuzzed) provesSvix(m *provider.Message) bool {
	either := func(name string) string {
		if m.Header.Has("svix-" + name) {
			return m.Header.Get("svix-" + name)
		}
		return m.Header.Get("webhook-" + name)
	}
	secret, _ := base64.StdEncoding.DecodeString(f.secret)
	sum := macOf(string(secret), either("id")+"."+either("timestamp")+"."+string(m.Body))
	return strings.Contains(either("signature"), base64.StdEncoding.EncodeToString(sum))
}

// provesTimed is so for a header of the form t=TIME,v1=SIGNATURE.
func (f *fuzzed) provesTimed(m *provider.Message, header string) bool {
	value := strings.ToLower(m.Header.Get(header))
	return slices.ContainsFunc(strings.Split(m.Header.Get(header), ","), func(piece string) bool {
		name, text, _ := strings.Cut(piece, "=")
		sum := macOf(f.secret, strings.TrimSpace(text)+"."+string(m.Body))
		return strings.TrimSpace(name) == "t" && strings.Contains(value, hex.EncodeToString(sum))
	})
}

func (f *fuzzed) provesStripe(m *provider.Message) bool { return f.provesTimed(m, "Stripe-Signature") }

func (f *fuzzed) provesRecharge(m *provider.Message) bool {
	sum := sha256.Sum256([]byte(f.secret + string(m.Body)))
	return f.provesTimed(m, "X-Recharge-Webhook-Signature") ||
		strings.EqualFold(m.Header.Get("X-Recharge-Hmac-Sha256"), hex.EncodeToString(sum[:]))
}

// provesSNS cannot be so for any content but the one that was signed.
func (f *fuzzed) provesSNS(m *provider.Message) bool {
	content, err := snsContent(m.Body)
	return err == nil && content == f.content
}

// FuzzKeys looks for texts that make the reading of keys panic, or that end up in an
// error.
func FuzzKeys(f *testing.F) {
	f.Add("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n")
	f.Add("26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb")
	f.Add("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range []provider.Algorithm{provider.Ed25519, provider.ECDSAP256, provider.RSASHA256, provider.RSAPSS} {
			public, errPublic := parsePublic(text, a)
			private, errPrivate := parsePrivate(text, a)
			for _, err := range []error{errPublic, errPrivate} {
				if err != nil && len(text) > 24 && strings.Contains(err.Error(), text) {
					t.Errorf("the error tells the key: %v", err)
				}
			}
			if e, ok := public.(*ecdsa.PublicKey); ok && e.Params().BitSize != 256 || errPublic == nil && public == nil {
				t.Errorf("%s: got %T", a, public)
			}
			if errPrivate == nil && private.Public() == crypto.PublicKey(nil) {
				t.Errorf("%s: got no public half", a)
			}
		}
	})
}
