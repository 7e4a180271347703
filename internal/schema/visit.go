package schema

import (
	"fmt"
	"maps"
	"slices"

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
	if !ok {
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
		}
	}
	l.takeOver(v, object)
	if format, ok := object["format"].(string); ok && l.formats[format] == nil && !l.options.IgnoreFormats {
		l.notes.format(v, format)
	}
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
	l.own = l.own || m.own()
	return m.own()
}
