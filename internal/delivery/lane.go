package delivery

import (
	"container/heap"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Place is a receiver that deliveries go to.
type Place struct {
	// Endpoint has the name or URL by which deliveries are kept, and the bounds.
	Endpoint hook.Endpoint
	// Rules returns the policy for the events of a provider, or why there is none. It is
	// called for each attempt, by several goroutines at once, and should be quick.
	Rules func(providerName string) (*Rules, error)
	// Read is before the declaration was read: where the Endpoint has moved since then,
	// nothing is sent to its URL. The zero time is that of one that cannot move.
	Read time.Time
}

// moved reports whether the endpoint has moved since it was declared here.
func (p *Place) moved(s *hook.Standing, now time.Time) bool {
	return !p.Read.IsZero() && s.Moved(hook.DisplayURL(p.Endpoint.URL), p.Read, now)
}

// A parcel is what is kept in memory of a pending delivery.
type parcel struct {
	seq  int64
	id   hook.ID
	due  time.Time
	last string // how the latest attempt failed, one of the hook.Failure constants
	// tries is how many attempts there were.
	tries int
}

// A lane has what is pending for one place.
type lane struct {
	name string
	// place is nil where it is not declared any more.
	place *Place
	// fresh says that what is pending has not been read from the ledger.
	fresh bool
	// others says that something pending is another process's.
	others bool
	// waiting are not due yet, the next first; ready are, in the order of deliveries.
	waiting, ready heapOf
	running        int
	limiter        limiter
	// notBefore is before when nothing begins: the place is held, or something is wrong.
	notBefore time.Time
	held      bool
	// moved says that the endpoint leads elsewhere by now, until it is declared anew.
	moved bool
	// wrong is what kept an attempt from being made, as it was told.
	wrong string
	// setbacks counts what went wrong in a row that is not the receiver's doing.
	setbacks int
}

func newLane(name string) *lane {
	return &lane{
		name:    name,
		waiting: heapOf{less: func(a, b *parcel) bool { return a.due.Before(b.due) || a.due.Equal(b.due) && a.seq < b.seq }},
		ready:   heapOf{less: func(a, b *parcel) bool { return a.seq < b.seq }},
	}
}

// ripen makes those ready that are due at the time now.
func (l *lane) ripen(now time.Time) {
	for len(l.waiting.parcels) > 0 && !l.waiting.parcels[0].due.After(now) {
		heap.Push(&l.ready, heap.Pop(&l.waiting))
	}
}

// next takes the parcel out whose attempt may begin now; nil where there is none.
func (l *lane) next(now time.Time) *parcel {
	if len(l.ready.parcels) == 0 || l.running >= l.room() || l.opens().After(now) {
		return nil
	}
	l.running++
	l.limiter.take(now, l.place.Endpoint.Rate)
	return heap.Pop(&l.ready).(*parcel)
}

// room is how many attempts may be under way at once. What is held is tried one by one.
func (l *lane) room() int {
	switch {
	case l.place == nil:
		return 0
	case l.held || l.setbacks > 0:
		return 1
	}
	return max(l.place.Endpoint.Concurrency, 1)
}

// opens is before when nothing begins.
func (l *lane) opens() time.Time {
	if free := l.limiter.free(); free.After(l.notBefore) {
		return free
	}
	return l.notBefore
}

// wakes is when something may begin next; false where that is for others to cause.
func (l *lane) wakes() (at time.Time, ok bool) {
	switch {
	case l.running >= l.room():
		return time.Time{}, false
	case len(l.ready.parcels) > 0:
		return l.opens(), true
	case len(l.waiting.parcels) > 0:
		return l.waiting.parcels[0].due, true
	}
	return time.Time{}, false
}

// add takes p in.
func (l *lane) add(p *parcel) { heap.Push(&l.waiting, p) }

// empty takes all parcels out and returns them.
func (l *lane) empty() []*parcel {
	all := append(l.ready.parcels, l.waiting.parcels...)
	l.ready.parcels, l.waiting.parcels = nil, nil
	return all
}

// A heapOf is a heap of parcels, for container/heap.
type heapOf struct {
	parcels []*parcel
	less    func(a, b *parcel) bool
}

func (h *heapOf) Len() int           { return len(h.parcels) }
func (h *heapOf) Less(i, j int) bool { return h.less(h.parcels[i], h.parcels[j]) }
func (h *heapOf) Swap(i, j int)      { h.parcels[i], h.parcels[j] = h.parcels[j], h.parcels[i] }
func (h *heapOf) Push(p any)         { h.parcels = append(h.parcels, p.(*parcel)) }

func (h *heapOf) Pop() any {
	last := len(h.parcels) - 1
	p := h.parcels[last]
	h.parcels[last] = nil
	h.parcels = h.parcels[:last]
	return p
}
