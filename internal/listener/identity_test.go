package listener_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// byBody finds what the body says: how the verification ended, "hello" for a
// handshake, or nothing.
type byBody struct{}

func (byBody) Identify(c *hook.Capture) identify.Finding {
	body, _ := hook.ReadBody(c.Body)
	switch text := string(body); text {
	case "failed", "verified":
		verdict := &hook.Verification{Outcome: hook.Outcome(text), Reason: "mismatch", Detail: "with details"}
		return identify.Finding{Identity: &hook.Identity{Provider: "acme", Event: hook.Event{Type: "order/" + text}, Verification: verdict}}
	case signature.NoSecret, signature.Unsigned:
		return identify.Finding{Identity: &hook.Identity{Provider: "acme", Verification: &hook.Verification{Outcome: hook.NotChecked, Reason: text}}}
	case "hello":
		return identify.Finding{
			Identity: &hook.Identity{Provider: "acme"}, Notes: []string{"handshake hello"},
			Answer: &provider.Answer{Status: 203, Header: fields("X-Hello", "yes"), Body: []byte("hello yourself")},
		}
	}
	return identify.Finding{}
}

func TestWhatIsKnownOfACaptureDecidesTheAnswer(t *testing.T) {
	steps := func(script string) []listener.Step {
		parsed, err := listener.ParseScript(script)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	tests := []struct {
		name      string
		strict    bool
		relay     bool // a target's answer is relayed
		fixed     bool
		script    string
		path      string
		body      string
		status    int
		answer    string
		forwarded bool
	}{
		{name: "a forgery is answered like anything else", body: "failed", script: "200", status: 200},
		{name: "a forgery is refused where that is asked for", strict: true, body: "failed", script: "200", status: 401, answer: "hookctl: the signature was refused: mismatch\n"},
		{name: "whatever the path asks for", strict: true, body: "failed", path: "/~204", script: "200", status: 401, answer: "hookctl: the signature was refused: mismatch\n"},
		{name: "and is not sent on", strict: true, relay: true, body: "failed", script: "200", status: 401, answer: "hookctl: the signature was refused: mismatch\n"},
		{name: "what is not signed is refused where a secret is known", strict: true, body: signature.Unsigned, script: "200", status: 401, answer: "hookctl: the signature was refused: unsigned\n"},
		{name: "what nobody could check is taken", strict: true, body: signature.NoSecret, script: "200", status: 200},
		{name: "what is verified is sent on", strict: true, relay: true, body: "verified", script: "200", status: 202, answer: "from the target", forwarded: true},
		{name: "what nobody knows is sent on", strict: true, relay: true, body: "else", script: "200", status: 202, answer: "from the target", forwarded: true},
		{name: "a handshake is answered", body: "hello", script: "200", status: 203, answer: "hello yourself"},
		{name: "a handshake is answered where the reply is fixed", relay: true, fixed: true, body: "hello", script: "500", status: 203, answer: "hello yourself", forwarded: true},
		{name: "a target answers handshakes itself", relay: true, body: "hello", script: "200", status: 202, answer: "from the target", forwarded: true},
		{name: "a script goes before a handshake", body: "hello", script: "500,200", status: 500},
		{name: "a path goes before a handshake", body: "hello", path: "/x/~418", script: "200", status: 418},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := newWireTarget(t, "HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\nConnection: close\r\n\r\nfrom the target")
			config := listener.Config{
				Identifier: byBody{}, Strict: test.strict,
				Replies: listener.Replies{Script: steps(test.script), Fixed: test.fixed},
			}
			if test.relay {
				config.Forward.Targets = []listener.Target{relayed(target.url)}
			}
			r := start(t, config)
			res, err := http.Post(r.url+test.path, "text/plain", strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			answer, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != test.status || string(answer) != test.answer {
				t.Errorf("got %d %q, %v; want %d %q", res.StatusCode, answer, err, test.status, test.answer)
			}
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if got := len(target.requests()) > 0; got != test.forwarded {
				t.Errorf("sent on: %v, want %v", got, test.forwarded)
			}
			c, _ := r.store.only(t)
			if want := (byBody{}).Identify(c).Identity; (c.Identity == nil) != (want == nil) || want != nil && c.Identity.Event != want.Event {
				t.Errorf("kept with %+v, want %+v", c.Identity, want)
			}
		})
	}
}

func TestEventsDecideWhatIsForwarded(t *testing.T) {
	target := newWireTarget(t, closed)
	r := start(t, listener.Config{
		Identifier: byBody{}, Forward: listener.Forward{Targets: []listener.Target{relayed(target.url)}, Events: []string{"order/v*"}},
	})
	for _, body := range []string{"failed", "verified", "else"} {
		res, err := http.Post(r.url+"/hooks", "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if got := target.requests(); len(got) != 1 || !strings.HasSuffix(got[0], "verified") {
		t.Errorf("sent on: %q", got)
	}
}
