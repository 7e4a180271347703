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
	"github.com/hookctl/hookctl/internal/send"
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
	is := func(status hook.EndpointStatus) func(*listener.Target) {
		return func(to *listener.Target) { to.Status = func() hook.EndpointStatus { return status } }
	}
	queue := &recorder{}
	r := start(t, listener.Config{
		Identifier: byBody{},
		Replies:    listener.Replies{Script: []listener.Step{{Status: 202}}, Fixed: true},
		Forward: listener.Forward{Queue: queue, Targets: []listener.Target{
			named(t, "all", func(*listener.Target) {}),
			named(t, "good", func(to *listener.Target) { to.Events = []string{"order/verified"} }),
			named(t, "theirs", func(to *listener.Target) { to.Provider = "acme" }),
			named(t, "others", func(to *listener.Target) { to.Provider = "globex" }),
			named(t, "paused", is(hook.Paused)), // what comes waits there
			named(t, "disabled", is(hook.Disabled)),
			named(t, "deleted", is(hook.Deleted)),
		}},
	})
	for body, want := range map[string][]string{
		"verified": {"all", "good", "theirs", "paused"}, "failed": {"all", "theirs", "paused"}, "who": {"all", "paused"},
	} {
		before := len(queue.names())
		if res, _ := post(t, r.url, body); res.StatusCode != 202 {
			t.Errorf("%s: %s", body, res.Status)
		}
		if got := queue.names()[before:]; !slices.Equal(got, want) {
			t.Errorf("%s went to %q, want %q", body, got, want)
		}
	}
	if len(r.store.planned) != 9 {
		t.Errorf("%d deliveries were kept with their captures, want 9", len(r.store.planned))
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

func TestWhatIsWithheldIsTold(t *testing.T) {
	is := func(status hook.EndpointStatus) func(*listener.Target) {
		return func(to *listener.Target) { to.Status = func() hook.EndpointStatus { return status } }
	}
	for name, test := range map[string]struct {
		status hook.EndpointStatus
		reply  string
		want   []string
	}{
		"enabled":            {hook.Enabled, "200", nil},
		"disabled":           {hook.Disabled, "200", []string{"not sent to e, which is disabled"}},
		"deleted":            {hook.Deleted, "500", []string{"not sent to e, which is deleted"}},
		"paused, and queued": {hook.Paused, "200", nil},
		"paused, and not":    {hook.Paused, "500", []string{"not sent to e, which is paused"}},
	} {
		t.Run(name, func(t *testing.T) {
			script, err := listener.ParseScript(test.reply)
			if err != nil {
				t.Fatal(err)
			}
			r := start(t, listener.Config{
				Replies: listener.Replies{Script: script, Fixed: true},
				Forward: listener.Forward{Queue: &recorder{}, Targets: []listener.Target{named(t, "e", is(test.status))}},
			})
			post(t, r.url, "{}")
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			for _, e := range r.events {
				if e.Kind == listener.Received && !slices.Equal(e.Notes, test.want) {
					t.Errorf("got %q, want %q", e.Notes, test.want)
				}
			}
		})
	}
}

// A browser at the listener's address brings no event: it asks for a page and its icon.
func TestOnlyMethodsThatBringSomethingAreQueued(t *testing.T) {
	for method, queued := range map[string]bool{
		"POST": true, "PUT": true, "PATCH": true, "DELETE": true, "GET": false, "HEAD": false, "OPTIONS": false,
	} {
		t.Run(method, func(t *testing.T) {
			target, queue := newWireTarget(t, closed), &recorder{}
			r := start(t, listener.Config{
				Replies: listener.Replies{Script: []listener.Step{{Status: 200}}, Fixed: true},
				Forward: listener.Forward{Targets: []listener.Target{relayed(target.url)}, Queue: queue},
			})
			request, err := http.NewRequest(method, r.url+"/favicon.ico", nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if err := r.stop(); err != nil {
				t.Fatal(err)
			}
			if got := len(queue.names()) == 1; got != queued {
				t.Errorf("queued: %v", got)
			}
			if sent := len(target.requests()) == 1; sent == queued {
				t.Errorf("sent at once: %v", sent)
			}
		})
	}
}

func TestWhatIsWrittenAnewIsSentInThePlaceOfTheCapture(t *testing.T) {
	target := newWireTarget(t, closed)
	written := relayed(target.url)
	written.Write = func(c *hook.Capture) (*send.Request, error) {
		return &send.Request{
			Method: "POST", URL: target.url, Target: "/anew", Header: hook.Header{{Name: "Host", Value: "x"}, {Name: "X-Signed", Value: "yes"}}, Body: c.Body,
		}, nil
	}
	r := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{written}}})
	post(t, r.url+"/old", "{}")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if got := target.requests(); len(got) != 1 || !strings.HasPrefix(string(got[0]), "POST /anew HTTP/1.1\r\n") || !strings.Contains(string(got[0]), "X-Signed: yes") {
		t.Errorf("got %q", got)
	}
}

// The sender may be anybody: why a request cannot be signed is not for it.
func TestWhatCannotBeWrittenIsNotSent(t *testing.T) {
	broken := named(t, "shop", func(*listener.Target) {})
	broken.Write = func(*hook.Capture) (*send.Request, error) { return nil, errors.New("no secret in env:SHOP") }
	r := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{broken}}})
	for range 2 {
		res, body := post(t, r.url, "{}")
		if res.StatusCode != http.StatusBadGateway || strings.Contains(body, "SHOP") || !strings.Contains(body, "nothing was sent") {
			t.Errorf("%s %q", res.Status, body)
		}
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, n := range r.notices {
		if strings.Contains(n.Text, "nothing is sent to shop: no secret in env:SHOP") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if len(r.store.attempts) != 2 || r.store.attempts[0].Failure != hook.FailureUnreachable {
		t.Errorf("%+v", r.store.attempts)
	}
}
