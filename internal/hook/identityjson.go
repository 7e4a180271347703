package hook

import "fmt"

// identityJSON is the part of a capture's stable form that says what was made of
// it. It has no field for what is not known.
type identityJSON struct {
	Provider     string            `json:"provider,omitempty"`
	Candidates   []string          `json:"candidates,omitempty"`
	Event        *eventJSON        `json:"event,omitempty"`
	Verification *verificationJSON `json:"verification,omitempty"`
}

type eventJSON struct {
	Type  string `json:"type,omitempty"`
	ID    string `json:"id,omitempty"`
	Time  string `json:"time,omitempty"`
	Items int    `json:"items,omitempty"`
}

type verificationJSON struct {
	Outcome Outcome `json:"outcome"`
	Scheme  string  `json:"scheme"`
	Reason  string  `json:"reason"`
	Detail  string  `json:"detail,omitempty"`
	Unbound bool    `json:"unbound,omitempty"`
}

func newIdentityJSON(id *Identity) identityJSON {
	if id == nil {
		return identityJSON{}
	}
	out := identityJSON{Provider: id.Provider, Candidates: id.Candidates}
	if id.Event != (Event{}) {
		event := eventJSON(id.Event)
		out.Event = &event
	}
	if id.Verification != nil {
		verification := verificationJSON(*id.Verification)
		out.Verification = &verification
	}
	return out
}

// identity is what in says, or nil where that is nothing.
func (in identityJSON) identity() (*Identity, error) {
	id := &Identity{Provider: in.Provider, Candidates: in.Candidates}
	if in.Event != nil {
		id.Event = Event(*in.Event)
	}
	if in.Verification != nil {
		verification := Verification(*in.Verification)
		id.Verification = &verification
		switch verification.Outcome {
		case Verified, Failed, NotChecked:
		default:
			return nil, fmt.Errorf("verification.outcome: want %s, %s or %s, got %q", Verified, Failed, NotChecked, verification.Outcome)
		}
	}
	if id.IsZero() {
		return nil, nil
	}
	return id, nil
}
