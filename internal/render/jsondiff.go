package render

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// json compares two bodies value by value and reports whether both are JSON.
// Where only their white space or the order of keys differs, the whole body is
// what was rewritten: a signature covers these too.
func (d *differences) json(before, after []byte) bool {
	a, err := parseTree(before)
	if err != nil {
		return false
	}
	b, err := parseTree(after)
	if err != nil {
		return false
	}
	found := len(*d)
	d.values("", a, b)
	if len(*d) == found {
		*d = append(*d, Difference{InBody, "", Rewritten, "", ""})
	}
	return true
}

func (d *differences) values(path string, a, b *jsonNode) {
	switch {
	case bytes.Equal(a.raw, b.raw):
	case a.delim != b.delim:
		*d = append(*d, Difference{InBody, path, Changed, a.text(), b.text()})
	case a.delim != 0:
		d.memberwise(path, a, b)
	case sameScalar(a.scalar, b.scalar):
		*d = append(*d, Difference{InBody, path, Rewritten, a.text(), b.text()})
	default:
		*d = append(*d, Difference{InBody, path, Changed, a.text(), b.text()})
	}
}

// memberwise compares objects key by key and arrays index by index.
func (d *differences) memberwise(path string, a, b *jsonNode) {
	after := make(map[string]*jsonNode, len(b.members))
	for _, m := range b.members {
		after[m.step] = m.node
	}
	before := make(map[string]bool, len(a.members))
	for _, m := range a.members {
		before[m.step] = true
		if other, ok := after[m.step]; ok {
			d.values(path+"/"+m.step, m.node, other)
		} else {
			*d = append(*d, Difference{Where: InBody, Path: path + "/" + m.step, Kind: Removed, Old: m.node.text()})
		}
	}
	for _, m := range b.members {
		if !before[m.step] {
			*d = append(*d, Difference{Where: InBody, Path: path + "/" + m.step, Kind: Added, New: m.node.text()})
		}
	}
}

// sameScalar reports whether two scalars that are written differently mean the same.
func sameScalar(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		n, ok := b.(json.Number)
		return ok && normalNumber(string(a)) == normalNumber(string(n))
	case string:
		// What is no Unicode has all been decoded to one and the same character.
		return a == b && !strings.ContainsRune(a, utf8.RuneError)
	}
	return a == b
}

// A normalForm is a number as sign, digits without zeros at either end, and the
// power of ten that the first of them stands before.
type normalForm struct {
	negative bool
	digits   string
	exponent int64
}

// normalNumber works on the text alone: a number may be of any size, and to
// expand 1e999999999 would take all memory there is. An exponent that itself is
// beyond measure makes a number like no other.
func normalNumber(text string) normalForm {
	rest, negative := strings.CutPrefix(text, "-")
	mantissa, power := rest, "0"
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		mantissa, power = rest[:i], strings.TrimPrefix(rest[i+1:], "+")
	}
	exponent, err := strconv.ParseInt(power, 10, 32)
	if err != nil {
		return normalForm{negative, text, 0}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return normalForm{}
	}
	leading := len(whole) + len(fraction) - len(digits)
	return normalForm{negative, strings.TrimRight(digits, "0"), exponent + int64(len(whole)-leading)}
}
