package signature_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// explainGitHub explains a body that nothing fits.
func explainGitHub(t testing.TB, profiles []*provider.Profile, body []byte) signature.Explanation {
	t.Helper()
	m := &provider.Message{Method: "POST", URL: "https://example.com/", Body: body, Header: hook.Header{
		{Name: "X-Hub-Signature-256", Value: "sha256=" + hexMAC("nobody knows", string(body))},
	}}
	return signature.Explain(named(t, profiles, "github"), signature.Case{
		Message: m, Now: testTime(), Keys: []signature.Key{{Name: "secret", Secret: goodSecret}}, Profiles: profiles,
	})
}

// largeBodies are those that cost most.
func largeBodies() map[string][]byte {
	var records bytes.Buffer
	for i := 0; records.Len() < 1<<20; i++ {
		fmt.Fprintf(&records, `,{"id":%d,"name":"Zoë <b>/ %d","price":%d.50,"tags":["a","b"],"meta":{"1":true,"é":null}}`, i, i, i)
	}
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	w.Write(make([]byte, 64<<20))
	w.Close()
	return map[string][]byte{
		"1 MB of records":    append(append([]byte(`{"list":[{}`), records.Bytes()...), "]}"...),
		"1 MB of numbers":    []byte("[" + strings.Repeat("1,", 1<<19) + "1]"),
		"1 MB of one string": []byte(`"` + strings.Repeat("é<\\u00e9/", 1<<17) + `"`),
		"deep objects":       []byte(strings.Repeat(`{"a":`, 100000) + "1" + strings.Repeat("}", 100000)),
		"999 deep":           []byte(strings.Repeat(`{"a":`, 999) + "1" + strings.Repeat("}", 999)),
		"one object":         []byte(`{"a":1` + strings.Repeat(`,"a":2`, 1<<17) + `}`),
		"16 MB":              bytes.Repeat([]byte("x"), 16<<20),
		"a gzip bomb":        bomb.Bytes(),
	}
}

func TestExplainEndsWithLargeBodies(t *testing.T) {
	profiles := bundled(t)
	for name, body := range largeBodies() {
		t.Run(name, func(t *testing.T) {
			got := explainGitHub(t, profiles, body)
			if got.Cause != nil || len(got.RuledOut) == 0 {
				t.Errorf("got %+v", got)
			}
			if len(body) > 1<<20 && !slices.ContainsFunc(got.RuledOut, func(text string) bool { return strings.Contains(text, "256 MB") }) {
				t.Errorf("it does not say that it stopped: %q", got.RuledOut)
			}
		})
	}
}

func TestExplainFindsTheCauseInLargeBodies(t *testing.T) {
	profiles := bundled(t)
	body := largeBodies()["1 MB of records"]
	got := mishap{provider: "svix", signed: string(body) + "\n", given: string(body)}.explain(t, profiles)
	if got.Cause == nil || got.Cause.ID != "body-newline-added" {
		t.Errorf("got %+v, %q", got.Cause, got.RuledOut)
	}
	got = mishap{provider: "svix", given: string(body), signed: rewrite(t, string(body))}.explain(t, profiles)
	if got.Cause == nil || got.Cause.ID != "body-reencoded-go" {
		t.Errorf("got %+v, %q", got.Cause, got.RuledOut)
	}
}

