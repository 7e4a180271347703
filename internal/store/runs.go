package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// BeginRun keeps r, which begins now, and returns once that is on disk. It sets r.Floor.
func (s *Store) BeginRun(ctx context.Context, r *hook.Run) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	b := &runBegin{run: *r}
	err := s.writer.wait(ctx, b)
	if err == nil {
		r.Floor = b.run.Floor
	}
	return err
}

// EndRun notes that the run id came to its end at the time at, and returns once that is
// on disk. Where there is no such run it returns a *NotFoundError.
func (s *Store) EndRun(ctx context.Context, id hook.ID, at time.Time) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	return s.writer.wait(ctx, &runEnd{id: id, at: at})
}

// LastRun returns the newest run. Where there is none it returns a *NotFoundError.
func (s *Store) LastRun(ctx context.Context) (*hook.Run, error) {
	return s.newestRun(ctx, `ORDER BY seq DESC LIMIT 1`)
}

// UnfinishedRun returns the newest run that has not come to its end, whether somebody is at
// it or not. Where there is none it returns a *NotFoundError.
func (s *Store) UnfinishedRun(ctx context.Context) (*hook.Run, error) {
	return s.newestRun(ctx, `WHERE ended_at = 0 ORDER BY seq DESC LIMIT 1`)
}

func (s *Store) newestRun(ctx context.Context, condition string) (*hook.Run, error) {
	var print fingerprint
	row, err := readRun(ctx, s.readers, condition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &NotFoundError{Ref: "last", Prefix: hook.RunPrefix}
	}
	if err != nil {
		return nil, explain(err)
	}
	return row.run(&print)
}

// runFloor returns the seq before which there are no attempts of the run id.
func runFloor(ctx context.Context, db querier, id hook.ID) (floor int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT floor FROM runs WHERE id = ?`, string(id)).Scan(&floor)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, &NotFoundError{Ref: string(id), Prefix: hook.RunPrefix}
	}
	return floor, err
}

const runColumns = `seq, id, started_at, floor, spec, ended_at, checksum`

// A runRow is a run in the database's terms. Times are microseconds, 0 for none.
type runRow struct {
	seq       int64
	id        string
	startedAt int64
	floor     int64
	spec      []byte
	endedAt   int64
	checksum  int64
}

// dest is where a row of runColumns is scanned to.
func (r *runRow) dest() []any {
	return []any{&r.seq, &r.id, &r.startedAt, &r.floor, &r.spec, &r.endedAt, &r.checksum}
}

// fingerprint computes the checksum of r by way of f.
func (r *runRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.text("run")
	f.number(r.seq)
	f.text(r.id)
	f.number(r.startedAt)
	f.number(r.floor)
	f.bytes(r.spec)
	f.number(r.endedAt)
	return f.sum()
}

// run returns what r holds, or a *DamagedRowError.
func (r *runRow) run(f *fingerprint) (*hook.Run, error) {
	if r.checksum != r.fingerprint(f) {
		return nil, &DamagedRowError{Seq: r.seq, What: "run"}
	}
	return &hook.Run{
		ID: hook.ID(r.id), StartedAt: fromMicros(r.startedAt), Floor: r.floor, Spec: r.spec, Ended: fromMicros(r.endedAt),
	}, nil
}

func readRun(ctx context.Context, db querier, condition string, args ...any) (*runRow, error) {
	row := &runRow{}
	err := db.QueryRowContext(ctx, `SELECT `+runColumns+` FROM runs `+condition, args...).Scan(row.dest()...)
	return row, err
}

// putRun writes r as seq.
func (s *session) putRun(ctx context.Context, r *hook.Run, seq int64) error {
	row := runRow{seq: seq, id: string(r.ID), startedAt: micros(r.StartedAt), floor: r.Floor, spec: r.Spec, endedAt: micros(r.Ended)}
	_, err := s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO runs (`+runColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		row.seq, row.id, row.startedAt, row.floor, orNull(row.spec), row.endedAt, row.fingerprint(&s.print))
	return err
}

// A runBegin is a run that begins.
type runBegin struct{ run hook.Run }

func (b *runBegin) weight() int64 { return rowWeight + int64(len(b.run.Spec)) }

func (*runBegin) lazy() bool { return false }

func (*runBegin) committed() {}

func (b *runBegin) write(ctx context.Context, s *session) error {
	var seq int64
	if err := s.conn.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM runs`).Scan(&seq); err != nil {
		return err
	}
	b.run.Floor = s.lastAttempt
	return s.putRun(ctx, &b.run, seq)
}

// A runEnd is the end of a run.
type runEnd struct {
	id hook.ID
	at time.Time
}

func (*runEnd) weight() int64 { return rowWeight }

func (*runEnd) lazy() bool { return false }

func (*runEnd) committed() {}

func (e *runEnd) write(ctx context.Context, s *session) error {
	row, err := readRun(ctx, s.conn, `WHERE id = ?`, string(e.id))
	if errors.Is(err, sql.ErrNoRows) {
		return &NotFoundError{Ref: string(e.id)}
	}
	if err != nil {
		return err
	}
	run, err := row.run(&s.print)
	if err != nil {
		return err
	}
	run.Ended = e.at
	return s.putRun(ctx, run, row.seq)
}
