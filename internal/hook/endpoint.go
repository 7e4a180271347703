package hook

import (
	"net/url"
	"slices"
	"time"
)

// An Endpoint is a URL that deliveries go to, as the user declares it.
type Endpoint struct {
	// Name tells it apart; "" for a URL that was given on the command line.
	Name string
	URL  *url.URL
	// Provider names the profile whose policy and signature apply; "" for that of each
	// event's own provider.
	Provider string
	// Events are globs of the event types that it wants; none is all of them.
	Events []string
	// Header is sent with each delivery, in the place of fields of the same name.
	Header Header
	// Rate bounds how many attempts begin in a time; the zero Rate is no bound.
	Rate Rate
	// Concurrency is how many attempts are under way at once, at least 1. Order is only
	// kept with 1.
	Concurrency int
	// ErrorsTo is where the provider's messages about failed deliveries go; nil for nowhere.
	ErrorsTo *url.URL
}

// Place is what deliveries to e are kept under: its name, or its URL without a password.
func (e *Endpoint) Place() string {
	if e.Name != "" {
		return e.Name
	}
	return DisplayURL(e.URL)
}

// DisplayURL is u for people and for records: whole, but for its user and password.
func DisplayURL(u *url.URL) string {
	without := *u
	without.User = nil
	return without.String()
}

// Wants reports whether e chose events of the type event. One whose type is not known
// goes to the endpoints that take everything.
func (e *Endpoint) Wants(event string) bool {
	for _, glob := range e.Events {
		if glob == "*" || event != "" && Glob(glob, event) {
			return true
		}
	}
	return len(e.Events) == 0
}

// Takes reports whether e gets c: it wants the event, and where it is registered at a
// provider, that may have sent c.
func (e *Endpoint) Takes(c *Capture) bool {
	if c.Identity == nil {
		return e.Provider == "" && e.Wants("")
	}
	return (e.Provider == "" || c.Identity.Provider == e.Provider || slices.Contains(c.Identity.Candidates, e.Provider)) &&
		e.Wants(c.Identity.Event.Type)
}

// A Rate is a number of events in a time, such as 5 in a second.
type Rate struct {
	Count int
	Per   time.Duration
}

// An EndpointStatus says whether an endpoint gets deliveries.
type EndpointStatus string

// The statuses of endpoints.
const (
	Enabled EndpointStatus = "enabled"
	// Paused endpoints get nothing; what is pending waits.
	Paused EndpointStatus = "paused"
	// Disabled endpoints get nothing, and what was pending is cancelled.
	Disabled EndpointStatus = "disabled"
	// Deleted endpoints are gone at the provider: they must be registered anew.
	Deleted EndpointStatus = "deleted"
)

// A Standing is what deliveries have made of an endpoint: whether it is in use, and what
// the provider counts to decide that. The zero Standing is that of a new endpoint.
type Standing struct {
	// Status is "" for Enabled.
	Status EndpointStatus `json:"status,omitempty"`
	// Reason says in words why the status is what it is, Since from when; Until names
	// what ends it: "updated", "enabled", "recreated", or "" where Back tells the time.
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Until  string    `json:"until,omitempty"`
	Back   time.Time `json:"back,omitzero"`
	// InRow counts failed attempts in a row, Lost deliveries in a row that failed for good.
	InRow int `json:"in_row,omitempty"`
	Lost  int `json:"lost,omitempty"`
	// FailingSince is the first failure after which nothing succeeded.
	FailingSince time.Time `json:"failing_since,omitzero"`
	// FailedAt is the latest failure, GotThrough the latest success, each where some rule asks
	// for it.
	FailedAt   time.Time `json:"failed_at,omitzero"`
	GotThrough time.Time `json:"got_through,omitzero"`
	// Clocks are when the clocks of rules began to run that are not FailingSince.
	Clocks map[string]time.Time `json:"clocks,omitempty"`
	// Marks are times of failures, thinned out, Tallies what attempts came to, by time:
	// as far back as some rule looks.
	Marks   []time.Time `json:"marks,omitempty"`
	Tallies []Tally     `json:"tallies,omitempty"`
	// Fired are the rules whose effects have been had since the last success.
	Fired []string `json:"fired,omitempty"`
	// HeldUntil is before when nothing is sent, where the receiver asked for that.
	HeldUntil time.Time `json:"held_until,omitzero"`
	// MovedTo is where the endpoint leads since MovedAt, as a command has noted it.
	MovedTo string    `json:"moved_to,omitempty"`
	MovedAt time.Time `json:"moved_at,omitzero"`
	// Pace is how many times as fast as the clock the policy runs by which Back and HeldUntil
	// are planned; 0 is as fast.
	Pace float64 `json:"pace,omitempty"`
}

// movedFor is how long it counts that an endpoint has moved: who delivers there has seen it
// by then, and holds on to that.
const movedFor = 10 * time.Minute

// Anew is how the endpoint stands once it is put in use again: nothing is counted of it, and
// what holds whatever is counted stays.
func (s *Standing) Anew() Standing {
	return Standing{MovedTo: s.MovedTo, MovedAt: s.MovedAt}
}

// Move notes that the endpoint leads to another URL since the time at. One with a password,
// which is not kept, is like none before: at is then when it was declared, for whoever reads
// the declaration afterwards has not been left behind.
func (s *Standing) Move(to *url.URL, at time.Time) {
	is := *to
	if is.User != nil {
		is.User = url.User("...")
	}
	s.MovedTo, s.MovedAt = is.String(), at.UTC()
}

// Moved reports whether the endpoint leads elsewhere, at the time now, than to url, which it
// did when its declaration was read.
func (s *Standing) Moved(url string, read, now time.Time) bool {
	return s.moving(now) && s.MovedTo != url && read.Before(s.MovedAt)
}

// Settle forgets at the time now that the endpoint has moved, where that does not count any
// more.
func (s *Standing) Settle(now time.Time) {
	if !s.moving(now) {
		s.MovedTo, s.MovedAt = "", time.Time{}
	}
}

// moving reports whether it counts that the endpoint has moved. The clock may have been set
// back since.
func (s *Standing) moving(now time.Time) bool {
	return s.MovedTo != "" && !s.MovedAt.After(now) && now.Sub(s.MovedAt) < movedFor
}

// Active reports whether deliveries are made at the time now.
func (s *Standing) Active(now time.Time) bool {
	return s.Status == "" || s.Status == Enabled || !s.Back.IsZero() && !now.Before(s.Back)
}

// A Tally is what the attempts of a short time came to.
type Tally struct {
	From   time.Time `json:"from"`
	Good   int       `json:"good,omitempty"`
	Failed int       `json:"failed,omitempty"`
}
