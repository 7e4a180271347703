package schema

import (
	"math"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A schema that leads back to itself by two ways at once doubles the steps with each level
// of a text: 33 bytes can take seconds and gigabytes. A step is a schema that a part of
// the text is held against.
const (
	// freeSteps is how many steps any text may take with such a schema, and stepsPerValue
	// how many more for each value it has. The largest need seen is a fifth of that.
	freeSteps     = 20_000
	stepsPerValue = 500
	// shallow is how deep a text may be nested for its steps to count as one: each costs
	// more the deeper it is, and deeper texts get fewer in proportion.
	shallow = 20
	// workPerLook is how much work is between two looks at the clock: steps, and values
	// that are gone over.
	workPerLook = 64
	// maxSlow is how many matches of one text may take too long, and matchingTime how
	// long all of its matches by backtracking may take together.
	maxSlow      = 3
	matchingTime = time.Second
)

// A pass is one attempt at a check. jsonschema/v5 keeps all failures that it meets, at
// some 500 bytes each, those in alternatives with them. So the first attempts end where
// there are too many, and each next one has every loop over items or properties end after
// fewer that fail. The verdict is the same in all: what a loop leaves out comes after a
// failure of its own.
type pass struct {
	perLoop int // how many values of one loop may fail before it ends
	budget  int // how many failures there may be; 0 for any number
}

// passes are the attempts. The last has one failure for each loop, and so no more than
// lie on the way to one value.
func passes() []pass {
	return []pass{{math.MaxInt, 20_000}, {1_000, 20_000}, {30, 20_000}, {1, 0}}
}

// costlyDepth is how deep a failure must be to cost twice what one at the top does: the
// way to it is written out step by step.
const costlyDepth = 8

// A stop is the panic by which a meter ends a check, and a tooMany that by which it ends a
// pass.
type (
	stop    struct{ reason string }
	tooMany struct{}
)

// A meter ends a check that takes too many steps, too long, or too much memory. It belongs
// to one check at a time. What it cannot end is one step: the match of one pattern, the
// comparison of one value, a value in a schema of a draft; and what a schema itself makes
// long, such as the names in it, is not counted.
type meter struct {
	pass
	steps, limit int // limit is 0 where there is none
	work         int
	depth        int // of the value that is being checked
	failures     int
	cut          bool // a loop has ended early
	matching     time.Duration
	started      time.Time
	slow         []*jsonschema.ValidationError
	keys         []string // of the text, those that are too long for a location
}

func (m *meter) start(branching bool, of size) {
	*m = meter{started: time.Now()}
	if branching {
		m.limit = (freeSteps + stepsPerValue*of.values) * shallow / max(of.depth, shallow)
	}
}

// begin makes the meter ready for a pass of the check.
func (m *meter) begin(p pass) {
	m.pass, m.steps, m.depth, m.failures, m.cut, m.slow = p, 0, 0, 0, false, nil
	m.keys = m.keys[:0]
}

// step counts a schema that a value with so many parts is held against.
func (m *meter) step(parts int) {
	if m.steps++; m.limit > 0 && m.steps > m.limit {
		panic(stop{"it takes too many steps: the schema has alternatives inside alternatives"})
	}
	m.spend(1 + parts/workPerLook)
}

// spend looks at the clock after some work.
func (m *meter) spend(work int) {
	if m.work += work; m.work >= workPerLook {
		m.work = 0
		if time.Since(m.started) > Deadline {
			panic(stop{"it takes more than " + Deadline.String()})
		}
	}
}

// failed counts failures.
func (m *meter) failed(n int) {
	m.failures += n * (1 + m.depth*m.depth/(costlyDepth*costlyDepth))
	if m.budget > 0 && m.failures > m.budget {
		panic(tooMany{})
	}
}

// matched counts the time of a match by backtracking.
func (m *meter) matched(since time.Time) {
	if m.matching += time.Since(since); m.matching > matchingTime {
		panic(stop{"matching its patterns takes too long"})
	}
}

func (m *meter) slowMatch(at *jsonschema.ValidationError) {
	if m.slow = append(m.slow, at); len(m.slow) > maxSlow {
		panic(stop{"matching its patterns takes too long"})
	}
}
