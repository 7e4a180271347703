package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hookctl/hookctl/internal/hook"
)

// recentIDs are the ids of the captures that the index does not have yet, and their seqs:
// to look through all of these for each capture of an import would take the square of
// their number. It holds no more than it has read, and what is gone meanwhile.
type recentIDs struct {
	seqs map[hook.ID]int64
	// from and to are the seqs after and up to which it knows all.
	from, to int64
}

// find returns the seq of the capture id, 0 where there is none beyond the seq indexed.
func (r *recentIDs) find(ctx context.Context, s *session, id hook.ID, indexed int64) (int64, error) {
	behind := len(r.seqs) > 2*maxBacklog // most of them are in the index by now
	if r.seqs == nil || indexed < r.from || s.lastCapture < r.to || behind {
		*r = recentIDs{seqs: map[hook.ID]int64{}, from: indexed, to: indexed}
	}
	if err := r.extend(ctx, s); err != nil {
		return 0, err
	}
	seq, ok := r.seqs[id]
	if !ok {
		return 0, nil
	}
	var there hook.ID
	err := s.conn.QueryRowContext(ctx, `SELECT id FROM captures WHERE seq = ?`, seq).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) || err == nil && there != id { // deleted, or never committed
		return 0, nil
	}
	return seq, err
}

// extend reads the ids up to the last.
func (r *recentIDs) extend(ctx context.Context, s *session) error {
	if r.to >= s.lastCapture {
		return nil
	}
	found, err := names(ctx, s.conn, statement{`SELECT seq, id FROM captures WHERE seq > ? ORDER BY seq`, []any{r.to}})
	if err != nil {
		return err
	}
	for _, n := range found {
		r.seqs[n.id] = n.seq
	}
	r.to = s.lastCapture
	return nil
}
