package render

import "github.com/hookctl/hookctl/internal/hook"

// noID stands where a request has no id because it was not kept.
const noID hook.ID = "--------"

// Refused logs that a request was answered c.Reply and not kept, and why.
func (p *Printer) Refused(c *hook.Capture, reason string) {
	status := 0
	if c.Reply != nil {
		status = c.Reply.Status
	}
	e := exchange{
		at: c.ReceivedAt, arrow: "--x", capture: noID,
		code: p.status(status), target: Safe(c.Method + " " + c.Target),
		notes: []span{{"not kept: " + Safe(reason), p.theme.alarm}},
	}
	p.writeExchange(e, e.moveBelow(p.options.Width, 0))
}

// Width is the number of columns that lines are folded to; 0 folds nothing.
func (p *Printer) Width() int { return p.options.Width }
