package schema

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// v5engine checks with jsonschema/v5, by schemas with meters. Each of these is for one
// check at a time: there are as many as are needed at once.
type v5engine struct {
	source    *compiled
	branching bool // a part of a text may be held against very many schemas
	foreign   bool // the schema refers to one without a meter
	index     *index
	compile   func() (*compiled, error)

	mu    sync.Mutex
	free  []*metered
	room  *sync.Cond // there may be a free one, or room for one more
	spare int        // how many more may be made
}

// compiled is what jsonschema/v5 makes of a schema. Nothing is ever held against it.
type compiled struct {
	root *jsonschema.Schema
	// anchors are the schemas that only a $dynamicRef may lead to.
	anchors []*jsonschema.Schema
}

// newEngine takes the first schema that compile has made.
func newEngine(source *compiled, compile func() (*compiled, error)) *v5engine {
	e := &v5engine{
		source: source, compile: compile, spare: runtime.GOMAXPROCS(0), index: &index{of: source},
		branching: paths(source.root) == manyPaths,
	}
	source.each(func(s *jsonschema.Schema) { e.foreign = e.foreign || isForeign(s) })
	e.room = sync.NewCond(&e.mu)
	return e
}

// What a text may have whose schema refers to that of a draft, which has no meter.
const (
	maxForeignValues = 50_000
	maxForeignPaths  = 16 << 20
)

func (e *v5engine) check(value any, of size) (found []finding, more bool, err error) {
	if e.foreign && (of.values > maxForeignValues || of.paths > maxForeignPaths) {
		return nil, false, fmt.Errorf("%w: it is too large for a schema that refers to the schema of a draft", errLong)
	}
	m, err := e.take()
	if err != nil {
		return nil, false, err
	}
	defer e.give(m)
	m.meter.start(e.branching, of)
	for _, p := range passes() {
		m.meter.begin(p)
		if found, err = e.judge(m, value); !errors.Is(err, errMany) {
			break
		}
	}
	return found, m.meter.cut, err
}

// judge holds value against the schema. Where a match took too long there is no verdict,
// but only that.
func (e *v5engine) judge(m *metered, value any) (found []finding, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			found, err = nil, causeOf(cause)
		}
	}()
	err = m.schema.Validate(value)
	f := flattener{index: e.index, value: value, names: m.names, keys: m.meter.keys}
	if len(m.meter.slow) > 0 {
		return f.slow(m.meter.slow), nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil, err
	}
	return f.faults(invalid), nil
}

var (
	// errLong is that a check was ended.
	errLong = errors.New("it was not checked to the end")
	// errMany is that a pass was ended.
	errMany = errors.New("there are too many failures")
)

func causeOf(cause any) error {
	switch cause := cause.(type) {
	case stop:
		return fmt.Errorf("%w: %s", errLong, cause.reason)
	case tooMany:
		return errMany
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
	m, err := e.make()
	if err != nil {
		e.mu.Lock()
		e.spare++
		e.mu.Unlock()
		e.room.Signal()
	}
	return m, err
}

// make makes one more schema with a meter: a copy, or, where a $dynamicRef may find
// schemas that cannot be copied, one that is compiled anew.
func (e *v5engine) make() (*metered, error) {
	if len(e.source.anchors) == 0 {
		return withMeter(e.source, false), nil
	}
	again, err := e.compile()
	if err != nil {
		return nil, err
	}
	return withMeter(again, true), nil
}

func (e *v5engine) give(m *metered) {
	*m.meter = meter{} // it must not hold on to a text
	e.mu.Lock()
	e.free = append(e.free, m)
	e.mu.Unlock()
	e.room.Signal()
}
