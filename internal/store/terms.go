package store

import (
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
	return beginningWith(string(t[:wild]))
}

// statusTerm is a range of reply statuses, both ends in it: statusNone is no
// reply yet, 0 a dropped connection.
type statusTerm struct{ span }

func (t statusTerm) match(c *hook.Capture) (bool, error) { return t.has(replyStatus(c.Reply)), nil }
func (t statusTerm) may(f *facet) bool                   { return t.has(f.status) }
func (t statusTerm) exact() bool                         { return true }
func (t statusTerm) column() column                      { return columnStatus }

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

// idTerm is either end of an id.
type idTerm idRef

func (t idTerm) match(c *hook.Capture) (bool, error) { return idRef(t).fits(c.ID), nil }
func (t idTerm) may(f *facet) bool {
	return idRef(t).heads().has(f.head) || idRef(t).tails().has(f.tail)
}
func (t idTerm) exact() bool { return false }

// bodyTerm is a text in the body.
type bodyTerm struct{ text string }

func (t bodyTerm) match(c *hook.Capture) (bool, error) { return bodyContains(c.Body, t.text) }
func (t bodyTerm) may(*facet) bool                     { return true }
func (t bodyTerm) exact() bool                         { return false }
