package delivery

import "github.com/hookctl/hookctl/internal/hook"

// A ReportKind says what a Report tells.
type ReportKind int

// The kinds of report.
const (
	// ReportAttempt: an attempt ended and is on record. Delivery, Attempt and Step say
	// what came of it: Delivery.Due is when there is another, unless Delivery is Over.
	ReportAttempt ReportKind = iota
	// ReportEnd: a delivery was found to be over, or its event could not be had any more,
	// without an attempt. Delivery.Reason says why; Delivery is nil, and Err set, where its
	// record cannot be read.
	ReportEnd
	// ReportHold: the place does not take deliveries at present; Standing says why. What is
	// pending waits. Told once, until its ReportRelease.
	ReportHold
	// ReportRelease: the place takes deliveries again.
	ReportRelease
	// ReportMoved: the endpoint leads to Standing.MovedTo by now, and is declared to lead
	// elsewhere. What is pending waits until it is declared anew. Told once until then.
	ReportMoved
	// ReportClear: Count pending deliveries were cancelled, since the place is disabled or
	// deleted, as Standing says.
	ReportClear
	// ReportResume: Count deliveries that an earlier process left pending were taken up.
	ReportResume
	// ReportStranded: Count pending deliveries go to a place that is not declared. They
	// stay pending. Told once for each place, until it is declared.
	ReportStranded
	// ReportForeign: Count pending deliveries are another living process's, which attempts
	// them. They are taken over if it dies. Told once for each place, as long as there are.
	ReportForeign
	// ReportUnsendable: Err, such as a missing secret, keeps an attempt at Delivery from
	// being made. It is tried again by and by. Told once for each place, until Err is
	// another.
	ReportUnsendable
	// ReportTrouble: the ledger cannot be used, as Err says; where it cannot be written,
	// nothing new begins meanwhile. Told once, until its ReportRecovery.
	ReportTrouble
	// ReportRecovery: the ledger works again.
	ReportRecovery
)

// A Report tells what an Engine does. What it points to is not to be changed.
type Report struct {
	Kind ReportKind
	// Place is what it is about, "" for all.
	Place    string
	Delivery *hook.Delivery
	Attempt  *hook.Attempt
	Step     Step
	Standing hook.Standing
	Count    int
	Err      error
}
