package replay_test

import (
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

const then, now = 1_700_000_000, 1_800_000_000

func party(t *testing.T, name, secret string) (*replay.Party, *provider.Profile, []signature.Key) {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	keys := []signature.Key{{Name: "test", Secret: secret}}
	return replay.NewParty(delivery.NewRules(p), keys), p, keys
}

// captured is a message of a provider as it came long ago.
func captured(t *testing.T, p *provider.Profile, keys []signature.Key, event, body string) *hook.Capture {
	t.Helper()
	signed, err := signature.Sign(p, signature.Draft{
		Method: "POST", URL: "http://old.example/in", Body: []byte(body), Event: event, ID: "msg_1", At: time.Unix(then, 0),
		Header: hook.Header{{Name: "X-More", Value: "kept"}},
	}, keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &hook.Capture{
		ID: "cap_1", Seq: 1, Method: "POST", Target: "/in", Header: signed.Message.Header, Body: hook.Bytes(signed.Message.Body),
		Identity: &hook.Identity{Provider: p.Name, Event: hook.Event{Type: event, ID: "msg_1"}},
	}
}

func maker(t *testing.T, p *replay.Party, sign string) *replay.Maker {
	t.Helper()
	to, err := url.Parse("http://new.example/api")
	if err != nil {
		t.Fatal(err)
	}
	return &replay.Maker{
		To: to, Sign: sign, Now: func() time.Time { return time.Unix(now, 0) }, Random: rand.Reader,
		Party:   func(string) (*replay.Party, error) { return p, nil },
		FreshID: func([]byte) ([]byte, error) { return []byte(`"other"`), nil },
	}
}

func verify(t *testing.T, p *provider.Profile, keys []signature.Key, m replay.Message, at int64) hook.Verification {
	t.Helper()
	body, err := hook.ReadBody(m.Request.Body)
	if err != nil {
		t.Fatal(err)
	}
	message := &provider.Message{Method: m.Request.Method, URL: "http://new.example" + m.Request.Target, Header: m.Request.Header, Body: body}
	return signature.NewVerifier(p, keys, signature.Options{}).Verify(message, time.Unix(at, 0))
}

func TestTheWaysOfSigning(t *testing.T) {
	for _, test := range []struct{ provider, secret, event, body, header string }{
		{"stripe", "whsec_x", "invoice.paid", `{"id":"msg_1","object":"event","type":"invoice.paid"}`, "Stripe-Signature"},
		{"clazar", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "buyer.created", `{"type":"buyer.created"}`, "svix-signature"},
		{"github", "secret", "push", `{"ref":"x"}`, "X-Hub-Signature-256"},
	} {
		t.Run(test.provider, func(t *testing.T) {
			known, p, keys := party(t, test.provider, test.secret)
			c := captured(t, p, keys, test.event, test.body)
			original, err := maker(t, known, replay.SignOriginal).Make(c)
			if err != nil || original.Request.Header.Get(test.header) != c.Header.Get(test.header) {
				t.Fatalf("as it came: %v, %v", original.Request.Header, err)
			}
			timed := test.provider != "github"
			if (original.Stale > 0) != timed {
				t.Errorf("a signature of long ago: tolerated %s", original.Stale)
			}
			if v := verify(t, p, keys, original, then); v.Outcome != hook.Verified {
				t.Errorf("as it came: %+v", v)
			}
			fresh, err := maker(t, known, replay.SignFresh).Make(c)
			if err != nil {
				t.Fatal(err)
			}
			if v := verify(t, p, keys, fresh, now); v.Outcome != hook.Verified || fresh.Stale != 0 {
				t.Errorf("anew: %+v", v)
			}
			if fresh.Event != test.event || fresh.Request.Header.Get("X-More") != "kept" || len(fresh.Request.Header) != len(c.Header)+1 {
				t.Errorf("anew: %s, %v", fresh.Event, fresh.Request.Header)
			}
			none, err := maker(t, known, replay.SignNone).Make(c)
			if err != nil || none.Request.Header.Has(test.header) || !none.Request.Header.Has("X-More") {
				t.Errorf("not at all: %v, %v", none.Request.Header, err)
			}
		})
	}
}

// The event keeps its id, unless another is wanted: in the header, or where the body has it.
func TestIDsOfEventsSignedAnew(t *testing.T) {
	known, p, keys := party(t, "clazar", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	c := captured(t, p, keys, "buyer.created", `{"type":"buyer.created"}`)
	m := maker(t, known, replay.SignFresh)
	same, err := m.Make(c)
	if err != nil || same.Request.Header.Get("svix-id") != "msg_1" {
		t.Errorf("the same: %v, %v", same.Request.Header, err)
	}
	m.NewID = true
	other, err := m.Make(c)
	if err != nil || other.Request.Header.Get("svix-id") == "msg_1" || verify(t, p, keys, other, now).Outcome != hook.Verified {
		t.Errorf("another: %v, %v", other.Request.Header, err)
	}
	known, p, keys = party(t, "stripe", "whsec_x")
	c = captured(t, p, keys, "invoice.paid", `{"object":"event", "id": "msg_1", "type":"invoice.paid"}`)
	m = maker(t, known, replay.SignFresh)
	m.NewID = true
	inBody, err := m.Make(c)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := hook.ReadBody(inBody.Request.Body)
	if string(body) != `{"object":"event", "id": "other", "type":"invoice.paid"}` || verify(t, p, keys, inBody, now).Outcome != hook.Verified {
		t.Errorf("in the body: %s", body)
	}
}

func TestChangesAreSignedAndEverythingElseStays(t *testing.T) {
	known, p, keys := party(t, "github", "secret")
	c := captured(t, p, keys, "push", `{"ref":"x"}`)
	c.Header = append(c.Header, hook.Field{Name: "X-mine", Value: "old"})
	m := maker(t, known, replay.SignFresh)
	m.Method, m.Header = "PUT", hook.Header{{Name: "X-Mine", Value: "new"}}
	m.Edit = func(body []byte) ([]byte, error) { return []byte(strings.ReplaceAll(string(body), "x", "y")), nil }
	made, err := m.Make(c)
	if err != nil {
		t.Fatal(err)
	}
	if r := made.Request; r.Method != "PUT" || r.Header.Get("x-mine") != "new" || verify(t, p, keys, made, now).Outcome != hook.Verified {
		t.Errorf("%+v", r)
	}
	if body, _ := hook.ReadBody(c.Body); string(body) != `{"ref":"x"}` || c.Method != "POST" {
		t.Errorf("the capture itself was changed: %s %s", c.Method, body)
	}
	c.Header = append(c.Header, hook.Field{Name: "Content-Encoding", Value: "gzip"})
	if _, err := m.Make(c); err == nil || !strings.Contains(err.Error(), "compressed (gzip)") {
		t.Errorf("a compressed body: %v", err)
	}
}

func TestWhoIsNotKnownCannotSign(t *testing.T) {
	for sign, want := range map[string]error{replay.SignFresh: replay.ErrUnknown, replay.SignNone: replay.ErrUnknown, replay.SignOriginal: nil} {
		_, err := maker(t, nil, sign).Make(&hook.Capture{ID: "cap_1", Method: "POST", Target: "/", Body: hook.Bytes{}})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", sign, err)
		}
	}
}

// The URL of an endpoint is where everything goes, whatever path a capture came to.
func TestAnExactTargetIsTakenAsItIs(t *testing.T) {
	p, profile, keys := party(t, "stripe", "whsec_1")
	for _, sign := range []string{replay.SignOriginal, replay.SignFresh, replay.SignNone} {
		for to, want := range map[string]string{"http://new.example/api/": "/api/", "http://new.example": "/", "http://new.example/a?k=1": "/a?k=1"} {
			m := maker(t, p, sign)
			m.Exact = true
			var err error
			if m.To, err = url.Parse(to); err != nil {
				t.Fatal(err)
			}
			made, err := m.Make(captured(t, profile, keys, "charge.failed", `{"type":"charge.failed","id":"evt_1"}`))
			if err != nil || made.Request.Target != want {
				t.Errorf("%s to %s: %q, %v", sign, to, made.Request.Target, err)
			}
		}
	}
}
