package render

import (
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// Drifts lists drifts, one to a row. There are few, so that the columns are as wide as
// what is in them; a terminal cuts the events.
func (p *Printer) Drifts(all []*hook.Drift) error {
	t := table{printer: p, columns: []column{
		{head: "EVENT"}, {head: "COUNT", right: true}, {head: "FIRST"}, {head: "LAST"}, {head: "EXAMPLE"}, {head: "DRIFT"},
	}}
	rows := make([][]span, len(all))
	for i, d := range all {
		rows[i] = p.driftRow(d)
	}
	for i := range t.columns[:len(t.columns)-1] {
		t.columns[i].width = columns(t.columns[i].head)
		for _, cells := range rows {
			t.columns[i].width = max(t.columns[i].width, columns(cells[i].text))
		}
	}
	for _, cells := range rows {
		if err := t.row(cells); err != nil {
			return err
		}
	}
	return nil
}

func (p *Printer) driftRow(d *hook.Drift) []span {
	return []span{
		p.event(&hook.Identity{Provider: d.Provider, Event: hook.Event{Type: d.Event}}, maxEvent),
		{strconv.FormatInt(d.Count, 10), p.theme.plain}, {p.when(d.First), p.theme.faint}, {p.when(d.Last), p.theme.faint},
		{Safe(d.Example.Short()), p.theme.plain}, {Safe(DriftInWords(*d)), p.theme.warn},
	}
}
