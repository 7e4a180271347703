package validate_test

import (
	"iter"
	"time"

	"github.com/hookctl/hookctl/internal/validate"
)

// all are the payloads of sources, in their order.
func all(sources []validate.Source) iter.Seq[validate.Payload] {
	return func(yield func(validate.Payload) bool) {
		for _, s := range sources {
			for p := range s.Payloads(nil) {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// at is when the captures of tests came.
var at = time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
