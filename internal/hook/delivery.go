package hook

import "time"

// A DeliveryState says how a delivery stands.
type DeliveryState string

// The states of deliveries. All but Pending are for good.
const (
	Pending   DeliveryState = "pending"
	Succeeded DeliveryState = "succeeded"
	Lost      DeliveryState = "failed"
	Cancelled DeliveryState = "cancelled"
)

// A Delivery is one event's journey to one endpoint: a sequence of attempts and a state.
type Delivery struct {
	// Seq is the place in the store's order, from 1; 0 until stored.
	Seq int64
	ID  ID
	// Endpoint is the name of the endpoint, "" for a URL of the command line; URL is
	// where it goes, without a password.
	Endpoint string
	URL      string
	// Provider names the profile whose policy decides.
	Provider string
	Event    Event
	// CaptureID and CaptureSeq name the capture that is delivered; "" and 0 where hookctl
	// made the event itself, which is then in Message.
	CaptureID  ID
	CaptureSeq int64
	Message    *Message
	CreatedAt  time.Time
	// Owner is the process that attempts it, while that lives; "" for none.
	Owner string
	Course
	// Reason says in words why it ended, "" where it is pending or has succeeded.
	Reason string
}

// Place is what deliveries to the same receiver share: the endpoint's name, or the URL.
func (d *Delivery) Place() string {
	if d.Endpoint != "" {
		return d.Endpoint
	}
	return d.URL
}

// A Message is an event that hookctl made, before it is signed and addressed.
type Message struct {
	Method      string
	ContentType string
	// Header is what the user adds, in the place of the provider's.
	Header Header
	Body   []byte
}

// A Course is how far a delivery has come. The zero Course is that of one that nothing
// was attempted for.
type Course struct {
	// State is "" for Pending.
	State DeliveryState
	// Tries is how many attempts have ended; Repeats is how many of them were answered
	// with a status that the policy repeats at a fixed interval, off the schedule.
	Tries, Repeats int
	// First is when the first attempt began, Last when the latest ended.
	First, Last time.Time
	// Due is when the next attempt may begin, while State is Pending, as a policy at the Pace
	// has planned it.
	Due  time.Time
	Pace Pace
}

// A Pace is how many times as fast as the clock a policy runs: Is since the time At, Was on
// average before that. 0 is as fast as the clock.
type Pace struct {
	Is  float64   `json:"is,omitempty"`
	Was float64   `json:"was,omitempty"`
	At  time.Time `json:"at,omitzero"`
}

// Over reports whether nothing more will come.
func (c *Course) Over() bool { return c.State != "" && c.State != Pending }

// A Run is one replay of many captures, which can be taken up again where it stopped.
type Run struct {
	ID        ID
	StartedAt time.Time
	// Floor is the Seq of the last attempt before the run.
	Floor int64
	// Spec says in JSON what is replayed, and how.
	Spec []byte
	// Ended is when it came to its end; zero where it did not.
	Ended time.Time
}
