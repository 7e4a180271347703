package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// attemptPage is how many attempts are read at once: each has up to a few hundred
	// KiB of response with it.
	attemptPage = 32
	// barePage is how many are where each is a few hundred bytes.
	barePage = 1024
)

// Attempts lists the attempts that fit q. A *DamagedRowError is one of them that
// cannot be read: the list goes on after it. Any other error ends the list; a
// capture or a run that is not there is a *NotFoundError.
func (s *Store) Attempts(ctx context.Context, q AttemptQuery) iter.Seq2[*hook.Attempt, error] {
	return func(yield func(*hook.Attempt, error) bool) {
		if err := s.listAttempts(ctx, &q, yield); err != nil {
			yield(nil, explain(err))
		}
	}
}

func (s *Store) listAttempts(ctx context.Context, q *AttemptQuery, yield func(*hook.Attempt, error) bool) error {
	text, floor, err := q.statement(ctx, s.readers)
	if err != nil {
		return err
	}
	after := attemptsAfter
	if q.Bare {
		after = bareAfter
	}
	o, left := order(q.Ascending), q.Limit
	for at := o.startPast(floor); at != o.end(); {
		page, reach, err := after(ctx, s.readers, text, o, at)
		if err == nil && q.byIdentity() {
			page, err = q.keepFitting(ctx, s.readers, page)
		}
		if err != nil {
			return err
		}
		for _, found := range page {
			if !yield(found.attempt, found.err) {
				return nil
			}
			if left--; left == 0 {
				return nil
			}
		}
		at = reach
	}
	return nil
}

// A loadedAttempt is an attempt, or why it cannot be read: a *DamagedRowError.
type loadedAttempt struct {
	seq     int64
	attempt *hook.Attempt
	err     error
}

// attemptsAfter returns a page of attempts beyond at, and how far it goes. s selects
// attemptColumns and attemptBody.
func attemptsAfter(ctx context.Context, db querier, s statement, o order, at int64) ([]loadedAttempt, int64, error) {
	rows, err := db.QueryContext(ctx, s.text+o.sql(), append(s.args[:len(s.args):len(s.args)], at, attemptPage)...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var page []loadedAttempt
	var row attemptRow
	var body []byte
	var print fingerprint
	dest := append(row.dest(nil), &body)
	for rows.Next() {
		if rows.Scan(dest...) != nil { // a value of a type that we never write
			page = append(page, loadedAttempt{seq: row.seq, err: &DamagedRowError{Seq: row.seq, What: "head"}})
			continue
		}
		a, err := row.attempt(body, &print)
		page = append(page, loadedAttempt{row.seq, a, err})
		body = nil
	}
	reach := o.end()
	if len(page) == attemptPage {
		reach = row.seq
	}
	return page, reach, rows.Err()
}

// FindAttempt returns the attempt that ref names, in the ways of Find, with "att_"
// for "cap_".
func (s *Store) FindAttempt(ctx context.Context, ref string) (*hook.Attempt, error) {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, explain(err)
	}
	defer tx.Rollback()
	seq, err := attemptKind().resolve(ctx, tx, ref)
	if err != nil {
		return nil, s.missed(err)
	}
	one := statement{text: `SELECT ` + attemptColumns + `, ` + attemptBody + ` FROM attempts WHERE seq = ? AND`, args: []any{seq}}
	page, _, err := attemptsAfter(ctx, tx, one, ascending, 0)
	if err != nil {
		return nil, explain(err)
	}
	if len(page) == 0 {
		return nil, &NotFoundError{Ref: ref, Prefix: hook.AttemptPrefix}
	}
	return page[0].attempt, page[0].err
}
