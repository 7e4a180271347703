package signature_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// The keys and messages of RFC 9421, appendix B.
const (
	rfcShared  = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
	rfcEd25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n"
	rfcPrivate = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n"
	rfcECDSA   = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\n" +
		"w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END PUBLIC KEY-----\n"
	rfcModulus = "r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqqzi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4bnNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w"
	rfcDigest  = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
)

// rfcPSS is the public key of B.1.2, whose PEM there has an algorithm identifier that
// crypto/x509 does not read, as an ordinary RSA key.
func rfcPSS(t *testing.T) string {
	t.Helper()
	n, err := base64.RawURLEncoding.DecodeString(rfcModulus)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// rfcRequest is test-request of B.2 with a signature.
func rfcRequest(input, sig string) *provider.Message {
	return &provider.Message{Method: "POST", URL: "https://example.com/foo?param=Value&Pet=dog", Body: []byte(`{"hello": "world"}`), Header: hook.Header{
		{Name: "Host", Value: "example.com"},
		{Name: "Date", Value: "Tue, 20 Apr 2021 02:07:55 GMT"},
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Content-Digest", Value: rfcDigest},
		{Name: "Content-Length", Value: "18"},
		{Name: "Signature-Input", Value: input},
		{Name: "Signature", Value: sig},
	}}
}

// ruled is a profile with one scheme of the codec, as YAML.
func ruled(t testing.TB, rules string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(fstest.MapFS{}).Parse("rfc.yaml", []byte("name: rfc\nsignatures:\n  schemes:\n    one: {codec: http-message-signatures, "+rules+"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const rfcTime = 1618884473

func TestExamplesOfRFC9421(t *testing.T) {
	shared := "algorithm: hmac-sha256, key: {encoding: base64}, "
	for _, test := range []struct{ name, rules, secret, input, sig, reason string }{
		{"B.2.2", `algorithm: rsa-pss-sha512, components: [content-digest, "@authority"]`, rfcPSS(t),
			`sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"`,
			`sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:`, ""},
		{"B.2.3", `algorithm: rsa-pss-sha512, components: [content-digest]`, rfcPSS(t),
			`sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
			`sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:`, ""},
		{"4.3", `algorithm: ecdsa-p256-sha256, components: [content-digest, "@method"]`, rfcECDSA,
			`sig1=("@method" "@authority" "@path" "content-digest" "content-type" "content-length");created=1618884475;keyid="test-key-ecc-p256"`,
			`sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb//4Ijpzp+kve2w4NIyqeAuM7jTDX+sNalzA8ESSaHD3A==:`, ""},
		{"B.2.5", shared + `components: ["@authority"]`, rfcShared,
			`sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`,
			`sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:`, ""},
		{"B.2.5, which leaves out the body", shared + `components: [content-digest]`, rfcShared,
			`sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`,
			`sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:`, signature.Uncovered},
		{"B.2.6", `algorithm: ed25519, components: ["@method", date]`, rfcEd25519,
			`sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			`sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := ruled(t, test.rules)
			key := signature.Key{Name: "secret", Secret: test.secret}
			got := verify(p, rfcRequest(test.input, test.sig), time.Unix(rfcTime, 0), key)
			if got.Reason != test.reason || (got.Outcome == hook.Verified) != (test.reason == "") {
				t.Errorf("want %q, got %+v", test.reason, got)
			}
			other := rfcRequest(test.input, test.sig)
			other.URL = "https://example.org/bar?Pet=cat"
			if got := verify(p, other, time.Unix(rfcTime, 0), key); got.Reason != signature.Mismatch {
				t.Errorf("another URL: got %+v", got)
			}
		})
	}
}

// B.2.5 and B.2.6 come out as they are in the RFC but for the label and the key's name.
func TestSigningAsInRFC9421(t *testing.T) {
	for _, test := range []struct{ rules, secret, input, sig string }{
		{`algorithm: hmac-sha256, key: {encoding: base64, id: test-shared-secret}, components: [date, "@authority", content-type]`, rfcShared,
			`sig1=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`, `sig1=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:`},
		{`algorithm: ed25519, key: {id: test-key-ed25519}, components: [date, "@method", "@path", "@authority", content-type, content-length]`, rfcPrivate,
			`sig1=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			`sig1=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:`},
	} {
		d := signature.Draft{
			URL: "https://example.com/foo?param=Value&Pet=dog", Body: []byte(`{"hello": "world"}`), ContentType: "application/json",
			At: time.Unix(rfcTime, 0), Header: hook.Header{{Name: "Date", Value: "Tue, 20 Apr 2021 02:07:55 GMT"}},
		}
		signed, err := signature.Sign(ruled(t, test.rules), d, []signature.Key{{Name: "secret", Secret: test.secret}}, rand.Reader)
		if err != nil {
			t.Error(err)
			continue
		}
		h := signed.Message.Header
		if h.Get("Signature-Input") != test.input || h.Get("Signature") != test.sig {
			t.Errorf("got %v", h)
		}
	}
}

// signed9421 is a message signed with two keys by a scheme, and what verifies it.
func signed9421(t *testing.T, p *provider.Profile, secrets ...string) (*provider.Message, []signature.Key) {
	t.Helper()
	var keys []signature.Key
	for _, secret := range secrets {
		keys = append(keys, signature.Key{Name: "secret", Secret: secret})
	}
	d := signature.Draft{URL: "https://hooks.example.com/in?id=a+b&x", Body: []byte(`{"a":1}`), At: time.Unix(rfcTime, 0)}
	signed, err := signature.Sign(p, d, keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := signature.VerifyingKeys(p, keys)
	if err != nil {
		t.Fatal(err)
	}
	return signed.Message, public
}

func TestWhatIsSignedByRFC9421Verifies(t *testing.T) {
	components := `components: ["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", '@query-param;name="id"', content-digest, content-length], timestamp: {tolerance: 5m}`
	for _, algorithm := range (provider.CodecMessageSignatures).Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			p := ruled(t, "algorithm: "+string(algorithm)+", "+components)
			s := &p.Signatures.Schemes[0]
			first, second := newSecret(t, s), newSecret(t, s)
			m, keys := signed9421(t, p, first, second)
			m.Header = append(m.Header, hook.Field{Name: "Content-Length", Value: "7"})
			for _, k := range keys {
				if got := verify(p, m, time.Unix(rfcTime+300, 0), k); got.Outcome != hook.Verified {
					t.Errorf("%v gives %+v", m.Header, got)
				}
			}
			if got := verify(p, m, time.Unix(rfcTime, 0), otherKey(t, &trial{profile: p, scheme: s})); got.Reason != signature.Mismatch {
				t.Errorf("another key: got %+v", got)
			}
			m.URL = "http://hooks.example.com:80/in?id=a+b&x" // a proxy took the TLS away
			if got := verify(p, m, time.Unix(rfcTime, 0), keys[0]); got.Reason != signature.Mismatch {
				t.Errorf("with a URL that was given: got %+v", got)
			}
			m.URLGuessed = true
			if got := verify(p, m, time.Unix(rfcTime, 0), keys[0]); got.Outcome != hook.Verified {
				t.Errorf("behind a proxy: got %+v", got)
			}
			m.Body = []byte(`{"a":2}`)
			if got := verify(p, m, time.Unix(rfcTime, 0), keys[0]); got.Reason != signature.BadDigest {
				t.Errorf("another body: got %+v", got)
			}
		})
	}
}

func TestFaultsOfRFC9421(t *testing.T) {
	p := ruled(t, `algorithm: hmac-sha256, components: [content-digest, "@method"], timestamp: {tolerance: 5m}`)
	const secret = "shared"
	key := signature.Key{Name: "secret", Secret: secret}
	// change replaces a text in the headers of a message that holds.
	change := func(name, from, to string) func(*provider.Message) {
		return func(m *provider.Message) {
			for i := range m.Header {
				if m.Header[i].Name == name {
					m.Header[i].Value = strings.Replace(m.Header[i].Value, from, to, 1)
				}
			}
		}
	}
	without := func(name string) func(*provider.Message) {
		return func(m *provider.Message) { m.Header = m.Header.Without(func(n string) bool { return n == name }) }
	}
	for _, test := range []struct {
		name   string
		spoil  func(*provider.Message)
		after  time.Duration
		reason string
	}{
		{"nothing", func(*provider.Message) {}, 0, ""},
		{"older than tolerated", func(*provider.Message) {}, 301 * time.Second, signature.Stale},
		{"ahead of tolerance", func(*provider.Message) {}, -301 * time.Second, signature.Future},
		{"other method", func(m *provider.Message) { m.Method = "PUT" }, 0, signature.Mismatch},
		{"other body", func(m *provider.Message) { m.Body = nil }, 0, signature.BadDigest},
		{"other digest", change("Content-Digest", "sha-256=:", "sha-256=:AAAA"), 0, signature.Mismatch},
		{"no digest", without("Content-Digest"), 0, signature.Incomplete},
		{"no input", without("Signature-Input"), 0, signature.Missing},
		{"no signature but input", without("Signature"), 0, signature.Missing},
		{"neither", func(m *provider.Message) { without("Signature")(m); without("Signature-Input")(m) }, 0, signature.Missing},
		{"other time", change("Signature-Input", "created=1618884473", "created=1618884474"), 0, signature.Mismatch},
		{"time in words", change("Signature-Input", "created=1618884473", "created=now"), 0, signature.Malformed},
		{"other algorithm", change("Signature-Input", ";created", `;alg="ed25519";created`), 0, signature.Mismatch},
		{"same algorithm, but not signed", change("Signature-Input", ";created", `;alg="hmac-sha256";created`), 0, signature.Mismatch},
		{"parameter sf", change("Signature-Input", `"content-digest"`, `"content-digest";sf`), 0, signature.Malformed},
		{"parameter req", change("Signature-Input", `"@method"`, `"@method";req`), 0, signature.Malformed},
		{"of a response", change("Signature-Input", `"@method"`, `"@status"`), 0, signature.Malformed},
		{"its own parameters", change("Signature-Input", `"@method"`, `"@signature-params"`), 0, signature.Malformed},
		{"upper case", change("Signature-Input", `"content-digest"`, `"Content-Digest"`), 0, signature.Malformed},
		{"token", change("Signature-Input", `"content-digest"`, `content-digest`), 0, signature.Malformed},
		{"twice", change("Signature-Input", `"@method"`, `"@method" "@method"`), 0, signature.Malformed},
		{"no list", change("Signature-Input", `sig1=(`, `sig0, sig1=(`), 0, ""},
		{"other label", change("Signature-Input", `sig1=`, `sig2=`), 0, signature.Malformed},
		{"label twice", change("Signature", "sig1=", "sig1=:AAAA:, sig1="), 0, signature.Malformed},
		{"no colon", change("Signature", "=:", "="), 0, signature.Malformed},
		{"two spaces", change("Signature-Input", `" "`, `"  "`), 0, signature.Mismatch},
		{"line break", change("Content-Digest", "=:", "=:\r\n"), 0, signature.Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, _ := signed9421(t, p, secret)
			test.spoil(m)
			got := verify(p, m, time.Unix(rfcTime, 0).Add(test.after), key)
			if got.Reason != test.reason || (got.Outcome == hook.Verified) != (test.reason == "") || strings.Contains(got.Detail, secret+" ") {
				t.Errorf("want %q, got %+v", test.reason, got)
			}
		})
	}
}

// A signature that is made to expire does, whatever the scheme tolerates.
func TestSignaturesExpire(t *testing.T) {
	p := ruled(t, `algorithm: hmac-sha256, key: {encoding: base64}, components: ["@method"]`)
	const input = `a=("@method");created=1618884473;expires=1618884500`
	base := "\"@method\": POST\n\"@signature-params\": " + strings.TrimPrefix(input, "a=")
	m := rfcRequest(input, "a=:"+hmacSHA256(t, rfcShared, base)+":")
	key := signature.Key{Name: "secret", Secret: rfcShared}
	if got := verify(p, m, time.Unix(1618884500, 0), key); got.Outcome != hook.Verified {
		t.Errorf("at the end: got %+v", got)
	}
	if got := verify(p, m, time.Unix(1618884501, 0), key); got.Reason != signature.Stale {
		t.Errorf("behind the end: got %+v", got)
	}
	anyAge := time.Duration(provider.AnyDuration)
	if got := signature.NewVerifier(p, []signature.Key{key}, signature.Options{Tolerance: &anyAge}).Verify(m, time.Now()); got.Outcome != hook.Verified {
		t.Errorf("at any age: got %+v", got)
	}
}

func TestSeveralDigests(t *testing.T) {
	p := ruled(t, `algorithm: hmac-sha256, components: [content-digest]`)
	const good = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
	for digest, reason := range map[string]string{
		good:                               "",
		good + ", " + rfcDigest:            "",
		"md5=:AAAA:, " + good:              "",
		"md5=:AAAA:":                       signature.Malformed,
		"sha-256=:AAAA:, " + rfcDigest:     signature.BadDigest,
		"sha-256=X48E9qOokqqrvdts8nOJRJN3": signature.Malformed,
		"sha-256":                          signature.Malformed,
		"":                                 signature.Malformed,
	} {
		d := signature.Draft{Body: []byte(`{"hello": "world"}`), At: time.Unix(rfcTime, 0), Header: hook.Header{{Name: "Content-Digest", Value: digest}}}
		key := signature.Key{Name: "secret", Secret: "shared"}
		signed, err := signature.Sign(p, d, []signature.Key{key}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := verify(p, signed.Message, d.At, key); got.Reason != reason {
			t.Errorf("%s: want %q, got %+v", digest, reason, got)
		}
	}
}

// What cannot be signed is said before anything is sent.
func TestWhatCannotBeSignedByRFC9421(t *testing.T) {
	key := []signature.Key{{Name: "secret", Secret: "shared"}}
	for _, test := range []struct {
		rules string
		d     signature.Draft
		want  string
	}{
		{`algorithm: hmac-sha256, components: [date]`, signature.Draft{}, "there is no header date"},
		{`algorithm: hmac-sha256, components: ["@target-uri"]`, signature.Draft{URL: "/in"}, "nothing tells the @target-uri"},
		{`algorithm: hmac-sha256, components: ['@query-param;name="a"']`, signature.Draft{URL: "/in?a=1&a=2"}, "more than once"},
		{`algorithm: hmac-sha256, components: ["@method"]`, signature.Draft{Timestamp: "now"}, "want seconds since 1970"},
		{`algorithm: hmac-sha256, components: ["@method"]`, signature.Draft{Timestamp: "1, sig2=()"}, "want seconds since 1970"},
	} {
		_, err := signature.Sign(ruled(t, test.rules), test.d, key, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: want %q, got %v", test.rules, test.want, err)
		}
	}
}

func TestRulesOfTheCodecsAreChecked(t *testing.T) {
	for rules, want := range map[string]string{
		`codec: http-message-signatures, algorithm: hmac-sha256`:                                                                  "components is missing",
		`codec: http-message-signatures, algorithm: hmac-sha1, components: [date]`:                                                "has one of hmac-sha256",
		`codec: http-message-signatures, algorithm: hmac-sha256, components: [Date]`:                                              "in lower case",
		`codec: http-message-signatures, algorithm: hmac-sha256, components: [date], in: "header:X"`:                              "a place of its own",
		`codec: http-message-signatures, algorithm: hmac-sha256, components: [date], timestamp: {from: "header:X"}`:               "a timestamp of its own",
		`codec: http-message-signatures, algorithm: hmac-sha256, components: [date], key: {id: "é"}`:                              "characters of ASCII",
		`codec: sns, algorithm: rsa-pkcs1-sha256, components: [date]`:                                                             "alone",
		`codec: sns, algorithm: ed25519`:                                                                                          "has one of rsa-pkcs1-sha1",
		`algorithm: hmac-sha256, content: "{body}", encoding: hex, in: "header:X", timestamp: {tolerance: 5m}`:                    "from is missing",
		`codec: sns, algorithm: rsa-pkcs1-sha256, timestamp: {tolerance: 1h}`:                                                     "",
		`codec: http-message-signatures, algorithm: ed25519, components: ['@query-param;name="a b"'], timestamp: {tolerance: 5m}`: "",
	} {
		_, err := provider.NewLibrary(fstest.MapFS{}).Parse("a.yaml", []byte("name: a\nsignatures:\n  schemes:\n    one: {"+rules+"}\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: want %q, got %v", rules, want, err)
		}
	}
}

// hmacSHA256 is the HMAC of a text by a secret in base64, in base64.
func hmacSHA256(t *testing.T, secret, text string) string {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
