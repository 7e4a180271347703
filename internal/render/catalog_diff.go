package render

import (
	"bytes"
	"fmt"

	"github.com/hookctl/hookctl/internal/shape"
)

// EventChanges are what has changed of one event, the breaking changes first.
type EventChanges struct {
	// Event is its type; "" where two schemas are compared.
	Event   string
	Changes []shape.Change
	// More is how many changes there are beside them, at least; none is breaking unless
	// there are very many that are.
	More int
}

// CatalogChanges writes changes event by event.
func (p *Printer) CatalogChanges(all []EventChanges) error {
	var b bytes.Buffer
	for i, e := range all {
		if i > 0 {
			b.WriteByte('\n')
		}
		if e.Event != "" {
			writeLine(&b, p.paint(p.theme.strong, Safe(e.Event)))
		}
		for _, c := range e.Changes {
			word, style := "safe    ", p.theme.good
			if c.Breaking {
				word, style = "breaking", p.theme.alarm
			}
			writeLine(&b, "  "+p.paint(style, word)+"  "+joinedBy(": ", Safe(c.Pointer), Safe(c.Message)))
		}
		if e.More > 0 {
			writeLine(&b, fmt.Sprintf("  and %d more", e.More))
		}
	}
	return p.write(b.Bytes())
}

// ChangesTotal sums up the changes of so many events, those of none are not among all.
func ChangesTotal(all []EventChanges, events int) string {
	breaking, safe, more := 0, 0, 0
	for _, e := range all {
		more += e.More
		for _, c := range e.Changes {
			if c.Breaking {
				breaking++
			} else {
				safe++
			}
		}
	}
	if breaking+safe == 0 {
		return "nothing changes for a handler"
	}
	total := fmt.Sprintf("%d breaking and %d safe changes", breaking, safe)
	switch {
	case safe == 0:
		total = counted(breaking, "breaking change")
	case breaking == 0:
		total = counted(safe, "safe change")
	case safe == 1:
		total = fmt.Sprintf("%d breaking and 1 safe change", breaking)
	}
	if more > 0 {
		total += fmt.Sprintf(", and %d more,", more)
	}
	if len(all) == 1 && all[0].Event == "" {
		return total + " in the schema"
	}
	return total + fmt.Sprintf(" in %d of %s", len(all), counted(events, "event"))
}
