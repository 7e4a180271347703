package importer

import (
	"strings"
	"unicode"
)

// settleNames gives each event the names on the wire that are its own. One schema for many
// events claims the names of all: a name goes to the event that claims the fewest, and, where
// several claim as few, to the one that is called like it. Of events that are known by one
// name alone, and by the same, the first has it.
func (r *reader) settleNames(events []Event, wirings []wiring) {
	claims := map[string][]int{}
	types := map[string]bool{}
	for i := range events {
		types[events[i].Type] = true
		for _, name := range wirings[i].names {
			claims[name] = append(claims[name], i)
		}
	}
	var doubled []string
	for i := range events {
		var own []string
		told := false
		for _, name := range wirings[i].names {
			switch {
			case name == events[i].Type:
			case types[name] || owner(name, claims[name], events, wirings) != i:
				told = true
			default:
				own = append(own, name)
			}
		}
		if len(wirings[i].names) == 1 && len(own) == 1 {
			events[i].Wire = own[0]
		} else {
			events[i].Aliases = own
		}
		if told && len(own) == 0 {
			doubled = append(doubled, events[i].Type)
		}
	}
	if len(doubled) > 0 {
		r.warnings.add("messages of these cannot be told from those of other events: %s", some(doubled))
	}
}

// maxClaimants is how many events may claim one name.
const maxClaimants = 100

// owner is the one of several claimants that has a name, -1 for none.
func owner(name string, claimants []int, events []Event, wirings []wiring) int {
	if len(claimants) > maxClaimants {
		return -1
	}
	fewest := len(wirings[claimants[0]].names)
	for _, i := range claimants {
		fewest = min(fewest, len(wirings[i].names))
	}
	best, longest, tied := -1, 2, false
	for _, i := range claimants {
		if len(wirings[i].names) != fewest {
			continue
		}
		if fewest == 1 {
			return i
		}
		switch n := likeness(name, events[i].Type); {
		case n > longest:
			best, longest, tied = i, n, false
		case n == longest:
			tied = true
		}
	}
	if len(claimants) == 1 {
		return claimants[0]
	}
	if tied {
		return -1
	}
	return best
}

// likeness is how many letters and digits two names begin with alike.
func likeness(a, b string) int {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	a, b = letters(a), letters(b)
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
