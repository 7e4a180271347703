package signature_test

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

const (
	// The secret of each provider in the tests: it is one for all schemes.
	goodSecret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	otherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	plainBody   = `{"id":"evt_1","type":"order.paid","total":10.50,"items":[{"sku":"a/b","name":"Café <b>&"}],"meta":{}}`
)

func testTime() time.Time { return time.Unix(1700000000, 0) }

// A mishap is a message that was signed rightly, and what then went wrong.
type mishap struct {
	name, provider string
	// signed is the body that is signed, with signSecret; both have defaults.
	signed, signSecret string
	// given is the body that is verified, with secret.
	given, secret string
	// url is where the message was sent.
	url string
	// change is what happens to the message after it is signed.
	change func(m *provider.Message)
	others []signature.Candidate
	want   string
}

// explain signs, makes the mistake and asks for the cause.
func (x mishap) explain(t testing.TB, profiles []*provider.Profile) signature.Explanation {
	t.Helper()
	p := named(t, profiles, x.provider)
	secret := or(x.secret, goodSecret)
	signed := signWith(t, p, signature.Draft{
		Method: "POST", URL: or(x.url, "https://example.com/hooks"), Body: []byte(or(x.signed, plainBody)), Event: "order/paid", ID: "msg_1", At: testTime(),
	}, or(x.signSecret, goodSecret))
	m := signed.Message
	if x.given != "" {
		m.Body = []byte(x.given)
	}
	if x.change != nil {
		x.change(m)
	}
	got := signature.Explain(p, signature.Case{
		Message: m, Keys: []signature.Key{{Name: "env:HOOK_SECRET", Secret: secret}}, Now: testTime(), Others: x.others, Profiles: profiles,
	})
	checkNoLeak(t, got, secret, or(x.signSecret, goodSecret), m)
	return got
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func bundled(t testing.TB) []*provider.Profile {
	t.Helper()
	all, err := provider.NewLibrary(schemas.Files()).All()
	if err != nil {
		t.Log(err)
	}
	return all
}

func named(t testing.TB, profiles []*provider.Profile, name string) *provider.Profile {
	t.Helper()
	i := slices.IndexFunc(profiles, func(p *provider.Profile) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("there is no profile %s", name)
	}
	return profiles[i]
}

func signWith(t testing.TB, p *provider.Profile, d signature.Draft, secret string) *signature.Signed {
	t.Helper()
	signed, err := signature.Sign(p, d, []signature.Key{{Name: "secret", Secret: secret}}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// checkNoLeak looks for secrets, and for the signature that would be right, in all
// that is said.
func checkNoLeak(t testing.TB, x signature.Explanation, secret, signSecret string, m *provider.Message) {
	t.Helper()
	texts := append([]string{x.Verdict.Detail}, x.RuledOut...)
	texts = append(texts, x.Hints...)
	if x.Cause != nil {
		texts = append(texts, x.Cause.ID, x.Cause.What, x.Cause.Why, x.Cause.Fix)
	}
	hidden := []string{secret, strings.TrimPrefix(secret, "whsec_"), signSecret, strings.TrimPrefix(signSecret, "whsec_")}
	for _, f := range m.Header {
		if strings.Contains(strings.ToLower(f.Name), "signature") || strings.Contains(strings.ToLower(f.Name), "hmac") {
			hidden = append(hidden, f.Value)
		}
	}
	for _, text := range texts {
		for _, h := range hidden {
			if h = strings.TrimSpace(h); len(h) > 9 && h[0] != '$' && strings.Contains(text, h) {
				t.Errorf("%q tells %q", text, h)
			}
		}
	}
}

func set(name, value string) func(*provider.Message) {
	return func(m *provider.Message) {
		m.Header = append(m.Header.Without(func(n string) bool { return strings.EqualFold(n, name) }), hook.Field{Name: name, Value: value})
	}
}

func setBody(body string) func(*provider.Message) {
	return func(m *provider.Message) { m.Body = []byte(body) }
}

func edit(name string, change func(string) string) func(*provider.Message) {
	return func(m *provider.Message) { set(name, change(m.Header.Get(name)))(m) }
}

func mac(h func() hash.Hash, secret string, parts ...string) []byte {
	m := hmac.New(h, []byte(secret))
	for _, part := range parts {
		m.Write([]byte(part))
	}
	return m.Sum(nil)
}

func hexMAC(secret string, parts ...string) string {
	return hex.EncodeToString(mac(sha256.New, secret, parts...))
}

// rewrite is what a framework of Go makes of a body.
func rewrite(t testing.TB, body string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// Two bodies as JSON.stringify, json.dumps, json_encode, json.Marshal and
// System.Text.Json write them.
const (
	compactASCII = `{"id":"evt_1","n":1,"list":[1,2,{"a":null}]}`
	spacedASCII  = `{"id": "evt_1", "n": 1, "list": [1, 2, {"a": null}]}`
	indented     = "{\n  \"id\": \"evt_1\",\n  \"n\": 1,\n  \"list\": [\n    1,\n    2,\n    {\n      \"a\": null\n    }\n  ]\n}"
	utf8Body     = `{"name":"Zoë 😀 a/b","tags":["<x>","&"]}`
	pythonUTF8   = `{"name": "Zo\u00eb \ud83d\ude00 a/b", "tags": ["<x>", "&"]}`
	phpUTF8      = `{"name":"Zo\u00eb \ud83d\ude00 a\/b","tags":["<x>","&"]}`
	goUTF8       = `{"name":"Zoë 😀 a/b","tags":["\u003cx\u003e","\u0026"]}`
	dotNetUTF8   = `{"name":"Zo\u00EB \uD83D\uDE00 a/b","tags":["\u003Cx\u003E","\u0026"]}`
)

func mishaps(t testing.TB) []mishap {
	github := func(sum func(body string) string) func(*provider.Message) {
		return func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return strings.HasPrefix(n, "X-Hub") })
			m.Header = append(m.Header, hook.Field{Name: "X-Hub-Signature-256", Value: "sha256=" + sum(string(m.Body))})
		}
	}
	stripe := func(sum func(at, body string) string) func(*provider.Message) {
		return func(m *provider.Message) {
			at := strconv.FormatInt(testTime().Unix(), 10)
			set("Stripe-Signature", "t="+at+",v1="+sum(at, string(m.Body)))(m)
		}
	}
	svix := func(sum func(id, at, body string) []byte) func(*provider.Message) {
		return func(m *provider.Message) {
			set("svix-signature", "v1,"+base64.StdEncoding.EncodeToString(sum(m.Header.Get("svix-id"), m.Header.Get("svix-timestamp"), string(m.Body))))(m)
		}
	}
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(goodSecret, "whsec_"))
	return []mishap{
		// The body was parsed and written anew.
		{name: "express parsed what was indented", provider: "stripe", signed: indented, given: compactASCII, want: "body-reencoded-indent-2"},
		{name: "pretty printed", provider: "stripe", signed: compactASCII, given: indented, want: "body-reencoded-compact"},
		{name: "express, Python sent", provider: "svix", signed: pythonUTF8, given: utf8Body, want: "body-reencoded-python"},
		{name: "express, Python sent ASCII", provider: "clazar", signed: spacedASCII, given: compactASCII, want: "body-reencoded-python"},
		{name: "Flask dumped", provider: "github", signed: utf8Body, given: pythonUTF8, want: "body-reencoded-javascript"},
		{name: "express, PHP sent", provider: "recharge", signed: phpUTF8, given: utf8Body, want: "body-reencoded-php"},
		{name: "express, Rails sent", provider: "github", signed: goUTF8, given: utf8Body, want: "body-reencoded-go"},
		{name: "express, .NET sent", provider: "recharge", signed: dotNetUTF8, given: utf8Body, want: "body-reencoded-dotnet"},
		{name: "Python compact separators", provider: "github", signed: `{"name":"Zo\u00eb","n":1.0}`, given: `{"name": "Zoë", "n": 1.0}`, want: "body-reencoded-python-compact"},
		{name: "four spaces", provider: "stripe", signed: strings.ReplaceAll(indented, "  ", "    "), given: compactASCII, want: "body-reencoded-indent-4"},
		{name: "tabs", provider: "stripe", signed: strings.ReplaceAll(indented, "  ", "\t"), given: compactASCII, want: "body-reencoded-indent-tab"},
		{name: "the signer had a float", provider: "stripe", signed: `{"n":1,"m":1000,"p":10.5,"big":12345678901234567000}`, given: `{"n":1.0,"m":1e3,"p":10.50,"big":12345678901234567890}`, want: "body-reencoded-javascript"},
		{name: "keys in the order of Go", provider: "svix", signed: `{"a":"<","b":2}`, given: `{"b":2,"a":"<"}`, change: svix(func(id, at, body string) []byte {
			return mac(sha256.New, string(key), id, ".", at, ".", rewrite(t, body))
		}), want: "body-reencoded-go"},
		{name: "sort_keys", provider: "github", signed: `{"a": "\u00e9", "b": 2}`, given: `{"b":2,"a":"é"}`, want: "body-reencoded-python-sorted"},
		{name: "jq -c", provider: "github", signed: "{\"a\":1,\"b\":[2]}\n", given: `{"a": 1, "b": [2]}`, want: "body-reencoded-jq-compact"},
		{name: "jq", provider: "github", signed: "{\n  \"a\": 1\n}\n", given: `{"a":1}`, want: "body-reencoded-jq"},
		{name: "jsonb", provider: "stripe", signed: `{"b": 2, "id": 3, "aaa": 1}`, given: `{"aaa":1,"b":2,"id":3}`, want: "body-reencoded-sql"},
		{name: "Jackson's pretty printer", provider: "stripe", signed: "{\n  \"a\" : [ 1, 2 ],\n  \"b\" : { }\n}", given: `{"a":[1,2],"b":{}}`, want: "body-reencoded-jackson-pretty"},
		{name: "PHP made [] of {}", provider: "recharge", signed: `{"meta":{},"a":1}`, given: `{"meta":[],"a":1}`, want: "body-reencoded-php-object"},
		{name: "repeated keys", provider: "github", signed: `{"a":2,"b":3}`, given: `{"a":1,"b":3,"a":2}`, want: "body-reencoded-javascript"},
		{name: "slashes unescaped in place", provider: "github", signed: `{ "u":"a/b", "v":1}`, given: `{ "u":"a\/b", "v":1}`, want: "body-reencoded-slashes-unescaped"},
		{name: "a style that is nobody's", provider: "github", signed: "{\n\t\"a\": \"é\"\n}\n", given: `{"a":"\u00e9"}`, want: "body-reencoded"},

		// The body's text.
		{name: "an editor added a new line", provider: "github", signed: plainBody, given: plainBody + "\n", want: "body-newline-removed"},
		{name: "the shell ate the new line", provider: "github", signed: plainBody + "\n", given: plainBody, want: "body-newline-added"},
		{name: "Git made it CRLF", provider: "stripe", signed: indented, given: strings.ReplaceAll(indented, "\n", "\r\n"), want: "body-crlf-to-lf"},
		{name: "read as text on Windows", provider: "stripe", signed: "a\r\nb\r\n", given: "a\nb\n", want: "body-lf-to-crlf"},
		{name: "PowerShell wrote a BOM", provider: "svix", given: "\uFEFF" + plainBody, want: "body-bom-removed"},
		{name: "the BOM was dropped", provider: "svix", signed: "\uFEFF" + plainBody, given: plainBody, want: "body-bom-added"},
		{name: "spaces around it", provider: "github", given: "  " + plainBody + " ", want: "body-trimmed"},
		{name: "still compressed", provider: "github", given: gzipped(plainBody), want: "body-gzip"},
		{name: "API Gateway", provider: "stripe", given: base64.StdEncoding.EncodeToString([]byte(plainBody)), want: "body-base64"},
		{name: "the whole event of Lambda", provider: "stripe", signed: utf8Body, given: `{"version":"2.0","isBase64Encoded":true,"body":"` + base64.StdEncoding.EncodeToString([]byte(utf8Body)) + `"}`, want: "body-envelope"},
		{name: "JSON twice", provider: "recharge", given: strconv.Quote(compactASCII), signed: compactASCII, want: "body-string"},
		{name: "bytes printed by Python", provider: "recharge", given: "b'" + compactASCII + "'", signed: compactASCII, want: "body-python-bytes"},
		{name: "a form taken apart", provider: "github", signed: "payload=" + url.QueryEscape(utf8Body), given: utf8Body, want: "body-form-wrapped"},
		{name: "only the payload signed", provider: "github", signed: utf8Body, given: "payload=" + url.QueryEscape(utf8Body) + "&x=1", want: "body-form-payload"},
		{name: "form in another order", provider: "github", signed: "a=1&b=2&c=3", given: "c=3&a=1&b=2", want: "body-form-sorted"},
		{name: "form with %20", provider: "github", signed: "a=x+y&b=2", given: "a=x%20y&b=2", want: "body-form-reencoded"},
		{name: "Latin-1", provider: "github", signed: "name=Zo\xeb", given: "name=Zoë", want: "body-latin1"},
		{name: "UTF-8", provider: "github", signed: "name=Zoë", given: "name=Zo\xeb", want: "body-utf8"},
		{name: "WordPress slashes", provider: "github", signed: compactASCII, given: strings.ReplaceAll(compactASCII, `"`, `\"`), want: "body-slashed"},
		{name: "the stream was read before", provider: "github", change: github(func(string) string { return hexMAC(goodSecret) }), want: "body-empty"},
		{name: "an object as text", provider: "github", change: github(func(string) string { return hexMAC(goodSecret, "[object Object]") }), want: "body-lost"},
		{name: "only data signed", provider: "stripe", given: `{"id":1,"data":{"a":1}}`, signed: `{"a":1}`, want: "body-member"},

		// The secret.
		{name: "whsec_ kept by a hand-made verifier", provider: "svix", change: svix(func(id, at, body string) []byte {
			return mac(sha256.New, goodSecret, id, ".", at, ".", body)
		}), want: "secret-prefix-kept"},
		{name: "the secret not decoded", provider: "svix", change: svix(func(id, at, body string) []byte {
			return mac(sha256.New, strings.TrimPrefix(goodSecret, "whsec_"), id, ".", at, ".", body)
		}), want: "secret-not-decoded"},
		{name: "Stripe's secret without whsec_", provider: "stripe", secret: strings.TrimPrefix(goodSecret, "whsec_"), want: "secret-prefix-missing"},
		{name: "Stripe's prefix cut off", provider: "stripe", change: stripe(func(at, body string) string {
			return hexMAC(strings.TrimPrefix(goodSecret, "whsec_"), at, ".", body)
		}), want: "secret-prefix-extra"},
		{name: "Stripe's secret decoded as Svix's", provider: "stripe", change: stripe(func(at, body string) string {
			return hexMAC(string(key), at, ".", body)
		}), want: "secret-prefix-extra+secret-base64"},
		{name: "a new line after the secret", provider: "github", secret: goodSecret + "\n", want: "secret-whitespace"},
		{name: "echo secret > file", provider: "github", signSecret: goodSecret + "\n", want: "secret-newline-added"},
		{name: "quotes around the secret", provider: "github", secret: `"` + goodSecret + `"`, want: "secret-quoted"},
		{name: "the whole line", provider: "stripe", secret: `export STRIPE_SECRET="` + goodSecret + `"`, want: "secret-assignment"},
		{name: "a hexadecimal secret decoded", provider: "github", secret: "00ff10deadbeef00112233", signSecret: "\x00\xff\x10\xde\xad\xbe\xef\x00\x11\x22\x33", want: "secret-hex"},
		{name: "a secret in capitals", provider: "github", secret: "ABCDEF0123", signSecret: "abcdef0123", want: "secret-case"},
		{name: "a secret from a URL", provider: "github", secret: "a%2Fb%3Dc", signSecret: "a/b=c", want: "secret-url-encoded"},
		{name: "an invisible character", provider: "github", secret: "abc\u200bdef", signSecret: "abcdef", want: "secret-invisible"},
		{name: "the variable was not set", provider: "github", signSecret: "undefined", want: "secret-placeholder"},
		{name: "the variable was not expanded", provider: "stripe", signSecret: "$HOOK_SECRET", want: "secret-placeholder"},
		{name: "the secret of another endpoint", provider: "stripe", signSecret: otherSecret, others: []signature.Candidate{{Profile: load(t, "stripe"), Key: signature.Key{Name: "config:stripe-test", Secret: otherSecret}}}, want: "secret-of-other"},
		{name: "the secret of another provider", provider: "svix", signSecret: otherSecret, others: []signature.Candidate{{Profile: load(t, "stripe"), Key: signature.Key{Name: "config:stripe", Secret: otherSecret}}}, want: "secret-of-other"},
		{name: "the secret hashed", provider: "github", change: github(func(body string) string {
			sum := sha256.Sum256([]byte(goodSecret))
			return hexMAC(string(sum[:]), body)
		}), want: "secret-hashed"},

		// How the signature is written.
		{name: "base64 for hexadecimal", provider: "github", change: github(func(body string) string {
			return base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, body))
		}), want: "signature-base64"},
		{name: "hexadecimal for base64", provider: "svix", change: edit("svix-signature", func(v string) string {
			b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(v, "v1,"))
			return "v1," + hex.EncodeToString(b)
		}), want: "signature-hex"},
		{name: "base64 of hexadecimal", provider: "svix", change: edit("svix-signature", func(v string) string {
			b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(v, "v1,"))
			return "v1," + base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(b)))
		}), want: "signature-base64-of-hex"},
		{name: "the padding lost", provider: "svix", change: edit("svix-signature", func(v string) string { return strings.TrimRight(v, "=") }), want: "signature-padding"},
		{name: "cut off", provider: "github", change: edit("X-Hub-Signature-256", func(v string) string { return v[:47] }), want: "signature-truncated|signature-hex+signature-truncated"},
		{name: "no prefix", provider: "github", change: edit("X-Hub-Signature-256", func(v string) string { return strings.TrimPrefix(v, "sha256=") }), want: "signature-prefix-missing"},
		{name: "no v1", provider: "svix", change: edit("svix-signature", func(v string) string { return strings.TrimPrefix(v, "v1,") }), want: "signature-prefix-missing"},
		{name: "the prefix twice", provider: "github", change: edit("X-Hub-Signature-256", func(v string) string { return "sha256=" + v }), want: "signature-prefix-extra"},
		{name: "a prefix where there is none", provider: "recharge", change: func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return strings.HasPrefix(n, "X-Recharge") })
			sum := sha256.Sum256([]byte(goodSecret + string(m.Body)))
			set("X-Recharge-Hmac-Sha256", "sha256="+hex.EncodeToString(sum[:]))(m)
		}, want: "signature-prefix-extra"},
		{name: "in quotes", provider: "github", change: edit("X-Hub-Signature-256", strconv.Quote), want: "signature-quoted"},
		{name: "the header's name in its value", provider: "github", change: edit("X-Hub-Signature-256", func(v string) string { return "X-Hub-Signature-256: " + v }), want: "signature-prefix-extra"},
		{name: "semicolons", provider: "stripe", change: edit("Stripe-Signature", func(v string) string { return strings.ReplaceAll(v, ",", ";") }), want: "signature-separator"},
		{name: "v0 for v1", provider: "stripe", change: edit("Stripe-Signature", func(v string) string { return strings.ReplaceAll(v, "v1=", "v0=") }), want: "signature-other-element"},
		{name: "URL-encoded", provider: "svix", change: edit("svix-signature", func(v string) string { return "v1," + url.QueryEscape(strings.TrimPrefix(v, "v1,")) }), want: "signature-url-encoded"},
		{name: "as WSGI hands it over", provider: "github", change: func(m *provider.Message) {
			for i := range m.Header {
				m.Header[i].Name = "HTTP_" + strings.ToUpper(strings.ReplaceAll(m.Header[i].Name, "-", "_"))
			}
		}, want: "header-names"},
		{name: "in a header of another name", provider: "github", change: func(m *provider.Message) {
			for i := range m.Header {
				m.Header[i].Name = strings.ReplaceAll(m.Header[i].Name, "X-Hub", "X-Github")
			}
		}, want: "signature-elsewhere"},

		// The algorithm.
		{name: "SHA-1", provider: "github", change: github(func(body string) string { return hex.EncodeToString(mac(sha1.New, goodSecret, body)) }), want: "algorithm-hmac-sha1"},
		{name: "SHA-512", provider: "github", change: github(func(body string) string { return hex.EncodeToString(mac(sha512.New, goodSecret, body)) }), want: "algorithm-hmac-sha512"},
		{name: "MD5", provider: "github", change: github(func(body string) string { return hex.EncodeToString(mac(md5.New, goodSecret, body)) }), want: "algorithm-hmac-md5"},
		{name: "no HMAC", provider: "github", change: github(func(body string) string {
			sum := sha256.Sum256([]byte(goodSecret + body))
			return hex.EncodeToString(sum[:])
		}), want: "algorithm-plain-secret-first-sha256"},
		{name: "no HMAC, secret last", provider: "github", change: github(func(body string) string {
			sum := sha256.Sum256([]byte(body + goodSecret))
			return hex.EncodeToString(sum[:])
		}), want: "algorithm-plain-secret-last-sha256"},
		{name: "no secret at all", provider: "github", change: github(func(body string) string {
			sum := sha256.Sum256([]byte(body))
			return hex.EncodeToString(sum[:])
		}), want: "algorithm-no-secret-sha256"},
		{name: "key and message exchanged", provider: "github", change: github(func(body string) string { return hexMAC(body, goodSecret) }), want: "algorithm-exchanged-sha256"},
		{name: "the secret itself", provider: "github", change: github(func(string) string { return goodSecret }), want: "algorithm-token"},
		{name: "HMAC for the plain hash", provider: "recharge", change: func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return strings.HasPrefix(n, "X-Recharge") })
			set("X-Recharge-Hmac-Sha256", hexMAC(goodSecret, string(m.Body)))(m)
		}, want: "algorithm-hmac-sha256"},

		// What is signed.
		{name: "the body alone", provider: "stripe", change: stripe(func(_, body string) string { return hexMAC(goodSecret, body) }), want: "content-body-alone"},
		{name: "no id", provider: "svix", change: svix(func(_, at, body string) []byte { return mac(sha256.New, string(key), at, ".", body) }), want: "content-id-missing"},
		{name: "no timestamp", provider: "svix", change: svix(func(id, _, body string) []byte { return mac(sha256.New, string(key), id, ".", body) }), want: "content-timestamp-missing"},
		{name: "a colon", provider: "stripe", change: stripe(func(at, body string) string { return hexMAC(goodSecret, at, ":", body) }), want: "content-separator"},
		{name: "no separator", provider: "stripe", change: stripe(func(at, body string) string { return hexMAC(goodSecret, at, body) }), want: "content-separator"},
		{name: "milliseconds signed, seconds sent", provider: "stripe", change: stripe(func(at, body string) string { return hexMAC(goodSecret, at, "000.", body) }), want: "content-timestamp-unit"},
		{name: "the time of another header", provider: "stripe", change: func(m *provider.Message) {
			set("X-Timestamp", "1699999999")(m)
			stripe(func(_, body string) string { return hexMAC(goodSecret, "1699999999.", body) })(m)
		}, want: "content-timestamp-elsewhere"},
		{name: "the other way round", provider: "stripe", change: stripe(func(at, body string) string { return hexMAC(goodSecret, body, ".", at) }), want: "content-order"},
		{name: "the digest signed", provider: "github", change: github(func(body string) string {
			sum := sha256.Sum256([]byte(body))
			return hexMAC(goodSecret, hex.EncodeToString(sum[:]))
		}), want: "content-digest"},
		{name: "a timestamp before it", provider: "github", change: func(m *provider.Message) {
			set("X-Timestamp", "1700000000")(m)
			github(func(body string) string { return hexMAC(goodSecret, "1700000000.", body) })(m)
		}, want: "content-timestamp-added"},
		{name: "the URL before it", provider: "github", change: github(func(body string) string { return hexMAC(goodSecret, "https://example.com/hooks", body) }), want: "content-url-added"},
		{name: "milliseconds in the header", provider: "stripe", change: func(m *provider.Message) {
			set("Stripe-Signature", "t=1700000000000,v1="+hexMAC(goodSecret, "1700000000000.", string(m.Body)))(m)
		}, want: "timestamp-unit"},
		{name: "another provider's message", provider: "github", change: func(m *provider.Message) {
			*m = *signWith(t, load(t, "stripe"), signature.Draft{Body: m.Body, At: testTime()}, goodSecret).Message
		}, want: "provider-other"},
		{name: "signed as Svix does", provider: "stripe", change: func(m *provider.Message) {
			set("webhook-id", "msg_2")(m)
			set("webhook-timestamp", "1700000001")(m)
			stripe(func(_, body string) string { return hexMAC(string(key), "msg_2.1700000001.", body) })(m)
		}, want: "scheme-of-other-provider"},
		{name: "the legacy scheme in the new header", provider: "recharge", change: func(m *provider.Message) {
			sum := sha256.Sum256([]byte(goodSecret + string(m.Body)))
			set("X-Recharge-Webhook-Signature", "t=1700000000,v1="+hex.EncodeToString(sum[:]))(m)
		}, want: "algorithm-plain-secret-first-sha256+content-body-alone|scheme-other"},

		{name: "the stronger signature altered", provider: "github", change: set("X-Hub-Signature-256", "sha256="+strings.Repeat("ab", 32)), want: "scheme-other-holds"},
		{name: "a secret from a JSON file", provider: "github", secret: `abc\u0026\tdef`, signSecret: "abc&\tdef", want: "secret-escaped"},
		{name: "a secret read by PowerShell", provider: "stripe", secret: "\uFEFF" + goodSecret, want: "secret-invisible"},

		// More providers.
		{name: "Slack without v0:", provider: "slack", change: func(m *provider.Message) {
			set("X-Slack-Signature", "v0="+hexMAC(goodSecret, "1700000000:", string(m.Body)))(m)
		}, want: "content-lead-missing"},
		{name: "Slack's v0 for Stripe's v1", provider: "slack", change: edit("X-Slack-Signature", func(v string) string { return strings.Replace(v, "v0=", "v1=", 1) }), want: "signature-prefix-extra"},
		{name: "Slack's form parsed", provider: "slack", signed: "token=x&text=a+b%2Fc", given: "token=x&text=a%20b%2fc", want: "body-form-reencoded"},
		{name: "Shopify in hexadecimal", provider: "shopify", change: edit("X-Shopify-Hmac-SHA256", func(v string) string {
			b, _ := base64.StdEncoding.DecodeString(v)
			return hex.EncodeToString(b)
		}), want: "signature-hex"},
		{name: "Shopify parsed by Express", provider: "shopify", signed: phpUTF8, given: utf8Body, want: "body-reencoded-php"},
		{name: "Shopify with a URL's +", provider: "shopify", signed: "body 7", change: edit("X-Shopify-Hmac-SHA256", func(v string) string {
			return strings.ReplaceAll(v, "+", " ")
		}), want: "signature-plus-lost"},
		{name: "Square behind a tunnel", provider: "square", url: "https://abc.ngrok.io/hooks?x=1", change: func(m *provider.Message) {
			m.URL = "http://127.0.0.1:4000/hooks?x=1"
			m.Header = append(m.Header, hook.Field{Name: "X-Forwarded-Host", Value: "abc.ngrok.io"}, hook.Field{Name: "X-Forwarded-Proto", Value: "https"})
		}, want: "content-url-host"},
		{name: "Square with a slash too many", provider: "square", change: func(m *provider.Message) { m.URL += "/" }, want: "content-url-slash"},
		{name: "Square without its query", provider: "square", url: "https://example.com/a", change: func(m *provider.Message) { m.URL += "?utm=1" }, want: "content-url-query"},
		{name: "Square without the URL", provider: "square", change: func(m *provider.Message) {
			set("x-square-hmacsha256-signature", base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, string(m.Body))))(m)
		}, want: "content-body-alone"},
		{name: "Twilio with another slash", provider: "twilio", signed: "Body=hi&From=%2B1", change: func(m *provider.Message) { m.URL += "/" }, want: "content-url-slash"},
		{name: "Twilio with SHA-256", provider: "twilio", signed: "Body=hi", change: func(m *provider.Message) {
			set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, m.URL, "Bodyhi")))(m)
		}, want: "algorithm-hmac-sha256"},
		{name: "Twilio's JSON written anew", provider: "twilio", url: "https://example.com/t?bodySHA256=" + sha256Hex(spacedASCII), signed: spacedASCII, given: compactASCII, want: "body-reencoded-python"},
		{name: "Standard Webhooks, the secret as text", provider: "standard-webhooks", change: func(m *provider.Message) {
			set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, "msg_1.1700000000.", string(m.Body))))(m)
		}, want: "secret-prefix-kept"},
		{name: "Paddle with a dot", provider: "paddle", change: func(m *provider.Message) {
			set("Paddle-Signature", "ts=1700000000;h1="+hexMAC(goodSecret, "1700000000.", string(m.Body)))(m)
		}, want: "content-separator"},
		{name: "Techrar in base64", provider: "techrar", change: func(m *provider.Message) {
			set("X-Signature", base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, string(m.Body))))(m)
		}, want: "signature-base64"},
		{name: "Machnet parsed", provider: "machnet-paas", signed: spacedASCII, given: compactASCII, want: "body-reencoded-python"},
		{name: "a bearer without Bearer", provider: "retm", change: edit("Authorization", func(v string) string { return strings.TrimPrefix(v, "Bearer ") }), want: "signature-prefix-missing"},
		{name: "a bearer in quotes", provider: "retm", secret: "k3y", signSecret: "k3y", change: set("Authorization", `Bearer "k3y"`), want: "signature-quoted"},
		{name: "a bearer twice", provider: "retm", secret: "k3y", signSecret: "k3y", change: set("Authorization", "Bearer Bearer k3y"), want: "signature-prefix-extra"},
		{name: "a bearer and its name", provider: "retm", secret: "k3y", signSecret: "k3y", change: set("Authorization", "Bearer token='k3y'"), want: "signature-prefix-extra+signature-quoted"},
		{name: "a token in quotes", provider: "gitlab", secret: "k3y", signSecret: "k3y", change: set("X-Gitlab-Token", `"k3y"`), want: "signature-quoted"},
		{name: "a bearer with a new line", provider: "retm", secret: goodSecret + "\n", want: "secret-whitespace"},
		{name: "a signature for a bearer", provider: "retm", change: func(m *provider.Message) {
			set("Authorization", "Bearer "+hexMAC(goodSecret, string(m.Body)))(m)
		}, want: "algorithm-hmac-sha256|signature-hex+algorithm-hmac-sha256"},

		// Two mistakes.
		{name: "a new line and whsec_", provider: "svix", given: plainBody + "\n", change: func(m *provider.Message) {
			set("svix-signature", "v1,"+base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, "msg_1.1700000000.", plainBody)))(m)
		}, want: "body-newline-removed+secret-prefix-kept"},
		{name: "parsed, and the secret with a new line", provider: "github", signed: indented, given: compactASCII, secret: goodSecret + "\n", want: "body-reencoded-indent-2+secret-whitespace"},
		{name: "parsed, and base64", provider: "github", signed: phpUTF8, given: utf8Body, change: func(m *provider.Message) {
			edit("X-Hub-Signature-256", func(string) string {
				return "sha256=" + base64.StdEncoding.EncodeToString(mac(sha256.New, goodSecret, phpUTF8))
			})(m)
		}, want: "body-reencoded-php+signature-base64"},
		{name: "CRLF, and the timestamp left out", provider: "stripe", given: "a\r\nb", signed: "a\nb", change: func(m *provider.Message) {
			set("Stripe-Signature", "t=1700000000,v1="+hexMAC(goodSecret, "a\nb"))(m)
		}, want: "body-crlf-to-lf+content-body-alone"},
		{name: "the secret not decoded, and no id", provider: "svix", change: svix(func(_, at, body string) []byte {
			return mac(sha256.New, goodSecret, at, ".", body)
		}), want: "secret-prefix-kept+content-id-missing"},
		{name: "compressed, and SHA-1", provider: "github", given: gzipped(plainBody), change: github(func(string) string { return hex.EncodeToString(mac(sha1.New, goodSecret, plainBody)) }), want: "body-gzip+algorithm-hmac-sha1"},
		{name: "no prefix, and a new line", provider: "github", given: plainBody + "\n", change: func(m *provider.Message) {
			set("X-Hub-Signature-256", hexMAC(goodSecret, plainBody))(m)
		}, want: "body-newline-removed+signature-prefix-missing"},
		{name: "milliseconds, and a quoted secret", provider: "stripe", secret: "'" + goodSecret + "'", change: func(m *provider.Message) {
			set("Stripe-Signature", "t=1700000000000,v1="+hexMAC(goodSecret, "1700000000000.", string(m.Body)))(m)
		}, want: "timestamp-unit+secret-quoted"},

		// What the verdict says by itself.
		{name: "too old", provider: "stripe", change: func(m *provider.Message) {
			set("Stripe-Signature", "t=1699990000,v1="+hexMAC(goodSecret, "1699990000.", string(m.Body)))(m)
		}, want: "stale"},
		{name: "of a time to come", provider: "svix", change: func(m *provider.Message) {
			set("svix-timestamp", "1700001000")(m)
			svix(func(id, at, body string) []byte { return mac(sha256.New, string(key), id, ".", at, ".", body) })(m)
		}, want: "future"},
		{name: "local time", provider: "svix", change: func(m *provider.Message) {
			set("svix-timestamp", strconv.Itoa(1700000000+3*3600))(m)
			svix(func(id, at, body string) []byte { return mac(sha256.New, string(key), id, ".", at, ".", body) })(m)
		}, want: "timestamp-zone"},
		{name: "no signature", provider: "github", change: func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return strings.HasPrefix(n, "X-Hub") })
		}, want: "signature-missing"},
		{name: "an empty signature", provider: "github", change: set("X-Hub-Signature-256", ""), want: "signature-empty"},
		{name: "twice", provider: "github", change: func(m *provider.Message) {
			m.Header = append(m.Header, hook.Field{Name: "X-Hub-Signature-256", Value: "sha256=00"})
		}, want: "duplicate"},
		{name: "no timestamp header", provider: "svix", change: func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return n == "svix-timestamp" })
		}, want: "timestamp-missing"},
		{name: "no id header", provider: "svix", change: func(m *provider.Message) {
			m.Header = m.Header.Without(func(n string) bool { return n == "svix-id" })
		}, want: "content-incomplete"},
		{name: "Square, sent to nobody knows where", provider: "square", change: func(m *provider.Message) { m.URL = "" }, want: "content-url-unknown"},
		{name: "HubSpot, sent to nobody knows where", provider: "hubspot", change: func(m *provider.Message) { m.URL = "" }, want: "content-url-unknown"},
		{name: "no signature at all, but nonsense", provider: "github", change: set("X-Hub-Signature-256", "sha256=zzz"), want: "signature-malformed"},
		{name: "the secret is none", provider: "svix", secret: "not base64 at all!", want: "secret-form"},
	}
}