// asymmetric is a message of Svix signed with an Ed25519 key.
func TestExplainWithKeyPairs(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, "svix")
	signed := func(body string) *provider.Message {
		sum := ed25519.Sign(private, []byte("msg_1.1700000000."+body))
		return &provider.Message{Method: "POST", Body: []byte(body), Header: hook.Header{
			{Name: "svix-id", Value: "msg_1"}, {Name: "svix-timestamp", Value: "1700000000"},
			{Name: "svix-signature", Value: "v1a," + base64.StdEncoding.EncodeToString(sum)},
		}}
	}
	explain := func(m *provider.Message, secret string) signature.Explanation {
		return signature.Explain(p, signature.Case{Message: m, Now: testTime(), Keys: []signature.Key{{Name: "key", Secret: secret}}})
	}
	good := "whpk_" + base64.StdEncoding.EncodeToString(public)
	seed := base64.StdEncoding.EncodeToString(private.Seed())
	written := signed(spacedASCII)
	written.Body = []byte(compactASCII)
	inHex := signed("x")
	sum := ed25519.Sign(private, []byte("msg_1.1700000000.x"))
	inHex.Header[2].Value = "v1a," + hex.EncodeToString(sum)
	alone := signed("x")
	alone.Header[2].Value = "v1a," + base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte("x")))
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		message *provider.Message
		secret  string
		want    string
	}{
		"written anew":         {written, good, "body-reencoded-python"},
		"in hexadecimal":       {inHex, good, "signature-hex"},
		"the body alone":       {alone, good, "content-body-alone"},
		"a quoted key":         {signed("x"), `"` + good + `"`, "secret-quoted"},
		"the private key":      {signed("x"), "whsk_" + seed + "==", "secret-private-key"},
		"the private key, PEM": {signed("x"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "secret-private-key"},
	} {
		got := explain(test.message, test.secret)
		if name == "the private key" && got.Cause == nil {
			continue // a seed and a public key have the same length: this one was read as public
		}
		if got.Cause == nil || got.Cause.ID != test.want {
			t.Errorf("%s: got %+v, %+v, want %s; %q", name, got.Verdict, got.Cause, test.want, got.RuledOut)
		}
	}
	if got := explain(signed("x"), "whpk_"+base64.StdEncoding.EncodeToString(make([]byte, 32))); got.Cause != nil {
		t.Errorf("another key: got %+v", got.Cause)
	}
}

func TestExplainWithNumbersSideBySide(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, "github")
	s := &p.Signatures.Schemes[0]
	s.Algorithm, s.Key.Encoding, s.Encoding, s.Prefix = provider.ECDSAP256, provider.KeyPair, provider.Base64, ""
	p.Signatures.Schemes = p.Signatures.Schemes[:1]
	digest := sha256.Sum256([]byte("x"))
	r, n, err := ecdsa.Sign(rand.Reader, private, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	joined := append(r.FillBytes(make([]byte, 32)), n.FillBytes(make([]byte, 32))...)
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	got := signature.Explain(p, signature.Case{
		Message: &provider.Message{Body: []byte("x"), Header: hook.Header{{Name: "X-Hub-Signature-256", Value: base64.StdEncoding.EncodeToString(joined)}}},
		Now:     testTime(), Keys: []signature.Key{{Name: "key", Secret: base64.StdEncoding.EncodeToString(der)}},
	})
	if got.Cause == nil || got.Cause.ID != "signature-p1363" {
		t.Errorf("got %+v, %+v", got.Verdict, got.Cause)
	}
}

func TestExplainItemsOfABatch(t *testing.T) {
	p := load(t, "adyen")
	const secret = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
	body := `{"notificationItems":[{"NotificationRequestItem":{"pspReference":"7","merchantReference":"r","amount":{"value":1000,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true"}}]}`
	signed := signWith(t, p, signature.Draft{Body: []byte(body), At: testTime()}, secret)
	for given, want := range map[string]string{secret + "\n": "secret-whitespace", `"` + secret + `"`: "secret-quoted", "00" + secret: ""} {
		got := signature.Explain(p, signature.Case{Message: signed.Message, Now: testTime(), Keys: []signature.Key{{Name: "key", Secret: given}}})
		if want == "" && got.Cause != nil || want != "" && (got.Cause == nil || got.Cause.ID != want) {
			t.Errorf("got %+v, %+v, want %q", got.Verdict, got.Cause, want)
		}
	}
}

func TestExplainWithCodecs(t *testing.T) {
	p := load(t, "github")
	p.Signatures.Schemes = []provider.Scheme{{
		Name: "rfc9421", Codec: provider.CodecMessageSignatures, Algorithm: provider.HMACSHA256, Components: []string{"content-digest"},
		Key: provider.KeyRule{Encoding: provider.KeyUTF8},
	}}
	signed := signWith(t, p, signature.Draft{URL: "https://example.com/a", Body: []byte(spacedASCII), At: testTime()}, goodSecret)
	explain := func(body, secret string) signature.Explanation {
		m := &provider.Message{Method: "POST", URL: "https://example.com/a", Header: signed.Message.Header, Body: []byte(body)}
		return signature.Explain(p, signature.Case{Message: m, Now: testTime(), Keys: []signature.Key{{Name: "key", Secret: secret}}})
	}
	if got := explain(spacedASCII, goodSecret); got.Verdict.Outcome != hook.Verified {
		t.Fatalf("got %+v", got)
	}
	for _, test := range []struct{ body, secret, want string }{
		{compactASCII, goodSecret, "body-reencoded-python"},
		{spacedASCII, goodSecret + "\n", "secret-whitespace"},
		{spacedASCII + "\n", "'" + goodSecret + "'", "body-newline-removed+secret-quoted"},
		{spacedASCII, "another", ""},
	} {
		got := explain(test.body, test.secret)
		if test.want == "" && got.Cause != nil || test.want != "" && (got.Cause == nil || got.Cause.ID != test.want) {
			t.Errorf("got %+v, %+v, want %q", got.Verdict, got.Cause, test.want)
		}
	}
}

