package store

import (
	"context"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// methodTerm is a request method in upper case.
type methodTerm string

func (t methodTerm) match(c *hook.Capture) (bool, error) {
	return strings.ToUpper(c.Method) == string(t), nil
}
func (t methodTerm) may(f *facet) bool  { return f.method == string(t) }
func (t methodTerm) exact() bool        { return true }
func (t methodTerm) column() column     { return columnMethod }
func (t methodTerm) values() valueRange { return exactly(string(t)) }

// pathTerm is a glob of the path.
type pathTerm string

func (t pathTerm) match(c *hook.Capture) (bool, error) { return hook.Glob(string(t), c.Path()), nil }
func (t pathTerm) may(f *facet) bool                   { return hook.Glob(string(t), f.path) }
func (t pathTerm) exact() bool                         { return true }
func (t pathTerm) column() column                      { return columnPath }

func (t pathTerm) values() valueRange {
	wild := strings.IndexAny(string(t), "*?")
	if wild < 0 {
		return exactly(string(t))
	}
	return beginningWith(string(t)[:wild])
}

// statusTerm is a range of reply statuses, both ends in it: statusNone is no
// reply yet, 0 a dropped connection.
type statusTerm struct{ span }

func (t statusTerm) match(c *hook.Capture) (bool, error) { return t.has(replyStatus(c.Reply)), nil }
func (t statusTerm) may(f *facet) bool                   { return t.has(f.status) }
func (t statusTerm) exact() bool                         { return true }
func (t statusTerm) column() column                      { return columnStatus }

// providerTerm is the name of a provider in lower case.
type providerTerm string

func (t providerTerm) match(c *hook.Capture) (bool, error) { return t.may(recognised(c)), nil }
func (t providerTerm) may(f *facet) bool                   { return f.provider == string(t) }
func (t providerTerm) exact() bool                         { return true }

// recognised is a facet of which only the traits are known.
func recognised(c *hook.Capture) *facet {
	return &facet{identityFacet: identityFacet{traits: traitsOf(c.Identity)}}
}

// eventTerm is a glob of the event's type. It fits no capture that has none.
type eventTerm string

func (t eventTerm) match(c *hook.Capture) (bool, error) { return t.may(recognised(c)), nil }
func (t eventTerm) may(f *facet) bool                   { return f.event != "" && hook.Glob(string(t), f.event) }
func (t eventTerm) exact() bool                         { return true }

// outcomeTerm is a range of outcomes as traits have them, both ends in it.
type outcomeTerm struct{ lo, hi int }

func (t outcomeTerm) match(c *hook.Capture) (bool, error) { return t.may(recognised(c)), nil }
func (t outcomeTerm) may(f *facet) bool                   { return t.lo <= f.outcome && f.outcome <= t.hi }
func (t outcomeTerm) exact() bool                         { return true }

// timeTerm is a range of times of arrival in microseconds, both ends in it.
type timeTerm struct{ span }

func since(t time.Time) timeTerm {
	first := t.UnixMicro()
	if t.After(time.UnixMicro(first)) {
		first++
	}
	return timeTerm{span{first, maxSeq}}
}

// until is the time before t.
func until(t time.Time) timeTerm {
	end := since(t).lo
	return timeTerm{span{-maxSeq, end - 1}}
}

func (t timeTerm) match(c *hook.Capture) (bool, error) { return t.has(c.ReceivedAt.UnixMicro()), nil }
func (t timeTerm) may(f *facet) bool                   { return t.has(f.receivedAt) }
func (t timeTerm) exact() bool                         { return true }

// idTerm is either end of a capture's id, "" where it cannot be one, or else all
// of an event's.
type idTerm struct {
	ref   idRef
	event string
}

func (t idTerm) match(c *hook.Capture) (bool, error) {
	return t.ref != "" && t.ref.fits(c.ID) || c.Identity != nil && bounded(c.Identity.Event.ID) == t.event, nil
}
func (t idTerm) may(f *facet) bool {
	return t.ref != "" && (t.ref.heads().has(f.head) || t.ref.tails().has(f.tail)) || f.tag == tag(t.event)
}
func (t idTerm) exact() bool { return false }

func (idTerm) columns() string { return `NULL, NULL, tags` }

// places finds events that may have the id.
func (t idTerm) places(_ context.Context, _ querier, _ int64, z *zoneIdentities, found []int) ([]int, error) {
	want := tag(t.event)
	for place := range len(z.tags) / cellSize {
		if z.tags.at(place) == want {
			found = append(found, place)
		}
	}
	return found, nil
}

// bodyTerm is a text in the body.
type bodyTerm struct{ text string }

func (t bodyTerm) match(c *hook.Capture) (bool, error) { return bodyContains(c.Body, t.text) }
func (t bodyTerm) may(*facet) bool                     { return true }
func (t bodyTerm) exact() bool                         { return false }
