package schema

import (
	"reflect"
	"slices"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A loop is one schema at work on one value.
type loop struct {
	t      *taken
	ctx    jsonschema.ValidationContext
	faults []error
	broken int // how many parts of the value failed
	ended  bool
}

// fail notes that a keyword failed.
func (l *loop) fail(keyword string) {
	l.t.meter.failed(1)
	l.faults = append(l.faults, l.ctx.Error(keyword, said))
}

// hold holds a part of the value against a schema.
func (l *loop) hold(s *jsonschema.Schema, part any, step string) {
	if err := l.try(s, part, step); err != nil {
		l.add(err)
	}
}

func (l *loop) try(s *jsonschema.Schema, part any, step string) error {
	m := l.t.meter
	m.spend(1)
	m.depth++
	err := l.ctx.Validate(s, "part", part, step)
	m.depth--
	return err
}

// add notes that a part of the value failed.
func (l *loop) add(err error) {
	l.faults = append(l.faults, err)
	l.t.meter.failed(1)
	if l.broken++; l.broken >= l.t.meter.perLoop {
		l.ended, l.t.meter.cut = true, true
	}
}

// match matches text, and notes where that takes too long: whatever the verdict on the
// schema would be, it does not hold then.
func (l *loop) match(m *matcher, text, keyword string) bool {
	start := time.Time{}
	if m.ecma != nil {
		start = time.Now()
	}
	ok, err := m.match(text)
	if err != nil {
		l.t.meter.slowMatch(l.ctx.Error(keyword, said))
	}
	if m.ecma != nil {
		l.t.meter.matched(start)
	}
	l.t.meter.spend(1)
	return ok
}

func (l *loop) markProperty(name string) {
	if l.t.marks {
		l.ctx.EvaluatedProp(name)
	}
}

func (l *loop) markItem(i int) {
	if l.t.marks {
		l.ctx.EvaluatedItem(i)
	}
}

// unevaluated is the set of what nothing in a schema was about. jsonschema/v5 has it
// written by extensions, but not read.
type unevaluated struct{ set reflect.Value }

func left(ctx jsonschema.ValidationContext, field string) unevaluated {
	return unevaluated{reflect.ValueOf(ctx).FieldByName("result").FieldByName(field)}
}

func (u unevaluated) names() []string {
	var names []string
	for _, key := range u.set.MapKeys() {
		names = append(names, key.String())
	}
	slices.Sort(names)
	return names
}

func (u unevaluated) indexes() []int {
	var indexes []int
	for _, key := range u.set.MapKeys() {
		indexes = append(indexes, int(key.Int()))
	}
	slices.Sort(indexes)
	return indexes
}
