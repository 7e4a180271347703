package signature_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// doubtTime is when the messages of these tests are signed and looked at.
const doubtTime = 1700000000

// adyenBody is a batch of one item, whose signature is to be put in.
const adyenBody = `{"notificationItems":[{"NotificationRequestItem":{"pspReference":"p","amount":{"value":1,"currency":"EUR"},"additionalData":{}}}]}`

// mailgunBody has all that is signed, but no signature.
const mailgunBody = `{"signature":{"timestamp":"1700000000","token":"t"},"event-data":{"event":"opened"}}`

// signedBody is body as p signs it, in it, and the key.
func signedBody(t *testing.T, name, body string) (*provider.Profile, *provider.Message, signature.Key) {
	t.Helper()
	if name == "sns" {
		return signedSNS(t, body)
	}
	p := load(t, name)
	key := signature.Key{Name: "secret", Secret: "6b"}
	signed, err := signature.Sign(p, signature.Draft{Body: []byte(body), At: time.Unix(doubtTime, 0)}, []signature.Key{key}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p, signed.Message, key
}

// What is signed in a body must be found there by everybody in the same way.
func TestSignedBodiesReadInOneWayAlone(t *testing.T) {
	for name, test := range map[string]struct {
		provider, body string
		old, new       string // replaced in the body that is signed
		reason         string
	}{
		"SNS":                         {"sns", snsBody, "", "", ""},
		"SNS, other keys":             {"sns", snsBody, `{`, `{"x":1,"x":2,"Other":1,"other":2,`, ""},
		"SNS, key twice":              {"sns", snsBody, `"Message":`, `"Message":"forged","Message":`, signature.Duplicate},
		"SNS, key in another case":    {"sns", snsBody, `{`, `{"message":"forged",`, signature.Duplicate},
		"SNS, optional key, the same": {"sns", snsBody, `{`, `{"subject":"forged",`, signature.Duplicate},
		"SNS, key with escapes":       {"sns", snsBody, `{`, `{"\u004dessage":"forged",`, signature.Duplicate},
		"SNS, version twice":          {"sns", snsBody, `{`, `{"SignatureVersion":"2",`, signature.Duplicate},
		"SNS, second document":        {"sns", snsBody, `pem"}`, `pem"} {"Message":"forged"}`, signature.Malformed},
		"SNS, not closed":             {"sns", snsBody, `pem"}`, `pem"`, signature.Malformed},
		"SNS, byte order mark":        {"sns", snsBody, `{"`, "\ufeff{\"", signature.Missing},
		"SNS, number":                 {"sns", snsBody, `"MessageId":"1"`, `"MessageId":1`, signature.Malformed},
		"SNS, null":                   {"sns", snsBody, `{`, `{"Subject":null,`, ""},
		"Adyen":                       {"adyen", adyenBody, "", "", ""},
		"Adyen, list twice":           {"adyen", adyenBody, `{"notif`, `{"notificationItems":[],"notif`, signature.Duplicate},
		"Adyen, list, other case":     {"adyen", adyenBody, `{"notif`, `{"NotificationItems":[],"notif`, signature.Duplicate},
		"Adyen, item twice":           {"adyen", adyenBody, `[{`, `[{"NotificationRequestItem":{},`, signature.Duplicate},
		"Adyen, field, other case":    {"adyen", adyenBody, `"psp`, `"PspReference":"q","psp`, signature.Duplicate},
		"Adyen, field left out":       {"adyen", adyenBody, `"psp`, `"EventCode":"q","psp`, signature.Duplicate},
		"Adyen, value":                {"adyen", adyenBody, `"value"`, `"value":2,"value"`, signature.Duplicate},
		"Adyen, comma":                {"adyen", adyenBody, `]}`, `],}`, signature.Malformed},
		"Mailgun":                     {"mailgun", mailgunBody, "", "", ""},
		"Mailgun, signature twice":    {"mailgun", mailgunBody, `{"sig`, `{"signature":{},"sig`, signature.Duplicate},
		"Mailgun, token, other case":  {"mailgun", mailgunBody, `"token"`, `"TOKEN":"u","token"`, signature.Duplicate},
		"Mailgun, second document":    {"mailgun", mailgunBody, `"opened"}}`, `"opened"}}{}`, signature.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			p, m, key := signedBody(t, test.provider, test.body)
			changed := strings.Replace(string(m.Body), test.old, test.new, 1)
			if test.old != "" && changed == string(m.Body) {
				t.Fatalf("there is no %s in %s", test.old, m.Body)
			}
			m.Body = []byte(changed)
			if got := verify(p, m, time.Unix(doubtTime, 0), key); got.Reason != test.reason || (got.Outcome == hook.Verified) != (test.reason == "") {
				t.Errorf("want %q, got %+v of %s", test.reason, got, changed)
			}
		})
	}
}