func TestExplainNamesTheMistake(t *testing.T) {
	profiles := bundled(t)
	rows := mishaps(t)
	if len(rows) < 40 {
		t.Errorf("there are %d mistakes, want 40 or more", len(rows))
	}
	for _, x := range rows {
		t.Run(x.name, func(t *testing.T) {
			got := x.explain(t, profiles)
			if got.Verdict.Outcome == hook.Verified {
				t.Fatalf("it is verified")
			}
			if got.Cause == nil {
				t.Fatalf("got none of %v; want %s; verdict %+v", got.RuledOut, x.want, got.Verdict)
			}
			if !slices.Contains(strings.Split(x.want, "|"), got.Cause.ID) {
				t.Errorf("got %s (%s), want %s", got.Cause.ID, got.Cause.What, x.want)
			}
			if got.Cause.What == "" || got.Cause.Why+got.Cause.Fix == "" {
				t.Errorf("it is not explained: %+v", got.Cause)
			}
			t.Logf("%s\n  cause: %s\n  why: %s\n  fix: %s", got.Verdict.Detail, got.Cause.What, got.Cause.Why, got.Cause.Fix)
		})
	}
}

func TestExplainSaysWhenNothingFits(t *testing.T) {
	profiles := bundled(t)
	for _, x := range []mishap{
		{name: "a secret that nobody knows", provider: "stripe", signSecret: otherSecret},
		{name: "one digit of the body changed", provider: "github", given: strings.Replace(plainBody, "10.50", "10.51", 1)},
		{name: "a name changed", provider: "svix", given: strings.Replace(plainBody, "Café", "Cafe", 1)},
		{name: "the body cut off", provider: "recharge", given: plainBody[:len(plainBody)-10]},
		{name: "two mistakes and a forged body", provider: "github", secret: goodSecret + "\n", given: "x" + plainBody + "\n"},
		{name: "the signature of another message", provider: "github", change: set("X-Hub-Signature-256", "sha256="+hexMAC(goodSecret, "another"))},
		{name: "another time", provider: "svix", change: set("svix-timestamp", "1700000002")},
		{name: "another id", provider: "clazar", change: set("svix-id", "msg_3")},
		{name: "a wrong token", provider: "retm", signSecret: "another-token-entirely"},
		{name: "another host", provider: "square", change: func(m *provider.Message) { m.URL = "https://example.org/hooks" }},
	} {
		t.Run(x.name, func(t *testing.T) {
			if x.name == "the signature of another message" {
				change := x.change
				x.change = func(m *provider.Message) {
					m.Header = m.Header.Without(func(n string) bool { return n == "X-Hub-Signature" })
					change(m)
				}
			}
			got := x.explain(t, profiles)
			if got.Verdict.Reason != signature.Mismatch || got.Cause != nil {
				t.Errorf("got %+v, %+v, want a mismatch without a cause", got.Verdict, got.Cause)
			}
			if len(got.RuledOut) == 0 {
				t.Error("it does not say what was ruled out")
			}
			t.Logf("ruled out: %q\nhints: %q", got.RuledOut, got.Hints)
		})
	}
}

