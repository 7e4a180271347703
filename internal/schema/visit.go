package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// mark begins the keywords that stand for those that jsonschema/v5 must not see. The
// character is for private use: no schema has such a keyword of its own.
const mark = "\U0010fffd"

// Keywords that extensions take over.
const (
	ownPattern              = mark + "pattern"
	ownPatternProperties    = mark + "patternProperties"
	ownAdditionalProperties = mark + "additionalProperties"
	// ownPlace is where a schema with a $dynamicAnchor is.
	ownPlace = mark + "place"
)

// What a schema may have, with all that it refers to. The time that jsonschema/v5 takes
// grows with the square of the first.
const (
	maxSchemas = 15_000
	maxPaths   = 64 << 20 // bytes of the pointers of all schemas in it
)

// visitAll goes through all schemas that are waiting, and those they lead to.
func (l *library) visitAll() {
	for len(l.queue) > 0 {
		v := l.queue[0]
		l.queue = l.queue[1:]
		if !v.doc.visited[v.pointer] {
			l.visit(v)
		}
	}
}

func (l *library) visit(v visit) {
	v.doc.visited[v.pointer] = true
	object, ok := v.node.(map[string]any)
	if !ok || !l.hasRoom(v) {
		return
	}
	if base := baseOf(v.doc.draft, v.base, object); base != v.base {
		v.base = base
		l.name(v)
	}
	for _, inner := range subschemas(object) {
		at := visit{v.doc, part{inner.node, v.pointer + inner.below, v.base}}
		if !v.doc.visited[at.pointer] {
			l.visit(at)
		}
	}
	for _, keyword := range []string{"$ref", "$dynamicRef", "$recursiveRef"} {
		if ref, ok := object[keyword].(string); ok {
			l.follow(v, keyword, ref)
			l.refs = append(l.refs, reference{v, keyword, ref})
		}
	}
	l.takeOver(v, object)
	l.clamp(v, object)
	if _, ok := object["$dynamicAnchor"].(string); ok {
		object[ownPlace], v.doc.changed = v.doc.url+"#"+encoded(v.pointer), true
	}
	if format, ok := object["format"].(string); ok && l.formats[format] == nil && !l.options.IgnoreFormats {
		l.notes.format(v, format)
	}
}

// hasRoom counts a schema, and reports whether it may be gone through.
func (l *library) hasRoom(v visit) bool {
	l.schemas++
	l.paths += len(v.pointer)
	switch {
	case l.err != nil:
		return false
	case l.schemas > maxSchemas:
		l.err = fmt.Errorf("there are more than %d schemas in it, with all that it refers to; that is too many to be compiled", maxSchemas)
	case l.paths > maxPaths:
		l.err = fmt.Errorf("the names in it are too long, or too deep inside each other, to be compiled: their pointers have more than %d MB", maxPaths>>20)
	}
	return l.err == nil
}

// clamp makes bounds on lengths and numbers of things such as jsonschema/v5 can hold. One
// that is larger is too large for any text.
func (l *library) clamp(v visit, object map[string]any) {
	for _, thing := range []string{"Length", "Items", "Properties", "Contains"} {
		if isHuge(object["max"+thing]) {
			delete(object, "max"+thing)
			v.doc.changed = true
		}
		if isHuge(object["min"+thing]) {
			object["min"+thing] = json.Number(strconv.Itoa(math.MaxInt32))
			v.doc.changed = true
		}
	}
}

func isHuge(bound any) bool {
	number, ok := bound.(json.Number)
	if !ok {
		return false
	}
	n, ok := new(big.Rat).SetString(string(number))
	return ok && n.IsInt() && n.Cmp(big.NewRat(math.MaxInt32, 1)) > 0
}

// name notes the URL that a schema gives itself.
func (l *library) name(v visit) {
	if v.pointer != "" {
		v.doc.parts[v.base] = v.part
	} else if l.docs[v.base] == nil {
		l.docs[v.base] = v.doc
	}
}

// takeOver marks the keywords of a schema whose patterns are not for jsonschema/v5.
func (l *library) takeOver(v visit, object map[string]any) {
	for _, keyword := range slices.Sorted(maps.Keys(object)) {
		if len(keyword) > len(mark) && keyword[:len(mark)] == mark {
			delete(object, keyword)
			v.doc.changed = true
		}
	}
	if pattern, ok := object["pattern"].(string); ok && l.owns(v, jsontext.Pointer("pattern"), pattern) {
		rename(object, "pattern", ownPattern)
		v.doc.changed = true
	}
	byPattern, ok := object["patternProperties"].(map[string]any)
	if !ok {
		return
	}
	own := false
	for _, pattern := range slices.Sorted(maps.Keys(byPattern)) {
		own = l.owns(v, jsontext.Pointer("patternProperties", pattern), pattern) || own
	}
	if own {
		rename(object, "patternProperties", ownPatternProperties)
		rename(object, "additionalProperties", ownAdditionalProperties)
		v.doc.changed = true
	}
}

func rename(object map[string]any, from, to string) {
	if value, ok := object[from]; ok {
		delete(object, from)
		object[to] = value
	}
}

// owns compiles a pattern, and reports whether it must be kept from jsonschema/v5.
func (l *library) owns(v visit, below, pattern string) bool {
	m := l.matchers[pattern]
	if m == nil {
		var err error
		if m, err = newMatcher(pattern); err != nil {
			if l.err == nil {
				l.err = fmt.Errorf("%s: the pattern %s is not a regular expression: %w", l.place(v.doc, v.pointer+below), shown(pattern), err)
			}
			return false
		}
		l.matchers[pattern] = m
	}
	if m.foreign != "" {
		l.notes.add(fmt.Sprintf("pattern %s has %s, which only some readers know", shown(pattern), shown(m.foreign)), rule(v.doc.url+"#"+v.pointer+below))
	}
	return m.own()
}
