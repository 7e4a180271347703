package store

import (
	"context"
	"database/sql"
	"errors"
)

// A table is one to be salvaged.
type table struct {
	name    string
	columns string // seq first
	added   int    // how many of them, the last, rows of older versions do not have
	index   string // what lies elsewhere in the file and has the seqs too, if anything does
	// A row is read into dest, of which seq is the first; reset empties it.
	seq   *int64
	dest  []any
	reset func()
	// take judges the row in dest, and reports whether it is sound. whole is false
	// where the row has values of types that we never write.
	take func(ctx context.Context, whole bool) (sound bool, err error)
}

// fill puts a row into dest, as far as it is one of t.
func (t table) fill(row rawRow) bool {
	missing := len(t.dest) - len(row.values)
	if missing < 0 || missing > t.added || row.values[0] != nil {
		return false
	}
	t.reset()
	row.values[0] = row.seq // which is not in the record: it is the row's place
	return assign(t.dest[:len(row.values)], row.values)
}

// walkPage is how many rows are read at once, with their bodies.
const walkPage = 32

// walk reads the rows in the order of seq. It returns the ranges between sound
// ones in which something is damaged; no row in them was sound.
func (t table) walk(ctx context.Context, db *sql.DB) (gaps []span, err error) {
	at := int64(0) // the last sound row
	for {
		sound, n, err := t.walkPage(ctx, db, &at, &gaps)
		switch {
		case sound > 0:
			continue // with what went wrong behind these, if anything did
		case err == nil && n == 0:
			return gaps, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil && !isDamage(err):
			return nil, err
		}
		next := t.probe(ctx, db, at)
		gaps = append(gaps, span{at + 1, next - 1})
		if next == maxSeq {
			return gaps, ctx.Err()
		}
		at = next - 1
	}
}

func isDamage(err error) bool {
	return errors.Is(explain(err), ErrDamaged)
}

// walkPage takes the next rows past at. at becomes the last sound row; where rows
// before it were not sound, gaps has them.
func (t table) walkPage(ctx context.Context, db *sql.DB, at *int64, gaps *[]span) (sound, n int, err error) {
	page, err := t.fetch(ctx, db, *at)
	if len(page) == 0 {
		return 0, 0, err
	}
	trouble := false
	for _, values := range page {
		t.reset()
		*t.seq, _ = values[0].(int64)
		ok, failure := t.take(ctx, assign(t.dest, values))
		if failure != nil {
			return 0, 0, failure
		}
		// A sound row that is out of order is where a damaged one leads: it will come again.
		if !ok || *t.seq <= *at {
			trouble = true
			continue
		}
		if trouble {
			*gaps = append(*gaps, span{*at + 1, *t.seq - 1})
		}
		trouble = false
		*at = *t.seq
		sound++
	}
	if trouble && err == nil {
		err = errTrouble
	}
	return sound, len(page), err
}

// errTrouble is a page that ends in damaged rows.
var errTrouble = &DamagedRowError{What: "page"}

// fetch reads the values of the rows past at: with an error, those before it.
func (t table) fetch(ctx context.Context, db *sql.DB, at int64) ([][]any, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+t.columns+` FROM `+t.name+` WHERE seq > ? ORDER BY seq LIMIT ?`, at, walkPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page [][]any
	for rows.Next() {
		values, dest := make([]any, len(t.dest)), make([]any, len(t.dest))
		for i := range dest {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return page, err
		}
		page = append(page, values)
	}
	return page, rows.Err()
}

// probe returns the first seq past at that can be reached, or close to it, or
// maxSeq where there is none.
func (t table) probe(ctx context.Context, db *sql.DB, at int64) int64 {
	for step := int64(1); step < 1<<40; step *= 2 {
		var seq int64
		err := db.QueryRowContext(ctx, `SELECT seq FROM `+t.name+` WHERE seq > ? ORDER BY seq LIMIT 1`, at+step).Scan(&seq)
		if err == nil && seq > at+step {
			return seq
		}
		if errors.Is(err, sql.ErrNoRows) || ctx.Err() != nil {
			break
		}
	}
	return maxSeq
}
