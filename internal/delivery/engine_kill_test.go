package delivery_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/schemas"
)

// The store is what an Engine works on.
var _ delivery.Ledger = (*store.Store)(nil)

// These make the test binary a child process that delivers what is pending in a store.
const (
	childVariable  = "DELIVERY_TEST_CHILD"
	targetVariable = "DELIVERY_TEST_TARGET"
)

// runChild delivers what is pending in the store in dir, and returns its exit status.
func runChild(dir string) int {
	err := childDeliver(dir, os.Getenv(targetVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func childDeliver(dir, target string) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	p, err := provider.NewLibrary(schemas.Files()).Load("svix")
	if err != nil {
		return err
	}
	to, err := url.Parse(target)
	if err != nil {
		return err
	}
	owner, err := s.Own() // a killed child leaves it, and what it owned
	if err != nil {
		return err
	}
	defer owner.Close()
	r := delivery.NewRules(p)
	e := delivery.New(delivery.Config{Ledger: s, Owner: owner.ID(), Courier: poster{}, IDs: hook.NewIDs(rand.Reader), Resume: true, Speed: 1000}, &delivery.Place{
		Endpoint: hook.Endpoint{Name: "shop", URL: to, Concurrency: 1},
		Rules:    func(string) (*delivery.Rules, error) { return r, nil },
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	e.Wait(ctx)
	stop()
	return <-ended
}

// A poster carries deliveries over HTTP.
type poster struct{}

func (poster) Carry(_ context.Context, e *delivery.Errand) (*hook.Attempt, error) {
	a := &hook.Attempt{StartedAt: time.Now().UTC().Truncate(time.Microsecond), Method: "POST", URL: hook.DisplayURL(e.Endpoint.URL)}
	req, err := http.NewRequest("POST", e.Endpoint.URL.String(), bytes.NewReader(e.Delivery.Message.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Event", e.Delivery.Event.ID)
	res, err := http.DefaultClient.Do(req)
	a.Latency = time.Since(a.StartedAt)
	if err != nil {
		a.Failure = hook.FailureUnreachable
		return a, nil
	}
	a.Status = res.StatusCode
	return a, res.Body.Close()
}

func (poster) Complain(context.Context, *delivery.Errand, delivery.Result, delivery.Verdict) {}

// A receiver refuses the first attempt at each third event.
type receiver struct {
	mu      sync.Mutex
	arrived []string
	arrival chan int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	id := req.Header.Get("Event")
	r.mu.Lock()
	again := slices.Contains(r.arrived, id)
	r.arrived = append(r.arrived, id)
	n := len(r.arrived)
	r.mu.Unlock()
	r.arrival <- n
	time.Sleep(2 * time.Millisecond)
	if !again && (id[len(id)-1]-'0')%3 == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func TestKilledProcessesLeaveNothingOut(t *testing.T) {
	const events = 40
	dir := t.TempDir()
	enqueueAll(t, dir, events)
	r := &receiver{arrival: make(chan int)}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	kills := []int{1, 4, 5, 17, 30, 48}
	for _, at := range kills {
		deliverUntil(t, dir, server.URL, r, at)
	}
	deliverUntil(t, dir, server.URL, r, 0)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	recorded := 0
	for seq := 1; seq <= events; seq++ {
		d, err := s.FindDelivery(t.Context(), string(deliveryID(seq)))
		if err != nil || d.State != hook.Succeeded {
			t.Fatalf("%d: %+v, %v", seq, d, err)
		}
		recorded += d.Tries
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if extra := len(r.arrived) - recorded; extra < 0 || extra > len(kills) {
		t.Errorf("%d arrived, %d are on record, after %d kills", len(r.arrived), recorded, len(kills))
	}
	var firsts []string
	for _, id := range r.arrived {
		if !slices.Contains(firsts, id) {
			firsts = append(firsts, id)
		}
	}
	if len(firsts) != events || !slices.IsSorted(firsts) {
		t.Errorf("first came %v", firsts)
	}
}

func deliveryID(seq int) hook.ID { return hook.ID(fmt.Sprintf("dlv_%026d", seq)) }

// enqueueAll keeps n pending deliveries in a new store.
func enqueueAll(t *testing.T, dir string, n int) {
	t.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ds []*hook.Delivery
	for seq := 1; seq <= n; seq++ {
		ds = append(ds, &hook.Delivery{
			ID: deliveryID(seq), Endpoint: "shop", URL: "http://localhost/", Provider: "svix",
			Event: hook.Event{Type: "e", ID: fmt.Sprintf("evt_%03d", seq)}, CreatedAt: time.Now(),
			Message: &hook.Message{Method: "POST", ContentType: "application/json", Body: []byte("{}")},
		})
	}
	if err := <-s.Enqueue(ds...); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// deliverUntil runs a child process until the request number kill is being answered, or
// to its end where that is 0.
func deliverUntil(t *testing.T, dir, target string, r *receiver, kill int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childVariable+"="+dir, targetVariable+"="+target)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case n := <-r.arrival:
			if n >= kill && kill > 0 {
				cmd.Process.Kill()
				kill = -1
			}
		case err := <-ended:
			if err != nil && kill == 0 {
				t.Fatal(err)
			}
			return
		case <-time.After(time.Minute):
			cmd.Process.Kill()
			t.Fatal("nothing happens any more")
		}
	}
}
