package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxNamed is how many damaged records a Report names.
	maxNamed = 100
	// maxProblems is how many faults of the file as a whole it has.
	maxProblems = 20
)

// A Report is what was found in a store.
type Report struct {
	// File is the path of the store's main file, Bytes the size of all.
	File  string
	Bytes int64
	// Captures, Attempts and Deliveries count the sound ones.
	Captures, Attempts, Deliveries int
	// DamagedCount counts the records that are there but not sound; Damaged has the
	// first 100.
	DamagedCount int
	Damaged      []*DamagedRowError
	// Problems are faults of the file as a whole, the first 20, in SQLite's words.
	Problems []string
}

// Sound reports whether nothing is wrong.
func (r *Report) Sound() bool { return r.DamagedCount == 0 && len(r.Problems) == 0 }

// Check reads all of the store in dir and reports what is not as it was written,
// whatever happened to it. It changes nothing, and others may use the store
// meanwhile. It fails where there is no store or it cannot be read at all:
// ErrNotExist, ErrUnsafe, ErrNewer, or what the system says.
func Check(ctx context.Context, dir string) (Report, error) {
	report, err := check(ctx, dir)
	if err != nil {
		return report, fmt.Errorf("store %s: %w", dir, err)
	}
	return report, nil
}

func check(ctx context.Context, dir string) (report Report, err error) {
	place, err := newFolder(dir)
	if err != nil {
		return report, err
	}
	if err := place.inspect(); err != nil {
		return report, err
	}
	steps, err := currentSchema()
	if err != nil {
		return report, err
	}
	report = Report{File: place.file(), Bytes: place.bytes()}
	db, version, err := connectReadOnly(ctx, place, steps)
	if errors.Is(err, ErrDamaged) {
		report.problem(err)
		db, err = openReaders(place, modeReadOnly) // for what it is worth
	}
	if err != nil {
		return report, err
	}
	defer db.Close()
	older := version > 0 && version < len(steps)
	return report, examine(ctx, db, &report, older)
}

// examine reads all that db has, and reports. One of an older version does not
// have the facets of today.
func examine(ctx context.Context, db *sql.DB, report *Report, older bool) error {
	if err := quickCheck(ctx, db, report); err != nil {
		return err
	}
	v := &salvage{db: db, path: report.File, sink: nowhere{}, report: report}
	if err := v.run(ctx); err != nil || !report.Sound() || older {
		return err
	}
	return checkFacets(ctx, db, report)
}

// quickCheck lets SQLite look for pages that do not fit together.
func quickCheck(ctx context.Context, db *sql.DB, report *Report) error {
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`PRAGMA quick_check(%d)`, maxProblems))
	if err != nil {
		report.problem(err)
		return ctx.Err()
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			report.problem(errors.New(line))
		}
	}
	if err := rows.Err(); err != nil {
		report.problem(err)
	}
	return ctx.Err()
}

func (r *Report) problem(err error) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, err.Error())
	}
}

// nowhere is a sink for those who only count.
type nowhere struct{}

func (nowhere) capture(context.Context, *hook.Capture) error           { return nil }
func (nowhere) attempt(context.Context, *hook.Attempt) error           { return nil }
func (nowhere) judgement(context.Context, *hook.Identity, int64) error { return nil }
func (nowhere) message(context.Context, *hook.Message, int64) error    { return nil }
func (nowhere) delivery(context.Context, *hook.Delivery) error         { return nil }
func (nowhere) standing(context.Context, string, *hook.Standing) error { return nil }
func (nowhere) run(context.Context, *hook.Run, int64) error            { return nil }
