package cli

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/validate"
)

// maxUnsaved is how many outcomes may be on their way to disk.
const maxUnsaved = 256

// An outcomeSaver keeps what was found of captures with these.
type outcomeSaver struct {
	store   *store.Store // nil to keep nothing
	pending []<-chan error
}

// save queues the outcome of a report. Of what could not be read there is none.
func (s *outcomeSaver) save(r *validate.Report) error {
	if s.store == nil || r.Seq == 0 || r.Trouble != nil {
		return nil
	}
	s.pending = append(s.pending, s.store.Assess(r.Seq, &r.Validation))
	if len(s.pending) < maxUnsaved {
		return nil
	}
	return s.wait()
}

// wait returns once all that was queued is on disk.
func (s *outcomeSaver) wait() error {
	for _, saved := range s.pending {
		if err := <-saved; err != nil {
			return cannot("hookctl doctor looks into it", fmt.Errorf("validate --save: %w", err))
		}
	}
	s.pending = s.pending[:0]
	return nil
}

// onlyCaptures is the failure of --save with an argument that is none.
func onlyCaptures(arg string) error {
	return usage("give ids (last is one too), --query QUERY or --all", "validate: --save keeps outcomes with captures of the store, and %q is none", arg)
}