func TestExplainSaysNothingOfWhatHolds(t *testing.T) {
	profiles := bundled(t)
	for _, p := range profiles {
		if len(p.Signatures.Schemes) == 0 || p.Signatures.Schemes[0].Codec != "" || p.Signatures.Schemes[0].PerItem() || p.Signatures.Schemes[0].Key.Encoding != provider.KeyUTF8 {
			continue
		}
		got := mishap{provider: p.Name}.explain(t, profiles)
		if got.Verdict.Outcome != hook.Verified || got.Cause != nil || got.RuledOut != nil || got.Hints != nil {
			t.Errorf("%s: got %+v", p.Name, got)
		}
	}
}

func TestExplainSecondsForMilliseconds(t *testing.T) {
	p := load(t, "stripe")
	p.Signatures.Schemes[0].Timestamp.Unit = provider.Milliseconds
	m := &provider.Message{Body: []byte("x"), Header: hook.Header{{Name: "Stripe-Signature", Value: "t=1700000000,v1=" + hexMAC(goodSecret, "1700000000.x")}}}
	got := signature.Explain(p, signature.Case{Message: m, Now: testTime(), Keys: []signature.Key{{Name: "k", Secret: goodSecret}}})
	if got.Verdict.Reason != signature.Stale || got.Cause == nil || got.Cause.ID != "timestamp-unit" {
		t.Errorf("got %+v, %+v", got.Verdict, got.Cause)
	}
}

