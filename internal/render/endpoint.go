package render

import (
	"strconv"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/hook"
)

// An EndpointRow is one endpoint in a list. Provider and Events are "" where it takes
// events of all providers, or all events.
type EndpointRow struct {
	Name             string
	Status           hook.EndpointStatus
	Provider, Events string
	URL              string
	Pending          int
}

// An EndpointTable lists endpoints, one to a row.
type EndpointTable struct{ table }

// EndpointTable begins a list of endpoints. Nothing is written before the first row.
func (p *Printer) EndpointTable() *EndpointTable {
	return &EndpointTable{table{printer: p, columns: []column{
		{head: "NAME", width: 12}, {head: "STATE", width: 8}, {head: "PENDING", width: 7, right: true},
		{head: "PROVIDER", width: 12}, {head: "EVENTS", width: 18}, {head: "URL"},
	}}}
}

// Row writes r.
func (t *EndpointTable) Row(r EndpointRow) error {
	p := t.printer
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
	return t.row([]span{
		{Safe(r.Name), p.theme.strong}, {string(r.Status), p.standing(r.Status)}, pending,
		orAny(r.Provider), orAny(r.Events), {Safe(r.URL), p.theme.plain},
	})
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
