package render

import (
	"mime"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// codeColumns fits OPTIONS, the longest of the common methods; statuses share the column.
	codeColumns = 7
	// beforeTarget is where the target begins: time, arrow, id and code, with two spaces after each.
	beforeTarget = 8 + 2 + 3 + 2 + 8 + 2 + codeColumns + 2
	// minTarget is what is left of a target on a narrow terminal.
	minTarget = 12
	// minNote is what is left of a note.
	minNote = 8
	// maxMediaType is what is shown of a content type.
	maxMediaType = 40
	// noStatus stands where there is no status.
	noStatus = "---"
)

// Remarks are what was found out about a capture besides what it has with it.
type Remarks struct {
	// Notes stand on its line.
	Notes []string
	// Unchecked says that the body could not be held against anything.
	Unchecked bool
	// New are drifts that were not seen before.
	New []hook.Drift
}

// Received logs that c has arrived and is kept: who sent it, what it tells, whether
// its signature holds and whether its body is what the catalog says, as far as that is
// known.
func (p *Printer) Received(c *hook.Capture, r Remarks) {
	e := exchange{
		at: c.ReceivedAt, arrow: "-->", capture: c.ID,
		code: span{Safe(c.Method), p.theme.strong}, target: Safe(c.Target),
		notes: []span{
			{fold(Safe(mediaType(c.Header)), maxMediaType), p.theme.faint}, {humanSize(c.BodySize), p.theme.plain},
			p.sender(c), {whyUnverified(c.Identity), p.theme.alarm},
		},
	}
	for _, note := range r.Notes {
		e.notes = append(e.notes, span{Safe(note), p.theme.aside})
	}
	var below []span
	for i := 3; i < len(e.notes); i++ {
		below = append(below, e.moveBelow(p.options.Width, i)...)
	}
	below = append(below, p.bodyLines(c.Validation, r)...)
	if p.options.Verbose {
		for _, fact := range append(identityDetails(c.Identity), validationDetails(c.Validation)...) {
			below = append(below, span{Safe(fact), p.theme.faint})
		}
	}
	p.writeExchange(e, below)
}

// Assessed logs what was found of the body of c after it was logged as received.
func (p *Printer) Assessed(c *hook.Capture, r Remarks) {
	e := exchange{at: c.ReceivedAt, arrow: " = ", capture: c.ID, code: p.marks(c), target: "body", notes: []span{p.event(c.Identity, 0)}}
	below := p.bodyLines(c.Validation, r)
	for _, fact := range validationDetails(c.Validation) {
		below = append(below, span{Safe(fact), p.theme.faint})
	}
	p.writeExchange(e, below)
}

// Replied logs the reply that hookctl itself gave to c. It writes nothing while
// there is none.
func (p *Printer) Replied(c *hook.Capture) {
	if c.Reply == nil {
		return
	}
	p.writeExchange(exchange{
		at: c.ReceivedAt.Add(c.Reply.Latency), arrow: "<--", capture: c.ID,
		code: p.status(c.Reply.Status), target: howReplied(c.Reply),
		notes: []span{{humanLatency(c.Reply.Latency), p.theme.plain}},
	}, nil)
}

// Attempted logs what came of sending c on. Where the answer was not what the
// sender of c got, it says so. An answer that reports an error, or any
// when verbose, is followed by its first lines.
func (p *Printer) Attempted(c *hook.Capture, a *hook.Attempt) {
	status, relayed := p.outcome(a), span{}
	if a.Reply != nil {
		status = p.status(a.Reply.Status)
	} else if a.Trigger == hook.TriggerForward {
		relayed = span{"not relayed", p.theme.faint}
	}
	p.answered(c.ID, a, status, relayed)
}

// Delivered logs an attempt of a delivery, with what follows it in words.
func (p *Printer) Delivered(d *hook.Delivery, a *hook.Attempt, following string, acknowledged bool) {
	id := d.CaptureID
	if id == "" {
		id = d.ID
	}
	style := p.theme.alarm
	if acknowledged {
		style = p.theme.faint
	}
	p.answered(id, a, p.outcome(a), span{Safe(following), style})
}

// answered logs the answer to a, an attempt at what has the id.
func (p *Printer) answered(id hook.ID, a *hook.Attempt, status, remark span) {
	e := exchange{
		at: a.StartedAt.Add(a.Latency), arrow: "<--", capture: id,
		code: status, target: Safe(receiver(a)),
		notes: []span{{whyFailed(a), p.theme.alarm}, {humanLatency(a.Latency), p.theme.plain}, remark},
	}
	below := append(e.moveBelow(p.options.Width, 0), e.moveBelow(p.options.Width, 2)...)
	if a.Status >= 400 || p.options.Verbose {
		for _, line := range previewLines(a) {
			below = append(below, span{line, p.theme.faint})
		}
	}
	p.writeExchange(e, below)
}

// receiver is where a went: an endpoint by its name.
func receiver(a *hook.Attempt) string {
	if a.Endpoint != "" {
		return a.Endpoint
	}
	return a.URL
}

// status is code as it is shown, 0 being none.
func (p *Printer) status(code int) span {
	if code == 0 {
		return span{noStatus, p.theme.alarm}
	}
	return span{strconv.Itoa(code), p.theme.status(code)}
}

// outcome is the status of a as it is shown: one that came too late, or with half an
// answer, is none to be glad of.
func (p *Printer) outcome(a *hook.Attempt) span {
	shown := p.status(a.Status)
	if a.Failure != "" {
		shown.style = p.theme.alarm
	}
	return shown
}

func howReplied(r *hook.Reply) string {
	switch {
	case r.Dropped == hook.DroppedTimeout:
		return "no reply: held open, then closed"
	case r.Dropped == hook.DroppedReset:
		return "no reply: connection reset"
	case r.From == hook.FromEndpoint:
		return "replied by the endpoint"
	}
	return "replied by hookctl"
}

// whyFailed says how a went wrong, or nothing.
func whyFailed(a *hook.Attempt) string {
	if a.Failure == "" {
		return ""
	}
	if a.Reason == "" {
		return Safe(a.Failure)
	}
	return Safe(a.Failure + ": " + a.Reason)
}

// mediaType is the content type that h states, without parameters where it can be read.
func mediaType(h hook.Header) string {
	stated := h.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(stated); err == nil {
		return media
	}
	return stated
}
