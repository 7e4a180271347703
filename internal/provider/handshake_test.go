package provider_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A handshakeCase is a message and what is to be said to it.
type handshakeCase struct {
	name, provider string
	method, url    string
	header         hook.Header
	body           string
	outcome        hook.Outcome
	secret         string
	// handshake is the one that is meant, "" for none; the rest is its answer.
	handshake string
	status    int
	answer    hook.Header
	text      string
}

func field(name, value string) hook.Field { return hook.Field{Name: name, Value: value} }

const (
	validation = `{"event":"endpoint.url_validation","event_ts":1654503849680,"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}`
	intent     = `{"events":[],"lastEventSequence": 0,"firstEventSequence": 0,"entropy":"S0m3r4Nd0mt3xt"}`
	challenge  = "https://example.com/hooks?hub.mode=subscribe&hub.verify_token=meatyhamhock&hub.challenge="
)

func handshakeCases() []handshakeCase {
	text := hook.Header{field("Content-Type", "text/plain")}
	kind := func(value string) hook.Header { return hook.Header{field("Twitch-Eventsub-Message-Type", value)} }
	woo := hook.Header{field("User-Agent", "WooCommerce/9.0.0 Hookshot (WordPress/6.6)"), field("Content-Type", "application/x-www-form-urlencoded")}
	origin := func(value string) hook.Header { return hook.Header{field("WebHook-Request-Origin", value)} }
	allowed := func(value string) hook.Header {
		return hook.Header{field("Allow", "POST"), field("WebHook-Allowed-Origin", value), field("WebHook-Allowed-Rate", "*")}
	}
	long := strings.Repeat("x", 1<<20)
	return []handshakeCase{
		{name: "ping", provider: "discord", body: `{"type":0}`, outcome: hook.Verified,
			handshake: "ping", status: 204, answer: hook.Header{field("Content-Type", "application/json")}},
		{name: "ping without a key", provider: "discord", body: `{"type":0}`, outcome: hook.NotChecked,
			handshake: "ping", status: 204, answer: hook.Header{field("Content-Type", "application/json")}},
		{name: "ping with a wrong signature", provider: "discord", body: `{"type":0}`, outcome: hook.Failed, handshake: "bad-signature", status: 401},
		{name: "event with a wrong signature", provider: "discord", body: `{"type":1,"event":{}}`, outcome: hook.Failed, handshake: "bad-signature", status: 401},
		{name: "event", provider: "discord", body: `{"type":1,"event":{}}`, outcome: hook.Verified},

		{name: "challenge", provider: "twitch", header: kind("webhook_callback_verification"), body: `{"challenge":"olYc8-klwIH9B"}`, outcome: hook.Verified,
			handshake: "challenge", status: 200, answer: text, text: "olYc8-klwIH9B"},
		{name: "challenge with a wrong signature", provider: "twitch", header: kind("webhook_callback_verification"), body: `{"challenge":"x"}`, outcome: hook.Failed},
		{name: "challenge of a megabyte", provider: "twitch", header: kind("webhook_callback_verification"), body: `{"challenge":"` + long + `"}`, outcome: hook.Verified,
			handshake: "challenge", status: 200, answer: text, text: long},
		{name: "notification that has a challenge", provider: "twitch", header: kind("notification"), body: `{"challenge":"x"}`, outcome: hook.Verified},
		{name: "revocation", provider: "twitch", header: kind("revocation"), body: `{"subscription":{}}`, outcome: hook.Verified},

		{name: "validation", provider: "zoom", body: validation, outcome: hook.Verified, secret: "secretValueTest",
			handshake: "url-validation", status: 200, answer: hook.Header{field("Content-Type", "application/json")},
			// As the tests of Elastic's http_endpoint have it.
			text: `{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"70c1f2e2e6ca2d39297490d1f9142c7d701415ea8e6151f6562a08fa657a40ff"}`},
		{name: "validation with a wrong signature", provider: "zoom", body: validation, outcome: hook.Failed, secret: "secretValueTest"},
		{name: "event", provider: "zoom", body: `{"event":"meeting.started","payload":{"plainToken":"x"}}`, outcome: hook.Verified, secret: "secretValueTest"},

		{name: "challenge", provider: "meta", method: "GET", url: challenge + "1158201444", outcome: hook.NotChecked,
			handshake: "verification", status: 200, answer: text, text: "1158201444"},
		{name: "challenge that looks like a page", provider: "meta", method: "GET", url: challenge + "%3Cscript%3Ealert(1)%3C/script%3E", outcome: hook.NotChecked,
			handshake: "verification", status: 200, answer: text, text: "<script>alert(1)</script>"},
		{name: "challenge with line breaks", provider: "meta", method: "GET", url: challenge + "1%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0ax", outcome: hook.NotChecked,
			handshake: "verification", status: 200, answer: text, text: "1\r\nSet-Cookie: a=b\r\n\r\nx"},
		{name: "challenge of a megabyte", provider: "meta", method: "GET", url: challenge + long, outcome: hook.NotChecked,
			handshake: "verification", status: 200, answer: text, text: long},
		{name: "challenge by another method", provider: "meta", method: "POST", url: challenge + "1", outcome: hook.NotChecked},
		{name: "end of a subscription", provider: "meta", method: "GET", url: strings.Replace(challenge, "subscribe", "unsubscribe", 1) + "1", outcome: hook.NotChecked},

		{name: "intent to receive", provider: "xero", body: intent, outcome: hook.Verified, handshake: "intent-to-receive", status: 200},
		{name: "intent to receive with a wrong signature", provider: "xero", body: intent, outcome: hook.Failed, handshake: "bad-signature", status: 401},
		{name: "intent to receive without a secret", provider: "xero", body: intent, outcome: hook.NotChecked},
		{name: "event", provider: "xero", body: `{"events":[{}],"lastEventSequence":1,"firstEventSequence":1}`, outcome: hook.Verified},

		{name: "ping", provider: "woocommerce", header: woo, body: "webhook_id=3", outcome: hook.NotChecked, handshake: "ping", status: 200},
		{name: "event", provider: "woocommerce", header: woo[:1], body: `{"id":1}`, outcome: hook.Verified},

		{name: "request for permission", provider: "cloudevents", method: "OPTIONS", header: origin("eventemitter.example.com"), outcome: hook.NotChecked,
			handshake: "validation", status: 200, answer: allowed("eventemitter.example.com")},
		{name: "origin with line breaks", provider: "cloudevents", method: "OPTIONS", header: origin("a\r\nSet-Cookie: a=b\n\n<script>"), outcome: hook.NotChecked,
			handshake: "validation", status: 200, answer: allowed("aSet-Cookie: a=b<script>")},
		{name: "delivery", provider: "cloudevents", method: "POST", header: origin("eventemitter.example.com"), outcome: hook.Verified},
		{name: "question of a browser", provider: "cloudevents", method: "OPTIONS", header: hook.Header{field("Origin", "https://a.example")}, outcome: hook.NotChecked},

		{name: "challenge", provider: "slack", body: `{"type":"url_verification","token":"t","challenge":"3eZbrw1aBm2rZgRN"}`, outcome: hook.Verified,
			handshake: "url-verification", status: 200, answer: text, text: "3eZbrw1aBm2rZgRN"},
		{name: "challenge that looks like a page", provider: "slack", body: `{"type":"url_verification","challenge":"\u003cscript\u003e\r\n"}`, outcome: hook.NotChecked,
			handshake: "url-verification", status: 200, answer: text, text: "<script>\r\n"},
		{name: "challenge with a wrong signature", provider: "slack", body: `{"type":"url_verification","challenge":"x"}`, outcome: hook.Failed},
		{name: "event", provider: "slack", body: `{"type":"event_callback","event":{"type":"app_mention"}}`, outcome: hook.Verified},
	}
}

