package listener_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// A recorder is a queue that delivers nothing.
type recorder struct {
	mu    sync.Mutex
	added []*hook.Delivery
	fail  error
}

func (q *recorder) Plan(c *hook.Capture, to []*hook.Endpoint) ([]*hook.Delivery, error) {
	var ds []*hook.Delivery
	for _, e := range to {
		ds = append(ds, &hook.Delivery{Endpoint: e.Name, CaptureID: c.ID})
	}
	return ds, q.fail
}

func (q *recorder) Add(ds []*hook.Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.added = append(q.added, ds...)
}

func (q *recorder) names() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var names []string
	for _, d := range q.added {
		names = append(names, d.Endpoint)
	}
	return names
}

func named(t *testing.T, name string, more func(*listener.Target)) listener.Target {
	target := relayed(parse(t, "http://127.0.0.1:1/"+name))
	target.Name = name
	more(&target)
	return target
}

func TestEachEventGoesToTheEndpointsThatWantIt(t *testing.T) {
	never := func() bool { return false }
	queue := &recorder{}
	r := start(t, listener.Config{
		Identifier: byBody{},
		Replies:    listener.Replies{Script: []listener.Step{{Status: 202}}, Fixed: true},
		Forward: listener.Forward{Queue: queue, Targets: []listener.Target{
			named(t, "all", func(*listener.Target) {}),
			named(t, "good", func(to *listener.Target) { to.Events = []string{"order/verified"} }),
			named(t, "theirs", func(to *listener.Target) { to.Provider = "acme" }),
			named(t, "others", func(to *listener.Target) { to.Provider = "globex" }),
			named(t, "paused", func(to *listener.Target) { to.Active = never }),
		}},
	})
	for body, want := range map[string][]string{
		"verified": {"all", "good", "theirs"}, "failed": {"all", "theirs"}, "who": {"all"},
	} {
		before := len(queue.names())
		if res, _ := post(t, r.url, body); res.StatusCode != 202 {
			t.Errorf("%s: %s", body, res.Status)
		}
		if got := queue.names()[before:]; !slices.Equal(got, want) {
			t.Errorf("%s went to %q, want %q", body, got, want)
		}
	}
	if len(r.store.planned) != 6 {
		t.Errorf("%d deliveries were kept with their captures, want 6", len(r.store.planned))
	}
}

func TestOnlyWhatWasAcceptedIsQueued(t *testing.T) {
	tests := []struct {
		name   string
		script string
		body   string
		queued bool
	}{
		{"a 2xx says that it will be seen to", "204", "x", true},
		{"a 500 leaves that to the sender", "500", "x", false},
		{"a handshake is no event", "200", "hello", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script, err := listener.ParseScript(test.script)
			if err != nil {
				t.Fatal(err)
			}
			target, queue := newWireTarget(t, closed), &recorder{}
			r := start(t, listener.Config{
				Identifier: byBody{}, Replies: listener.Replies{Script: script, Fixed: true},
				Forward: listener.Forward{Targets: []listener.Target{relayed(target.url)}, Queue: queue},
			})
			post(t, r.url, test.body)
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if got := len(queue.names()) == 1; got != test.queued {
				t.Errorf("queued: %v", got)
			}
			if sent := len(target.requests()) == 1; sent == test.queued {
				t.Errorf("sent at once: %v", sent)
			}
		})
	}
}

func TestWhatCannotBeQueuedIsNotAccepted(t *testing.T) {
	queue := &recorder{fail: errors.New("no entropy")}
	r := start(t, listener.Config{
		Replies: listener.Replies{Script: []listener.Step{{Status: 200}}, Fixed: true},
		Forward: listener.Forward{Targets: []listener.Target{relayed(parse(t, "http://127.0.0.1:1"))}, Queue: queue},
	})
	res, body := post(t, r.url, "{}")
	if res.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "not kept: no entropy") {
		t.Errorf("%s %q", res.Status, body)
	}
	if captures, _ := r.store.kept(); len(captures) != 0 || len(queue.names()) != 0 {
		t.Error("something was kept")
	}
}

func TestTheFirstThatWantsItAnswers(t *testing.T) {
	one := echo(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) })
	two := echo(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) })
	first, second := relayed(one), relayed(two)
	first.Events = []string{"order/verified"}
	r := start(t, listener.Config{Identifier: byBody{}, Forward: listener.Forward{Targets: []listener.Target{first, second}}})
	for body, want := range map[string]int{"verified": 201, "failed": 202} {
		if res, _ := post(t, r.url, body); res.StatusCode != want {
			t.Errorf("%s: %s, want %d", body, res.Status, want)
		}
	}
}

func TestTargetsChangeWhileItListens(t *testing.T) {
	one := echo(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) })
	two := echo(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) })
	r := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(one)}}})
	for _, step := range []struct {
		targets []listener.Target
		want    int
	}{{nil, 200}, {[]listener.Target{relayed(two)}, 202}, {[]listener.Target{relayed(one), silent(two)}, 201}} {
		r.SetTargets(step.targets)
		if res, _ := post(t, r.url, "{}"); res.StatusCode != step.want {
			t.Errorf("%s, want %d", res.Status, step.want)
		}
	}
}

func TestAnEndpointIsSentToAsItIs(t *testing.T) {
	paths := make(chan string, 2)
	to := echo(t, func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.RequestURI() })
	to.Path, to.RawQuery = "/hooks/shop", "k=v"
	exact, appended := relayed(to), silent(to)
	exact.Exact = true
	r := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{exact, appended}}})
	post(t, r.url+"/recharge?x=1", "{}")
	got := []string{<-paths, <-paths}
	slices.Sort(got)
	if want := []string{"/hooks/shop/recharge?k=v&x=1", "/hooks/shop?k=v"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
