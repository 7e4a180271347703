package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// observe tells what the engine does.
func (run *deliveryRun) observe(r delivery.Report) {
	run.mu.Lock()
	defer run.mu.Unlock()
	switch m := run.app.messages(); r.Kind {
	case delivery.ReportAttempt:
		run.attempted(r)
	case delivery.ReportEnd:
		if r.Delivery != nil {
			run.finish(r.Delivery, r.Delivery.Reason)
			return
		}
		m.Warn(r.Err.Error())
	case delivery.ReportClear:
		words := standingInWords(r.Standing)
		if n := run.cancel(r.Place, words); n > 0 {
			m.Warn(fmt.Sprintf("%s is %s: %s cancelled", r.Place, words, deliveries(n)))
		}
	case delivery.ReportHold:
		m.Status(r.Place + " is " + standingInWords(r.Standing))
		run.held[r.Place] = r.Standing.Back.IsZero()
	case delivery.ReportMoved:
		m.Status(fmt.Sprintf("%s leads to %s by now: %s was changed meanwhile", r.Place, r.Standing.MovedTo, configName))
		run.held[r.Place] = true
	case delivery.ReportRelease:
		delete(run.held, r.Place)
	case delivery.ReportUnsendable:
		m.Warn(fmt.Sprintf("%s: an attempt cannot be made, and is tried again: %v", r.Place, r.Err))
	case delivery.ReportTrouble:
		m.Warn("the store cannot be used; nothing is sent meanwhile: " + r.Err.Error())
	case delivery.ReportRecovery:
		m.Status("the store works again")
	}
	run.stopWhenHeld()
}

// stopWhenHeld ends the run where nothing is pending but for places that are held until
// the user does something. run.mu is held.
func (run *deliveryRun) stopWhenHeld() {
	for _, d := range run.pending {
		if !run.held[d.Place()] {
			return
		}
	}
	if len(run.pending) > 0 {
		run.stop(errHeld)
	}
}

// attempted tells of an attempt. run.mu is held.
func (run *deliveryRun) attempted(r delivery.Report) {
	t, err := run.target(r.Place, r.Delivery.Provider)
	if err == nil {
		err = run.log.attempted(r.Delivery, r.Attempt, t.rules, &r.Step)
	}
	run.failure = errors.Join(run.failure, err)
	if err != nil {
		run.stop(err)
	}
	if r.Delivery.Over() {
		delete(run.pending, r.Delivery.ID)
		run.log.over(r.Delivery)
		return
	}
	run.pending[r.Delivery.ID] = r.Delivery
}

// finish tells of a delivery that is over without an attempt. run.mu is held.
func (run *deliveryRun) finish(d *hook.Delivery, why string) {
	delete(run.pending, d.ID)
	run.log.over(d)
	run.failure = errors.Join(run.failure, run.log.unsent(d, why))
}

// cancel tells of all that was pending for a place, and returns how many these were.
// run.mu is held.
func (run *deliveryRun) cancel(place, why string) int {
	var gone []*hook.Delivery
	for _, d := range run.pending {
		if d.Place() == place {
			gone = append(gone, d)
		}
	}
	slices.SortFunc(gone, func(a, b *hook.Delivery) int { return int(a.Seq - b.Seq) })
	for _, d := range gone {
		cancelled := *d
		cancelled.State = hook.Cancelled
		run.finish(&cancelled, why)
	}
	return len(gone)
}

// complained tells of a provider's message about a delivery that failed.
func (run *deliveryRun) complained(e *delivery.Errand, a *hook.Attempt, err error) {
	m := run.app.messages()
	switch {
	case err != nil:
		m.Warn("the message about failed deliveries: " + err.Error())
		return
	case a == nil:
		m.Status(e.Rules.Profile().Name + " would send a message about it; --errors-to URL has it sent")
		return
	case a.Failure != "":
		m.Warn("the message about failed deliveries to " + a.URL + ": " + a.Reason)
	default:
		m.Status(fmt.Sprintf("the message about failed deliveries went to %s, which answered %d", a.URL, a.Status))
	}
	a.Trigger, a.Provider = hook.TriggerSchedule, e.Rules.Profile().Name
	if a.ID, err = run.ids.New(hook.AttemptPrefix, a.StartedAt); err == nil {
		err = <-run.store.Record(a)
	}
	if err != nil {
		m.Warn("the message about failed deliveries was sent, but could not be recorded: " + err.Error())
	}
}
