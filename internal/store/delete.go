package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// deleteSlice is how many captures are deleted at once: those that come meanwhile
// wait for it.
const deleteSlice = 128

// Delete deletes the captures seqs with all that belongs to them, and returns how
// many there were, also where it fails half-way. Their seqs are not used again.
//
// Deliveries of them that are over go too. Those that are pending are cancelled, with
// the reason "its capture was deleted": whoever makes them has to learn of it.
func (s *Store) Delete(ctx context.Context, seqs []int64) (int, error) {
	return s.delete(ctx, seqs, false)
}

// delete deletes in slices. sparing leaves those that something waits for.
func (s *Store) delete(ctx context.Context, seqs []int64, sparing bool) (int, error) {
	if s.writer == nil {
		return 0, ErrReadOnly
	}
	total := 0
	for len(seqs) > 0 {
		n := min(len(seqs), deleteSlice)
		d := &deletion{seqs: seqs[:n], sparing: sparing}
		if err := s.writer.wait(ctx, d); err != nil {
			return total, err
		}
		total += d.deleted
		seqs = seqs[n:]
	}
	return total, nil
}

// Prune deletes the captures that are not among the newest keep, and those that
// were received before the time, and returns how many there were. keep 0 and the
// zero time are no limits. Captures that have pending deliveries are spared. What has
// to do with no capture goes by its age too: deliveries that are over, and attempts.
func (s *Store) Prune(ctx context.Context, keep int, before time.Time) (int, error) {
	if s.writer == nil {
		return 0, ErrReadOnly
	}
	total := 0
	if keep > 0 {
		n, err := s.pruneOver(ctx, keep)
		if total += n; err != nil {
			return total, err
		}
	}
	if !before.IsZero() {
		n, err := s.pruneBefore(ctx, before)
		if total += n; err != nil {
			return total, err
		}
		if err := s.pruneLeftovers(ctx, before); err != nil {
			return total, err
		}
	}
	return total, nil
}

// pruneOver deletes all but the newest keep.
func (s *Store) pruneOver(ctx context.Context, keep int) (int, error) {
	first, err := s.nthNewest(ctx, int64(keep))
	if err != nil || first == 0 {
		return 0, explain(err)
	}
	total := 0
	for at := int64(0); ; {
		seqs, _, err := (statement{`SELECT seq FROM captures WHERE seq < ? AND`, []any{first}}).
			after(ctx, s.readers, ascending, at, deleteSlice)
		if err != nil || len(seqs) == 0 {
			return total, explain(err)
		}
		at = seqs[len(seqs)-1]
		n, err := s.delete(ctx, seqs, true)
		if total += n; err != nil {
			return total, err
		}
	}
}