func (c *handshakeCase) message() *provider.Message {
	m := &provider.Message{Method: c.method, URL: c.url, Header: c.header, Body: []byte(c.body)}
	if m.Method == "" {
		m.Method = "POST"
	}
	if m.URL == "" {
		m.URL = "https://example.com/hooks"
	}
	return m
}

func TestHandshakesAreAnswered(t *testing.T) {
	for _, test := range handshakeCases() {
		t.Run(test.provider+"/"+test.name, func(t *testing.T) {
			m := test.message()
			h := loadProfile(t, test.provider).HandshakeOf(m, test.outcome)
			if h == nil || test.handshake == "" {
				if h != nil || test.handshake != "" {
					t.Fatalf("want handshake %q, got %+v", test.handshake, h)
				}
				return
			}
			got, err := h.Answer(m, []byte(test.secret))
			if err != nil {
				t.Fatal(err)
			}
			if h.Name != test.handshake || got.Status != test.status || !slices.Equal(got.Header, test.answer) {
				t.Errorf("want %s with %d %v, got %s with %d %v", test.handshake, test.status, test.answer, h.Name, got.Status, got.Header)
			}
			if string(got.Body) != test.text {
				t.Errorf("want %d bytes, got %d: %.100s", len(test.text), len(got.Body), got.Body)
			}
		})
	}
}

