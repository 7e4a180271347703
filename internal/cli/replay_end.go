package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/replay"
)

// outcome is the failure that the replay is, or nil.
func (r *replayer) outcome(ctx context.Context, t *replayTeller, err error) error {
	total, whole := &t.total, &t.whole
	switch {
	case errors.Is(err, replay.ErrUnreachable):
		return r.unreached(ctx, t)
	case err != nil:
		if r.held != nil && !isNotFound(err) {
			r.app.messages().Hint(r.resumeHint(""))
		}
		return err
	case total.Sent+total.Stopped == 0 && total.Unsent > 0:
		return r.unsendable(t.unsent)
	case whole.Sent == 0 && r.selection.damaged > 0:
		return cannot("hookctl doctor tells more", fmt.Errorf("replay: none of the captures could be read"))
	case whole.Sent == 0:
		return r.nothing()
	case total.Sent == 0 && total.Unsent+r.selection.damaged == 0:
		r.app.messages().Status("all of it had been sent")
	case total.Sent > 0 && total.Failed[hook.FailureUnreachable] == total.Sent:
		return r.unreached(ctx, t)
	case total.Failed[hook.FailureUnreachable] > 0:
		if r.held != nil {
			r.app.messages().Hint(r.resumeHint("what did not reach it is still to be sent: "))
		}
		return r.found(whole)
	}
	if whole.Acknowledged < whole.Sent || total.Unsent > 0 || r.selection.damaged > 0 {
		return r.found(whole)
	}
	return nil
}

// found is the failure of a replay that was not acknowledged in whole. Where nobody was
// told so, it tells what came of it.
func (r *replayer) found(whole *replay.Total) error {
	if r.app.global.quiet && !r.app.global.json {
		r.app.messages().Warn(render.ReplayTally(whole))
	}
	return found()
}

// unreached is the failure of a replay whose target takes no connection, with how much was
// not sent.
func (r *replayer) unreached(ctx context.Context, t *replayTeller) error {
	err := fmt.Errorf("replay: %s cannot be reached: %s", r.target.name(), t.unreachable)
	if reached := t.total.Sent - t.total.Failed[hook.FailureUnreachable]; !r.options.single() && !r.options.stdin() {
		if all := r.selection.count(ctx); all > 0 {
			err = fmt.Errorf("%w; %d of %d were not sent", err, max(all-reached, 0), all+r.before.Sent)
		}
	}
	return cannot(r.resumeHint("start it, then "), err)
}

// unsendable is the failure of a replay of which nothing could be sent, for this reason.
func (r *replayer) unsendable(err error) error {
	if errors.Is(err, replay.ErrUnknown) {
		return usage("--provider NAME says who did, --sign original sends it as it came", "--sign %s: %w", r.options.Sign, err)
	}
	return err
}

func (r *replayer) resumeHint(before string) string {
	if r.held == nil {
		return ""
	}
	return before + r.options.resumeCommand() + " goes on where it stopped"
}

// nothing says that there was nothing to send, which is no failure: a night in which nothing
// went wrong leaves nothing to repeat.
func (r *replayer) nothing() error {
	m := r.app.messages()
	switch {
	case r.selection.unwanted > 0 && !r.options.filtered():
		m.Status("nothing to send: the endpoint " + r.target.name() + " wants none of the captures that fit")
		m.Hint("captures that are named by their ids go there all the same")
	case r.options.filtered():
		m.Status("nothing to send: no capture failed or is missing at " + r.target.name())
	case r.options.stdin():
		m.Status("nothing to send: no ids came on standard input")
	default:
		m.Status("nothing to send: no captures fit")
	}
	return nil
}
