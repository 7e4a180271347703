package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// observe tells what the engine does.
func (desk *sendDesk) observe(r delivery.Report) {
	desk.mu.Lock()
	defer desk.mu.Unlock()
	switch m := desk.app.messages(); r.Kind {
	case delivery.ReportAttempt:
		desk.attempted(r)
	case delivery.ReportEnd:
		if r.Delivery != nil {
			desk.finish(r.Delivery, r.Delivery.Reason)
			return
		}
		m.Warn(r.Err.Error())
	case delivery.ReportClear:
		desk.cancel(r.Place, "the endpoint is "+delivery.StandingWords(r.Standing))
	case delivery.ReportHold:
		m.Status(r.Place + " is " + delivery.StandingWords(r.Standing))
		desk.held[r.Place] = r.Standing.Back.IsZero()
	case delivery.ReportRelease:
		delete(desk.held, r.Place)
	case delivery.ReportUnsendable:
		m.Warn(fmt.Sprintf("%s: an attempt cannot be made, and is tried again: %v", r.Place, r.Err))
	case delivery.ReportTrouble:
		m.Warn("the store cannot be used; nothing is sent meanwhile: " + r.Err.Error())
	case delivery.ReportRecovery:
		m.Status("the store works again")
	}
	desk.stopWhenHeld()
}

// stopWhenHeld ends the run where nothing is pending but for places that are held until
// the user does something. desk.mu is held.
func (desk *sendDesk) stopWhenHeld() {
	for _, d := range desk.pending {
		if !desk.held[d.Place()] {
			return
		}
	}
	if len(desk.pending) > 0 {
		desk.stop(errHeld)
	}
}

// attempted tells of an attempt. desk.mu is held.
func (desk *sendDesk) attempted(r delivery.Report) {
	t, err := desk.target(r.Place, r.Delivery.Provider)
	if err == nil {
		err = desk.log.attempted(r.Delivery, r.Attempt, t.rules, &r.Step)
	}
	desk.failure = errors.Join(desk.failure, err)
	if err != nil {
		desk.stop(err)
	}
	if r.Delivery.Over() {
		delete(desk.pending, r.Delivery.ID)
		desk.log.over(r.Delivery)
		return
	}
	desk.pending[r.Delivery.ID] = r.Delivery
}

// finish tells of a delivery that is over without an attempt. desk.mu is held.
func (desk *sendDesk) finish(d *hook.Delivery, why string) {
	delete(desk.pending, d.ID)
	desk.log.over(d)
	desk.failure = errors.Join(desk.failure, desk.log.unsent(d, why))
}

// cancel tells of all that was pending for a place. desk.mu is held.
func (desk *sendDesk) cancel(place, why string) {
	var gone []*hook.Delivery
	for _, d := range desk.pending {
		if d.Place() == place {
			gone = append(gone, d)
		}
	}
	slices.SortFunc(gone, func(a, b *hook.Delivery) int { return int(a.Seq - b.Seq) })
	for _, d := range gone {
		cancelled := *d
		cancelled.State = hook.Cancelled
		desk.finish(&cancelled, why)
	}
}

// complained tells of a provider's message about a delivery that failed.
func (desk *sendDesk) complained(e *delivery.Errand, a *hook.Attempt, err error) {
	m := desk.app.messages()
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
	if a.ID, err = desk.ids.New(hook.AttemptPrefix, a.StartedAt); err == nil {
		err = <-desk.store.Record(a)
	}
	if err != nil {
		m.Warn("the message about failed deliveries was sent, but could not be recorded: " + err.Error())
	}
}
