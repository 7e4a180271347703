package store

import (
	"context"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// CountDrifts adds up drifts with what is known of the same ones: the counts are
// summed, the first example stays. It returns once that is on disk.
func (s *Store) CountDrifts(ctx context.Context, drifts []hook.Drift) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	return s.writer.wait(ctx, driftCount(drifts))
}

type driftCount []hook.Drift

func (d driftCount) weight() int64 { return int64(len(d)) * rowWeight }

func (driftCount) lazy() bool { return true }

func (driftCount) committed() {}

func (d driftCount) write(ctx context.Context, s *session) error {
	for _, drift := range d {
		_, err := s.conn.ExecContext(ctx, `INSERT INTO drifts (provider, event, schema, kind, pointer, detail, first_at, last_at, count, example)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count,
			first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`,
			bounded(drift.Provider), bounded(drift.Event), bounded(drift.Schema), drift.Kind, bounded(drift.Pointer), bounded(drift.Detail),
			drift.First.UnixMicro(), drift.Last.UnixMicro(), drift.Count, string(drift.Example))
		if err != nil {
			return err
		}
	}
	return nil
}

// Drifts returns all that was counted, of a provider or of all for "", in the order
// of provider, event and pointer.
func (s *Store) Drifts(ctx context.Context, provider string) ([]hook.Drift, error) {
	all, err := readDrifts(ctx, s.readers, provider)
	return all, explain(err)
}

// readDrifts returns with an error those that were read before it.
func readDrifts(ctx context.Context, db querier, provider string) ([]hook.Drift, error) {
	rows, err := db.QueryContext(ctx, `SELECT provider, event, schema, kind, pointer, detail, first_at, last_at, count, example
		FROM drifts WHERE provider = ?1 OR ?1 = '' ORDER BY provider, event, pointer, kind, detail, schema`, provider)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []hook.Drift
	for rows.Next() {
		var d hook.Drift
		var first, last int64
		if err := rows.Scan(&d.Provider, &d.Event, &d.Schema, &d.Kind, &d.Pointer, &d.Detail, &first, &last, &d.Count, &d.Example); err != nil {
			return all, err
		}
		d.First, d.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
		all = append(all, d)
	}
	return all, rows.Err()
}

// ForgetDrifts deletes what was counted, of a provider or of all for "", and returns
// how many drifts that were.
func (s *Store) ForgetDrifts(ctx context.Context, provider string) (int, error) {
	if s.writer == nil {
		return 0, ErrReadOnly
	}
	f := &driftEnd{provider: provider}
	err := s.writer.wait(ctx, f)
	return f.deleted, err
}

type driftEnd struct {
	provider string
	deleted  int
}

func (*driftEnd) weight() int64 { return rowWeight }

func (*driftEnd) lazy() bool { return false }

func (*driftEnd) committed() {}

func (f *driftEnd) write(ctx context.Context, s *session) error {
	result, err := s.conn.ExecContext(ctx, `DELETE FROM drifts WHERE provider = ?1 OR ?1 = ''`, f.provider)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	f.deleted = int(n)
	return err
}
