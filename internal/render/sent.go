package render

import (
	"bytes"
	"strconv"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// A Sent is one attempt at a delivery, and what the provider makes of it.
type Sent struct {
	Delivery *hook.Delivery
	Attempt  *hook.Attempt
	// Verdict says in words why the answer is no acknowledgement, "" where it is one.
	Verdict string
	// Again says that the answer's body is that of the attempt before, and need not be shown.
	Again bool
	// Then is what follows, a line each.
	Then []string
}

// Sending logs a request as it goes out: its head, credentials masked, and the beginning
// of its body.
func (p *Printer) Sending(d *hook.Delivery, method, target string, header hook.Header, body []byte) error {
	var b bytes.Buffer
	writeLine(&b, p.paint(p.theme.faint, p.clock(d.CreatedAt)), "-->", d.ID.Short(), p.paint(p.theme.strong, Safe(d.Event.Type)), Safe(d.Event.ID))
	p.writeHead(&b, method+" "+target+" HTTP/1.1", header, ShowOptions{})
	p.writeBody(&b, header, body[:min(len(body), maxView)], int64(len(body)), "")
	b.WriteByte('\n')
	return p.write(b.Bytes())
}

// Sent logs an attempt that has ended. An answer that is no acknowledgement, or any when
// verbose, is followed by its first lines.
func (p *Printer) Sent(s Sent) error {
	a := s.Attempt
	verdict := span{"acknowledged", p.theme.good}
	if s.Verdict != "" {
		verdict = span{Safe(s.Verdict), p.theme.alarm}
	}
	try := ""
	if a.Try > 1 {
		try = "attempt " + strconv.Itoa(a.Try)
	}
	e := exchange{
		at: a.StartedAt.Add(a.Latency), arrow: "<--", capture: s.Delivery.ID,
		code: p.outcome(a), target: Safe(receiver(a)),
		notes: []span{verdict, {Safe(s.Delivery.Event.Type), p.theme.aside}, {try, p.theme.plain}, {humanLatency(a.Latency), p.theme.plain}},
	}
	below := e.moveBelow(p.options.Width, 0)
	if tries := e.moveBelow(p.options.Width, 2); len(tries) > 0 && len(below) > 0 {
		below[0].text = try + ": " + below[0].text
	}
	if (s.Verdict != "" || p.options.Verbose) && !s.Again {
		for _, line := range previewLines(a) {
			below = append(below, span{line, p.theme.faint})
		}
	}
	for _, line := range s.Then {
		below = append(below, span{Safe(line), p.theme.strong})
	}
	p.writeExchange(e, below)
	return p.Err()
}

// Unsent logs a delivery that ended, or goes on, without an attempt, and why.
func (p *Printer) Unsent(d *hook.Delivery, why string) error {
	return p.line(p.paint(p.theme.faint, p.clock(d.CreatedAt)), "---", d.ID.Short(), p.paint(p.theme.warn, Safe(string(d.State))),
		Safe(d.Event.Type), p.paint(p.theme.alarm, Safe(joinedBy(": ", d.Endpoint, why))))
}

// Assumptions tells which rules decided that are not certain, and what sets others, unless
// the printer is quiet.
func (p *Printer) Assumptions(all []delivery.Assumption) error {
	if p.options.Quiet {
		return nil
	}
	var b bytes.Buffer
	p.assumptions(&b, all)
	return p.write(b.Bytes())
}
