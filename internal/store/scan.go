package store

import (
	"context"
	"fmt"
)

// A facetScan is a source: it goes over the facets one by one, past the zones
// that are out of its window.
type facetScan struct {
	window window
	pass   func(*facet) bool
	known  bool // pass asks for what identities give
	valid  bool // pass asks for what validations give
	rows   int  // how many it looks at in one go
}

func (s facetScan) after(ctx context.Context, db querier, o order, at int64, limit int) (seqs []int64, reach int64, err error) {
	at, found, err := s.window.skip(ctx, db, o, at)
	if err != nil || !found {
		return nil, o.end(), err
	}
	rows, err := db.QueryContext(ctx, `SELECT `+facetColumns+`, `+s.validity()+` FROM facets WHERE`+o.sql(), at, s.rows)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var f facet
	dest, zones, seen := append(f.dest(), &f.validity), zoneReader{db: db}, 0
	for ; len(seqs) < limit && rows.Next(); seen++ {
		if err := rows.Scan(dest...); err != nil { // a value of a type that we never write
			return nil, 0, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if s.known {
			if f.identityFacet, err = zones.identity(ctx, f.seq); err != nil {
				return nil, 0, err
			}
		}
		if s.pass(&f) {
			seqs = append(seqs, f.seq)
		}
	}
	if reach = o.end(); seen == s.rows || len(seqs) == limit {
		reach = f.seq
	}
	return seqs, reach, rows.Err()
}

// validity is the column of what the capture's validation says.
func (s facetScan) validity() string {
	if !s.valid {
		return `0`
	}
	return `coalesce((SELECT outcome FROM validations WHERE validations.seq = facets.seq), 0)`
}

// A sample counts how many facets each term lets pass.
type sample struct {
	terms []term
	hits  []int
	seen  int
}

func newSample(terms []term) *sample { return &sample{terms: terms, hits: make([]int, len(terms))} }

// pass reports whether f may be what all terms ask for.
func (s *sample) pass(f *facet) bool {
	s.seen++
	all := true
	for i, t := range s.terms {
		if t.may(f) {
			s.hits[i]++
		} else {
			all = false
		}
	}
	return all
}

// rarest returns the term with an index that passed the fewest facets, if these
// were few enough; else body, about which facets tell nothing and which may be nil.
func (s *sample) rarest(body term) term {
	rarest, fewest := body, s.seen/4
	if body != nil {
		fewest = s.seen / 32 // to read a body costs more than a facet
	}
	for i, t := range s.terms {
		if s.hits[i] <= fewest && hasIndex(t) {
			rarest, fewest = t, s.hits[i]
		}
	}
	return rarest
}
