package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// standardPatience is how long what is under way may take to end when an Engine stops.
	standardPatience = 8 * time.Second
	// nap is how long an Engine sleeps at most: timers stand still while a computer sleeps.
	nap = 30 * time.Second
	// heldFor is how soon a change is noticed of a place that holds deliveries back.
	heldFor = time.Second
	// firstSetback and lastSetback are the waits after trouble that is not the receiver's.
	firstSetback = time.Second
	lastSetback  = 30 * time.Second
)

// Config is what an Engine works with. Ledger, Courier and IDs must be set.
type Config struct {
	Ledger  Ledger
	Courier Courier
	IDs     *hook.IDs
	// Owner is the process that makes the attempts, as deliveries name it: the Engine leaves
	// alone what belongs to another. "" where there is never more than one.
	Owner string
	// Resume takes up what earlier processes left pending for the places, and in time what
	// others leave that are still at it.
	Resume bool
	// Speed is how many times faster than the clock the waits of policies pass; 0 is 1.
	// Deadlines and rates are by the clock.
	Speed float64
	// Seed is for the chance that jitter takes.
	Seed uint64
	// Patience is how long attempts under way may take to end after a stop: 8 s.
	Patience time.Duration
	// Observe is told what happens, one at a time; in order for each delivery. It should be
	// quick, and must not call the Engine.
	Observe func(Report)
}

// An Engine makes the attempts of pending deliveries when they are due, as their policies
// say: per place in the order of Seq among those due, with the bounds that it has. Places
// do not wait for each other. Make one with New.
//
// What happens is on record before it has consequences. A delivery whose attempt was under
// way when the process was killed is attempted again by the next one, and nothing else is.
// Several Engines may have the same place: each delivery is carried by its owner alone.
type Engine struct {
	config Config
	pace   pace
	wake   chan struct{} // somebody should look what may begin; buffered

	telling sync.Mutex // held while Observe is called

	mu    sync.Mutex
	lanes map[string]*lane
	known map[int64]bool // the Seq of all that is in the lanes or under way
	// strays are the places that are not declared, as it was told; missing those of which it is
	// to be found out what is pending there.
	strays, missing map[string]bool
	// surveyed says that the places were asked for which something is pending.
	surveyed bool
	// readAfter is before when the ledger is not read for what is pending, after trouble;
	// lookAfter before when it is not for what others may have left, watchAfter before when
	// it is not asked what became of places. Run alone uses them.
	readAfter, lookAfter, watchAfter time.Time
	// seen is what the clock showed last.
	seen time.Time
	// idle is closed while nothing is pending.
	idle chan struct{}
	// stuck counts those who cannot record an attempt; troubled says that it was told.
	stuck    int
	troubled bool
	// unrecorded is why attempts were lost to the record, and how many.
	unrecorded error
	lost       int

	work sync.WaitGroup
}

// New returns an Engine for deliveries to places. It begins with Run.
func New(c Config, places ...*Place) *Engine {
	if c.Speed <= 0 {
		c.Speed = 1
	}
	if c.Patience <= 0 {
		c.Patience = standardPatience
	}
	if c.Observe == nil {
		c.Observe = func(Report) {}
	}
	e := &Engine{
		config: c, pace: pace(c.Speed), wake: make(chan struct{}, 1),
		lanes: map[string]*lane{}, known: map[int64]bool{}, strays: map[string]bool{}, missing: map[string]bool{}, idle: make(chan struct{}), surveyed: !c.Resume,
	}
	e.SetPlaces(places)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seeIdle()
	return e
}

// Run makes attempts until ctx ends. Then none begins any more, and those under way may
// end as long as patience allows; after that they are broken off and do not count. It
// returns an error where attempts could not be recorded: they will be made again.
func (e *Engine) Run(ctx context.Context) error {
	hands, letGo := context.WithCancel(context.WithoutCancel(ctx))
	defer letGo()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		timer.Reset(e.turn(ctx, hands))
		select {
		case <-ctx.Done():
		case <-e.wake:
		case <-timer.C:
		}
	}
	hurry := time.AfterFunc(e.config.Patience, letGo)
	defer hurry.Stop()
	e.work.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.lost > 0 {
		return fmt.Errorf("%d attempts could not be recorded, and will be made again: %w", e.lost, e.unrecorded)
	}
	return nil
}

