package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// zoneSize is how many seqs are in a zone.
const zoneSize = 1024

func zoneOf(seq int64) int64 { return seq / zoneSize }

// placeOf is where in its zone seq is.
func placeOf(seq int64) int { return int(seq % zoneSize) }

// A zone is what facets have within zoneSize seqs. It may have more, of captures
// that were deleted.
type zone struct {
	n     int64
	times span
	heads span
	zoneIdentities
}

// readZone reads zone n: an empty one where there is none.
func readZone(ctx context.Context, db querier, n int64) (*zone, error) {
	z := &zone{n: n}
	dest := append([]any{&z.times.lo, &z.times.hi, &z.heads.lo, &z.heads.hi}, z.dest()...)
	err := db.QueryRowContext(ctx, `SELECT min_time, max_time, min_head, max_head, `+zoneColumns+` FROM zones WHERE n = ?`, n).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		z.times, z.heads, z.zoneIdentities = nothing(), nothing(), unknown()
		err = nil
	}
	return z, err
}

// add puts rows, all of which are in z, into it.
func (z *zone) add(rows []facetRow) {
	facets, blank := z.facets(), z.times != nothing() && z.blank()
	for i := range rows {
		r := &rows[i]
		z.times, z.heads = z.times.with(r.receivedAt), z.heads.with(r.head)
		facets[placeOf(r.seq)] = r.identityFacet
		blank = blank || r.traits == traits{}
	}
	z.zoneIdentities = newZoneIdentities(facets, blank)
}

// change puts f in the place of what was known of the capture seq.
func (z *zone) change(seq int64, f identityFacet) {
	facets := z.facets()
	facets[placeOf(seq)] = f
	z.zoneIdentities = newZoneIdentities(facets, z.blank() || f.traits == traits{})
}

func (z *zone) write(ctx context.Context, s *session) error {
	_, err := s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO zones (n, min_time, max_time, min_head, max_head, `+zoneColumns+`)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		z.n, z.times.lo, z.times.hi, z.heads.lo, z.heads.hi, orNull(z.distinct.append(nil)), orNull(z.places), orNull(z.tags))
	return err
}

// A window is what a zone must touch to be looked into.
type window struct {
	times span // of arrival, in microseconds
	heads span // of ids
}

func everything() span { return span{-maxSeq, maxSeq} }

// nothing is a span that has no number in it.
func nothing() span { return span{maxSeq, -maxSeq} }

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

// zones reads columns of the zones in the window, from the one that at is in.
func (w window) zones(ctx context.Context, db querier, columns string, o order, at int64) (*sql.Rows, error) {
	from, way := `n <= ?`, `DESC`
	if o == ascending {
		from, way = `n >= ?`, `ASC`
	}
	return db.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM zones WHERE %s
		AND max_time >= ? AND min_time <= ? AND max_head >= ? AND min_head <= ? ORDER BY n %s`, columns, from, way),
		zoneOf(at), w.times.lo, w.times.hi, w.heads.lo, w.heads.hi)
}

// skip returns a place at or beyond at before which there is nothing in the
// window, or false where there is nothing at all.
func (w window) skip(ctx context.Context, db querier, o order, at int64) (int64, bool, error) {
	if w.times == everything() && w.heads == everything() {
		return at, true, nil
	}
	zones, err := w.zones(ctx, db, `n`, o, at)
	if err != nil {
		return 0, false, err
	}
	defer zones.Close()
	if !zones.Next() {
		return 0, false, zones.Err()
	}
	var n int64
	if err := zones.Scan(&n); err != nil {
		return 0, false, err
	}
	edge := (n + 1) * zoneSize // before all of the zone
	if o == ascending {
		edge = n*zoneSize - 1
	}
	if o.beyond(at, edge) {
		edge = at
	}
	return edge, true, nil
}
