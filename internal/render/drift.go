package render

import (
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// A DriftTable lists drifts, one to a row.
type DriftTable struct{ table }

// DriftTable begins a list of drifts. Nothing is written before the first row.
func (p *Printer) DriftTable() *DriftTable {
	return &DriftTable{table{printer: p, columns: []column{
		{head: "EVENT", width: maxEvent}, {head: "COUNT", width: 7, right: true}, {head: "FIRST", width: 10}, {head: "LAST", width: 10},
		{head: "EXAMPLE", width: 8}, {head: "DRIFT"},
	}}}
}

// Row writes d.
func (t *DriftTable) Row(d *hook.Drift) error {
	p := t.printer
	event := p.event(&hook.Identity{Provider: d.Provider, Event: hook.Event{Type: d.Event}}, maxEvent)
	return t.row([]span{
		event, {strconv.FormatInt(d.Count, 10), p.theme.plain}, {p.when(d.First), p.theme.faint}, {p.when(d.Last), p.theme.faint},
		{Safe(d.Example.Short()), p.theme.plain}, {Safe(DriftInWords(*d)), p.theme.warn},
	})
}
