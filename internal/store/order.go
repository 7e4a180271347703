package store

import "math"

// maxSeq is past every seq.
const maxSeq = math.MaxInt64

// An order is the way a list runs over seqs.
type order bool

const (
	descending order = false
	ascending  order = true
)

// start and end are places outside of all seqs.
func (o order) start() int64 {
	if o == ascending {
		return 0
	}
	return maxSeq
}

// startPast is start where nothing is wanted up to floor.
func (o order) startPast(floor int64) int64 {
	if o == ascending {
		return floor
	}
	return o.start()
}

func (o order) end() int64 { return (!o).start() }

// beyond reports whether a comes after b.
func (o order) beyond(a, b int64) bool {
	if o == ascending {
		return a > b
	}
	return a < b
}

// nearer returns the one of a and b that comes first.
func (o order) nearer(a, b int64) int64 {
	if o.beyond(a, b) {
		return b
	}
	return a
}

// compare is for sorting.
func (o order) compare(a, b int64) int {
	switch {
	case a == b:
		return 0
	case o.beyond(a, b):
		return 1
	}
	return -1
}

// sql is the rest of a statement on a table whose seqs are wanted beyond a place.
func (o order) sql() string {
	if o == ascending {
		return ` seq > ? ORDER BY seq LIMIT ?`
	}
	return ` seq < ? ORDER BY seq DESC LIMIT ?`
}
