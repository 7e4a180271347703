package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
)

// Captures lists the captures that fit q. Their bodies are read when they are
// asked for, which fails once the store is closed.
//
// A *DamagedRowError is one capture that cannot be read: the list goes on after
// it. Any other error ends the list. Captures that are kept or deleted meanwhile
// may be in the list or not.
func (s *Store) Captures(ctx context.Context, q Query) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		l := newListing(s, q)
		defer l.close()
		for {
			page, err := l.page(ctx)
			if err != nil {
				yield(nil, explain(err))
				return
			}
			if !l.emit(page, yield) || l.ended() {
				return
			}
		}
	}
}

// pageSize is how many captures are read at once. Between two pages nothing of
// the database is held, however slow the caller is.
const pageSize = 256

// A listing is a list of captures in the making.
type listing struct {
	db    *sql.DB
	seen  *sightings
	query Query
	order order
	at    int64 // how far the list is
	left  int   // how many are still wanted; negative for all
	plan  plan
	all   *sql.Stmt // what next asks; nil until it does
}

func newListing(s *Store, q Query) *listing {
	o := order(q.Ascending)
	left := q.Limit
	if left <= 0 {
		left = -1
	}
	return &listing{db: s.readers, seen: &s.seen, query: q, order: o, at: o.start(), left: left, plan: newPlan(q.terms, o)}
}

func (l *listing) ended() bool { return l.left == 0 || l.at == l.order.end() }

// page reads the next captures that come into question, from one state of the store.
func (l *listing) page(ctx context.Context) ([]loaded, error) {
	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	limit := pageSize
	switch {
	case l.left < 0:
	case l.at == l.order.start():
		limit = min(l.left, pageSize)
	default: // they are rarer than was hoped
		limit = min(4*l.left, pageSize)
	}
	bodies := bodySource{l.db, l.query.Bodies}
	if len(l.query.terms) == 0 {
		if page, ok, err := l.next(ctx, tx, bodies, limit); ok || err != nil {
			return page, err
		}
	}
	seqs, reach, err := l.plan.after(ctx, tx, l.at, limit)
	if err != nil {
		return nil, err
	}
	l.at = reach
	return load(ctx, tx, bodies, l.order, seqs)
}

// next is page where all captures are wanted: there is nothing to find, they are read as
// they lie. It reports false where one cannot be read.
func (l *listing) next(ctx context.Context, tx *sql.Tx, bodies bodySource, limit int) ([]loaded, bool, error) {
	page, ok, err := l.packed(ctx, tx, bodies, limit)
	if !ok || err != nil {
		if isDamage(err) {
			err = nil
		}
		return nil, false, err
	}
	seqs := make([]int64, len(page))
	for i := range page {
		seqs[i] = page[i].capture.Seq
	}
	if l.at = l.order.end(); len(page) == limit {
		l.at = seqs[limit-1]
	}
	if bodies.along {
		if err := l.sight(ctx, tx, seqs); err != nil {
			return nil, false, err
		}
	}
	return page, true, complete(ctx, tx, page, seqs)
}

// packed reads what lies beyond l.at. The statement is long: it is made once for all pages.
func (l *listing) packed(ctx context.Context, tx *sql.Tx, bodies bodySource, limit int) (page []loaded, ok bool, err error) {
	if l.all == nil {
		if l.all, err = l.db.PrepareContext(ctx, packedWhere(l.order.sql(), bodies)); err != nil {
			return nil, false, err
		}
	}
	rows, err := tx.StmtContext(ctx, l.all).QueryContext(ctx, l.at, limit)
	if err != nil {
		return nil, false, err
	}
	return loadPacked(rows, bodies, limit)
}

// sight remembers that the captures seqs are there: whoever reads them with their bodies
// is about to send them.
func (l *listing) sight(ctx context.Context, db querier, seqs []int64) error {
	var deletions int64
	err := db.QueryRowContext(ctx, `SELECT deletions FROM meta`).Scan(&deletions)
	if err == nil {
		l.seen.add(deletions, seqs)
	}
	return err
}

// close frees what the list holds.
func (l *listing) close() {
	if l.all != nil {
		_ = l.all.Close() // it was read from only
	}
}

// emit yields what of page fits, until enough were. It returns false where the list ends.
func (l *listing) emit(page []loaded, yield func(*hook.Capture, error) bool) bool {
	for _, found := range page {
		ok, err := true, found.err
		if err == nil {
			ok, err = l.query.Match(found.capture)
		}
		var damaged *DamagedRowError
		switch {
		case errors.As(err, &damaged):
			if !yield(nil, damaged) {
				return false
			}
		case err != nil:
			yield(nil, err)
			return false
		case ok:
			if !yield(found.capture, nil) {
				return false
			}
			if l.left--; l.left == 0 {
				return false
			}
		}
	}
	return true
}
