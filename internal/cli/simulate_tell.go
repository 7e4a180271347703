package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
)

// begin tells what is going to happen.
func (s *simulation) begin() error {
	if s.app.global.json {
		return nil
	}
	p := render.New(s.out, s.app.printing(s.app.world.StdoutTerminal))
	types := s.types()
	s.view = p.Timeline(len(s.mail), types...)
	events := strings.Join(types, ", ")
	if n := len(s.mail); n > 1 {
		events = fmt.Sprintf("%d: %s", n, orDefault(events, "of no known type"))
		if s.options.every > 0 {
			events += ", one each " + s.options.every.text()
		}
	}
	to := "nobody: --reply-script " + s.options.script.String()
	if s.to != nil {
		to = hook.DisplayURL(s.to)
	}
	var down []string
	for _, o := range s.timeline.Outages {
		down = append(down, render.Elapsed(o.From)+" to "+render.Elapsed(o.Until))
	}
	limit, _ := s.rules.Deadline()
	deadline := ""
	if s.options.scale.given() {
		deadline = provider.Duration(limit).String() + ", really " + s.options.scale.of(limit).String()
	}
	if err := p.Facts(render.Fact{Label: "provider", Value: s.known.Name}, render.Fact{Label: "event", Value: events},
		render.Fact{Label: "to", Value: to}, render.Fact{Label: "down", Value: strings.Join(down, ", ")}, render.Fact{Label: "deadline", Value: deadline}); err != nil {
		return err
	}
	_, err := s.out.WriteString("\n")
	return err
}

// tell tells of one thing that happens, as it happens.
func (s *simulation) tell(ctx context.Context, h *delivery.Happening) error {
	s.noteReached(h)
	notice, err := s.notice(ctx, h)
	if err != nil {
		return err
	}
	if s.app.global.json {
		err = render.WriteHappening(s.out, h, notice)
	} else if err = s.view.Happening(h); err == nil && notice != nil {
		err = s.view.Note(noticeWords(notice))
	}
	if err != nil || h.Answer.Latency == 0 {
		return err
	}
	return s.out.Flush() // whoever waits for a handler sees how far it is
}

// noteReached notes whether an attempt found the handler, and warns where the first did not.
func (s *simulation) noteReached(h *delivery.Happening) {
	if h.Kind != delivery.Attempted || h.Answer.Outage {
		return
	}
	if h.Answer.Failure != hook.FailureUnreachable {
		s.reached = true
	} else if !s.reached && s.unreached == "" {
		s.unreached = h.Answer.Reason
		s.app.messages().Warn("nothing answers at " + hook.DisplayURL(s.to) + ": " + h.Answer.Reason + "; each attempt counts as a failure")
	}
}

// errorsPatience is how long the answer to a message about failures may take.
const errorsPatience = 10 * time.Second

// notice sends the provider's message about failed deliveries, where the attempt sets it
// off; nil where it does not.
func (s *simulation) notice(ctx context.Context, h *delivery.Happening) (*render.ErrorNotice, error) {
	for _, e := range h.Step.Effects {
		if !e.Errors {
			continue
		}
		attempted := s.to
		if attempted == nil {
			var err error
			if attempted, err = parseTarget("127.0.0.1:4400/" + s.known.Name); err != nil {
				return nil, err
			}
		}
		to := s.errorsTo
		if to == nil {
			to = attempted
		}
		request, err := s.rules.ErrorMessage(h.Event, attempted, to, h.Try, h.Result, h.Step.Verdict)
		if err != nil {
			return nil, err
		}
		body, err := hook.ReadBody(request.Body)
		if err != nil {
			return nil, err
		}
		n := &render.ErrorNotice{Body: string(body)}
		if s.errorsTo != nil {
			request.Deadline = errorsPatience
			a := s.client.Attempt(ctx, request, nil)
			n.URL, n.Status, n.Failure = hook.DisplayURL(s.errorsTo), a.Status, a.Failure
			h.Message = delivery.MessageGone
			if a.Failure == hook.FailureUnreachable {
				h.Message = delivery.MessageFailed
			}
		}
		return n, nil
	}
	return nil, nil
}

// noticeWords tells of a message about failed deliveries.
func noticeWords(n *render.ErrorNotice) string {
	switch {
	case n.URL == "":
		return "its message, which --errors-to URL would send: " + n.Body
	case n.Failure == hook.FailureUnreachable:
		return n.URL + " could not be told, for nothing answers there: " + n.Body
	case n.Failure != "":
		return n.URL + " was sent its message and gave no whole answer, " + n.Failure + ": " + n.Body
	}
	return fmt.Sprintf("%s got its message and answered %d: %s", n.URL, n.Status, n.Body)
}

// end tells how it all came out.
func (s *simulation) end(e *delivery.Ending) error {
	assumptions := s.rules.Assumptions(e, s.to != nil && e.Asked > 0)
	var err error
	if s.app.global.json {
		err = render.WriteEnding(s.out, s.known.Name, s.options.seed.n, e, assumptions)
	} else {
		err = s.view.End(e, assumptions)
	}
	if err != nil {
		return err
	}
	if e.Cut {
		s.app.messages().Warn("the timeline was ended after " + render.Elapsed(time.Duration(s.options.limit)) + "; --for PERIOD lets it go on")
	}
	return s.out.Flush()
}
