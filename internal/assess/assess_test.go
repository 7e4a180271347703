package assess_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/schemas"
)

const catalogFile = `
name: acme
events:
  order: {about: an order, schema: order.schema.json, coverage: full}
  ping: {about: a sign of life, schema: ping.schema.json, coverage: envelope}
  broken: {about: cannot be compiled, schema: broken.schema.json, coverage: full}
`

const orderSchema = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["id"],
	"properties": {"id": {"type": "integer"}, "state": {"enum": ["open", "paid"]}}
}`

// shop has the catalog of acme, and one that cannot be opened.
type shop struct{ opened *int }

func (shop) Has(provider string) bool { return provider == "acme" || provider == "closed" }

func (shop) Named(provider string) bool { return provider == "acme" }

func (s shop) Open(provider string) (assess.Book, error) {
	if s.opened != nil {
		*s.opened++
	}
	if provider != "acme" {
		return assess.Book{}, errors.New("catalog.yaml: no such file")
	}
	c, err := catalog.Load(fstest.MapFS{
		"catalog.yaml":       {Data: []byte(catalogFile)},
		"order.schema.json":  {Data: []byte(orderSchema)},
		"ping.schema.json":   {Data: []byte(`{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}`)},
		"broken.schema.json": {Data: []byte(`{"type": 7}`)},
	}, "catalog.yaml")
	return assess.Book{Catalog: c}, err
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func message(provider, event, body string) *hook.Capture {
	return &hook.Capture{
		ID: "cap_01JD7Q3V9K4M2N8PXR7QK3M2ZA", ReceivedAt: noon(), Body: hook.Bytes(body),
		Identity: &hook.Identity{Provider: provider, Event: hook.Event{Type: event}},
	}
}

func TestKnows(t *testing.T) {
	a := assess.New(shop{}, assess.NewDrifts(nil))
	batch := message("acme", "order", "[]")
	batch.Identity.Event.Items = 2
	for name, test := range map[string]struct {
		c    *hook.Capture
		want bool
	}{
		"an event of a provider with a catalog": {message("acme", "order", "{}"), true},
		"an event that the catalog lacks":       {message("acme", "refund", "{}"), true},
		"no event":                              {message("acme", "", "{}"), false},
		"no catalog":                            {message("globex", "order", "{}"), false},
		"nobody known":                          {&hook.Capture{}, false},
		"a batch":                               {batch, false},
	} {
		if got := a.Knows(test.c); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRequires(t *testing.T) {
	a := assess.New(shop{}, assess.NewDrifts(nil))
	if !a.Requires(message("acme", "", "")) || a.Requires(message("globex", "order", "")) || a.Requires(&hook.Capture{}) {
		t.Error("a body is required of those with a catalog, and of no others")
	}
}

func TestWhatCannotBeLookedAtIsSaid(t *testing.T) {
	batch := message("acme", "order", "[]")
	batch.Identity.Event.Items = 2
	for _, test := range []struct {
		name      string
		c         *hook.Capture
		outcome   hook.Validity
		unchecked bool
		reason    string
	}{
		{"no event", message("acme", "", `{}`), hook.NoSchema, true, "it does not say which event it is"},
		{"no event and no JSON", message("acme", "", `id=1`), hook.NotJSON, false, "not JSON"},
		{"a batch", batch, hook.NoSchema, false, "it is a batch of several events"},
		{"too many values", message("acme", "order", "["+strings.Repeat("{},", 30_000)+"1]"), hook.NoSchema, true, "it may have more than 50000 values"},
		{"a schema that is broken", message("acme", "broken", `{}`), hook.NoSchema, true, "schema"},
		{"an event that the catalog lacks", message("acme", "refund", `{}`), hook.NoSchema, false, "no event"},
		{"a catalog that cannot be read", message("closed", "order", `{}`), hook.NoSchema, true, "no such file"},
	} {
		f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(test.c)
		if v := f.Validation; v.Outcome != test.outcome || f.Unchecked != test.unchecked || !strings.Contains(v.Reason, test.reason) {
			t.Errorf("%s: %v %+v", test.name, f.Unchecked, v)
		}
	}
	f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(message("closed", "", "{}"))
	if !f.Unchecked || !f.Excused || f.Validation.Reason != "it does not say which event it is where that is assumed; --set event.type=PLACE says where" {
		t.Errorf("no event where its place is assumed: %+v", f)
	}
	if f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(message("gone", "order", "{}")); f.Validation != nil {
		t.Errorf("a catalog that is gone by now: %+v", f)
	}
}

func TestAssess(t *testing.T) {
	for _, test := range []struct {
		name, provider, event, body string
		outcome                     hook.Validity
		drift                       []string
	}{
		{"valid", "acme", "order", `{"id":1,"state":"paid"}`, hook.Valid, nil},
		{"invalid, which is drift too", "acme", "order", `{"id":"1"}`, hook.Invalid, []string{"type /id"}},
		{"a missing property is no drift", "acme", "order", `{}`, hook.Invalid, nil},
		{"valid, and new to the catalog", "acme", "order", `{"id":1,"tax":2}`, hook.Valid, []string{"unknown_property /tax"}},
		{"a new value", "acme", "order", `{"id":1,"state":"void"}`, hook.Invalid, []string{"enum_value /state"}},
		{"the envelope", "acme", "ping", `{}`, hook.ValidEnvelope, nil},
		{"not JSON", "acme", "order", `id=1`, hook.NotJSON, nil},
		{"a number that breaks validators", "acme", "order", `{"id":1e1000001}`, hook.Invalid, nil},
		{"an event that the catalog lacks", "acme", "refund", `{}`, hook.NoSchema, []string{"unknown_event "}},
		{"a schema that is broken", "acme", "broken", `{}`, hook.NoSchema, nil},
		{"a catalog that cannot be read", "closed", "order", `{}`, hook.NoSchema, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(message(test.provider, test.event, test.body))
			if f.Validation.Outcome != test.outcome || test.outcome == hook.NoSchema && f.Validation.Reason == "" {
				t.Errorf("got %+v, want %s", f.Validation, test.outcome)
			}
			var got []string
			for _, d := range f.New {
				got = append(got, d.Kind+" "+d.Pointer)
				if d.Provider != test.provider || d.Event != test.event || d.Count != 1 || d.Example == "" || !d.First.Equal(noon()) {
					t.Errorf("%+v", d)
				}
			}
			if diff := cmp.Diff(test.drift, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACompressedBodyIsReadAsTheReceiverDoes(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(`{"id":1,"tax":2}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := message("acme", "order", packed.String())
	c.Header = hook.Header{{Name: "Content-Encoding", Value: "gzip"}}
	if f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(c); f.Validation.Outcome != hook.Valid || len(f.New) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestACatalogIsOpenedOnceUntilItIsReplaced(t *testing.T) {
	opened := 0
	a := assess.New(shop{&opened}, assess.NewDrifts(nil))
	for range 3 {
		a.Assess(message("acme", "order", `{"id":1}`))
	}
	a.Replace(shop{&opened})
	if a.Assess(message("acme", "order", `{"id":1}`)); opened != 2 {
		t.Errorf("opened %d times", opened)
	}
}

