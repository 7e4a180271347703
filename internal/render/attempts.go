package render

import "github.com/hookctl/hookctl/internal/hook"

// An AttemptTable lists attempts, one to a row.
type AttemptTable struct{ table }

// AttemptTable begins a list of attempts. Nothing is written before the first row.
func (p *Printer) AttemptTable() *AttemptTable {
	return &AttemptTable{table{printer: p, columns: []column{
		{head: "ID", width: 8}, {head: "TIME", width: 10}, {head: "CAPTURE", width: 8}, {head: "TRIGGER", width: 8},
		{head: "METHOD", width: codeColumns}, {head: "STATUS", width: 6}, {head: "MS", width: 8, right: true},
		{head: "FAILURE", width: 11}, {head: "URL"},
	}}}
}

// Row writes a. The URL comes last: it is the one value without a bound.
func (t *AttemptTable) Row(a *hook.Attempt) error {
	p := t.printer
	failure := span{"-", p.theme.faint}
	if a.Failure != "" {
		failure = span{Safe(a.Failure), p.theme.alarm}
	}
	return t.row([]span{
		{Safe(a.ID.Short()), p.theme.plain}, {p.when(a.StartedAt), p.theme.faint}, {Safe(a.CaptureID.Short()), p.theme.plain},
		{Safe(a.Trigger), p.theme.plain}, {Safe(a.Method), p.theme.strong}, p.status(a.Status),
		{milliseconds(a.Latency), p.theme.plain}, failure, {Safe(a.URL), p.theme.plain},
	})
}
