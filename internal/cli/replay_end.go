package cli

import (
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// outcome is the failure that the replay is, or nil.
func (r *replayer) outcome(t *replayTeller, err error) error {
	total := &t.total
	switch {
	case errors.Is(err, replay.ErrUnreachable):
		return cannot(r.resumeHint("start it, then "), fmt.Errorf("replay: %s cannot be reached: %s", r.target.name(), t.unreachable))
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
		return cannot(r.resumeHint("start it, then "), fmt.Errorf("replay: %s cannot be reached: %s", r.target.name(), t.unreachable))
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
	case r.options.filtered():
		r.app.messages().Status("nothing to send: no capture failed or is missing at " + r.target.name())
		return nil
	case r.options.stdin():
		return usage("hookctl captures list --json prints them", "replay: no ids came on standard input")
	}
	return usage("hookctl captures list shows what there is", "replay: no captures fit")
}