func TestEveryHandshakeIsTried(t *testing.T) {
	profiles, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range profiles {
		for _, h := range p.Handshakes {
			if !slices.ContainsFunc(handshakeCases(), func(c handshakeCase) bool { return c.provider == p.Name && c.handshake == h.Name }) {
				t.Errorf("%s: nothing tries the handshake %s", p.Name, h.Name)
			}
		}
	}
}

// What is sent back is never taken for a page, whoever wrote the profile.
func TestAnswersWithABodySayWhatItIs(t *testing.T) {
	p, err := library().Parse("acme/provider.yaml", []byte(`
name: acme
handshakes:
  text: {when: {"json:a": "*"}, reply: {status: 200, text: "{json:a}"}}
  json: {when: {"json:b": "*"}, reply: {status: 200, json: {b: "{json:b}"}}}
  none: {when: {"json:c": "*"}, reply: {status: 200}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]hook.Header{
		`{"a":"<script>"}`: {field("Content-Type", "text/plain; charset=utf-8")},
		`{"b":"<script>"}`: {field("Content-Type", "application/json")},
		`{"c":"<script>"}`: nil,
	} {
		m := &provider.Message{Method: "POST", Body: []byte(body)}
		got, err := p.HandshakeOf(m, hook.NotChecked).Answer(m, nil)
		if err != nil || !slices.Equal(got.Header, want) {
			t.Errorf("%s: want %v, got %v, %v", body, want, got.Header, err)
		}
	}
}

func TestAnswersInJSONCarryAnyText(t *testing.T) {
	for _, token := range []string{"</script>", "a\"b\\c", "a\r\nb\x00", "\u2028ü", strings.Repeat("x", 1<<20)} {
		text, err := json.Marshal(map[string]any{"event": "endpoint.url_validation", "payload": map[string]string{"plainToken": token}})
		if err != nil {
			t.Fatal(err)
		}
		m := &provider.Message{Method: "POST", Body: text}
		answer, err := loadProfile(t, "zoom").HandshakeOf(m, hook.Verified).Answer(m, []byte("secret"))
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ PlainToken, EncryptedToken string }
		if err := json.Unmarshal(answer.Body, &got); err != nil || got.PlainToken != token || len(got.EncryptedToken) != 64 {
			t.Errorf("%.20q: got %.100s, %v", token, answer.Body, err)
		}
	}
}

func TestNoProofIsGivenWithoutTheSecret(t *testing.T) {
	m := &provider.Message{Method: "POST", Body: []byte(validation)}
	_, err := loadProfile(t, "zoom").HandshakeOf(m, hook.NotChecked).Answer(m, nil)
	var missing *provider.MissingError
	if !errors.As(err, &missing) {
		t.Errorf("want what is missing, got %v", err)
	}
}