// parsed is the profile that text is.
func parsed(t *testing.T, text string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(fstest.MapFS{}).Parse("acme.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Where all signatures are wanted, one that is not there is not made good by the others.
func TestAllSignaturesMustBeThere(t *testing.T) {
	const text = `name: acme
signatures:
  rule: all
  schemes:
    one: {algorithm: hmac-sha256, content: "{body}", in: header:X-One, encoding: hex}
    two: {algorithm: hmac-sha512, content: "{body}", in: header:X-Two, encoding: hex}
    old: {algorithm: hmac-sha1, content: "{body}", in: header:X-Old, encoding: hex, legacy: true}
    put: {algorithm: hmac-sha512, content: "{body}", in: header:X-Put, encoding: hex, when: {method: PUT}}
`
	p, key := parsed(t, text), signature.Key{Name: "secret", Secret: "k"}
	for _, test := range []struct{ method, without, reason, detail string }{
		{"POST", "", "", ""},
		{"POST", "X-One", signature.Missing, "there is no header X-One"},
		{"POST", "X-Two", signature.Missing, "there is no header X-Two"},
		{"PUT", "", signature.Missing, "there is no header X-Put"},
	} {
		signed, err := signature.Sign(p, signature.Draft{Body: []byte("b"), Method: "POST", At: time.Unix(doubtTime, 0)}, []signature.Key{key}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		m := signed.Message
		m.Method = test.method
		dropField(m, test.without)
		got := verify(p, m, time.Unix(doubtTime, 0), key)
		if got.Reason != test.reason || got.Outcome == hook.Verified && test.reason != "" || test.reason != "" && got.Detail != test.detail {
			t.Errorf("%s without %s: got %+v", test.method, test.without, got)
		}
	}
}

// A message that none of the schemes is for is not signed, unless it need not be.
func TestMessagesThatNoSchemeIsForFail(t *testing.T) {
	p, key := load(t, "adyen"), signature.Key{Name: "secret", Secret: "6b"}
	for _, body := range []string{`{"evil":1}`, `{"notificationItems":null}`, `x`, ``} {
		m := &provider.Message{Method: "POST", Body: []byte(body)}
		got := verify(p, m, time.Unix(doubtTime, 0), key)
		if got.Outcome != hook.Failed || got.Reason != signature.NoScheme || got.Detail != "no scheme of adyen applies to this message: it is not signed" {
			t.Errorf("%s: got %+v", body, got)
		}
		if got := verify(p, m, time.Unix(doubtTime, 0)); got.Outcome != hook.NotChecked || got.Reason != signature.NoSecret {
			t.Errorf("%s without a secret: got %+v", body, got)
		}
	}
}

// A signature that need not cover the body is said not to.
func TestMessageSignaturesWithoutTheBodyAreUnbound(t *testing.T) {
	for components, unbound := range map[string]bool{`"@method"`: true, `"@method", content-digest`: false} {
		p := ruled(t, "algorithm: hmac-sha256, components: ["+components+"]")
		m, keys := signed9421(t, p, newSecret(t, &p.Signatures.Schemes[0]), newSecret(t, &p.Signatures.Schemes[0]))
		if got := verify(p, m, time.Unix(rfcTime, 0), keys[0]); got.Outcome != hook.Verified || got.Unbound != unbound {
			t.Errorf("%s: got %+v", components, got)
		}
	}
}

// Headers that receivers may read in several ways are not verified.
func TestSignedHeadersReadInOneWayAlone(t *testing.T) {
	key := signature.Key{Name: "secret", Secret: "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}
	for name, test := range map[string]struct {
		change         func(*provider.Message)
		reason, detail string
	}{
		"as it is":                     {func(*provider.Message) {}, "", ""},
		"the same by the other name":   {func(m *provider.Message) { withField(m, "webhook-id", m.Header.Get("svix-id")) }, "", ""},
		"another id by the other name": {func(m *provider.Message) { withField(m, "Webhook-Id", "x") }, signature.Duplicate, "header webhook-id is there more than once"},
		"another time":                 {func(m *provider.Message) { withField(m, "webhook-timestamp", "1") }, signature.Duplicate, "header webhook-timestamp"},
		"another signature":            {func(m *provider.Message) { withField(m, "webhook-signature", "v1,AAAA") }, signature.Duplicate, "header webhook-signature"},
		"the id twice": {func(m *provider.Message) {
			m.Header = append(m.Header, hook.Field{Name: "SVIX-ID", Value: m.Header.Get("svix-id")})
		}, signature.Duplicate, "header svix-id"},
		"no id in the header":        {func(m *provider.Message) { withField(m, "svix-id", "") }, signature.Malformed, "header svix-id is empty"},
		"a signature of no kind":     {func(m *provider.Message) { withField(m, "svix-signature", "v2,AAAA") }, signature.Malformed, "header svix-signature has no v1 or v1a"},
		"no signature in the header": {func(m *provider.Message) { withField(m, "svix-signature", " ") }, signature.Malformed, "header svix-signature is empty"},
		"no signature":               {func(m *provider.Message) { dropField(m, "svix-signature") }, signature.Missing, "there is no header svix-signature or webhook-signature"},
	} {
		t.Run(name, func(t *testing.T) {
			p := load(t, "svix")
			signed, err := signature.Sign(p, signature.Draft{Body: []byte("{}"), At: time.Unix(doubtTime, 0)}, []signature.Key{key}, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			test.change(signed.Message)
			got := verify(p, signed.Message, time.Unix(doubtTime, 0), key)
			if got.Reason != test.reason || !strings.HasPrefix(got.Detail, test.detail) || (got.Outcome == hook.Verified) != (test.reason == "") {
				t.Errorf("want %q, got %+v", test.reason, got)
			}
		})
	}
}

// Nor are those by which a scheme is chosen.
func TestConditionsAreOnHeadersThatAreThereOnce(t *testing.T) {
	p, key := load(t, "hubspot"), signature.Key{Name: "secret", Secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"}
	for _, versions := range [][]string{{"v1", "v2"}, {"v2", "v1"}, {"v1", "v1"}} {
		m := &provider.Message{Method: "POST", Body: []byte("{}"), Header: hook.Header{{Name: "X-HubSpot-Signature", Value: "00"}}}
		for _, version := range versions {
			m.Header = append(m.Header, hook.Field{Name: "X-HubSpot-Signature-Version", Value: version})
		}
		if got := verify(p, m, time.Unix(doubtTime, 0), key); got.Reason != signature.Duplicate || got.Scheme != versions[0] {
			t.Errorf("%s: got %+v", versions, got)
		}
	}
}

// A URL that was given is what is signed; the explanation tells of the other ones.
func TestURLsThatAreGivenAreTakenAtTheirWord(t *testing.T) {
	key := signature.Key{Name: "secret", Secret: "12345"}
	for _, test := range []struct {
		signed, given    string
		vouched, guessed bool // whether it verifies as the one and as the other
	}{
		{"https://a.example/x", "https://a.example/x", true, true},
		{"https://a.example/x", "https://a.example:443/x", true, true},
		{"https://a.example/x", "http://a.example/x", false, true},
		{"https://a.example/x", "https://a.example:8443/x", false, true},
		{"https://a.example/x", "https://b.example/x", false, false},
	} {
		p := load(t, "square")
		signed, err := signature.Sign(p, signature.Draft{Body: []byte("{}"), URL: test.signed, At: time.Unix(doubtTime, 0)}, []signature.Key{key}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for guessed, want := range map[bool]bool{false: test.vouched, true: test.guessed} {
			m := *signed.Message
			m.URL, m.URLGuessed = test.given, guessed
			if got := verify(p, &m, time.Unix(doubtTime, 0), key); (got.Outcome == hook.Verified) != want {
				t.Errorf("%s for %s, guessed %t: got %+v", test.given, test.signed, guessed, got)
			}
		}
		if test.vouched || !test.guessed {
			continue
		}
		m := *signed.Message
		m.URL = test.given
		x := signature.Explain(p, signature.Case{Message: &m, Keys: []signature.Key{key}, Now: time.Unix(doubtTime, 0)})
		if x.Cause == nil || x.Cause.ID != "content-url-origin" || !strings.Contains(x.Cause.What, "https://a.example") {
			t.Errorf("%s for %s: explained as %+v", test.given, test.signed, x.Cause)
		}
	}
}

// What is said of a verdict that is none of a signature.
func TestExplanationsOfDoubt(t *testing.T) {
	p, m, key := signedBody(t, "mailgun", mailgunBody)
	for body, id := range map[string]string{string(m.Body) + "{}": "body-malformed", strings.Replace(string(m.Body), "{", `{"signature":1,`, 1): "duplicate"} {
		c := signature.Case{Message: &provider.Message{Method: "POST", Body: slices.Clip([]byte(body))}, Keys: []signature.Key{key}, Now: time.Unix(doubtTime, 0)}
		if x := signature.Explain(p, c); x.Cause == nil || x.Cause.ID != id {
			t.Errorf("%s: want %s, got %+v", body, id, x.Cause)
		}
	}
}
