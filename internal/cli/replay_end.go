package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// outcome is the failure that the replay is, or nil.
func (r *replayer) outcome(ctx context.Context, t *replayTeller, err error) error {
	total := &t.total
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
	case total.Sent == 0 && r.selection.damaged > 0:
		return cannot("hookctl doctor tells more", fmt.Errorf("replay: none of the captures could be read"))
	case total.Sent == 0:
		return r.nothing()
	case total.Failed[hook.FailureUnreachable] == total.Sent:
		return r.unreached(ctx, t)
	case total.Failed[hook.FailureUnreachable] > 0:
		if r.held != nil {
			r.app.messages().Hint(r.resumeHint("what did not reach it is still to be sent: "))
		}
		return found()
	case total.Acknowledged < total.Sent || total.Unsent > 0 || r.selection.damaged > 0:
		return found()
	}
	return nil
}

// unreached is the failure of a replay whose target takes no connection, with how much was
// not sent.
func (r *replayer) unreached(ctx context.Context, t *replayTeller) error {
	err := fmt.Errorf("replay: %s cannot be reached: %s", r.target.name(), t.unreachable)
	if reached := t.total.Sent - t.total.Failed[hook.FailureUnreachable]; !r.options.single() && !r.options.stdin() {
		if all := r.selection.count(ctx); all > 0 {
			err = fmt.Errorf("%w; %d of %d were not sent", err, max(all-reached, 0), all)
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

// nothing says that there was nothing to send: no failure where only what failed or is
// missing was asked for, or all was sent before.
func (r *replayer) nothing() error {
	switch {
	case r.selection.done.Len() > 0:
		r.app.messages().Status("all of it had been sent")
		return nil
	case r.selection.unwanted > 0 && !r.options.filtered():
		return usage("captures that are named by their ids go there all the same", "replay: the endpoint %s wants none of the captures that fit", r.target.name())
	case r.options.filtered():
		r.app.messages().Status("nothing to send: no capture failed or is missing at " + r.target.name())
		return nil
	case r.options.stdin():
		return usage("hookctl captures list --json prints them", "replay: no ids came on standard input")
	}
	return usage("hookctl captures list shows what there is", "replay: no captures fit")
}
