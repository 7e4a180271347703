package signature_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/signature"
)

func TestWhatTheBodySaysOfTheMessageIsWrittenAnew(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	for _, test := range []struct {
		name, provider, body string
		want                 []string // what is then in the body
		changed              bool
	}{
		{"time of old", "linear", `{"type":"Issue","webhookTimestamp":1}`, []string{`"type":"Issue"`, `"webhookTimestamp":1700000000000`}, true},
		{"no time", "linear", `{"type":"Issue"}`, []string{`"webhookTimestamp":1700000000000`}, true},
		{"no JSON", "linear", `hello`, []string{`hello`}, false},
		{"broken JSON", "linear", `{"type":`, []string{`{"type":`}, false},
		{"list", "linear", `[1]`, []string{`[1]`}, false},
		{"signature of old", "mailgun", `{"signature":{"timestamp":"1","token":"old","signature":"00"},"event-data":{"event":"opened"}}`,
			[]string{`"timestamp":"1700000000"`, `"event-data":{"event":"opened"}`}, true},
		{"no signature", "mailgun", `{"event-data":{"event":"opened"}}`, []string{`"timestamp":"1700000000"`}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, test.provider)
			key := signature.Key{Name: "secret", Secret: "secret"}
			signed, err := signature.Sign(p, signature.Draft{Body: []byte(test.body), At: now}, []signature.Key{key}, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			body := string(signed.Message.Body)
			for _, want := range test.want {
				if !strings.Contains(body, want) {
					t.Errorf("want %s, got %s", want, body)
				}
			}
			if signed.InBody != test.changed || strings.Contains(body, "old") {
				t.Errorf("changed is %v: %s", signed.InBody, body)
			}
			if verdict := verify(p, signed.Message, now, key); test.changed && verdict.Outcome != hook.Verified {
				t.Errorf("got %+v", verdict)
			}
		})
	}
}

func TestATokenThatIsTakenOnceIsAnotherEachTime(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		signed, err := signature.Sign(load(t, "mailgun"), signature.Draft{Body: []byte(`{"event-data":{"event":"opened"}}`), At: time.Unix(1_700_000_000, 0)},
			[]signature.Key{{Name: "secret", Secret: "secret"}}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ Signature struct{ Token string } }
		if err := json.Unmarshal(signed.Message.Body, &body); err != nil || len(body.Signature.Token) != 50 || seen[body.Signature.Token] {
			t.Fatalf("got %s, %v", signed.Message.Body, err)
		}
		seen[body.Signature.Token] = true
	}
}

func TestEachKeyHasAHeaderOfItsOwn(t *testing.T) {
	p := load(t, "docusign")
	now := time.Unix(1_700_000_000, 0)
	keys := []signature.Key{{Name: "first", Secret: "first key"}, {Name: "second", Secret: "second key"}, {Name: "third", Secret: "third key"}}
	signed, err := signature.Sign(p, signature.Draft{Body: []byte(`{}`), At: now}, keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if got := verify(p, signed.Message, now, key); got.Outcome != hook.Verified {
			t.Errorf("%s: got %+v", key.Name, got)
		}
	}
	if got := verify(p, signed.Message, now, signature.Key{Name: "other", Secret: "other key"}); got.Reason != signature.Mismatch {
		t.Errorf("got %+v", got)
	}
	for i := range 11 - len(keys) {
		keys = append(keys, signature.Key{Name: "more", Secret: strings.Repeat("x", i+1)})
	}
	if _, err := signature.Sign(p, signature.Draft{Body: []byte(`{}`), At: now}, keys, rand.Reader); err == nil {
		t.Error("want no room for an eleventh key, got it signed")
	}
}

// The secret decides in which of its two ways GitLab signs, and a token for signing
// never leaves by itself.
func TestTheSecretDecidesWhichSchemeIsUsed(t *testing.T) {
	p := load(t, "gitlab")
	for secret, want := range map[string]string{
		"whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=": "v1",
		"dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=":       "token",
		"my-secret-token": "token",
	} {
		signed, err := signature.Sign(p, signature.Draft{Body: []byte(`{}`), Event: "push", At: time.Unix(1_700_000_000, 0)}, []signature.Key{{Name: "secret", Secret: secret}}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(signed.Schemes, []string{want}) || signed.Message.Header.Has("X-Gitlab-Token") != (want == "token") {
			t.Errorf("%s: want %s, got %v in %v", secret, want, signed.Schemes, signed.Message.Header)
		}
	}
}

func TestATokenCanStandInTheQuery(t *testing.T) {
	p := load(t, "cloudevents")
	for i := range p.Signatures.Schemes {
		p.Signatures.Schemes[i].Legacy = p.Signatures.Schemes[i].Name != "query"
	}
	for url, want := range map[string]string{
		"https://a.example/x":     "https://a.example/x?access_token=a%26b",
		"https://a.example/x?y=1": "https://a.example/x?y=1&access_token=a%26b",
	} {
		key := signature.Key{Name: "token", Secret: "a&b"}
		signed, err := signature.Sign(p, signature.Draft{URL: url, Body: []byte(`{}`)}, []signature.Key{key}, bytes.NewReader(nil))
		if err != nil {
			t.Fatal(err)
		}
		if signed.Message.URL != want || verify(p, signed.Message, time.Unix(0, 0), key).Outcome != hook.Verified {
			t.Errorf("want %s, got %s", want, signed.Message.URL)
		}
	}
}
