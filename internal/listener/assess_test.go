package listener_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/listener"
)

// ofAcme takes every capture for one of acme's.
type ofAcme struct{}

func (ofAcme) Identify(*hook.Capture) identify.Finding {
	return identify.Finding{Identity: &hook.Identity{Provider: "acme", Event: hook.Event{Type: "order"}}}
}

// bySaying finds what the body says, once hold is closed where that is set.
type bySaying struct{ hold chan struct{} }

func (bySaying) Knows(c *hook.Capture) bool { return c.Identity != nil && c.Path() != "/unknown" }

func (bySaying) Requires(c *hook.Capture) bool { return c.Identity != nil && c.Path() != "/unknown" }

func (b bySaying) Assess(c *hook.Capture) assess.Finding {
	if b.hold != nil {
		<-b.hold
	}
	body, _ := hook.ReadBody(c.Body)
	if said := string(body); said == "unchecked" || said == "excused" {
		f := assess.Unchecked("nobody could look at it")
		f.Excused = said == "excused"
		return f
	}
	v := &hook.Validation{Outcome: hook.Validity(body), Schema: "acme/order"}
	f := assess.Finding{Validation: v}
	if v.Outcome == hook.Invalid {
		for range 7 {
			v.Faults = append(v.Faults, hook.Fault{Pointer: "/id", Message: "want integer, got \x1b[31m"})
		}
		f.New = []hook.Drift{{Kind: "changed_type", Pointer: "/id"}}
	}
	return f
}

func TestStrictRefusesBodiesThatAreNotWhatTheCatalogSays(t *testing.T) {
	faults := strings.Repeat("/id: want integer, got \ufffd[31m\n", 5)
	tests := []struct {
		name   string
		strict bool
		path   string
		body   hook.Validity
		status int
		answer string
	}{
		{"an invalid body is taken like any other", false, "/", hook.Invalid, 202, "from the target"},
		{"unless that is asked for", true, "/", hook.Invalid, 422, "hookctl: the body was refused: it is not what acme/order says\n" + faults + "and 2 more\n"},
		{"what is not JSON is refused", true, "/", hook.NotJSON, 422, "hookctl: the body was refused: it is not JSON\n"},
		{"a valid body is sent on", true, "/", hook.Valid, 202, "from the target"},
		{"so is one of which the envelope is known", true, "/", hook.ValidEnvelope, 202, "from the target"},
		{"and one without a schema", true, "/", hook.NoSchema, 202, "from the target"},
		{"but not one that could not be looked at", true, "/", "unchecked", 422, "hookctl: the body was refused: nobody could look at it\n"},
		{"unless hookctl does not know how to", true, "/", "excused", 202, "from the target"},
		{"one of a provider without a catalog is sent on", true, "/unknown", hook.Invalid, 202, "from the target"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := newWireTarget(t, "HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\nConnection: close\r\n\r\nfrom the target")
			r := start(t, listener.Config{
				Identifier: ofAcme{}, Assessor: bySaying{}, Strict: test.strict,
				Forward: listener.Forward{Targets: []listener.Target{relayed(target.url)}},
			})
			res, answer := post(t, r.url+test.path, string(test.body))
			if res.StatusCode != test.status || answer != test.answer {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, answer, test.status, test.answer)
			}
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if got := len(target.requests()) > 0; got != (test.status == 202) {
				t.Errorf("sent on: %v", got)
			}
			c, _ := r.store.only(t)
			v := r.store.assessed[c.Seq]
			if c.Validation != nil { // it was known when the capture was kept
				v = c.Validation
			}
			if known := test.path == "/"; known != (v != nil) || known && v.Outcome != test.body && test.body != "unchecked" && test.body != "excused" {
				t.Errorf("kept with %+v", v)
			}
		})
	}
}

func TestTheSenderDoesNotWaitForTheSchema(t *testing.T) {
	hold := make(chan struct{})
	r := start(t, listener.Config{Identifier: ofAcme{}, Assessor: bySaying{hold}})
	if res, _ := post(t, r.url, "invalid"); res.StatusCode != 200 {
		t.Error(res.Status)
	}
	eventually(t, "the reply is told of", func() bool { return len(r.eventKinds()) == 2 })
	r.mu.Lock()
	received := r.events[0]
	r.mu.Unlock()
	if _, known := received.Assessed(time.Millisecond); known {
		t.Error("the body was looked at already")
	}
	close(hold)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) != 3 || r.events[2].Kind != listener.Finished {
		t.Fatalf("%d events", len(r.events))
	}
	for _, e := range []listener.Event{r.events[0], r.events[2]} {
		if f, known := e.Assessed(0); !known || f.Validation.Outcome != hook.Invalid || len(f.New) != 1 {
			t.Errorf("event %d: %v %+v", e.Kind, known, f)
		}
	}
	if v := r.events[2].Capture.Validation; v == nil || v.Outcome != hook.Invalid {
		t.Errorf("finished with %+v", v)
	}
}

// Requests go first: where bodies cannot be looked at as fast as they come, some are not.
func TestTooManyBodiesAreLeftOut(t *testing.T) {
	hold := make(chan struct{})
	r := start(t, listener.Config{Identifier: ofAcme{}, Assessor: bySaying{hold}})
	const large = 9 << 20
	for range 5 {
		if res, _ := post(t, r.url, strings.Repeat(" ", large)); res.StatusCode != 200 {
			t.Fatal(res.Status)
		}
	}
	close(hold)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if len(r.store.assessed) != 3 {
		t.Errorf("%d bodies were looked at, of 5", len(r.store.assessed))
	}
	if notices := r.noticed(); len(notices) != 1 || !strings.Contains(notices[0].Text, "faster than") {
		t.Errorf("%+v", notices)
	}
}

func TestWhatIsNotKeptHasNoValidation(t *testing.T) {
	r := start(t, listener.Config{Identifier: ofAcme{}, Assessor: bySaying{}})
	r.store.setFail(errors.New("broken"))
	if res, _ := post(t, r.url, "valid"); res.StatusCode != 500 {
		t.Error(res.Status)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if len(r.store.assessed) > 0 {
		t.Error(r.store.assessed)
	}
}

func TestHandshakesAreHeldAgainstNothing(t *testing.T) {
	r := start(t, listener.Config{Identifier: byBody{}, Assessor: bySaying{}, Strict: true})
	if res, _ := post(t, r.url, "hello"); res.StatusCode != 203 {
		t.Error(res.Status)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if c, _ := r.store.only(t); c.Validation != nil || len(r.store.assessed) > 0 {
		t.Error("it was")
	}
}
