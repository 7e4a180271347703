package store

import (
	"slices"
	"sync"
)

// maxSightings is how many spans of captures are remembered: a list has a page of them
// in one, and those who go over it are not far behind.
const maxSightings = 64

// Sightings are the captures that a list of this process has read, and how many deletions
// there had been: while there were no more, they are still there, and nobody has to look.
type sightings struct {
	mu        sync.Mutex
	deletions int64
	spans     []span // the newest last
}

// add notes that the captures seqs were there after so many deletions.
func (s *sightings) add(deletions int64, seqs []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if deletions != s.deletions {
		s.deletions, s.spans = deletions, s.spans[:0]
	}
	for _, seq := range seqs {
		if n := len(s.spans); n > 0 && s.spans[n-1].touches(seq) {
			s.spans[n-1] = s.spans[n-1].with(seq)
			continue
		}
		if len(s.spans) == maxSightings {
			s.spans = slices.Delete(s.spans, 0, 1)
		}
		s.spans = append(s.spans, span{seq, seq})
	}
}

// has reports whether the capture seq is certainly there after so many deletions.
func (s *sightings) has(deletions, seq int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return deletions == s.deletions && slices.ContainsFunc(s.spans, func(seen span) bool { return seen.has(seq) })
}
