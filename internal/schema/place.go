package schema

import (
	"cmp"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// located gives findings their offsets: that of the key for a property that should not be
// there, of the value for all else.
func located(text []byte, found []finding) []finding {
	places := make([]*jsontext.Place, len(found))
	for i := range found {
		places[i] = found[i].at
	}
	for i, spot := range jsontext.Locate(text, places) {
		if found[i].Offset = max(spot.Value, 0); spot.Key >= 0 && isAtKey(found[i].Kind) {
			found[i].Offset = spot.Key
		}
	}
	return found
}

func isAtKey(kind string) bool {
	switch kind {
	case "additionalProperties", "unevaluatedProperties", "propertyNames", KindFalse:
		return true
	}
	return false
}

// kept are the first faults of a text, no more than MaxFaults, each once, with pointers,
// lines and columns; more is how many are left out.
func kept(text []byte, found []finding) (first []hook.Fault, more int) {
	slices.SortFunc(found, compare)
	found = slices.CompactFunc(found, func(a, b finding) bool { return compare(a, b) == 0 })
	ruler := jsontext.NewRuler(text)
	for _, one := range found[:min(len(found), MaxFaults)] {
		one.Line, one.Column = ruler.At(one.Offset)
		one.Pointer = one.at.ShortPointer(MaxPointer)
		first = append(first, one.Fault)
	}
	return first, len(found) - len(first)
}

func compare(a, b finding) int {
	if order := cmp.Or(
		cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message),
	); order != 0 || a.at == b.at {
		return order
	}
	return cmp.Compare(a.at.ShortPointer(MaxPointer), b.at.ShortPointer(MaxPointer))
}
