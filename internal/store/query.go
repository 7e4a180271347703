package store

import (
	"github.com/hookctl/hookctl/internal/hook"
)

// A Query says which captures are wanted, and how many. The zero Query is all of
// them, newest first.
type Query struct {
	// Limit is how many captures there are at most; 0 is no limit.
	Limit int
	// Ascending is oldest first.
	Ascending bool
	// Bodies reads small bodies along with the captures, for callers who want most of them.
	Bodies bool

	terms []term // all must match
}

// Match reports whether c fits all that q asks for; Limit has no part in it. It
// reads c.Body where q asks for something in it, and fails with what that fails with.
func (q Query) Match(c *hook.Capture) (bool, error) {
	for _, t := range q.terms {
		if ok, err := t.match(c); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// A term is one condition. The database only narrows down which captures come
// into question: what match says is what holds.
type term interface {
	match(c *hook.Capture) (bool, error)
	// may tells from a capture's facets alone whether it can match: false is certain.
	may(f *facet) bool
	// exact says that true is certain too.
	exact() bool
}

// A facet is what is known of a capture without reading it.
type facet struct {
	seq        int64
	head, tail int64
	receivedAt int64 // microseconds
	method     string
	path       string
	status     int64
	validity   int // known where a scan was told to read it
	identityFacet
}

// facetColumns are the columns of a facet: zones have what its identity gives.
const facetColumns = `seq, head, tail, received_at, method, path, status`

// dest is where a row of facetColumns is scanned to.
func (f *facet) dest() []any {
	return []any{&f.seq, &f.head, &f.tail, &f.receivedAt, &f.method, &f.path, &f.status}
}

// statusNone is the status of a capture without a reply.
const statusNone = -1

// A not is a term turned around.
type not struct{ term }

func (n not) match(c *hook.Capture) (bool, error) {
	ok, err := n.term.match(c)
	return !ok && err == nil, err
}

func (n not) may(f *facet) bool { return !n.exact() || !n.term.may(f) }

// upright is t, or where that is turned around, what it was.
func upright(t term) term {
	if n, ok := t.(not); ok {
		return n.term
	}
	return t
}
