package render

import (
	"slices"
	"strconv"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/hook"
)

// An EndpointRow is one endpoint in a list. Provider and Events are "" where it takes
// events of all providers, or all events; Reason where it is in use.
type EndpointRow struct {
	Name             string
	Status           hook.EndpointStatus
	Provider, Events string
	URL              string
	Pending          int
	Reason           string
}

// Endpoints lists endpoints, one to a row, in columns as wide as what is in them. It writes
// nothing where there are none.
func (p *Printer) Endpoints(rows []EndpointRow) error {
	all := []column{
		{head: "NAME", least: 8}, {head: "STATE"}, {head: "PENDING", right: true, leaves: 3},
		{head: "PROVIDER", leaves: 2}, {head: "EVENTS", least: 8, leaves: 1}, {head: "URL", place: true},
	}
	if slices.ContainsFunc(rows, func(r EndpointRow) bool { return r.Reason != "" }) {
		all[len(all)-1].least = 16
		all = append(all, column{head: "REASON"})
	}
	cells := make([][]span, len(rows))
	for i := range all {
		all[i].width = columns(all[i].head)
	}
	for i := range rows {
		cells[i] = p.endpointCells(&rows[i])[:len(all)]
		for k, cell := range cells[i] {
			all[k].width = max(all[k].width, columns(cell.text))
		}
	}
	for i := range all {
		all[i].least = min(all[i].least, all[i].width)
	}
	last := &all[len(all)-1]
	last.width, last.least = 0, min(last.width, maxEvent)
	t := table{printer: p, columns: fitted(all, p.options.Width)}
	for _, row := range cells {
		if err := t.row(row); err != nil {
			return err
		}
	}
	return nil
}

func (p *Printer) endpointCells(r *EndpointRow) []span {
	orAny := func(text string) span {
		if text == "" {
			return span{"any", p.theme.faint}
		}
		return span{Safe(text), p.theme.plain}
	}
	pending := span{strconv.Itoa(r.Pending), p.theme.plain}
	if r.Pending == 0 {
		pending = span{"-", p.theme.faint}
	}
	return []span{
		{Safe(r.Name), p.theme.strong}, {string(r.Status), p.standing(r.Status)}, pending,
		orAny(r.Provider), orAny(r.Events), {Safe(r.URL), p.theme.plain}, {orDash(Safe(r.Reason)), p.theme.faint},
	}
}

// standing is the style of an endpoint's status.
func (p *Printer) standing(s hook.EndpointStatus) lipgloss.Style {
	switch s {
	case hook.Enabled:
		return p.theme.good
	case hook.Paused:
		return p.theme.warn
	}
	return p.theme.alarm
}

// ShowEndpoint writes an endpoint's facts, what is declared before what deliveries made
// of it.
func (p *Printer) ShowEndpoint(declared, state []Fact) error {
	if err := p.Facts(declared...); err != nil {
		return err
	}
	if err := p.line(); err != nil {
		return err
	}
	return p.Facts(state...)
}
