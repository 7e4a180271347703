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
	}
	return p.write(b.Bytes())
}

// ChangesTotal sums up the changes of so many events, those of none are not among all.
func ChangesTotal(all []EventChanges, events int) string {
	breaking, safe := 0, 0
	for _, e := range all {
		for _, c := range e.Changes {
			if c.Breaking {
				breaking++
			} else {
				safe++
			}
		}
	}
	what := fmt.Sprintf("in %d of %d events", len(all), events)
	if len(all) == 1 && all[0].Event == "" {
		what = "in the schema"
	}
	if breaking+safe == 0 {
		return "nothing changes for a handler"
	}
	return fmt.Sprintf("%d breaking and %d safe changes %s", breaking, safe, what)
}
