package jsontext

import (
	"bytes"
	"strconv"
)

// A Spot is where a value begins in a text, in bytes from 0.
type Spot struct {
	// Key is where its key begins; -1 for items of arrays and the whole text.
	Key int
	// Value is where the value begins; -1 where there is none.
	Value int
}

// Locate finds the values at places in a valid text, in one pass whatever their number.
// Of a repeated key the last counts, as for encoding/json.
func Locate(text []byte, places []*Place) []Spot {
	spots := make([]Spot, len(places))
	known := map[*Place]*target{nil: {}}
	for i, place := range places {
		spots[i] = Spot{-1, -1}
		t := targetAt(place, known)
		t.wanted = append(t.wanted, i)
	}
	l := locator{text: text, spots: spots}
	l.value(skipSpace(text, 0), -1, known[nil])
	return spots
}

// A target is a value that is looked for, or on the way to one.
type target struct {
	wanted []int // which spots it is
	below  map[string]*target
}

// targetAt is the target at a place, made where it is not known yet.
func targetAt(place *Place, known map[*Place]*target) *target {
	if t := known[place]; t != nil {
		return t
	}
	up := targetAt(place.Up, known)
	t := up.below[place.Token]
	if t == nil {
		if up.below == nil {
			up.below = map[string]*target{}
		}
		t = &target{}
		up.below[place.Token] = t
	}
	known[place] = t
	return t
}

type locator struct {
	text  []byte
	spots []Spot
}

// value goes over the value at at, and returns where it ends, or -1.
func (l *locator) value(at, key int, t *target) int {
	if at < 0 || at >= len(l.text) {
		return -1
	}
	for _, i := range t.wanted {
		l.spots[i] = Spot{key, at}
	}
	if t.below == nil {
		return skipValue(l.text, at)
	}
	switch l.text[at] {
	case '{':
		return l.object(at, t)
	case '[':
		return l.array(at, t)
	}
	return skipValue(l.text, at)
}

func (l *locator) object(at int, t *target) int {
	seen := map[*target]bool{}
	for at = skipSpace(l.text, at+1); at < len(l.text) && l.text[at] == '"'; at = skipSpace(l.text, at+1) {
		key, end := at, skipString(l.text, at)
		if end < 0 {
			return -1
		}
		next := t.member(l.text[key:end])
		at = skipSpace(l.text, end)
		if at >= len(l.text) || l.text[at] != ':' {
			return -1
		}
		at = skipSpace(l.text, at+1)
		if next == nil {
			at = skipValue(l.text, at)
		} else {
			if seen[next] {
				l.forget(next)
			}
			seen[next] = true
			at = l.value(at, key, next)
		}
		if at < 0 {
			return -1
		}
		if at = skipSpace(l.text, at); at >= len(l.text) || l.text[at] != ',' {
			break
		}
	}
	return l.close(at, '}')
}

// member is the target of a key in quotes, nil where nothing is looked for there.
func (t *target) member(quoted []byte) *target {
	if inner := quoted[1 : len(quoted)-1]; bytes.IndexByte(inner, '\\') < 0 {
		if next := t.below[string(inner)]; next != nil {
			return next
		}
	}
	return t.below[keyText(quoted)]
}

// forget drops what was found below a key that is there again.
func (l *locator) forget(t *target) {
	for _, i := range t.wanted {
		l.spots[i] = Spot{-1, -1}
	}
	for _, next := range t.below {
		l.forget(next)
	}
}

func (l *locator) array(at int, t *target) int {
	at = skipSpace(l.text, at+1)
	for index := 0; at < len(l.text) && l.text[at] != ']'; index++ {
		if next := t.below[strconv.Itoa(index)]; next != nil {
			at = l.value(at, -1, next)
		} else {
			at = skipValue(l.text, at)
		}
		if at < 0 {
			return -1
		}
		if at = skipSpace(l.text, at); at >= len(l.text) || l.text[at] != ',' {
			break
		}
		at = skipSpace(l.text, at+1)
	}
	return l.close(at, ']')
}

func (l *locator) close(at int, with byte) int {
	if at >= len(l.text) || l.text[at] != with {
		return -1
	}
	return at + 1
}
