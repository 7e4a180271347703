package hook

import (
	"encoding/json"
	"fmt"
)

// validationJSON is the stable form of a validation.
type validationJSON struct {
	Outcome Validity    `json:"outcome"`
	Schema  string      `json:"schema"`
	Reason  string      `json:"reason,omitempty"`
	Fits    string      `json:"fits,omitempty"`
	Errors  []faultJSON `json:"errors"`
	More    int         `json:"more,omitempty"`
}

type faultJSON struct {
	Kind    string `json:"kind"`
	Class   Class  `json:"class"`
	Pointer string `json:"pointer"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Offset  int    `json:"offset"`
}

// MarshalJSON writes the fault in its stable form.
func (f Fault) MarshalJSON() ([]byte, error) { return marshal(faultJSON(f)) }

// MarshalJSON writes the validation in its stable form.
func (v *Validation) MarshalJSON() ([]byte, error) {
	out := validationJSON{Outcome: v.Outcome, Schema: v.Schema, Reason: v.Reason, Fits: v.Fits, Errors: make([]faultJSON, len(v.Faults)), More: v.More}
	for i, f := range v.Faults {
		out.Errors[i] = faultJSON(f)
	}
	return marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Validation) UnmarshalJSON(data []byte) error {
	var in validationJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	switch in.Outcome {
	case Valid, Invalid, ValidEnvelope, NoSchema, NotJSON:
	default:
		return fmt.Errorf("validation.outcome: want %s, %s, %s, %s or %s, got %q", Valid, Invalid, ValidEnvelope, NoSchema, NotJSON, in.Outcome)
	}
	*v = Validation{Outcome: in.Outcome, Schema: in.Schema, Reason: in.Reason, Fits: in.Fits, More: in.More}
	for _, f := range in.Errors {
		switch f.Class {
		case ClassWrong, ClassMissing, ClassDoubt:
		default:
			return fmt.Errorf("validation.errors: class: want %s, %s or %s, got %q", ClassWrong, ClassMissing, ClassDoubt, f.Class)
		}
		v.Faults = append(v.Faults, Fault(f))
	}
	return nil
}
