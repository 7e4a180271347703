package validate

import "github.com/hookctl/hookctl/internal/hook"

// Payloads is how many there were.
func (t *Total) Payloads() int {
	return t.Valid + t.Envelope + t.Invalid + t.NoSchema + t.NotJSON + t.Trouble
}

func (t *Total) count(r *Report, f FailOn) {
	t.Faults += len(r.Validation.Faults) + r.Validation.More
	if r.Failed {
		t.Failed++
	}
	if r.Trouble != nil {
		t.Trouble++
		return
	}
	switch r.Validation.Outcome {
	case hook.Valid:
		t.Valid++
	case hook.ValidEnvelope:
		t.Envelope++
	case hook.Invalid:
		t.Invalid++
	case hook.NotJSON:
		t.NotJSON++
	default:
		t.NoSchema++
		return
	}
	if r.MustFail && f.Refuses(&r.Validation) {
		t.Refused++
	} else if r.MustFail {
		t.Accepted++
	}
}
