package schema

import (
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
	// stepsPerLook is how many steps are between two looks at the clock. What a check
	// holds in memory is bounded by time alone: some 200 MB for each second of failing.
	stepsPerLook = 64
	// maxSlow is how many matches of one text may take too long.
	maxSlow = 3
)

// A stop is the panic by which a meter ends a check.
type stop struct{ reason string }

// A meter ends a check that takes too many steps or too long. It belongs to one check
// at a time.
type meter struct {
	steps, limit int // limit is 0 where there is none
	started      time.Time
	slow         []*jsonschema.ValidationError
}

func (m *meter) start(paths int, of size) {
	*m = meter{started: time.Now()}
	if paths == manyPaths {
		m.limit = (freeSteps + stepsPerValue*of.values) * shallow / max(of.depth, shallow)
	}
}

func (m *meter) step() {
	if m.steps++; m.limit > 0 && m.steps > m.limit {
		panic(stop{"it takes too many steps: the schema has alternatives inside alternatives"})
	}
	if m.steps%stepsPerLook == 0 && time.Since(m.started) > Deadline {
		panic(stop{"it takes more than " + Deadline.String()})
	}
}

func (m *meter) slowMatch(at *jsonschema.ValidationError) {
	if m.slow = append(m.slow, at); len(m.slow) > maxSlow {
		panic(stop{"matching its patterns takes too long"})
	}
}

// stepName is the name of the extension that counts steps.
const stepName = "steps"

// Compile implements jsonschema.ExtCompiler: every schema counts.
func (m *meter) Compile(jsonschema.CompilerContext, map[string]any) (jsonschema.ExtSchema, error) {
	return m, nil
}

// Validate implements jsonschema.ExtSchema.
func (m *meter) Validate(jsonschema.ValidationContext, any) error {
	m.step()
	return nil
}