// nthNewest returns the seq of the nth newest capture, or 0 where there are fewer.
func (s *Store) nthNewest(ctx context.Context, n int64) (seq int64, err error) {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	done, err := readProgress(ctx, tx)
	if err != nil {
		return 0, err
	}
	var newer int64
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM captures WHERE seq > ?`, done.captures).Scan(&newer); err != nil {
		return 0, err
	}
	// Facets are far smaller than captures to count along.
	text := `SELECT seq FROM facets ORDER BY seq DESC LIMIT 1 OFFSET ?`
	if n <= newer {
		text, newer = `SELECT seq FROM captures ORDER BY seq DESC LIMIT 1 OFFSET ?`, 0
	}
	err = tx.QueryRowContext(ctx, text, n-newer-1).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, err
}

// pruneBefore deletes what was received before t.
func (s *Store) pruneBefore(ctx context.Context, t time.Time) (int, error) {
	total := 0
	var seqs []int64
	remove := func() error {
		n, err := s.delete(ctx, seqs, true)
		total += n
		seqs = seqs[:0]
		return err
	}
	q := Query{Ascending: true, terms: []term{until(t)}}
	for c, err := range s.Captures(ctx, q) {
		if isDamagedRow(err) {
			continue // when it came is not known
		}
		if err != nil {
			return total, err
		}
		if seqs = append(seqs, c.Seq); len(seqs) == deleteSlice {
			if err := remove(); err != nil {
				return total, err
			}
		}
	}
	return total, remove()
}

func isDamagedRow(err error) bool {
	var damaged *DamagedRowError
	return errors.As(err, &damaged)
}

// A deletion is captures to be deleted.
type deletion struct {
	seqs    []int64
	sparing bool // leave those that have pending deliveries
	deleted int
}

// weight is that of a whole batch: it is done by itself.
func (d *deletion) weight() int64 { return maxBatchBytes }

func (*deletion) lazy() bool { return false }

func (d *deletion) committed() {}

func (d *deletion) write(ctx context.Context, s *session) error {
	list, err := d.list(ctx, s)
	if err != nil {
		return err
	}
	if err := s.forsake(ctx, list); err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM attempt_ids WHERE seq IN (SELECT seq FROM attempts WHERE capture_seq IN (SELECT value FROM json_each(?)))`,
		`DELETE FROM attempts WHERE capture_seq IN (SELECT value FROM json_each(?))`,
		`DELETE FROM body_chunks WHERE capture_seq IN (SELECT value FROM json_each(?))`,
		`DELETE FROM body_index WHERE rowid IN (SELECT value FROM json_each(?))`,
		`DELETE FROM body_opaque WHERE seq IN (SELECT value FROM json_each(?))`,
		`DELETE FROM validations WHERE seq IN (SELECT value FROM json_each(?))`,
		`DELETE FROM identities WHERE seq IN (SELECT value FROM json_each(?))`,
		`DELETE FROM facets WHERE seq IN (SELECT value FROM json_each(?))`,
		deleteZones(),
	} {
		if _, err := s.conn.ExecContext(ctx, text, list); err != nil {
			return err
		}
	}
	result, err := s.conn.ExecContext(ctx, `DELETE FROM captures WHERE seq IN (SELECT value FROM json_each(?))`, list)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	d.deleted = int(n)
	if _, err := s.conn.ExecContext(ctx, `UPDATE meta SET deletions = deletions + 1`); err != nil {
		return err
	}
	return s.setFloors(ctx)
}

// list has those to be deleted that are captures.
func (d *deletion) list(ctx context.Context, s *session) (string, error) {
	text := `SELECT seq FROM captures WHERE seq IN (SELECT value FROM json_each(?))`
	if d.sparing {
		text += ` AND NOT EXISTS (SELECT 1 FROM deliveries WHERE capture_seq > 0 AND capture_seq = captures.seq AND state = 'pending')`
	}
	seqs, err := readSeqs(ctx, s.conn, text, jsonList(d.seqs))
	return jsonList(seqs), err
}

// forsake ends the deliveries of the captures in list, which are deleted.
func (s *session) forsake(ctx context.Context, list string) error {
	const theirs = `capture_seq > 0 AND capture_seq IN (SELECT value FROM json_each(?))`
	for _, text := range []string{
		`DELETE FROM messages WHERE seq IN (SELECT seq FROM deliveries WHERE ` + theirs + ` AND state <> 'pending')`,
		`DELETE FROM deliveries WHERE ` + theirs + ` AND state <> 'pending'`,
	} {
		if _, err := s.conn.ExecContext(ctx, text, list); err != nil {
			return err
		}
	}
	page, err := readDeliveries(ctx, s.conn, statement{`SELECT ` + deliveryColumns + ` FROM deliveries WHERE ` + theirs, []any{list}})
	if err != nil {
		return err
	}
	_, err = s.cancel(ctx, page, "its capture was deleted")
	return err
}

// deleteZones deletes those of the captures' zones in which nothing is left.
func deleteZones() string {
	return fmt.Sprintf(`DELETE FROM zones WHERE n IN (SELECT value / %[1]d FROM json_each(?))
		AND NOT EXISTS (SELECT 1 FROM facets WHERE seq >= n * %[1]d AND seq < (n + 1) * %[1]d)`, zoneSize)
}
