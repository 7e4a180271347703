package schema

import (
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// Steps of the locations inside a text begin with one of these where they are not those of
// jsonschema/v5, which never begin so. They are short however long a key is: v5 writes a
// location out for every value.
const (
	stepNamed = "(" // the number of a name in the schema
	stepShort = "!" // a key, as in a JSON pointer
	stepLong  = ")" // the number of a key that is too long
	stepName  = "*" // before any of these: the key itself, not its value
)

// maxStep is how long a key may be to stand in a location itself.
const maxStep = 16

// step is the step of a location for a key of the text.
func (t *taken) step(key string) string {
	if len(key) <= maxStep {
		return stepShort + jsontext.Escape(key)
	}
	t.meter.keys = append(t.meter.keys, key)
	return stepLong + strconv.Itoa(len(t.meter.keys)-1)
}

// A finding is a fault whose place is not written out yet.
type finding struct {
	hook.Fault
	at *jsontext.Place
}

// A spot is what is at a location inside a text.
type spot struct {
	place *jsontext.Place
	value any
	found bool
	name  bool // the value is the key at the place
}

// spot is what is at a location of jsonschema/v5. Equal locations have the same place.
func (f *flattener) spot(location string) spot {
	if location == "" {
		return spot{value: f.value, found: true}
	}
	if known, ok := f.spots[location]; ok {
		return known
	}
	end := strings.LastIndexByte(location, '/')
	s := f.below(f.spot(location[:end]), location[end+1:])
	if f.spots == nil {
		f.spots = map[string]spot{}
	}
	f.spots[location] = s
	return s
}

func (f *flattener) below(up spot, step string) spot {
	step, name := strings.CutPrefix(step, stepName)
	key := f.key(step)
	s := spot{place: &jsontext.Place{Up: up.place, Token: key}, name: name}
	switch inner := up.value.(type) {
	case map[string]any:
		s.value, s.found = inner[key]
	case []any:
		if i, ok := number(key); ok && i < len(inner) {
			s.value, s.found = inner[i], true
		}
	}
	if name {
		s.value = key
	}
	return s
}

// key is the key or index that a step stands for.
func (f *flattener) key(step string) string {
	if step == "" {
		return ""
	}
	list := f.names
	switch step[:1] {
	case stepShort:
		return jsontext.Unescape(step[1:])
	case stepLong:
		list = f.keys
	case stepNamed:
	default:
		return jsontext.Unescape(pointerOf(step))
	}
	if i, ok := number(step[1:]); ok && i < len(list) {
		return list[i]
	}
	return step
}

// nearestSpot is the innermost part of a location that leads to a value.
func (f *flattener) nearestSpot(location string) spot {
	for {
		if s := f.spot(location); s.found || location == "" {
			return s
		}
		location = location[:strings.LastIndexByte(location, '/')]
	}
}
