package store

import (
	"context"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
)

// An identityTest is a term that asks for what zones have of identities.
type identityTest interface {
	// columns are what it has to know of each zone: of zoneColumns, NULL for the others.
	columns() string
	// places appends the places in zone n of captures that may fit to found.
	places(ctx context.Context, db querier, n int64, z *zoneIdentities, found []int) ([]int, error)
}

// An identityScan is a source: it goes over the zones that are in its window.
type identityScan struct {
	window window
	last   int64 // seq of the last capture in facets
	test   identityTest
}

func (s identityScan) after(ctx context.Context, db querier, o order, at int64, limit int) (seqs []int64, reach int64, err error) {
	rows, err := s.window.zones(ctx, db, `n, `+s.test.columns(), o, at)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var n int64
	var z zoneIdentities
	var found []int
	dest := append([]any{&n}, z.dest()...)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, 0, err
		}
		if found, err = s.test.places(ctx, db, n, &z, found[:0]); err != nil {
			return nil, 0, err
		}
		if o == descending {
			slices.Reverse(found)
		}
		for _, place := range found {
			seq := n*zoneSize + int64(place)
			if seq < 1 || seq > s.last || !o.beyond(seq, at) {
				continue
			}
			if seqs = append(seqs, seq); len(seqs) == limit {
				return seqs, seq, nil
			}
		}
	}
	return seqs, o.end(), rows.Err()
}

// traitTerms are terms about traits alone, all of which must hold: zones answer
// them together.
type traitTerms []term

// ofTraits parts terms into those about traits and the others.
func ofTraits(terms []term) (about traitTerms, others []term) {
	for _, t := range terms {
		switch upright(t).(type) {
		case providerTerm, eventTerm, outcomeTerm:
			about = append(about, t)
		default:
			others = append(others, t)
		}
	}
	return about, others
}

func (ts traitTerms) match(c *hook.Capture) (bool, error) { return Query{terms: ts}.Match(c) }
func (ts traitTerms) exact() bool                         { return true }

func (ts traitTerms) may(f *facet) bool {
	return f.traits == unsaid() || !slices.ContainsFunc(ts, func(t term) bool { return !t.may(f) })
}

func (traitTerms) columns() string { return `traits, NULL, NULL` }

func (ts traitTerms) places(ctx context.Context, db querier, n int64, z *zoneIdentities, found []int) ([]int, error) {
	pass := make([]bool, len(z.distinct))
	for i, t := range z.distinct {
		pass[i] = ts.may(&facet{identityFacet: identityFacet{traits: t}})
	}
	if !slices.Contains(pass[1:], true) && !(pass[0] && z.blank()) {
		return found, nil
	}
	// Most zones do not come this far.
	if err := db.QueryRowContext(ctx, `SELECT places FROM zones WHERE n = ?`, n).Scan(&z.places); err != nil {
		return nil, err
	}
	for place := range zoneSize {
		if pass[z.trait(place)] {
			found = append(found, place)
		}
	}
	return found, nil
}