func TestDriftIsNewsOnce(t *testing.T) {
	seen := hook.Drift{Provider: "acme", Event: "order", Schema: "acme/order", Kind: "unknown_property", Pointer: "/vat", Detail: "integer", Count: 7}
	a := assess.New(shop{}, assess.NewDrifts([]hook.Drift{seen}))
	for i, want := range []int{1, 0} {
		if f := a.Assess(message("acme", "order", `{"id":1,"tax":2,"vat":3}`)); len(f.New) != want {
			t.Errorf("message %d: %+v", i, f.New)
		}
	}
}

func TestForgeriesTellNothingOfAProvider(t *testing.T) {
	a := assess.New(shop{}, assess.NewDrifts(nil))
	c := message("acme", "order", `{"id":1,"tax":2}`)
	c.Identity.Verification = &hook.Verification{Outcome: hook.Failed}
	if f := a.Assess(c); f.New != nil || f.Validation.Outcome != hook.Valid {
		t.Errorf("%+v", f)
	}
}

func TestAnybodyCanOnlyMakeSoMuchDrift(t *testing.T) {
	a := assess.New(shop{}, assess.NewDrifts(nil))
	values, events := 0, 0
	for i := range 600 {
		values += len(a.Assess(message("acme", "order", fmt.Sprintf(`{"id":1,"state":"%d"}`, i))).New)
	}
	for i := range 600 {
		events += len(a.Assess(message("acme", fmt.Sprint("event-", i), `{}`)).New)
	}
	if values != 20 || values+events != 251 { // the last says that there are more
		t.Errorf("%d new values, %d new events", values, events)
	}
	if f := a.Assess(message("acme", "order", `{"id":1,"real":2}`)); f.New != nil {
		t.Errorf("%+v", f.New)
	}
	surely := message("acme", "order", `{"id":1,"real":2}`)
	surely.Identity.Verification = &hook.Verification{Outcome: hook.Verified}
	if f := a.Assess(surely); len(f.New) != 1 || f.New[0].Pointer != "/real" {
		t.Errorf("of the provider itself: %+v", f.New)
	}
}

