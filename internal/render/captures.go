package render

import "github.com/hookctl/hookctl/internal/hook"

// A CaptureTable lists captures, one to a row.
type CaptureTable struct{ table }

// CaptureTable begins a list of captures. Nothing is written before the first row.
func (p *Printer) CaptureTable() *CaptureTable {
	return &CaptureTable{table{printer: p, columns: []column{
		{head: "ID", width: 8}, {head: "TIME", width: 10}, {head: "METHOD", width: codeColumns},
		{head: "STATUS", width: 7}, {head: "SIZE", width: 7, right: true}, {head: "MS", width: 8, right: true}, {head: "PATH"},
	}}}
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
		status, {humanSize(c.BodySize), p.theme.plain}, latency, {Safe(c.Target), p.theme.plain},
	})
}
