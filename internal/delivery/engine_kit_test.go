package delivery_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// errDisk is what a ledger says whose disk is full.
var errDisk = errors.New("no room left on the disk")

// A ledger keeps deliveries in memory, as the store does on disk: it hands out copies.
type ledger struct {
	mu         sync.Mutex
	deliveries []*hook.Delivery
	byID       map[hook.ID]*hook.Delivery
	standings  map[string]hook.Standing
	attempts   []*hook.Attempt
	reads      int
	// full has whatever writes fail, dark whatever reads.
	full, dark bool
	// living are the owners that are alive.
	living map[string]bool
}

func newLedger() *ledger {
	return &ledger{byID: map[hook.ID]*hook.Delivery{}, standings: map[string]hook.Standing{}, living: map[string]bool{}}
}

// enqueue keeps n new deliveries to the place and returns them.
func (l *ledger) enqueue(place, providerName, event string, n int) []*hook.Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	var made []*hook.Delivery
	for range n {
		seq := int64(len(l.deliveries) + 1)
		d := &hook.Delivery{
			Seq: seq, ID: hook.ID(fmt.Sprintf("dlv_%026d", seq)), Endpoint: place, Provider: providerName,
			Event: hook.Event{Type: event, ID: fmt.Sprintf("evt_%d", seq)}, CreatedAt: time.Now(),
			Message: &hook.Message{Method: "POST", Body: []byte("{}")},
		}
		l.deliveries, l.byID[d.ID] = append(l.deliveries, d), d
		kept := *d
		made = append(made, &kept)
	}
	return made
}

func (l *ledger) Pending(ctx context.Context, place string, after int64) iter.Seq2[*hook.Delivery, error] {
	return func(yield func(*hook.Delivery, error) bool) {
		l.mu.Lock()
		all, dark := l.deliveries, l.dark
		l.mu.Unlock()
		if dark {
			yield(nil, errDisk)
			return
		}
		for _, d := range all {
			l.mu.Lock()
			now := *d
			l.mu.Unlock()
			now.Message = nil
			if !now.Over() && now.Seq > after && (place == "" || now.Place() == place) && !yield(&now, nil) {
				return
			}
		}
	}
}

func (l *ledger) Adopt(_ context.Context, place, owner string, which func(*hook.Delivery) bool) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return 0, errDisk
	}
	count := 0
	for _, d := range l.deliveries {
		if !d.Over() && (place == "" || d.Place() == place) && d.Owner != owner && !l.living[d.Owner] && which(d) {
			d.Owner = owner
			count++
		}
	}
	return count, nil
}

// dies ends the process that is an owner.
func (l *ledger) dies(owner string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.living, owner)
}

// change changes the delivery number seq, as another process would.
func (l *ledger) change(seq int, how func(*hook.Delivery)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	how(l.deliveries[seq-1])
}

func (l *ledger) find(id hook.ID) (*hook.Delivery, error) {
	if d := l.byID[id]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("%s: %w", id, hook.ErrNoRecord)
}

func (l *ledger) FindDelivery(_ context.Context, ref string) (*hook.Delivery, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dark {
		return nil, errDisk
	}
	d, err := l.find(hook.ID(ref))
	if err != nil {
		return nil, err
	}
	now := *d
	return &now, nil
}

func (l *ledger) Standing(_ context.Context, place string) (hook.Standing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if l.dark {
		return hook.Standing{}, errDisk
	}
	return l.standings[place], nil
}

func (l *ledger) Advance(a *hook.Attempt, id hook.ID, decide func(*hook.Delivery, *hook.Standing)) <-chan error {
	done := make(chan error, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		done <- errDisk
		return done
	}
	if a != nil {
		l.attempts = append(l.attempts, a)
	}
	d, err := l.find(id)
	if err == nil {
		s := l.standings[d.Place()]
		decide(d, &s)
		l.standings[d.Place()] = s
	}
	done <- err
	return done
}

func (l *ledger) CancelPending(_ context.Context, place, reason string, _ time.Time) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return 0, errDisk
	}
	count := 0
	for _, d := range l.deliveries {
		if !d.Over() && d.Place() == place {
			d.State, d.Reason, d.Due = hook.Cancelled, reason, time.Time{}
			count++
		}
	}
	return count, nil
}

// set changes how a place stands, as another process would.
func (l *ledger) set(place string, s hook.Standing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.standings[place] = s
}

func (l *ledger) spoil(full, dark bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full, l.dark = full, dark
}

// asked is how often it was asked how a place stands.
func (l *ledger) asked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads
}

// state is how the delivery number seq stands.
func (l *ledger) state(seq int) hook.Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return *l.deliveries[seq-1]
}

// A begun is an attempt that began: when, since the courier was made, and of what.
type begun struct {
	at  time.Duration
	seq int64
	try int
}