func TestExplainHints(t *testing.T) {
	profiles := bundled(t)
	for hint, x := range map[string]mishap{
		"name of a variable":   {provider: "stripe", secret: "${STRIPE_KEY}"},
		"stand-in":             {provider: "stripe", secret: "<your-secret>"},
		"in the place of":      {provider: "stripe", secret: "whsec_abc****xyz"},
		"sk_live_":             {provider: "stripe", secret: "sk_live_abcdefghijkl"},
		"does not begin with":  {provider: "stripe", secret: "abcdefghijkl"},
		"Content-Length says":  {provider: "stripe", secret: otherSecret, change: set("Content-Length", "7")},
		"U+FFFD":               {provider: "stripe", given: "a\uFFFDb"},
		"body is empty":        {provider: "github", secret: otherSecret, change: setBody("")},
		"turned into a string": {provider: "github", given: "[object Object]"},
		"cut off after 20 byt": {provider: "github", given: plainBody[:20]},
		"JSON up to byte 10":   {provider: "github", given: `{"a":[1]}}`},
		"not JSON":             {provider: "github", given: "hello", change: set("Content-Type", "application/json")},
		"byte order mark":      {provider: "github", secret: otherSecret, given: "\uFEFF" + plainBody},
		"end in zeros":         {provider: "github", signed: `{"n":12345678901234567890}`, given: `{"n":12345678901234567000}`, secret: otherSecret},
		"stand first":          {provider: "github", signed: `{"b":1,"10":2,"2":3}`, given: `{"2":3,"10":2,"b":1}`},
		"/a?… (with its query": {provider: "square", secret: otherSecret, change: func(m *provider.Message) { m.URL = "https://example.org/a?b=1" }},
		"a guess: give":        {provider: "square", secret: otherSecret, change: func(m *provider.Message) { m.URLGuessed = true }},
		"Content-Encoding":     {provider: "stripe", given: "x", change: set("Content-Encoding", "br")},
		"nested too deep":      {provider: "stripe", given: strings.Repeat("[", 2000)},
		"the one that the pro": {provider: "square", secret: otherSecret, change: func(m *provider.Message) { m.URL = "https://u:p@example.org/a?token=1" }},
		"another endpoint":     {provider: "stripe", secret: otherSecret},
	} {
		got := x.explain(t, profiles)
		if got.Cause != nil || !strings.Contains(strings.Join(got.Hints, "\n"), hint) {
			t.Errorf("want %q, got %+v, %q", hint, got.Cause, got.Hints)
		}
		if text := strings.Join(got.Hints, "\n"); strings.Contains(text, "token=1") || strings.Contains(text, "u:p") {
			t.Errorf("%q tells what is secret in a URL", text)
		}
	}
}
