package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A choice is the values of an enum or const, to be found at once.
type choice struct {
	texts    map[string]bool
	others   map[string]bool // what is no string, as likeness writes it
	compound bool            // there are objects or arrays among them
}

func newChoice(values []any) *choice {
	c := &choice{texts: map[string]bool{}, others: map[string]bool{}}
	for _, value := range values {
		if text, ok := value.(string); ok {
			c.texts[text] = true
			continue
		}
		c.others[string(likeness(nil, value))] = true
		c.compound = c.compound || isCompound(value)
	}
	return c
}

func (c *choice) has(value any) bool {
	if text, ok := value.(string); ok {
		return c.texts[text]
	}
	if len(c.others) == 0 || isCompound(value) && !c.compound {
		return false
	}
	return c.others[string(likeness(nil, value))]
}

func isCompound(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// alike are the first two items that are equal; 0, 0 where all differ.
func alike(items []any, m *meter) (int, int) {
	texts, others := map[string]int{}, map[string]int{}
	for j, item := range items {
		m.spend(1)
		if text, ok := item.(string); ok {
			if i, there := texts[text]; there {
				return i, j
			}
			texts[text] = j
			continue
		}
		key := string(likeness(nil, item))
		if i, there := others[key]; there {
			return i, j
		}
		others[key] = j
	}
	return 0, 0
}

// likeness appends a text that two values have in common only where they are equal, as
// JSON Schema has it: 1, 1.0 and 10e-1 are.
func likeness(b []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(b, 'n')
	case bool:
		return strconv.AppendBool(b, value)
	case json.Number:
		return append(plainNumber(b, string(value)), ';')
	case string:
		b = strconv.AppendInt(append(b, 's'), int64(len(value)), 10)
		return append(append(b, ':'), value...)
	case []any:
		b = append(b, '[')
		for _, item := range value {
			b = likeness(b, item)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, name := range slices.Sorted(maps.Keys(value)) {
			b = likeness(likeness(b, name), value[name])
		}
		return append(b, '}')
	}
	return b
}

// plainNumber appends a number as digits, without zeros at either end, and an exponent.
func plainNumber(b []byte, number string) []byte {
	number, negative := strings.CutPrefix(number, "-")
	mantissa, exponent := number, 0
	if i := strings.IndexAny(number, "eE"); i >= 0 {
		mantissa = number[:i]
		exponent, _ = strconv.Atoi(number[i+1:]) // bounded before anything is checked
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	if exponent += len(digits) - len(trimmed); trimmed == "" {
		return append(b, '0')
	}
	if negative {
		b = append(b, '-')
	}
	b = append(append(b, trimmed...), 'e')
	return strconv.AppendInt(b, int64(exponent), 10)
}