// A courier makes attempts that go as answer says.
type courier struct {
	mu       sync.Mutex
	start    time.Time
	begun    []begun
	errands  []delivery.Errand
	underway int
	most     int
	told     []string
	// answer says how an attempt goes. It may wait.
	answer func(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error)
}

func newCourier(answer func(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error)) *courier {
	return &courier{start: time.Now(), answer: answer}
}

func (c *courier) Carry(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error) {
	began := time.Now()
	c.mu.Lock()
	c.begun = append(c.begun, begun{began.Sub(c.start), e.Delivery.Seq, e.Moment.Try})
	c.errands = append(c.errands, *e)
	c.underway++
	c.most = max(c.most, c.underway)
	c.mu.Unlock()
	a, err := c.answer(ctx, e)
	c.mu.Lock()
	c.underway--
	c.mu.Unlock()
	if a != nil {
		a.StartedAt, a.Latency = began.UTC().Truncate(time.Microsecond), time.Since(began)
	}
	return a, err
}

func (c *courier) Complain(_ context.Context, e *delivery.Errand, res delivery.Result, v delivery.Verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, fmt.Sprintf("try %d: %d, %s", e.Moment.Try, res.Status, v.Reason))
}

// list is what began until now.
func (c *courier) list() []begun {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]begun(nil), c.begun...)
}

// times are when attempts began.
func (c *courier) times() []time.Duration {
	var times []time.Duration
	for _, b := range c.list() {
		times = append(times, b.at)
	}
	return times
}

// order are the deliveries in the order of their attempts.
func (c *courier) order() []int64 {
	var order []int64
	for _, b := range c.list() {
		order = append(order, b.seq)
	}
	return order
}

// always answers with a status, at once.
func always(status int) func(context.Context, *delivery.Errand) (*hook.Attempt, error) {
	return func(context.Context, *delivery.Errand) (*hook.Attempt, error) {
		return &hook.Attempt{Status: status}, nil
	}
}

// taking answers with a status after a time, unless ctx ends before.
func taking(d time.Duration, status int) func(context.Context, *delivery.Errand) (*hook.Attempt, error) {
	return func(ctx context.Context, _ *delivery.Errand) (*hook.Attempt, error) {
		select {
		case <-time.After(d):
			return &hook.Attempt{Status: status}, nil
		case <-ctx.Done():
			return &hook.Attempt{Failure: hook.FailureCancelled}, nil
		}
	}
}

// A scene is an engine with what it works with.
type scene struct {
	*delivery.Engine
	mu      sync.Mutex
	reports []delivery.Report
	stop    context.CancelFunc
	ended   chan error
}

// begin runs an engine.
func begin(l *ledger, c *courier, config delivery.Config, places ...*delivery.Place) *scene {
	return beginOn(l, c, config, places...)
}

// beginOn runs an engine on any ledger.
func beginOn(l delivery.Ledger, c *courier, config delivery.Config, places ...*delivery.Place) *scene {
	s := &scene{ended: make(chan error, 1)}
	config.Ledger, config.Courier, config.IDs = l, c, hook.NewIDs(rand.Reader)
	config.Observe = func(r delivery.Report) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reports = append(s.reports, r)
	}
	s.Engine = delivery.New(config, places...)
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	go func() { s.ended <- s.Run(ctx) }()
	return s
}

// end stops the engine and waits for it.
func (s *scene) end() error {
	s.stop()
	return <-s.ended
}

// kinds are the kinds of what was told, but for attempts, and their counts.
func (s *scene) kinds() []string {
	names := map[delivery.ReportKind]string{
		delivery.ReportEnd: "end", delivery.ReportHold: "hold", delivery.ReportRelease: "release", delivery.ReportClear: "clear",
		delivery.ReportResume: "resume", delivery.ReportStranded: "stranded", delivery.ReportUnsendable: "unsendable",
		delivery.ReportForeign: "foreign", delivery.ReportTrouble: "trouble", delivery.ReportRecovery: "recovery",
		delivery.ReportMoved: "moved",
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var kinds []string
	for _, r := range s.reports {
		if r.Kind != delivery.ReportAttempt {
			kinds = append(kinds, fmt.Sprintf("%s %s %d", names[r.Kind], r.Place, r.Count))
		}
	}
	return kinds
}

// rules are those of a bundled provider, with rules set as PATH, VALUE, ...
func rules(t testing.TB, name string, set ...string) *delivery.Rules {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(set); i += 2 {
		if err := p.Set("--set", set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return delivery.NewRules(p)
}

// place is the endpoint name with the rules r.
func place(name string, r *delivery.Rules) *delivery.Place {
	return &delivery.Place{
		Endpoint: hook.Endpoint{Name: name, URL: &url.URL{Scheme: "http", Host: "localhost:3000"}, Concurrency: 1},
		Rules:    func(string) (*delivery.Rules, error) { return r, nil },
	}
}