func TestOfManyNewPropertiesOfOneObjectSomeAreTold(t *testing.T) {
	a, told := assess.New(shop{}, assess.NewDrifts(nil)), 0
	for i := range 100 {
		told += len(a.Assess(message("acme", "order", fmt.Sprintf(`{"id":1,"key_%d":2}`, i))).New)
	}
	if told != 20 {
		t.Errorf("%d were told", told)
	}
}

// What is told of a drift is short, and the same before and after it was on disk.
func TestDriftIsClipped(t *testing.T) {
	long := strings.Repeat("é", 3000)
	f := assess.New(shop{}, assess.NewDrifts(nil)).Assess(message("acme", long, `{}`))
	if len(f.New) != 1 || f.New[0].Event != strings.Repeat("é", 256) {
		t.Fatalf("%+v", f.New)
	}
	if again := assess.New(shop{}, assess.NewDrifts(f.New)).Assess(message("acme", long, `{}`)); again.New != nil {
		t.Errorf("said anew: %+v", again.New)
	}
}

func TestWhateverABodyDoesTheListenerGoesOn(t *testing.T) {
	a := assess.New(shop{}, assess.NewDrifts(nil))
	for _, body := range []string{strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "\x00", `{"id":` + strings.Repeat("9", 100_000) + `}`} {
		if f := a.Assess(message("acme", "order", body)); f.Validation == nil || f.Validation.Outcome.Passed() {
			t.Errorf("%.20q: %+v", body, f.Validation)
		}
	}
	panicking := message("acme", "order", "")
	panicking.Body = badBody{}
	if f := a.Assess(panicking); f.Validation.Outcome != hook.NoSchema || !strings.Contains(f.Validation.Reason, "rotten") {
		t.Errorf("%+v", f.Validation)
	}
}

// A ledger is a Counter that fails as often as it is told.
type ledger struct {
	mu     sync.Mutex
	fail   int
	counts map[string]int64
	last   time.Time
}

func (l *ledger) CountDrifts(_ context.Context, drifts []hook.Drift) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail--; l.fail >= 0 {
		return errors.New("the disk is full")
	}
	if l.counts == nil {
		l.counts = map[string]int64{}
	}
	for _, d := range drifts {
		l.counts[d.Pointer] += d.Count
		l.last = d.Last
	}
	return nil
}

func TestDriftIsCountedOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		drifts, to := assess.NewDrifts(nil), &ledger{fail: 2}
		a := assess.New(shop{}, drifts)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); drifts.Run(ctx, to) }()
		for i := range 5 { // the first two times nothing can be kept
			c := message("acme", "order", `{"id":1,"tax":2}`)
			c.ReceivedAt = noon().Add(time.Duration(i) * time.Minute)
			a.Assess(c)
			time.Sleep(time.Second + time.Millisecond)
		}
		a.Assess(message("acme", "order", `{"id":1,"tax":2,"last":0}`))
		cancel()
		<-done
		if diff := cmp.Diff(map[string]int64{"/tax": 6, "/last": 1}, to.counts); diff != "" {
			t.Error(diff)
		}
	})
}

// A slowLedger counts, as a disk does, also for those who did not wait for it.
type slowLedger struct{ ledger }

func (l *slowLedger) CountDrifts(ctx context.Context, drifts []hook.Drift) error {
	err := l.ledger.CountDrifts(ctx, drifts)
	select {
	case <-time.After(time.Second):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestAStopWhileDriftIsCountedDoesNotCountItTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		drifts, to := assess.NewDrifts(nil), &slowLedger{}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); drifts.Run(ctx, to) }()
		assess.New(shop{}, drifts).Assess(message("acme", "order", `{"id":1,"tax":2}`))
		time.Sleep(1500 * time.Millisecond) // the disk is at work
		cancel()
		<-done
		if diff := cmp.Diff(map[string]int64{"/tax": 1}, to.counts); diff != "" {
			t.Error(diff)
		}
	})
}

// A badBody panics when it is read.
type badBody struct{ hook.Bytes }

func (badBody) Open() (io.ReadCloser, error) { panic("rotten") }

// A body of another API version is no drift: it is a setting that is wrong.
func TestAnotherVersionIsNoDrift(t *testing.T) {
	set, err := fs.Sub(schemas.Files(), "recharge")
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(set, "catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	old, err := c.Read("examples/2021-01/subscription.json")
	if err != nil {
		t.Fatal(err)
	}
	a := assess.New(one{c}, assess.NewDrifts(nil))
	if f := a.Assess(message("recharge", "subscription/created", string(old))); f.Validation.Fits != "2021-01" || f.New != nil {
		t.Errorf("%+v", f)
	}
}

// one has one catalog for all.
type one struct{ c *catalog.Catalog }

func (one) Has(string) bool { return true }

func (o one) Open(string) (assess.Book, error) { return assess.Book{Catalog: o.c}, nil }

func (one) Named(string) bool { return true }
