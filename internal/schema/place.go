package schema

import (
	"cmp"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// located gives faults their offsets: that of the key for a property that should not be
// there, of the value for all else.
func located(text []byte, faults []hook.Fault) []hook.Fault {
	pointers := make([]string, len(faults))
	for i := range faults {
		pointers[i] = faults[i].Pointer
	}
	for i, spot := range jsontext.Locate(text, pointers) {
		if faults[i].Offset = max(spot.Value, 0); spot.Key >= 0 && isAtKey(faults[i].Kind) {
			faults[i].Offset = spot.Key
		}
	}
	return faults
}

func isAtKey(kind string) bool {
	switch kind {
	case "additionalProperties", "unevaluatedProperties", "propertyNames", KindFalse:
		return true
	}
	return false
}

// kept are the first faults of a text, no more than MaxFaults, each once, with lines and
// columns; more is how many are left out.
func kept(text []byte, faults []hook.Fault) (first []hook.Fault, more int) {
	slices.SortFunc(faults, compare)
	faults = slices.CompactFunc(faults, func(a, b hook.Fault) bool { return compare(a, b) == 0 })
	first = slices.Clone(faults[:min(len(faults), MaxFaults)])
	ruler := jsontext.NewRuler(text)
	for i := range first {
		first[i].Line, first[i].Column = ruler.At(first[i].Offset)
	}
	return first, len(faults) - len(first)
}

func compare(a, b hook.Fault) int {
	return cmp.Or(
		cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message), cmp.Compare(a.Pointer, b.Pointer),
	)
}
