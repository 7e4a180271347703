package store

import (
	"context"
	"database/sql"
	"errors"
)

// zoneSize is how many seqs are in a zone.
const zoneSize = 1024

func zoneOf(seq int64) int64 { return seq / zoneSize }

// A window is what a zone must touch to be looked into.
type window struct {
	times span // of arrival, in microseconds
	heads span // of ids
}

func everything() span { return span{-maxSeq, maxSeq} }

// windowOf returns the window that all terms leave.
func windowOf(terms []term) window {
	w := window{everything(), everything()}
	for _, t := range terms {
		if t, ok := t.(timeTerm); ok {
			w.times = span{max(w.times.lo, t.lo), min(w.times.hi, t.hi)}
		}
	}
	return w
}

// skip returns a place at or beyond at before which there is nothing in the
// window, or false where there is nothing at all.
func (w window) skip(ctx context.Context, db querier, o order, at int64) (int64, bool, error) {
	if w.times == everything() && w.heads == everything() {
		return at, true, nil
	}
	const touches = ` AND max_time >= ? AND min_time <= ? AND max_head >= ? AND min_head <= ? `
	text := `SELECT n FROM zones WHERE n <= ?` + touches + `ORDER BY n DESC LIMIT 1`
	if o == ascending {
		text = `SELECT n FROM zones WHERE n >= ?` + touches + `ORDER BY n LIMIT 1`
	}
	var zone int64
	err := db.QueryRowContext(ctx, text, zoneOf(at), w.times.lo, w.times.hi, w.heads.lo, w.heads.hi).Scan(&zone)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	edge := (zone + 1) * zoneSize // before all of the zone
	if o == ascending {
		edge = zone*zoneSize - 1
	}
	if o.beyond(at, edge) {
		edge = at
	}
	return edge, true, nil
}
