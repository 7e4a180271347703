package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
)

// Of every event of every bundled catalog there is a payload, and where payloads say which
// event they are, one that hookctl made says so too.
func TestEveryEventHasAPayload(t *testing.T) {
	a := library(t, nil)
	a.world.Now = time.Now
	catalogs, err := a.catalogs()
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalogs.names()
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		known, err := (&bodyOptions{}).loadFor(a, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalogs.load(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Events {
			e := &c.Events[i]
			o := bodyOptions{}
			if len(e.Versions) > 0 {
				o.version = e.Versions[0]
			}
			_, body, wire, err := a.eventBody(known, e.Type, o)
			if err != nil || wire != wireOf(e) || !json.Valid(body) {
				t.Errorf("%s %s: %q, %v", name, e.Type, wire, err)
				continue
			}
			said := known.EventOf(&provider.Message{Method: "POST", Body: body}).Type
			if len(e.Examples) == 0 && said != "" && said != wire && !known.Needs()[provider.PlaceEvent] {
				t.Errorf("%s %s: the payload says %s", name, e.Type, said)
			}
		}
	}
}

func TestPayloadsOfTheUser(t *testing.T) {
	a := library(t, map[string]string{"own.json": `{"event":"m.order.completed","data":{"id":4}}`, "form.txt": "a=1"})
	a.world.Now = time.Now
	load := func(o bodyOptions) (body, event string, err error) {
		known, err := o.loadFor(a, "techrar", nil)
		if err != nil {
			return "", "", err
		}
		_, text, event, err := a.eventBody(known, "", o)
		return string(text), event, err
	}
	if body, event, err := load(bodyOptions{file: "own.json"}); err != nil || event != "m.order.completed" || body != `{"event":"m.order.completed","data":{"id":4}}` {
		t.Errorf("as it is: %s, %s, %v", body, event, err)
	}
	set := eventSettings{set: []string{"data.id=5", "policy.retry=announced"}}
	if body, _, err := load(bodyOptions{file: "own.json", eventSettings: set}); err != nil || body != `{"event":"m.order.completed","data":{"id":5}}` {
		t.Errorf("changed: %s, %v", body, err)
	}
	if body, event, err := load(bodyOptions{file: "form.txt"}); err != nil || event != "" || body != "a=1" {
		t.Errorf("no JSON: %s, %s, %v", body, event, err)
	}
	if _, _, err := load(bodyOptions{file: "form.txt", eventSettings: set}); err == nil || !strings.Contains(err.Error(), "the body is not JSON") {
		t.Errorf("no JSON to change: %v", err)
	}
	if _, event, err := load(bodyOptions{}); err != nil || event != "m.order.completed" {
		t.Errorf("the profile's example: %s, %v", event, err)
	}
}

// What is sent for another event than the one that was meant is not sent in silence.
func TestEventsThatPayloadsAreSentFor(t *testing.T) {
	files := map[string]string{
		"order.json": `{"order":{"id":1}}`, "odd.json": `{"type":"x","data":{}}`,
		"machnet.json": `{"id":"1","event_name":"transaction_created"}`, "techrar.json": `{"event":"m.order.complete"}`,
	}
	for _, test := range []struct {
		provider, event, file string
		wire, told, refused   string
	}{
		{"recharge", "order/created", "order.json", "order/created", "", ""},
		{"recharge", "order/creatd", "order.json", "order/creatd", "did you mean order/created?", ""},
		{"recharge", "order", "order.json", "order", `no event "order"`, ""},
		{"recharge", "", "order.json", "", "", "the event is missing: recharge sends its type in a header"},
		{"recharge", "", "odd.json", "", "", "the event is missing"},
		{"machnet-paas", "", "machnet.json", "transaction_created", "", ""},
		{"machnet-paas", "transaction_failed", "machnet.json", "transaction_failed", "the payload says transaction_created", ""},
		{"techrar", "", "techrar.json", "m.order.complete", "did you mean m.order.completed?", ""},
		{"svix", "user.created", "odd.json", "user.created", "hookctl catalog import adds your own", ""},
		{"clazar", "contract.created", "odd.json", "contract.created", "", ""},
	} {
		a := library(t, files)
		var told strings.Builder
		a.world.Now, a.world.Stderr = time.Now, &told
		known, err := (&bodyOptions{}).loadFor(a, test.provider, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _, wire, err := a.eventBody(known, test.event, bodyOptions{file: test.file})
		switch {
		case test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused) || classify(err).status != exitUsage):
			t.Errorf("%+v: %v", test, err)
		case test.refused == "" && (err != nil || wire != test.wire || !strings.Contains(told.String(), test.told) || test.told == "" && told.Len() > 0):
			t.Errorf("%+v: %q, %v, %s", test, wire, err, told.String())
		}
	}
}

func TestAProviderThatWasForgotten(t *testing.T) {
	for name, want := range map[string]string{
		"order/created": "hookctl send recharge order/created", "m.order.completed": "hookctl send techrar m.order.completed",
		"acme/paid": "hookctl send PROVIDER acme/paid", "rechrge": "did you mean recharge?", "./acme": "hookctl provider new NAME begins one",
	} {
		a := library(t, nil)
		_, err := (&bodyOptions{}).loadFor(a, name, nil)
		if err == nil {
			t.Fatal(name)
		}
		f := classify(a.missingProvider(name, err))
		if f.hint != want || (f.status == exitUsage) == (name == "./acme") {
			t.Errorf("%s: %v, %s, %d", name, f.err, f.hint, f.status)
		}
	}
}
