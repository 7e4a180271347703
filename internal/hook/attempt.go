package hook

import "time"

// What set an attempt off.
const (
	TriggerForward  = "forward"  // the listener, as the capture arrived
	TriggerSchedule = "schedule" // a delivery policy
	TriggerManual   = "manual"   // a person: replay, send
)

// How an attempt can fail to bring an answer.
const (
	FailureUnreachable = "unreachable" // no connection
	FailureLate        = "late"        // a deadline passed
	FailureBroken      = "broken"      // the connection ended, or was not HTTP
	FailureCancelled   = "cancelled"   // hookctl was told to stop
)

// An Attempt is one outbound HTTP exchange.
type Attempt struct {
	// Seq is the place in the store's order, from 1; 0 until stored.
	Seq int64
	ID  ID
	// CaptureID and CaptureSeq name the capture that was sent; "" and 0 where hookctl
	// made what was sent.
	CaptureID  ID
	CaptureSeq int64
	// Delivery is the delivery that the attempt is part of, "" for none, and Try its
	// number there, from 1.
	Delivery ID
	Try      int
	// Run is the run of replay that the attempt is part of, "" for none; Try then counts
	// how often the run has sent the capture.
	Run ID
	// Endpoint is the name of the endpoint, "" for a URL of the command line. Provider
	// and Event say what was sent, as far as that is known.
	Endpoint string
	Provider string
	Event    string
	// Acknowledged says whether the policy took the answer for an acknowledgement; nil
	// where nobody judged it.
	Acknowledged *bool
	// StartedAt is the wall clock in UTC, to the microsecond.
	StartedAt time.Time
	// Trigger is one of the Trigger constants.
	Trigger string
	Method  string
	// URL is where it went, without a password.
	URL string
	// Status is the HTTP status, 0 where no response head came. With FailureLate it is
	// that of an answer that came after the deadline.
	Status int
	// Latency runs from the start to the last byte of the response, or to the failure;
	// to the deadline, where nothing whole came by it.
	Latency time.Duration
	// Failure is one of the Failure constants, "" where a whole response came;
	// Reason says it in words. A response can break off after its Status.
	Failure string
	Reason  string

	ResponseProto  string
	ResponseHeader Header
	// ResponseBody is the response's body up to a cap; ResponseSize counts all of it.
	ResponseBody []byte
	ResponseSize int64

	// Reply is set when this attempt decided what the capture's sender was answered.
	Reply *Reply
}

// Truncated reports whether the response was longer than what was kept of it.
func (a *Attempt) Truncated() bool { return a.ResponseSize > int64(len(a.ResponseBody)) }

// Succeeded reports whether the target took what was sent: as the policy says, else, where
// nobody judged it, with a whole answer of status 200 to 299.
func (a *Attempt) Succeeded() bool {
	if a.Acknowledged != nil {
		return *a.Acknowledged
	}
	return a.Failure == "" && a.Status >= 200 && a.Status <= 299
}

// Failed reports whether the target did not take what was sent. What hookctl broke off
// itself has neither succeeded nor failed.
func (a *Attempt) Failed() bool { return a.Failure != FailureCancelled && !a.Succeeded() }
