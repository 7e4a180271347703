package render

import "github.com/hookctl/hookctl/internal/hook"

const (
	// maxEvent is what is shown of a provider and its event, minEvent what is left of
	// it on a narrow terminal.
	maxEvent = 24
	minEvent = 18
)

// A CaptureTable lists captures, one to a row.
type CaptureTable struct {
	table
	event int // the width of its column
}

// CaptureTable begins a list of captures. Nothing is written before the first row.
func (p *Printer) CaptureTable() *CaptureTable {
	event := column{head: "EVENT", width: maxEvent, least: minEvent}
	all := fitted([]column{
		{head: "ID", width: 8}, {head: "TIME", width: 10, leaves: 4}, {head: "METHOD", width: codeColumns, leaves: 3},
		{head: "STATUS", width: 7}, {head: "SIZE", width: 7, right: true, leaves: 1}, {head: "MS", width: 8, right: true, leaves: 2},
		{head: "", width: marksColumns}, event, {head: "PATH", least: minTarget, leaves: 5},
	}, p.options.Width)
	return &CaptureTable{event: all[len(all)-2].width, table: table{printer: p, columns: all}}
}

// Row writes c. The path comes last and with its query: it is the one value
// without a bound.
func (t *CaptureTable) Row(c *hook.Capture) error {
	p := t.printer
	status, latency := span{"-", p.theme.faint}, span{"-", p.theme.faint}
	if c.Reply != nil {
		status, latency = p.status(c.Reply.Status), span{milliseconds(c.Reply.Latency), p.theme.plain}
		if c.Reply.Dropped != "" {
			status.text = Safe(c.Reply.Dropped)
		}
	}
	return t.row([]span{
		{Safe(c.ID.Short()), p.theme.plain}, {p.when(c.ReceivedAt), p.theme.faint}, {Safe(c.Method), p.theme.strong},
		status, {humanSize(c.BodySize), p.theme.plain}, latency, p.marks(c), p.event(c.Identity, t.event), {Safe(c.Target), p.theme.plain},
	})
}