// Wait returns when nothing is pending that the Engine knows of, or with the error of ctx.
// Deliveries that are held are pending.
func (e *Engine) Wait(ctx context.Context) error {
	e.mu.Lock()
	idle := e.idle
	e.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn reads what is to be read, begins what may begin, and says how long there is
// nothing else to do.
func (e *Engine) turn(ctx, hands context.Context) time.Duration {
	if wait, ok := e.load(ctx); !ok {
		return wait
	}
	e.seekMissing(ctx)
	rest := min(nap, e.watch(hands))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stuck > 0 {
		return nap // who gets unstuck wakes us
	}
	now := time.Now()
	e.setBack(now)
	for _, l := range e.lanes {
		l.ripen(now)
		for p := l.next(now); p != nil; p = l.next(now) {
			e.work.Go(func() { e.settle(l, p, e.carry(ctx, hands, l, p)) })
		}
		if at, ok := l.wakes(); ok {
			rest = min(rest, at.Sub(now))
		}
		if l.others {
			rest = min(rest, e.lookAfter.Sub(now))
		}
	}
	return max(rest, 0)
}

// An outcome is what becomes of a parcel.
type outcome struct {
	over bool
	// unused says that no attempt was made.
	unused bool
	// due is when it is to be attempted, notBefore before when nothing else of its place is.
	due, notBefore time.Time
	// last is how the attempt failed.
	last string
}

// settle puts p back, or forgets it.
func (e *Engine) settle(l *lane, p *parcel, o outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.running--
	if o.unused && l.place != nil {
		l.limiter.giveBack(l.place.Endpoint.Rate)
	}
	if o.notBefore.After(l.notBefore) {
		l.notBefore = o.notBefore
	}
	if o.over || l.place == nil {
		e.forget(p)
	} else {
		p.due = o.due.Round(0) // by the clock that people see
		if !o.unused {
			p.last = o.last
		}
		l.add(p)
	}
	if l.place == nil && l.running == 0 {
		delete(e.lanes, l.name)
	}
	e.rouse()
}

// forget leaves p out of what is pending. e.mu is held.
func (e *Engine) forget(p *parcel) {
	delete(e.known, p.seq)
	e.seeIdle()
}

// seeIdle tells those who wait, where nothing is pending. e.mu is held.
func (e *Engine) seeIdle() {
	if len(e.known) > 0 || !e.surveyed {
		return
	}
	select {
	case <-e.idle:
	default:
		close(e.idle)
	}
}

// rouse has Run look again.
func (e *Engine) rouse() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *Engine) tell(r Report) {
	e.telling.Lock()
	defer e.telling.Unlock()
	e.config.Observe(r)
}

// SetPlaces replaces what is declared. Attempts under way end as they began; what is
// pending for a place that is not declared any more stays pending in the ledger.
func (e *Engine) SetPlaces(places []*Place) {
	e.replace(places)
	e.rouse()
}

// replace declares places, and lets go of the others.
func (e *Engine) replace(places []*Place) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gone := map[string]bool{}
	for name, l := range e.lanes {
		gone[name] = l.place != nil
	}
	for _, place := range places {
		name := place.Endpoint.Place()
		l := e.lanes[name]
		if l == nil {
			l = newLane(name)
			e.lanes[name] = l
		}
		l.fresh = l.fresh || l.place == nil && e.config.Resume
		l.place, l.wrong, l.setbacks, l.notBefore, l.moved = place, "", 0, time.Time{}, false
		delete(gone, name)
		delete(e.strays, name)
		delete(e.missing, name)
	}
	for name, is := range gone {
		if is {
			e.abandon(e.lanes[name])
		}
	}
}

// abandon lets go of what waits in l, whose place is not declared any more. What the
// ledger has for it is looked at: who took the place away may have ended that, too. e.mu
// is held.
func (e *Engine) abandon(l *lane) {
	l.place, l.fresh, l.held, l.others = nil, false, false, false
	left := l.empty()
	for _, p := range left {
		e.forget(p)
	}
	if l.running == 0 {
		delete(e.lanes, l.name)
	}
	e.missing[l.name] = true
}
