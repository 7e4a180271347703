package delivery

import (
	"fmt"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Verdict says what a provider makes of an answer.
type Verdict struct {
	// Acknowledged ends the delivery well.
	Acknowledged bool
	// Action is what follows otherwise: provider.ActRetry where nothing special does.
	Action provider.Action
	// Reason says in words why it is no acknowledgement.
	Reason string

	action *provider.StatusAction
	rules  []string
}

// Counts reports whether the attempt is a failure of the endpoint: what is repeated at an
// interval is none yet.
func (v Verdict) Counts() bool { return !v.Acknowledged && v.Action != provider.ActRepeat }

// Judge says what the provider makes of res, an answer to an event of the type event.
func (r *Rules) Judge(event string, res Result) Verdict {
	if res.Failure != "" {
		return r.unanswered(res)
	}
	if r.acknowledges(res.Status) {
		if r.wantsBody(event) && !res.Body {
			return Verdict{
				Action: provider.ActRetry, rules: []string{"policy.ack.body_for"},
				Reason: fmt.Sprintf("%d without a body, which %s must have", res.Status, event),
			}
		}
		return Verdict{Acknowledged: true, rules: []string{"policy.ack.statuses"}}
	}
	v := Verdict{Action: provider.ActRetry, Reason: strconv.Itoa(res.Status) + " is no acknowledgement", rules: []string{"policy.ack.statuses"}}
	for i := range r.policy.Actions {
		if a := &r.policy.Actions[i]; a.Status.Has(res.Status) {
			v.Action, v.action = a.Do, a
			v.rules = []string{"policy.actions." + a.Status.String()}
			break
		}
	}
	return v
}

// unanswered is the verdict on an attempt that brought no whole answer in time.
func (r *Rules) unanswered(res Result) Verdict {
	v := Verdict{Action: provider.ActRetry}
	switch res.Failure {
	case hook.FailureLate:
		limit, _ := r.Deadline()
		v.rules = []string{"policy.ack.deadline"}
		v.Reason = "no answer within " + provider.Duration(limit).String()
		if res.Status != 0 {
			v.Reason = fmt.Sprintf("%d, but not within %s", res.Status, provider.Duration(limit))
		}
	case hook.FailureUnreachable:
		v.Reason = "no connection"
	case hook.FailureCancelled:
		v.Reason = "stopped"
	default:
		v.Reason = "the answer broke off"
		if res.Status == 0 {
			v.Reason = "the connection broke off"
		}
	}
	return v
}

func (r *Rules) acknowledges(status int) bool {
	for _, s := range r.policy.Ack.Statuses {
		if s.Has(status) {
			return true
		}
	}
	return false
}

func (r *Rules) wantsBody(event string) bool {
	for _, glob := range r.policy.Ack.BodyFor {
		if glob.Match(event) {
			return true
		}
	}
	return false
}