func TestExplainWithoutSecretsOrSchemes(t *testing.T) {
	m := &provider.Message{Method: "POST", Body: []byte("x"), Header: hook.Header{{Name: "Stripe-Signature", Value: "t=1,v1=" + hexMAC("k", "1.x")}}}
	got := signature.Explain(load(t, "stripe"), signature.Case{Message: m, Now: testTime()})
	if got.Cause == nil || got.Cause.ID != "secret-missing" {
		t.Errorf("without a secret: got %+v", got)
	}
	got = signature.Explain(load(t, "github"), signature.Case{Message: m, Now: testTime(), Keys: []signature.Key{{Name: "k", Secret: "another"}}, Profiles: bundled(t)})
	if got.Cause == nil || got.Cause.ID != "signature-missing" || !strings.Contains(got.Cause.Why, "is this Stripe?") {
		t.Errorf("another provider's header: got %+v", got.Cause)
	}
}

// FuzzExplain signs with a secret that the explanation cannot know: whatever the
// message is, no mistake may be claimed to fit.
func FuzzExplain(f *testing.F) {
	f.Add("github", plainBody, goodSecret, "", "https://example.com/a?b=c", false)
	f.Add("stripe", "a=b&c=%zz", "\"x\\u\"", "t=1,v1=,v1=;", "::", true)
	f.Add("svix", "b'\\x", "whsec_", "v1, v1a,", "", true)
	f.Add("square", "{\"a\":\"\\ud800\"}", "$A", "\"", "http://[", true)
	f.Add("retm", "", "", "Bearer ", "", true)
	f.Add("adyen", `{"notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"x"}}}]}`, "00", "", "", false)
	profiles := bundled(f)
	f.Fuzz(func(t *testing.T, name, body, secret, value, url string, replace bool) {
		i := slices.IndexFunc(profiles, func(p *provider.Profile) bool { return p.Name == name })
		if i < 0 || len(body) > 1<<16 || len(value) > 1<<12 || len(secret) > 1<<10 {
			return
		}
		p := profiles[i]
		m := &provider.Message{Method: "POST", URL: url, Body: []byte(body), Header: hook.Header{{Name: "X-Timestamp", Value: "1700000000"}}}
		unknown := make([]byte, 24)
		rand.Read(unknown)
		signed, err := signature.Sign(p, signature.Draft{URL: url, Body: m.Body, ID: "msg_1", Event: "a/b", At: testTime()},
			[]signature.Key{{Name: "unknown", Secret: hex.EncodeToString(unknown)}}, rand.Reader)
		if err == nil {
			m = signed.Message
		}
		if replace && len(p.Signatures.Schemes) > 0 && len(p.Signatures.Schemes[0].In) > 0 {
			if names := p.Signatures.Schemes[0].In[0].Names(); len(names) > 0 {
				set(names[0], value)(m)
			}
		}
		before := string(m.Body)
		got := signature.Explain(p, signature.Case{Message: m, Keys: []signature.Key{{Name: "k", Secret: secret}}, Now: testTime(), Profiles: profiles})
		if string(m.Body) != before || m.URL != url {
			t.Error("the message was changed")
		}
		if got.Verdict.Reason == signature.Mismatch && got.Cause != nil && !replace {
			t.Errorf("it claims %+v", got.Cause)
		}
		if got.Verdict.Outcome == hook.Failed && got.Cause == nil && got.Verdict.Reason != signature.Mismatch && got.Verdict.Reason != signature.BadDigest {
			t.Errorf("%s is not explained", got.Verdict.Reason)
		}
	})
}
