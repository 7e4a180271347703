package shape

import (
	"math/big"
	"slices"
)

// A bound is the limit of numbers on one side.
type bound struct {
	keyword string
	value   *big.Rat
}

func (b *bound) exclusive() bool { return b.keyword[0] == 'e' }

// numbers compares the limits of numbers. whole says that all are whole numbers: more
// than -1 is 0 or more then.
func (d *comparison) numbers(a, b *form, whole bool) {
	d.bounds(a.bound("maximum", "exclusiveMaximum", -1, whole), b.bound("maximum", "exclusiveMaximum", -1, whole), -1)
	d.bounds(a.bound("minimum", "exclusiveMinimum", 1, whole), b.bound("minimum", "exclusiveMinimum", 1, whole), 1)
	if was, now := numberOf(a.limits["multipleOf"]), numberOf(b.limits["multipleOf"]); was != now {
		d.rule("multipleOf", was, now)
	}
}

// bound is the stricter one of two limits, nil where there is none. sign is 1 where a
// larger one is stricter, and -1 where a smaller one is.
func (f *form) bound(inclusive, exclusive string, sign int, whole bool) *bound {
	value, beyond := f.limits[inclusive], f.limits[exclusive]
	if whole {
		value, beyond = wholeBound(value, beyond, sign), nil
	}
	switch {
	case value == nil && beyond == nil:
		return nil
	case beyond == nil || value != nil && value.Cmp(beyond)*sign > 0:
		return &bound{inclusive, value}
	}
	return &bound{exclusive, beyond}
}

// wholeBound is the first whole number within two limits.
func wholeBound(inclusive, exclusive *big.Rat, sign int) *big.Rat {
	first := func(limit *big.Rat) *big.Rat { // not beyond limit
		signed := new(big.Rat).Mul(limit, big.NewRat(int64(sign), 1))
		return new(big.Rat).Mul(new(big.Rat).SetInt(ceil(signed)), big.NewRat(int64(sign), 1))
	}
	var value *big.Rat
	if inclusive != nil {
		value = first(inclusive)
	}
	if exclusive != nil {
		next := first(exclusive)
		if next.Cmp(exclusive) == 0 {
			next.Add(next, big.NewRat(int64(sign), 1))
		}
		if value == nil || next.Cmp(value)*sign > 0 {
			value = next
		}
	}
	return value
}

// bounds compares the limits of one side.
func (d *comparison) bounds(was, now *bound, sign int) {
	switch {
	case was == nil && now == nil:
		return
	case was == nil:
		d.rule(now.keyword, "", numberOf(now.value))
		return
	case now == nil:
		d.rule(was.keyword, numberOf(was.value), "")
		return
	}
	stricter := now.value.Cmp(was.value) * sign
	if stricter == 0 && was.exclusive() != now.exclusive() {
		stricter = map[bool]int{true: 1, false: -1}[now.exclusive()]
	}
	before, after := numberOf(was.value), numberOf(now.value)
	words := was.keyword + " was " + before + " and "
	if now.keyword != was.keyword {
		words += now.keyword + " "
	}
	switch {
	case stricter > 0:
		d.report(RuleTightened, false, before, after, "%sis %s", words, after)
	case stricter < 0:
		d.report(RuleLoosened, true, before, after, "%sis %s", words, after)
	}
}

// numberFormats are formats of numbers, each allowing more than those before it.
func numberFormats() [][]string {
	return [][]string{{"int8", "int16", "int32", "int64"}, {"uint8", "uint16", "uint32", "uint64"}, {"float", "double"}}
}

// formats compares formats as far as they are about the types that are left.
func (d *comparison) formats(common types, was, now []string) {
	about := func(format string) bool {
		number := slices.ContainsFunc(numberFormats(), func(row []string) bool { return slices.Contains(row, format) })
		return common&typeString != 0 || number && common&typeNumber != 0
	}
	foreign := func(format string) bool { return !about(format) }
	was, now = slices.DeleteFunc(slices.Clone(was), foreign), slices.DeleteFunc(slices.Clone(now), foreign)
	if len(was) == 1 && len(now) == 1 {
		for _, row := range numberFormats() {
			i, j := slices.Index(row, was[0]), slices.Index(row, now[0])
			switch {
			case i < 0 || j < 0 || i == j:
			case i < j:
				d.report(RuleLoosened, true, was[0], now[0], "format was %s and is %s", was[0], now[0])
				return
			default:
				d.report(RuleTightened, false, was[0], now[0], "format was %s and is %s", was[0], now[0])
				return
			}
		}
	}
	d.lists("format", was, now)
}
