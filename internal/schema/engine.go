package schema

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// plainSteps is how many steps a check may take at most to go without a meter: well
// under a second.
const plainSteps = 4_000_000

// v5engine checks with jsonschema/v5. A text that cannot take long, by what the schema
// is, is checked by a schema that all checks share. Any other is checked by a schema
// with a meter, which is for one check at a time: there are as many of these as are
// needed at once.
type v5engine struct {
	plain   *jsonschema.Schema // nil where all checks need a meter
	paths   int
	index   *index
	compile func() (*metered, error)

	mu    sync.Mutex
	free  []*metered
	room  *sync.Cond // there may be a free one, or room for one more
	spare int        // how many more may be made
}

// metered is a compiled schema with its meter.
type metered struct {
	schema *jsonschema.Schema
	meter  *meter
}

// newEngine takes the first schema that compile has made.
func newEngine(first *metered, own bool, compile func() (*metered, error)) *v5engine {
	e := &v5engine{compile: compile, paths: paths(first.schema), index: &index{root: first.schema}, spare: runtime.GOMAXPROCS(0)}
	e.room = sync.NewCond(&e.mu)
	if own || e.paths > plainSteps {
		e.free, e.spare = []*metered{first}, e.spare-1
		return e
	}
	each(first.schema, func(s *jsonschema.Schema) { delete(s.Extensions, stepName) })
	e.plain = first.schema
	return e
}

func (e *v5engine) check(value any, of size) ([]hook.Fault, error) {
	if e.plain != nil && e.paths <= plainSteps/max(of.values, 1) {
		return e.judge(e.plain, value, nil)
	}
	m, err := e.take()
	if err != nil {
		return nil, err
	}
	defer e.give(m)
	m.meter.start(e.paths, of)
	return e.judge(m.schema, value, m.meter)
}

// judge holds value against s. Faults of a match that took too long come first: with
// one, there is no verdict.
func (e *v5engine) judge(s *jsonschema.Schema, value any, m *meter) (faults []hook.Fault, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			faults, err = nil, causeOf(cause)
		}
	}()
	err = s.Validate(value)
	if m != nil && len(m.slow) > 0 {
		return slowFaults(m.slow), nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil, err
	}
	f := flattener{index: e.index, value: value}
	return f.faults(invalid), nil
}

// errLong is that a check was ended.
var errLong = errors.New("it was not checked to the end")

func causeOf(cause any) error {
	if s, ok := cause.(stop); ok {
		return fmt.Errorf("%w: %s", errLong, s.reason)
	}
	return fmt.Errorf("%v", cause)
}

// take returns a schema that nobody else uses.
func (e *v5engine) take() (*metered, error) {
	e.mu.Lock()
	for len(e.free) == 0 && e.spare == 0 {
		e.room.Wait()
	}
	if n := len(e.free); n > 0 {
		m := e.free[n-1]
		e.free = e.free[:n-1]
		e.mu.Unlock()
		return m, nil
	}
	e.spare--
	e.mu.Unlock()
	m, err := e.compile()
	if err != nil {
		e.mu.Lock()
		e.spare++
		e.mu.Unlock()
		e.room.Signal()
	}
	return m, err
}

func (e *v5engine) give(m *metered) {
	e.mu.Lock()
	e.free = append(e.free, m)
	e.mu.Unlock()
	e.room.Signal()
}
