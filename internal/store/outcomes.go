package store

import (
	"context"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
)

// An OutcomeQuery says which attempts tell how captures fared.
type OutcomeQuery struct {
	// Before is the seq from which on attempts do not count; 0 is for none.
	Before int64
	// Fits reports whether an attempt is one of those that are meant. It gets them
	// without the response's body.
	Fits func(*hook.Attempt) bool
	// Bodies reads the responses of those that are returned.
	Bodies bool
}

// Outcomes returns the newest attempt that fits q for each of captures that has one, by
// the capture's seq, in one pass. Damaged attempts count for nothing: Attempts tells of them.
func (s *Store) Outcomes(ctx context.Context, captures []*hook.Capture, q OutcomeQuery) (map[int64]*hook.Attempt, error) {
	found, err := s.outcomes(ctx, captures, q)
	return found, explain(err)
}

func (s *Store) outcomes(ctx context.Context, captures []*hook.Capture, q OutcomeQuery) (map[int64]*hook.Attempt, error) {
	seqs := make([]int64, len(captures))
	for i, c := range captures {
		seqs[i] = c.Seq
	}
	before := q.Before
	if before == 0 {
		before = maxSeq
	}
	rows, err := s.readers.QueryContext(ctx, `SELECT `+attemptColumns+` FROM attempts
		WHERE capture_seq IN (SELECT value FROM json_each(?)) AND seq < ? ORDER BY seq`, jsonList(seqs), before)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	last := map[int64]*hook.Attempt{}
	var row attemptRow
	var print fingerprint
	dest := row.dest(nil)
	for rows.Next() {
		if rows.Scan(dest...) != nil {
			continue
		}
		if a, err := row.bare(&print); err == nil && q.Fits(a) {
			last[a.CaptureSeq] = a
		}
	}
	if err := rows.Err(); err != nil || !q.Bodies || len(last) == 0 {
		return last, err
	}
	return last, s.addAnswers(ctx, last)
}

// addAnswers reads the responses' bodies. One that is not what was kept is left out.
func (s *Store) addAnswers(ctx context.Context, attempts map[int64]*hook.Attempt) error {
	bySeq := map[int64]*hook.Attempt{}
	var seqs []int64
	for _, a := range attempts {
		if a.ResponseSize > 0 {
			bySeq[a.Seq] = a
			seqs = append(seqs, a.Seq)
		}
	}
	slices.Sort(seqs)
	rows, err := s.readers.QueryContext(ctx, `SELECT `+attemptColumns+`, `+attemptBody+` FROM attempts
		WHERE seq IN (SELECT value FROM json_each(?))`, jsonList(seqs))
	if err != nil {
		return err
	}
	defer rows.Close()
	var row attemptRow
	var print fingerprint
	var body []byte
	dest := append(row.dest(nil), &body)
	for rows.Next() {
		body = nil
		if rows.Scan(dest...) != nil {
			continue
		}
		if whole, err := row.attempt(body, &print); err == nil {
			bySeq[row.seq].ResponseBody = whole.ResponseBody
		}
	}
	return rows.Err()
}
