package importer

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// A proof is what compiling an event's schema and checking its examples has found.
type proof struct {
	fault    error
	warnings []string
	invalid  map[int]string // examples by index, with what is wrong
}

// prove compiles every schema, leaves out those that do not, and the examples that are not
// as their schema says.
func (r *reader) prove(im *Import) error {
	proofs := make([]proof, len(im.Events))
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(im.Events)) {
		wait.Go(func() {
			for i := range next {
				if r.ctx.Err() == nil {
					proofs[i] = r.proofOf(&im.Events[i])
				}
			}
		})
	}
	for i := range im.Events {
		next <- i
	}
	close(next)
	wait.Wait()
	if err := r.ctx.Err(); err != nil {
		return err
	}
	kept := im.Events[:0]
	for i := range im.Events {
		event, p := im.Events[i], proofs[i]
		if p.fault != nil {
			im.Broken = append(im.Broken, Broken{event.Type, p.fault.Error()})
			continue
		}
		for _, line := range p.warnings {
			r.warnings.add("%s", line)
		}
		kept = append(kept, r.withoutInvalid(im, event, p))
	}
	im.Events = kept
	return nil
}

// proofOf compiles the schema of an event, and checks its examples.
func (r *reader) proofOf(event *Event) proof {
	compiled, err := schema.Compile(catalog.URL(r.options.Name, event.Schema.Name), event.Schema.Text, schema.Options{})
	if err != nil {
		return proof{fault: err}
	}
	p := proof{warnings: compiled.Warnings, invalid: map[int]string{}}
	for i, file := range event.Examples {
		if v := compiled.Check(file.Text); !v.Outcome.Passed() {
			p.invalid[i] = why(v)
		}
	}
	return p
}

// why says in one line what is wrong with an example.
func why(v hook.Validation) string {
	if len(v.Faults) == 0 {
		return v.Reason
	}
	f := v.Faults[0]
	text := f.Message
	if f.Pointer != "" {
		text = f.Pointer + ": " + text
	}
	if more := len(v.Faults) + v.More - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// withoutInvalid returns an event with the examples that are to be kept.
func (r *reader) withoutInvalid(im *Import, event Event, p proof) Event {
	var kept []File
	for i, file := range event.Examples {
		reason, bad := p.invalid[i]
		if bad {
			im.Invalid = append(im.Invalid, Broken{event.Type, reason})
		}
		if !bad || r.options.KeepInvalid {
			kept = append(kept, file)
		}
	}
	event.Examples = kept
	return event
}
