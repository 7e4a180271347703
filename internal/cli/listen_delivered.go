package cli

import (
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
)

// delivered queues what the engine tells for printing.
func (l *listenLog) delivered(r delivery.Report) {
	switch r.Kind {
	case delivery.ReportAttempt:
		if l.show != nil {
			report := copied(r)
			l.queue(func() { l.printDelivered(report) })
		}
		l.tellEnding(r)
		return
	case delivery.ReportEnd:
		l.notice(listener.Notice{Text: endedInWords(r)})
	case delivery.ReportHold:
		l.tellHold(r)
	case delivery.ReportMoved:
		l.status(fmt.Sprintf("endpoint %s leads to %s by now: deliveries wait until %s is read anew", r.Place, r.Standing.MovedTo, configName))
	case delivery.ReportRelease:
		l.status("endpoint " + r.Place + " takes deliveries again")
	case delivery.ReportClear:
		l.notice(listener.Notice{
			Text: fmt.Sprintf("endpoint %s is %s; %s cancelled", r.Place, standingInWords(r.Standing), deliveries(r.Count)),
			Hint: reviving(r.Place, r.Standing),
		})
	case delivery.ReportResume:
		l.status(fmt.Sprintf("going on with %s to %s that an earlier hookctl left pending", deliveries(r.Count), r.Place))
	case delivery.ReportStranded:
		l.notice(listener.Notice{Text: fmt.Sprintf("%s to %s stay pending: nothing of that name or address is delivered to now", deliveries(r.Count), r.Place)})
	case delivery.ReportForeign:
		l.status(othersInWords(r.Count, r.Place))
	case delivery.ReportUnsendable:
		l.notice(listener.Notice{Text: fmt.Sprintf("nothing is delivered to %s: %s; it is tried again by and by", r.Place, errorText(r.Err))})
	case delivery.ReportTrouble:
		l.notice(listener.Notice{Text: "deliveries wait, for they cannot be recorded: " + errorText(r.Err), Hint: "hookctl doctor looks into it"})
	case delivery.ReportRecovery:
		l.status("deliveries go on: they can be recorded again")
	}
}

// tellEnding tells of an attempt that the policy paused, disabled or deleted the endpoint
// after.
func (l *listenLog) tellEnding(r delivery.Report) {
	for _, e := range r.Step.Effects {
		if e.Do == provider.Pause || e.Do == provider.Disable || e.Do == provider.Delete {
			l.ended[r.Place] = r.Step.Standing.Since
			l.notice(listener.Notice{Text: "endpoint " + r.Place + " is " + standingInWords(r.Step.Standing), Hint: reviving(r.Place, r.Step.Standing)})
			return
		}
	}
}

// tellHold tells that deliveries wait, and why where that was not told a moment ago.
func (l *listenLog) tellHold(r delivery.Report) {
	wait := "deliveries to " + r.Place + " wait: it is "
	if since, told := l.ended[r.Place]; told && since.Equal(r.Standing.Since) {
		l.status(wait + string(r.Standing.Status))
		return
	}
	l.notice(listener.Notice{Text: wait + standingInWords(r.Standing), Hint: reviving(r.Place, r.Standing)})
}

// copied is r with a delivery that nobody changes while it is printed.
func copied(r delivery.Report) delivery.Report {
	d := *r.Delivery
	r.Delivery = &d
	return r
}

// othersInWords tells of deliveries that another process sees through.
func othersInWords(n int, place string) string {
	whose := "another hookctl's, which still runs"
	return fmt.Sprintf("%s to %s %s %s", deliveries(n), place, map[bool]string{true: "is", false: "are"}[n == 1], whose)
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

func endedInWords(r delivery.Report) string {
	if r.Delivery == nil {
		return "a delivery to " + r.Place + " cannot be read: " + errorText(r.Err)
	}
	return "delivery " + r.Delivery.ID.Short() + " to " + r.Place + " is over: " + r.Delivery.Reason
}

// reviving is the command that ends what keeps an endpoint from its deliveries.
func reviving(place string, s hook.Standing) string {
	switch {
	case s.Reason == removed, s.Until == "":
		return ""
	case s.Until == "updated":
		return "hookctl endpoint edit " + place + " updates it, and deliveries go on"
	}
	return "hookctl endpoint enable " + place + " has deliveries go on"
}

// printDelivered prints an attempt of a delivery with what follows.
func (l *listenLog) printDelivered(r delivery.Report) {
	if l.broken {
		return
	}
	if l.app.global.json {
		l.check(l.showDelivered(r))
		return
	}
	p := l.app.out()
	p.Delivered(r.Delivery, r.Attempt, l.following(r), r.Step.Verdict.Acknowledged)
	l.check(p.Err())
	for _, e := range r.Step.Effects {
		if e.Do == provider.Notify && !e.Errors { // what becomes of the endpoint is told by itself
			l.app.messages().Status(orDefault(r.Delivery.Provider, "the provider") + " would have done this too: it " + e.Words() + ", for " + e.Reason)
		}
	}
}

// following says what comes after an attempt.
func (l *listenLog) following(r delivery.Report) string {
	d := r.Delivery
	switch {
	case d.State == hook.Succeeded && d.Tries > 1:
		return fmt.Sprintf("acknowledged by attempt %d", d.Tries)
	case d.State == hook.Succeeded:
		return ""
	case d.Over():
		return orDefault(r.Step.Verdict.Reason, "failed") + "; given up: " + d.Reason
	}
	wait := d.Due.Sub(d.Last).Round(time.Millisecond)
	if wait >= time.Second {
		wait = wait.Round(time.Second)
	}
	return fmt.Sprintf("%s; attempt %d in %s", orDefault(r.Step.Verdict.Reason, "failed"), d.Tries+1, provider.Duration(wait))
}

// showDelivered writes the attempt in its stable form, with the state of its delivery.
func (l *listenLog) showDelivered(r delivery.Report) error {
	return render.WriteJSON(l.app.world.Stdout, lineOfDelivery(r.Delivery, r.Attempt, &r.Step))
}

// complained tells of a provider's message about failed deliveries.
func (l *listenLog) complained(e *delivery.Errand, a *hook.Attempt, err error) {
	switch {
	case err != nil:
		l.notice(listener.Notice{Text: "the message about failed deliveries to " + e.Endpoint.Place() + " was not made: " + errorText(err)})
	case a == nil:
		l.notice(listener.Notice{Text: e.Delivery.Provider + " would send its message about failed deliveries now", Hint: "errors_to: URL of the endpoint says where to"})
	case a.Failure != "":
		l.notice(listener.Notice{Text: "the message about failed deliveries went to " + a.URL + ": " + a.Failure + ", " + a.Reason})
	default:
		l.status(fmt.Sprintf("the message about failed deliveries went to %s, which answered %d", a.URL, a.Status))
	}
}
