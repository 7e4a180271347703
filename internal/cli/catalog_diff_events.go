package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/shape"
)

// Kinds of changes of an event as a whole.
const (
	eventRemoved    = "event_removed"
	eventAdded      = "event_added"
	eventDeprecated = "event_deprecated"
	wireChanged     = "wire_changed" // the name that messages have
	coverageChanged = "coverage_changed"
)

// splitVersion parts name@version. A folder may have an @ in its name.
func splitVersion(a *app, name string) (rest, version string) {
	at := strings.LastIndexByte(name, '@')
	if at <= 0 {
		return name, ""
	}
	if _, err := os.Stat(a.absolute(name)); err == nil {
		return name, ""
	}
	return name[:at], name[at+1:]
}

// diffCatalogs compares the events that are wanted, sorted by name, and counts them.
func diffCatalogs(was, now *catalogSide, wanted func(event string) bool) ([]render.EventChanges, int, error) {
	var all []render.EventChanges
	counted := 0
	matched := map[*catalog.Event]bool{}
	for _, e := range was.events() {
		other := now.counterpart(e)
		matched[other] = true
		if !wanted(e.Type) {
			continue
		}
		counted++
		changes, err := diffEvent(was, now, e, other)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, changes)
	}
	for _, e := range now.events() {
		if !matched[e] && wanted(e.Type) {
			counted++
			all = append(all, render.EventChanges{Event: e.Type, Changes: []shape.Change{{Kind: eventAdded, Now: wireOf(e), Message: "the event is new"}}})
		}
	}
	all = slices.DeleteFunc(all, func(e render.EventChanges) bool { return len(e.Changes) == 0 })
	slices.SortStableFunc(all, func(a, b render.EventChanges) int { return cmp.Compare(a.Event, b.Event) })
	return all, counted, nil
}

// events are those that the API version has.
func (s *catalogSide) events() []*catalog.Event {
	var found []*catalog.Event
	for i := range s.Events {
		if inVersion(&s.Events[i], s.version) {
			found = append(found, &s.Events[i])
		}
	}
	return found
}

// counterpart is the event of s that has the name of e, else the one that comes under
// its name in messages; nil where there is none.
func (s *catalogSide) counterpart(e *catalog.Event) *catalog.Event {
	events := s.events()
	for _, same := range []func(*catalog.Event) bool{
		func(other *catalog.Event) bool { return other.Type == e.Type },
		func(other *catalog.Event) bool { return wireOf(other) == wireOf(e) },
	} {
		if i := slices.IndexFunc(events, same); i >= 0 {
			return events[i]
		}
	}
	return nil
}

// wireOf is the name of an event in messages.
func wireOf(e *catalog.Event) string { return cmp.Or(e.Wire, e.Type) }

func diffEvent(was, now *catalogSide, a, b *catalog.Event) (render.EventChanges, error) {
	found := render.EventChanges{Event: a.Type}
	add := func(c shape.Change) { found.Changes = append(found.Changes, c) }
	if b == nil {
		add(shape.Change{Kind: eventRemoved, Was: wireOf(a), Breaking: true, Message: "the event is gone"})
		return found, nil
	}
	if wireOf(a) != wireOf(b) {
		add(shape.Change{
			Kind: wireChanged, Was: wireOf(a), Now: wireOf(b), Breaking: true, Message: fmt.Sprintf("messages call it %s, and did call it %s", wireOf(b), wireOf(a)),
		})
	}
	envelope, known := a.CoverageAt(was.version) == catalog.Envelope, b.CoverageAt(now.version) == catalog.Envelope
	if envelope == known {
		inside, more, err := diffInside(was, now, a, b)
		if err != nil {
			return found, cannot("hookctl catalog lint FOLDER says what is wrong with a catalog", fmt.Errorf("catalog diff: %s cannot be compared: %w", a.Type, err))
		}
		found.Changes, found.More = append(found.Changes, inside...), more
	} else {
		message := "the payload is known now, and was not: it is not compared"
		if known {
			message = "the payload was known, and is not any more: it is not compared"
		}
		add(shape.Change{Kind: coverageChanged, Was: string(a.CoverageAt(was.version)), Now: string(b.CoverageAt(now.version)), Message: message})
	}
	if b.Deprecated && !a.Deprecated {
		add(shape.Change{Kind: eventDeprecated, Message: "the event is deprecated"})
	}
	return found, nil
}

func diffInside(was, now *catalogSide, a, b *catalog.Event) ([]shape.Change, int, error) {
	before, err := was.Source(a, was.version)
	if err != nil {
		return nil, 0, err
	}
	after, err := now.Source(b, now.version)
	if err != nil {
		return nil, 0, err
	}
	return shape.Diff(before, after)
}
