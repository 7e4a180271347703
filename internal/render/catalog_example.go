package render

import (
	"bytes"

	"github.com/hookctl/hookctl/internal/hook"
)

// An ExampleRow is one of a catalog's own examples in a list.
type ExampleRow struct {
	Event, File string
	Bytes       int64
	Outcome     hook.Validity
	Reason      string
}

// Examples lists examples.
func (p *Printer) Examples(rows []ExampleRow) error {
	var b bytes.Buffer
	g := grid{heads: []string{"EVENT", "SIZE", "OUTCOME", "FILE"}}
	for _, row := range rows {
		style := p.theme.good
		if !row.Outcome.Passed() {
			style = p.theme.alarm
		}
		last := Safe(row.File)
		if row.Reason != "" {
			last += ": " + Safe(row.Reason)
		}
		g.rows = append(g.rows, gridRow{cells: []span{
			{Safe(row.Event), p.theme.strong}, {humanSize(row.Bytes), p.theme.plain}, {string(row.Outcome), style}, {last, p.theme.plain},
		}})
	}
	p.writeGrid(&b, g)
	return p.write(b.Bytes())
}
