package provider

// A Policy is how the provider delivers: what it takes for an acknowledgement, what
// it sends again and when, and what it does in the end.
type Policy struct {
	Ack AckRule `yaml:"ack"`
	// Actions are what statuses other than acknowledgements lead to, where that is
	// not the ordinary retry.
	Actions []StatusAction `yaml:"actions"`
	Retry   RetryRule      `yaml:"retry"`
	// Variants are other retry rules that can be chosen by name.
	Variants []RetryVariant `yaml:"variants"`
	// Exhausted is what is done when the last attempt has failed.
	Exhausted []Effect `yaml:"exhausted"`
	// Failing is what is done to an endpoint that keeps failing.
	Failing []FailureRule `yaml:"failing"`
	// Recovered is what is done when an attempt is acknowledged after others that were not.
	Recovered RecoveryRule `yaml:"recovered"`
	// Headers are sent with attempts only, such as their number.
	Headers []HeaderRule `yaml:"headers"`
	// Causes are the provider's own words for why there is a retry.
	Causes []CauseWord `yaml:"causes"`
	// Restamp says whether an attempt is signed anew, with a timestamp of its own.
	Restamp Ternary `yaml:"restamp"`
	// Ordered says whether events are delivered in order.
	Ordered Ternary `yaml:"ordered"`
	// Errors describes the message that is sent to a second URL when a delivery fails.
	Errors ErrorHook `yaml:"errors"`
	// Resend are the ways in which a user can have deliveries repeated.
	Resend []string `yaml:"resend"`
}

// Cause is the provider's word for why an attempt failed: failure is one of the
// hook.Failure constants, "" for an answer that is none. It is "" where the provider
// has no word.
func (p *Policy) Cause(failure string) string {
	after := AfterFailure(failure)
	if failure == "" {
		after = AfterStatus
	}
	other := ""
	for _, c := range p.Causes {
		if c.After == after {
			return c.Word
		}
		if c.After == AfterOther {
			other = c.Word
		}
	}
	return other
}

// A CauseWord is what a provider calls a failure.
type CauseWord struct {
	After AfterFailure `yaml:",key"`
	Word  string       `yaml:",value"`
}

// An AckRule says what counts as an acknowledgement.
type AckRule struct {
	Statuses []StatusRange `yaml:"statuses"`
	// Readings are other lists of statuses that can be chosen by name, where what the
	// provider says can be read in several ways.
	Readings []AckReading `yaml:"readings"`
	// Deadline is how long the whole answer may take, Connect how long the connection.
	// 0 where the provider does not say.
	Deadline Duration `yaml:"deadline"`
	Connect  Duration `yaml:"connect"`
	// BodyFor are globs of the events whose answer must have a body that means something.
	BodyFor []Glob `yaml:"body_for"`
	// Kept is how many bytes of an answer the provider keeps.
	Kept int `yaml:"kept"`
}

// An AckReading is a list of statuses with a name.
type AckReading struct {
	Name     string        `yaml:",key"`
	Statuses []StatusRange `yaml:",value"`
}

// A StatusAction says what a status leads to.
type StatusAction struct {
	Status StatusRange `yaml:",key"`
	Do     Action      `yaml:"do"`
	// Every is the interval of a retry that does not follow the schedule; Attempts its
	// end, 0 for none.
	Every    Duration `yaml:"every"`
	Attempts int      `yaml:"attempts"`
}

// A RetryRule is a schedule: explicit delays, or delays that grow, or both in turn.
type RetryRule struct {
	// Attempts is how many there are in all, the first included; 0 where nothing says.
	Attempts int `yaml:"attempts"`
	// Delays are the waits between attempts, from the end of one to the begin of the next.
	Delays []Duration `yaml:"delays"`
	// Exponential continues where Delays end.
	Exponential *Exponential `yaml:"exponential"`
	// Window is the time after the first attempt in which all others lie; 0 for no limit.
	// Where there are neither Delays nor Exponential the attempts are spread over it evenly.
	Window Duration `yaml:"window"`
	// Jitter is the greatest part by which a delay varies, in percent.
	Jitter int `yaml:"jitter"`
	// RetryAfter says what a Retry-After of the receiver does.
	RetryAfter RetryAfterRule `yaml:"retry_after"`
	// Floor are the shortest delays after some failures.
	Floor []DelayFloor `yaml:"floor"`
	// ManualAgain says whether a failed manual attempt is put on the schedule.
	ManualAgain Ternary `yaml:"manual_again"`
}

// Exponential delays grow from Base by Factor up to Max.
type Exponential struct {
	Base   Duration `yaml:"base"`
	Factor Decimal  `yaml:"factor"`
	Max    Duration `yaml:"max"`
}

// A RetryAfterRule says how far a Retry-After header is followed.
type RetryAfterRule struct {
	Honoured bool `yaml:"honoured"`
	// AtMost is the greatest multiple of the scheduled delay; 0 for no bound.
	AtMost Decimal `yaml:"at_most"`
}

// A DelayFloor is the shortest delay after a failure: "timeout", "reset" or a status.
type DelayFloor struct {
	After string   `yaml:",key"`
	Delay Duration `yaml:",value"`
}

// A RetryVariant is a retry rule with a name.
type RetryVariant struct {
	Name  string    `yaml:",key"`
	Retry RetryRule `yaml:",value"`
}

// A FailureRule says when an endpoint counts as failing and what then happens.
// The conditions that are set must all hold.
type FailureRule struct {
	Name string `yaml:",key"`
	// Each failed attempt sets it off.
	Each bool `yaml:"each"`
	// Consecutive failed attempts, or Deliveries that failed for good, in a row.
	Consecutive int `yaml:"consecutive"`
	Deliveries  int `yaml:"deliveries"`
	// Attempt is the number of the attempt of one delivery that fails.
	Attempt int `yaml:"attempt"`
	// For is how long everything has failed; Within the time in which failures count.
	For    Duration `yaml:"for"`
	Within Duration `yaml:"within"`
	// Apart is the least time between the first and the last failure that start the clock of For.
	Apart Duration `yaml:"apart"`
	// Exhausted is that a delivery has failed for good with its last attempt, and that nothing
	// else got through since its first.
	Exhausted bool `yaml:"exhausted"`
	// Forget is how long after a failure the time of For begins anew with the next; 0 for
	// never.
	Forget Duration `yaml:"forget"`
	// Percent of attempts that fail Within.
	Percent int      `yaml:"percent"`
	Do      []Effect `yaml:"do"`
	// Until says what ends the effect: "updated", "enabled", "recreated", or a duration.
	Until string `yaml:"until"`
}

// A RecoveryRule says when a delivery that was failing counts as recovered.
type RecoveryRule struct {
	// After is how many attempts at it must have failed; 0 for never.
	After int      `yaml:"after"`
	Do    []Effect `yaml:"do"`
}

// An Effect is something a provider does when deliveries fail, or do no longer.
type Effect struct {
	Do Consequence `yaml:"do"`
	// Who is told, or the event type that is sent.
	Whom  string `yaml:"whom"`
	Event string `yaml:"event"`
}

// An ErrorHook describes the message about a failed delivery.
type ErrorHook struct {
	// After is the number of failed attempts in a row that set it off; 0 for none.
	After int `yaml:"after"`
	// Body has the fields of the message and what they say. A field that is a number
	// alone is written as one.
	Body []HeaderRule `yaml:"body"`
}
