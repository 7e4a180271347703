package validate

import "github.com/hookctl/hookctl/internal/hook"

// Payloads is how many there were.
func (t *Total) Payloads() int {
	return t.Valid + t.Envelope + t.Invalid + t.NoSchema + t.NotJSON + t.Trouble
}

func (t *Total) count(r *Report, f FailOn) {
	if r.Failed {
		t.Failed++
	}
	if r.MustFail {
		t.judge(r, f)
	}
	if r.Trouble != nil {
		t.Trouble++
		return
	}
	faults := len(r.Validation.Faults) + r.Validation.More
	switch r.Validation.Outcome {
	case hook.Valid:
		t.Valid++
		t.Doubts += faults
	case hook.ValidEnvelope:
		t.Envelope++
		t.Doubts += faults
	case hook.Invalid:
		t.Invalid++
		t.Faults += faults
	case hook.NotJSON:
		t.NotJSON++
	default:
		t.NoSchema++
	}
}

// judge counts what had to be refused.
func (t *Total) judge(r *Report, f FailOn) {
	switch {
	case r.Trouble != nil || r.Validation.Outcome == hook.NoSchema:
		t.Unjudged++
	case f.Refuses(&r.Validation):
		t.Refused++
	default:
		t.Accepted++
	}
}
