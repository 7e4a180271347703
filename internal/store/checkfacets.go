package store

import (
	"context"
	"database/sql"
	"errors"
)

// checkFacets compares the facets with the captures that they are of.
func checkFacets(ctx context.Context, db *sql.DB, report *Report) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	done, err := readProgress(ctx, tx)
	if err != nil {
		report.problem(err)
		return ctx.Err()
	}
	for after := int64(0); after < done.captures; {
		want, err := facetRows(ctx, tx, after, pageSize)
		if err != nil || len(want) == 0 {
			return err
		}
		last := min(want[len(want)-1].seq, done.captures)
		have, err := facetsBetween(ctx, tx, after, last)
		if isDamage(err) {
			report.problem(err)
			return nil
		}
		if err != nil {
			return err
		}
		if !sameFacets(want, have, last) {
			report.problem(errors.New("the index does not agree with the captures"))
			return nil
		}
		after = last
	}
	return nil
}

// facetsBetween reads the facets past after, up to last.
func facetsBetween(ctx context.Context, db querier, after, last int64) (map[int64]facet, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+facetColumns+` FROM facets
		WHERE seq > ? AND seq <= ?`, after, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	facets, zones := map[int64]facet{}, zoneReader{db: db}
	for rows.Next() {
		var f facet
		if err := rows.Scan(f.dest()...); err != nil {
			return nil, err
		}
		if f.identityFacet, err = zones.identity(ctx, f.seq); err != nil {
			return nil, err
		}
		facets[f.seq] = f
	}
	return facets, rows.Err()
}

// sameFacets compares up to last. A reply may have come that is not in facets yet,
// and traits may be left unsaid.
func sameFacets(want []facetRow, have map[int64]facet, last int64) bool {
	n := 0
	for i := range want {
		w := want[i].facet
		if w.seq > last {
			break
		}
		h := have[w.seq]
		w.status = h.status
		if h.traits == unsaid() {
			w.traits = h.traits
		}
		if h != w {
			return false
		}
		n++
	}
	return n == len(have)
}
