package store

import (
	"context"
	"database/sql"
)

// attemptFacet is what the indexes keep of an attempt.
type attemptFacet struct {
	seq, capture int64
	id           string
	from         sql.NullString
	status       sql.NullInt64
}

// addAttemptIDs indexes the next n attempts, brings the replies that they decided
// into facets, and returns how many there were.
func (s *session) addAttemptIDs(ctx context.Context, done *progress, n int) (int, error) {
	found, err := attemptFacets(ctx, s.conn, done.attempts, n)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	add, err := s.conn.PrepareContext(ctx, `INSERT OR REPLACE INTO attempt_ids (seq, head, tail) VALUES (?, ?, ?)`)
	if err != nil {
		return 0, err
	}
	defer add.Close()
	// A reply that the capture's own row has goes before an attempt's.
	answer, err := s.conn.PrepareContext(ctx, `UPDATE facets SET status = ?1 WHERE seq = ?2 AND status <> ?1
		AND NOT EXISTS (SELECT 1 FROM captures WHERE seq = ?2 AND reply_from IS NOT NULL)`)
	if err != nil {
		return 0, err
	}
	defer answer.Close()
	for _, a := range found {
		head, tail := headTail(a.id)
		if _, err := add.ExecContext(ctx, a.seq, head, tail); err != nil {
			return 0, err
		}
		if !a.from.Valid {
			continue
		}
		if _, err := answer.ExecContext(ctx, a.status.Int64, a.capture); err != nil {
			return 0, err
		}
	}
	done.attempts = found[len(found)-1].seq
	return len(found), nil
}

func attemptFacets(ctx context.Context, db querier, after int64, n int) ([]attemptFacet, error) {
	rows, err := db.QueryContext(ctx, `SELECT seq, id, capture_seq, reply_from, reply_status FROM attempts
		WHERE seq > ? ORDER BY seq LIMIT ?`, after, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make([]attemptFacet, 0, n)
	for rows.Next() {
		var a attemptFacet
		if rows.Scan(&a.seq, &a.id, &a.capture, &a.from, &a.status) != nil {
			a = attemptFacet{seq: a.seq}
		}
		found = append(found, a)
	}
	return found, rows.Err()
}
