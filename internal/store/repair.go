package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	codes "modernc.org/sqlite/lib"
)

// ErrInUse: another process has the store open.
var ErrInUse = errors.New("the store is in use")

// A RepairReport is what was found in a store and came of it.
type RepairReport struct {
	// Report is what was found; its sound captures and attempts are in the new file.
	Report
	// Kept is the path at which the damaged file lies now; "" where nothing was
	// wrong and nothing was done.
	Kept string
}

// Repair moves every sound record of the store in dir to a new file, which takes
// the place of the damaged one; that one is kept beside it as hookctl.db.damaged-1
// (or -2, and so on). Records keep their ids and places. Of a capture whose
// identity alone is damaged, that alone is lost.
//
// Besides the errors of Check there are ErrInUse, ErrReadOnly and ErrFull; then
// nothing is changed.
func Repair(ctx context.Context, dir string) (RepairReport, error) {
	report, err := repair(ctx, dir)
	if err != nil {
		return report, fmt.Errorf("store %s: %w", dir, explain(err))
	}
	return report, nil
}

func repair(ctx context.Context, dir string) (report RepairReport, err error) {
	if report.Report, err = check(ctx, dir); err != nil || report.Sound() {
		return report, err
	}
	place, err := newFolder(dir)
	if err != nil {
		return report, err
	}
	if err := place.writable(); err != nil {
		return report, err
	}
	steps, err := currentSchema()
	if err != nil {
		return report, err
	}
	draft, err := place.draft(ctx, steps)
	if err != nil {
		return report, err
	}
	defer removeDatabase(draft)
	report.Report = Report{File: place.file(), Bytes: place.bytes(), Problems: report.Problems}
	if err := rescue(ctx, place, draft, steps, &report.Report); err != nil {
		return report, err
	}
	report.Kept, err = place.replace(draft)
	return report, err
}

// rescue copies what is sound from the store in place to the database at draft.
func rescue(ctx context.Context, place folder, draft string, steps schema, report *Report) (err error) {
	db, err := openAlone(ctx, place)
	if err != nil {
		return err
	}
	defer func() { db.Close() }() // a damaged file may well be beyond closing in order
	session, err := openSession(ctx, draft, steps)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.close()) }()
	to := &rescuer{session: session, saved: map[int64]bool{}, sendable: map[int64]bool{}}
	problems := report.Problems
	if err := (&salvage{db: db, path: place.file(), sink: to, report: report}).run(ctx); err != nil {
		return err
	}
	report.Problems = problems
	if err := to.derived(ctx, db); err != nil {
		return err
	}
	if err := to.flush(ctx); err != nil {
		return err
	}
	return to.setFloors(ctx, db)
}

// openAlone opens the store in place with nobody else using it, as far as that
// can be told of a damaged file.
func openAlone(ctx context.Context, place folder) (*sql.DB, error) {
	db, err := openReaders(place, modeAlone)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	if code, ok := codeOf(err); ok && (code&0xff == codes.SQLITE_BUSY || code&0xff == codes.SQLITE_LOCKED) {
		return nil, errors.Join(ErrInUse, db.Close())
	}
	return db, nil
}

// A rescuer is a sink that writes to a new store, many records to a transaction.
type rescuer struct {
	session *session
	pending []func(context.Context) error
	weight  int64
	saved   map[int64]bool // captures

	sendable map[int64]bool // deliveries whose messages were saved
}

func (r *rescuer) capture(ctx context.Context, c *hook.Capture) error {
	r.saved[c.Seq] = true
	return r.queue(ctx, rowWeight+c.BodySize, func(ctx context.Context) error { return r.session.keep(ctx, c, c.Seq) })
}

// attempt fails with a *NotFoundError where the capture was not saved.
func (r *rescuer) attempt(ctx context.Context, a *hook.Attempt) error {
	if a.CaptureSeq != 0 && !r.saved[a.CaptureSeq] {
		return &NotFoundError{Ref: captureName(a)}
	}
	return r.queue(ctx, rowWeight+int64(len(a.ResponseBody)), func(ctx context.Context) error { return r.session.record(ctx, a, a.Seq, false) })
}

// judgement leaves out that of a capture that was not saved: it was nothing by itself.
func (r *rescuer) judgement(ctx context.Context, id *hook.Identity, capture int64) error {
	if !r.saved[capture] {
		return nil
	}
	return r.queue(ctx, rowWeight, func(ctx context.Context) error { return r.session.judge(ctx, id, capture) })
}

