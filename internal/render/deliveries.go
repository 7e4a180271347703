package render

import (
	"bytes"
	"strconv"

	"github.com/charmbracelet/lipgloss"

	"github.com/hookctl/hookctl/internal/hook"
)

// stateColumns fits the longest of the states of deliveries.
const stateColumns = 9

// A DeliveryTable lists deliveries, one to a row.
type DeliveryTable struct {
	table
	held map[string]hook.EndpointStatus
}

// DeliveryTable begins a list of deliveries; held are the places that are not in use at
// present, where nothing is attempted when it is due. Nothing is written before the first row.
func (p *Printer) DeliveryTable(held map[string]hook.EndpointStatus) *DeliveryTable {
	return &DeliveryTable{held: held, table: table{printer: p, columns: fitted([]column{
		{head: "ID", width: 8}, {head: "TIME", width: 10, leaves: 1}, {head: "STATE", width: stateColumns},
		{head: "TRIES", width: 5, right: true, leaves: 2}, {head: "NEXT", width: 10, leaves: 3},
		{head: "EVENT", width: maxEvent, least: 12}, {head: "TO", width: maxEvent, least: 8, leaves: 4, place: true}, {head: "REASON", least: 12, leaves: 5},
	}, p.options.Width)}}
}

// Row writes d.
func (t *DeliveryTable) Row(d *hook.Delivery) error {
	p := t.printer
	next := span{"-", p.theme.faint}
	if !d.Over() && !d.Due.IsZero() {
		next = span{p.when(d.Due), p.theme.plain}
	}
	if status := t.held[d.Place()]; status != "" && !d.Over() {
		next = span{string(status), p.standing(status)}
	}
	reason := span{Safe(d.Reason), p.theme.alarm}
	if d.Reason == "" {
		reason = span{"-", p.theme.faint}
	}
	return t.row([]span{
		{Safe(d.ID.Short()), p.theme.plain}, {p.when(d.CreatedAt), p.theme.faint}, {Safe(stateWord(d)), p.state(d)},
		{strconv.Itoa(d.Tries), p.theme.plain}, next, {orDash(Safe(d.Event.Type)), p.theme.plain}, {orDash(Safe(d.Place())), p.theme.plain}, reason,
	})
}

// stateWord is the state of d.
func stateWord(d *hook.Delivery) string {
	if d.State == "" {
		return string(hook.Pending)
	}
	return string(d.State)
}

func (p *Printer) state(d *hook.Delivery) lipgloss.Style {
	switch d.State {
	case hook.Succeeded:
		return p.theme.good
	case hook.Lost:
		return p.theme.alarm
	case hook.Cancelled:
		return p.theme.warn
	}
	return p.theme.aside
}

// orDash is text, or a mark that there is none.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// ShowDelivery writes d in full: a summary, what is sent, and its attempts.
func (p *Printer) ShowDelivery(d *hook.Delivery, attempts []*hook.Attempt, o ShowOptions) error {
	var b bytes.Buffer
	next := ""
	if !d.Over() && !d.Due.IsZero() {
		next = p.instant(d.Due)
	}
	p.writeFacts(&b, []Fact{
		{"delivery", string(d.ID)}, {"seq", sequence(d.Seq)}, {"made", p.instant(d.CreatedAt)}, {"state", stateWord(d)}, {"reason", d.Reason},
		{"attempts", strconv.Itoa(d.Tries)}, {"next", next}, {"endpoint", d.Endpoint}, {"url", d.URL}, {"provider", d.Provider},
		{"event", d.Event.Type}, {"event id", d.Event.ID}, {"capture", string(d.CaptureID)},
	})
	if m := d.Message; m != nil {
		b.WriteByte('\n')
		header := m.Header
		if m.ContentType != "" && !header.Has("Content-Type") {
			header = append(hook.Header{{Name: "Content-Type", Value: m.ContentType}}, header...)
		}
		p.writeHead(&b, m.Method+" (signed anew for each attempt)", header, o)
		p.writeBody(&b, header, m.Body[:min(len(m.Body), maxView)], int64(len(m.Body)), "")
	}
	for _, a := range attempts {
		b.WriteByte('\n')
		p.writeAttempt(&b, a, o)
	}
	return p.write(b.Bytes())
}
