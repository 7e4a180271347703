package validate

import (
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
)

// FailLevels are the words of FailOn, each counting what the one before it counts.
func FailLevels() []string {
	return []string{string(FailNever), string(FailWrong), string(FailMissing), string(FailUnknown), string(FailDoubt)}
}

func (f FailOn) level() int { return slices.Index(FailLevels(), string(f)) }

func (f FailOn) includes(other FailOn) bool { return f.level() >= other.level() }

// Counts reports whether faults of a class count against the run.
func (f FailOn) Counts(class hook.Class) bool { return f.includes(levelOf(class)) }

// counts reports whether a payload that may be refused or accepted counts against the
// run as it came out.
func (f FailOn) counts(v *hook.Validation) bool {
	if v.Outcome == hook.NoSchema && f.includes(FailUnknown) {
		return true
	}
	return f != FailNever && f.Refuses(v)
}

// Refuses reports whether what was found is enough to refuse the payload. Under
// FailNever that is what FailMissing counts: something must part the good from the bad.
func (f FailOn) Refuses(v *hook.Validation) bool {
	if f == FailNever {
		f = FailMissing
	}
	if v.Outcome == hook.NotJSON {
		return true
	}
	if v.Outcome == hook.Invalid && len(v.Faults) == 0 {
		return true
	}
	return slices.ContainsFunc(v.Faults, func(fault hook.Fault) bool { return f.Counts(fault.Class) })
}

func levelOf(class hook.Class) FailOn {
	switch class {
	case hook.ClassMissing:
		return FailMissing
	case hook.ClassDoubt:
		return FailDoubt
	}
	return FailWrong
}
