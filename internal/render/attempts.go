package render

import (
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// An AttemptTable lists attempts, one to a row.
type AttemptTable struct{ table }

// AttemptTable begins a list of attempts. Nothing is written before the first row.
func (p *Printer) AttemptTable() *AttemptTable {
	return &AttemptTable{table{printer: p, columns: fitted([]column{
		{head: "ID", width: 8}, {head: "TIME", width: 10, leaves: 6}, {head: "TRIGGER", width: 8, leaves: 1}, {head: "EVENT", width: maxEvent, least: 8},
		{head: "STATUS", width: 6}, {head: "MS", width: 8, right: true, leaves: 3}, {head: "TRY", width: 3, right: true, leaves: 4},
		{head: "ENDED", width: endedColumns}, {head: "TO", least: 11, leaves: 5, place: true},
	}, p.options.Width)}}
}

// endedColumns fits the longest word for how an attempt ended.
const endedColumns = 12

// Row writes a. Where it went comes last: it is the one value without a bound.
func (t *AttemptTable) Row(a *hook.Attempt) error {
	p := t.printer
	try, to := "-", a.URL
	if a.Try > 0 {
		try = strconv.Itoa(a.Try)
	}
	if a.Endpoint != "" {
		to = a.Endpoint
	}
	return t.row([]span{
		{Safe(a.ID.Short()), p.theme.plain}, {p.when(a.StartedAt), p.theme.faint}, {Safe(a.Trigger), p.theme.plain},
		{orDash(Safe(a.Event)), p.theme.plain}, p.outcome(a), {milliseconds(a.Latency), p.theme.plain}, {try, p.theme.plain},
		p.ended(a), {Safe(to), p.theme.plain},
	})
}

// ended says in a word how a ended: how it failed, else what the policy made of it.
func (p *Printer) ended(a *hook.Attempt) span {
	switch {
	case a.Failure != "":
		return span{Safe(a.Failure), p.theme.alarm}
	case a.Failed():
		return span{"failed", p.theme.alarm}
	case a.Acknowledged == nil:
		return span{"-", p.theme.faint}
	}
	return span{"acknowledged", p.theme.good}
}
