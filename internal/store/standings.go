package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/hookctl/hookctl/internal/hook"
)

// Standing returns how the endpoint stands that deliveries to place go to. One that
// nothing is known of is new. It fails with a *DamagedRowError where that cannot be read.
func (s *Store) Standing(ctx context.Context, place string) (hook.Standing, error) {
	all, err := readStandings(ctx, s.readers, ` WHERE place = ?`, place)
	return all[place], explain(err)
}

// Standings returns how all endpoints stand of which something is known, by their
// places. With a *DamagedRowError it returns those that can be read.
func (s *Store) Standings(ctx context.Context) (map[string]hook.Standing, error) {
	all, err := readStandings(ctx, s.readers, ` ORDER BY seq`)
	return all, explain(err)
}

// SetStanding lets change change how the endpoint at place stands, and returns once that
// is on disk. change is given what is in the store, or a new standing where that is
// nothing or damaged; it must be quick and must not call the store.
func (s *Store) SetStanding(ctx context.Context, place string, change func(*hook.Standing)) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	return s.writer.wait(ctx, &restanding{place: place, change: change})
}

// ForgetPlace deletes what is known of how the endpoint at place stands. Deliveries to it
// stay as they are.
func (s *Store) ForgetPlace(ctx context.Context, place string) error {
	return s.SetStanding(ctx, place, func(st *hook.Standing) { *st = hook.Standing{} })
}

// A restanding is a change to a standing.
type restanding struct {
	place  string
	change func(*hook.Standing)
}

func (*restanding) weight() int64 { return rowWeight }

func (*restanding) lazy() bool { return false }

func (*restanding) committed() {}

func (r *restanding) write(ctx context.Context, s *session) error {
	st, before, err := s.readStanding(ctx, r.place)
	var damaged *DamagedRowError
	if errors.As(err, &damaged) {
		st, before, err = hook.Standing{}, damagedStanding, nil
	}
	if err != nil {
		return err
	}
	r.change(&st)
	return s.putStanding(ctx, r.place, &st, before)
}

const (
	standingColumns = `seq, place, standing, checksum`
	// newStanding is the JSON of one that has no row.
	newStanding = `{}`
	// damagedStanding is what no standing is.
	damagedStanding = ``
)

// A standingRow is how an endpoint stands, in the database's terms.
type standingRow struct {
	seq             int64
	place, standing string
	checksum        int64
}

// dest is where a row of standingColumns is scanned to.
func (r *standingRow) dest() []any { return []any{&r.seq, &r.place, &r.standing, &r.checksum} }

// fingerprint computes the checksum of r by way of f. seq means nothing.
func (r *standingRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.text("standing")
	f.text(r.place)
	f.text(r.standing)
	return f.sum()
}

// value returns what r holds, or a *DamagedRowError.
func (r *standingRow) value(f *fingerprint) (st hook.Standing, err error) {
	if r.checksum != r.fingerprint(f) || json.Unmarshal([]byte(r.standing), &st) != nil {
		return hook.Standing{}, &DamagedRowError{Seq: r.seq, What: "standing"}
	}
	return st, nil
}

// readStanding returns how place stands, and that as JSON.
func (s *session) readStanding(ctx context.Context, place string) (st hook.Standing, text string, err error) {
	var row standingRow
	err = s.standingOf.QueryRowContext(ctx, place).Scan(row.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return st, newStanding, nil
	}
	if err != nil {
		return st, "", err
	}
	st, err = row.value(&s.print)
	return st, row.standing, err
}

// putStanding writes how place stands where that is not what it was before, as JSON.
func (s *session) putStanding(ctx context.Context, place string, st *hook.Standing, before string) error {
	text, err := json.Marshal(st)
	if err != nil || string(text) == before {
		return err
	}
	if string(text) == newStanding {
		_, err = s.conn.ExecContext(ctx, `DELETE FROM standings WHERE place = ?`, place)
		return err
	}
	row := standingRow{place: place, standing: string(text)}
	_, err = s.addStanding.ExecContext(ctx, row.place, row.standing, row.fingerprint(&s.print))
	return err
}

// readStandings returns those that meet a condition; a *DamagedRowError is the first that
// cannot be read.
func readStandings(ctx context.Context, db querier, condition string, args ...any) (map[string]hook.Standing, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+standingColumns+` FROM standings`+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]hook.Standing{}
	var row standingRow
	var print fingerprint
	var damaged error
	for rows.Next() {
		st, err := hook.Standing{}, error(nil)
		if rows.Scan(row.dest()...) != nil {
			err = &DamagedRowError{Seq: row.seq, What: "standing"}
		} else {
			st, err = row.value(&print)
		}
		switch {
		case err == nil:
			all[row.place] = st
		case damaged == nil:
			damaged = err
		}
	}
	return all, errors.Join(rows.Err(), damaged)
}
