package schema

import (
	"errors"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// Check holds text against s. The outcome is valid, invalid or not_json.
func (s *Schema) Check(text []byte) hook.Validation {
	value, err := decode(text)
	var wrong *syntaxError
	if errors.As(err, &wrong) {
		return notJSON(text, wrong)
	}
	found := jsontext.ScanText(text, textBounds())
	v := hook.Validation{Outcome: hook.Valid, More: found.More}
	faults := make([]finding, 0, len(found.Oddities))
	for _, odd := range found.Oddities {
		fault := oddFault(odd, MaxDepth)
		if fault.Class == hook.ClassWrong {
			v.Outcome = hook.Invalid
		}
		faults = append(faults, fault)
	}
	if v.Outcome == hook.Valid {
		broken, more := s.run(value, size{found.Values, found.Depth, found.Paths})
		if len(broken) > 0 {
			v.Outcome = hook.Invalid
			faults = append(faults, located(text, broken)...)
		}
		if more {
			v.More++
		}
	}
	if len(faults) == 0 {
		return v
	}
	var more int
	v.Faults, more = kept(text, faults)
	v.More += more
	return v
}

// run has the engine hold value against the schema. That it cannot is a fault as well.
// more says that there are faults beyond those found.
func (s *Schema) run(value any, of size) (found []finding, more bool) {
	found, more, err := s.engine.check(value, of)
	fault := hook.Fault{Class: hook.ClassWrong}
	switch {
	case errors.Is(err, errLong):
		fault.Kind, fault.Message = KindDeadline, err.Error()
	case err != nil:
		fault.Kind, fault.Message = KindBroken, "it cannot be checked: "+brief(err.Error())
	default:
		return found, more && len(found) > 0
	}
	return []finding{{Fault: fault}}, false
}

func notJSON(text []byte, wrong *syntaxError) hook.Validation {
	fault := hook.Fault{Kind: KindSyntax, Class: hook.ClassWrong, Message: "not JSON: " + wrong.reason, Offset: wrong.offset}
	fault.Line, fault.Column = jsontext.NewRuler(text).At(wrong.offset)
	return hook.Validation{Outcome: hook.NotJSON, Reason: "not JSON: " + wrong.reason, Faults: []hook.Fault{fault}}
}
