package hook

// An Identity is what hookctl made of a capture: who sent it, what it tells, and
// whether its signature holds. The zero Identity is that of a capture from nobody known.
type Identity struct {
	// Provider is the name of the profile that fits, "" where none does or several do.
	Provider string
	// Candidates are the profiles that fit where more than one does and nothing
	// decides between them; nil otherwise.
	Candidates []string
	Event      Event
	// Verification is nil where no provider is known: there was nothing to verify by.
	Verification *Verification
}

// IsZero reports whether id says nothing.
func (id *Identity) IsZero() bool {
	return id.Provider == "" && len(id.Candidates) == 0 && id.Event == (Event{}) && id.Verification == nil
}

// An Event is what the provider says happened, in the provider's own words, which
// are valid UTF-8: whoever takes them from a header or a body sees to that.
type Event struct {
	// Type is what happened: "order/created". "" where the profile does not say where
	// it stands, or it is not there.
	Type string
	// ID tells duplicates; "" where the provider has none.
	ID string
	// Time is when it happened, as it was sent: providers' times have many forms.
	Time string
	// Items is how many events the capture carries, where its body is a batch; Type,
	// ID and Time are then those of the first. 0 otherwise.
	Items int
}

// An Outcome is how a verification ended.
type Outcome string

// The outcomes. What was not checked is never taken for verified.
const (
	Verified   Outcome = "verified"
	Failed     Outcome = "failed"
	NotChecked Outcome = "not_checked"
)

// A Verification says whether a signature holds.
type Verification struct {
	Outcome Outcome
	// Scheme names the signature scheme of the profile that decided, if one did.
	Scheme string
	// Reason is a stable word for why it failed or was not checked, such as "mismatch";
	// "" where verified.
	Reason string
	// Detail says it in a sentence for people. It may hold text of the sender.
	Detail string
	// Unbound says that what was signed does not cover the whole body: a verified
	// signature then does not tell that all of it is the sender's.
	Unbound bool
}
