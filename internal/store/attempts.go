package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
)

// An AttemptQuery says which attempts are wanted. The zero AttemptQuery is all of
// them, newest first.
type AttemptQuery struct {
	// Capture is the whole id of the capture that they sent; "" is any.
	Capture hook.ID
	// Failed leaves those out that brought a whole response with status 200 to 299.
	Failed bool
	// Limit is how many there are at most; 0 is no limit.
	Limit int
	// Ascending is oldest first.
	Ascending bool
}

// attemptPage is how many attempts are read at once: each has up to a few hundred
// KiB of response with it.
const attemptPage = 32

// Attempts lists the attempts that fit q. A *DamagedRowError is one of them that
// cannot be read: the list goes on after it. Any other error ends the list; a
// capture that is not there is a *NotFoundError.
func (s *Store) Attempts(ctx context.Context, q AttemptQuery) iter.Seq2[*hook.Attempt, error] {
	return func(yield func(*hook.Attempt, error) bool) {
		if err := s.listAttempts(ctx, q, yield); err != nil {
			yield(nil, explain(err))
		}
	}
}

func (s *Store) listAttempts(ctx context.Context, q AttemptQuery, yield func(*hook.Attempt, error) bool) error {
	text, args, err := q.statement(ctx, s.readers)
	if err != nil {
		return err
	}
	o, left := order(q.Ascending), q.Limit
	for at := o.start(); at != o.end(); {
		page, reach, err := attemptsAfter(ctx, s.readers, statement{text, args}, o, at)
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

// statement returns q in SQL, up to the condition on seq.
func (q AttemptQuery) statement(ctx context.Context, db querier) (text string, args []any, err error) {
	text = `SELECT ` + attemptColumns + `, response_body FROM attempts WHERE`
	if q.Capture != "" {
		seq, err := captureKind().resolve(ctx, db, string(q.Capture))
		if err != nil {
			return "", nil, err
		}
		text += ` capture_seq = ? AND`
		args = append(args, seq)
	}
	if q.Failed {
		text += ` (failure <> '' OR status NOT BETWEEN 200 AND 299) AND`
	}
	return text, args, nil
}

// A loadedAttempt is an attempt, or why it cannot be read: a *DamagedRowError.
type loadedAttempt struct {
	attempt *hook.Attempt
	err     error
}

// attemptsAfter returns a page of attempts beyond at, and how far it goes.
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
			page = append(page, loadedAttempt{err: &DamagedRowError{Seq: row.seq, What: "head"}})
			continue
		}
		a, err := row.attempt(body, &print)
		page = append(page, loadedAttempt{a, err})
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
		return nil, explain(err)
	}
	one := statement{text: `SELECT ` + attemptColumns + `, response_body FROM attempts WHERE seq = ? AND`, args: []any{seq}}
	page, _, err := attemptsAfter(ctx, tx, one, ascending, 0)
	if err != nil {
		return nil, explain(err)
	}
	if len(page) == 0 {
		return nil, &NotFoundError{Ref: ref}
	}
	return page[0].attempt, page[0].err
}
