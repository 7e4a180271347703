package store

import (
	"context"
	"database/sql"
	"os"
	"time"
)

// Stats is what a store amounts to.
type Stats struct {
	Captures int64
	Attempts int64
	// Bytes is the size of the store's files.
	Bytes int64
	// First and Last are when the first and the last capture in the store's order
	// were received, in UTC; zero where there is none.
	First, Last time.Time
}

// Stats counts.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Stats{}, explain(err)
	}
	defer tx.Rollback()
	var all Stats
	var first, last sql.NullInt64
	err = tx.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM facets) + (SELECT count(*) FROM captures WHERE seq > captures_done),
		(SELECT count(*) FROM attempts),
		(SELECT received_at FROM captures ORDER BY seq LIMIT 1),
		(SELECT received_at FROM captures ORDER BY seq DESC LIMIT 1) FROM progress`).
		Scan(&all.Captures, &all.Attempts, &first, &last)
	if err != nil {
		return Stats{}, explain(err)
	}
	if first.Valid {
		all.First, all.Last = time.UnixMicro(first.Int64).UTC(), time.UnixMicro(last.Int64).UTC()
	}
	all.Bytes = s.folder.bytes()
	return all, nil
}

// bytes is the size of the store's files.
func (d folder) bytes() int64 {
	var total int64
	for _, path := range []string{d.file(), d.log(), d.shared()} {
		if info, err := os.Lstat(path); err == nil {
			total += info.Size()
		}
	}
	return total
}