// derived copies what was made of captures and can be made again, as far as it can be
// read: what is damaged of it is no loss.
func (r *rescuer) derived(ctx context.Context, damaged *sql.DB) error {
	for at := int64(0); ; {
		found := map[int64]*hook.Validation{}
		last, err := validationsWhere(ctx, damaged, found, `seq > ? ORDER BY seq LIMIT ?`, at, pageSize)
		for seq, v := range found {
			if !r.saved[seq] {
				continue
			}
			if err := r.queue(ctx, rowWeight, func(ctx context.Context) error { return r.session.assess(ctx, v, seq) }); err != nil {
				return err
			}
		}
		if err != nil || last <= at {
			break
		}
		at = last
	}
	drifts, _ := readDrifts(ctx, damaged, "")
	return r.queue(ctx, rowWeight, func(ctx context.Context) error { return driftCount(drifts).write(ctx, r.session) })
}

// queue holds write until there is enough to write.
func (r *rescuer) queue(ctx context.Context, weight int64, write func(context.Context) error) error {
	r.pending = append(r.pending, write)
	r.weight += weight
	if len(r.pending) < maxBatch && r.weight < maxBatchBytes {
		return nil
	}
	return r.flush(ctx)
}

// flush writes what is held.
func (r *rescuer) flush(ctx context.Context) error {
	err := r.session.transact(ctx, func(ctx context.Context) error {
		for _, write := range r.pending {
			if err := write(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	r.pending, r.weight = r.pending[:0], 0
	return err
}

// setFloors sees to it that no seq which the damaged store has used is used again.
func (r *rescuer) setFloors(ctx context.Context, damaged *sql.DB) error {
	var floor [3]int64
	for _, text := range []string{
		`SELECT capture_floor, attempt_floor, 0 FROM meta`,
		`SELECT 0, 0, delivery_floor FROM meta`,
		`SELECT captures_done, attempts_done, 0 FROM progress`,
		`SELECT coalesce(max(seq), 0), 0, 0 FROM facets`,
		`SELECT coalesce(max(seq), 0), 0, 0 FROM captures`,
		`SELECT 0, coalesce(max(seq), 0), 0 FROM attempts`,
		`SELECT 0, 0, coalesce(max(seq), 0) FROM deliveries`,
		`SELECT 0, coalesce(max(floor), 0), 0 FROM runs`,
	} {
		var found [3]int64
		if damaged.QueryRowContext(ctx, text).Scan(&found[0], &found[1], &found[2]) != nil || slices.Max(found[:]) >= absurd {
			continue
		}
		for i := range floor {
			floor[i] = max(floor[i], found[i])
		}
	}
	return r.session.transact(ctx, func(ctx context.Context) error {
		_, err := r.session.conn.ExecContext(ctx, `UPDATE meta SET capture_floor = ?, attempt_floor = ?, delivery_floor = ?`, floor[0], floor[1], floor[2])
		return err
	})
}

// absurd is a seq that nobody has come to: it is damage.
const absurd = 1 << 48

// replace puts the database at draft in the place of the store's, and returns
// where that is kept.
func (d folder) replace(draft string) (kept string, err error) {
	if kept, err = d.keepDamaged(); err != nil {
		return "", err
	}
	// The log goes first: it must never meet the new file.
	if err := ignore(os.Rename(d.log(), kept+"-wal"), fs.ErrNotExist); err != nil {
		return "", err
	}
	if err := ignore(os.Remove(d.shared()), fs.ErrNotExist); err != nil {
		return "", err
	}
	if err := os.Rename(draft, d.file()); err != nil {
		return "", err
	}
	return kept, syncFolder(string(d))
}

// keepDamaged gives the store's file a second name, which it returns.
func (d folder) keepDamaged() (string, error) {
	for n := 1; ; n++ {
		kept := filepath.Join(string(d), fmt.Sprintf(damagedFor, n))
		if _, err := os.Lstat(kept); err == nil {
			continue
		}
		err := os.Link(d.file(), kept)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil { // no hard links here
			err = os.Rename(d.file(), kept)
		}
		return kept, err
	}
}

// removeDatabase removes what is left of a draft.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + suffix)
	}
}
