package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// Advance queues a, an attempt of a delivery, to be stored along with what follows from
// it: decide is given the delivery and the standing of its place as they are in the
// store, where other processes may have changed them, and may change the delivery's
// Course and Reason, and all of the standing. a may be nil: then it is decide alone.
//
// The channel gets nil once all of it is on disk, and then a.Seq is set. It gets a
// *NotFoundError where the delivery is not there, or a *DamagedRowError where that or the
// standing cannot be read: then decide was not called, and a is kept all the same. An
// attempt whose capture was deleted is not kept; the rest goes on.
//
// decide is called at most once, by the one goroutine that writes: it must be quick, and
// must not call the store. d has no Message.
func (s *Store) Advance(a *hook.Attempt, delivery hook.ID, decide func(d *hook.Delivery, st *hook.Standing)) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&movement{a: a, id: delivery, decide: decide})
}

// A movement is what an attempt does to a delivery, on its way to disk.
type movement struct {
	a      *hook.Attempt
	seq    int64 // of a; 0 where that is not kept
	id     hook.ID
	decide func(*hook.Delivery, *hook.Standing)
}

func (m *movement) weight() int64 {
	if m.a == nil {
		return rowWeight
	}
	return 2*rowWeight + int64(len(m.a.ResponseBody))
}

func (*movement) lazy() bool { return false }

func (m *movement) committed() {
	if m.a != nil {
		m.a.Seq = m.seq
	}
}

func (m *movement) write(ctx context.Context, s *session) error {
	if err := m.record(ctx, s); err != nil {
		return err
	}
	d, err := s.readDelivery(ctx, m.id)
	if err != nil {
		return err
	}
	place := d.Place()
	st, before, err := s.readStanding(ctx, place)
	if err != nil {
		return err
	}
	course, reason := d.Course, d.Reason
	m.decide(d, &st)
	if d.Course != course || d.Reason != reason {
		if err := s.putCourse(ctx, d); err != nil {
			return err
		}
	}
	return s.putStanding(ctx, place, &st, before)
}

// record inserts the attempt, unless its capture is gone.
func (m *movement) record(ctx context.Context, s *session) error {
	if m.a == nil {
		return nil
	}
	var gone *NotFoundError
	err := s.record(ctx, m.a, s.lastAttempt+1, false)
	switch {
	case errors.As(err, &gone):
		return nil
	case err != nil:
		return err
	}
	s.lastAttempt++
	m.seq = s.lastAttempt
	return nil
}

// readDelivery returns the delivery whose whole id is id, without its message. What is
// read stays in s.delivery for putCourse.
func (s *session) readDelivery(ctx context.Context, id hook.ID) (*hook.Delivery, error) {
	err := s.deliveryByID.QueryRowContext(ctx, string(id)).Scan(s.delivery.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &NotFoundError{Ref: string(id)}
	}
	if err != nil {
		return nil, err
	}
	return s.delivery.delivery(&s.print)
}

// putCourse writes what may change in d, which is the one in s.delivery.
func (s *session) putCourse(ctx context.Context, d *hook.Delivery) error {
	row := &s.delivery
	row.setCourse(d)
	row.checksum = row.fingerprint(&s.print)
	s.args = row.appendCourse(s.args[:0])
	return s.updateDelivery.run(ctx, s.args)
}

// cancelSlice is how many deliveries are cancelled at once: what comes meanwhile waits.
const cancelSlice = 1024

// CancelPending cancels the pending deliveries to a place, for the reason given, and
// returns how many there were. at is when that was decided: those made after it go on;
// the zero time is no bound.
func (s *Store) CancelPending(ctx context.Context, place, reason string, at time.Time) (int, error) {
	if s.writer == nil {
		return 0, ErrReadOnly
	}
	bound := int64(maxSeq)
	if !at.IsZero() {
		bound = at.UnixMicro()
	}
	total := 0
	for c := (&cancelling{place: place, reason: reason, bound: bound}); ; {
		if err := s.writer.wait(ctx, c); err != nil {
			return total, err
		}
		total += c.n
		if c.read < cancelSlice {
			return total, nil
		}
	}
}

// A cancelling is the cancelling of some deliveries to a place, those past after.
type cancelling struct {
	place, reason string
	bound         int64 // microseconds
	after         int64
	read, n       int // how many were found, and how many could be cancelled
}

func (*cancelling) weight() int64 { return maxBatchBytes }

func (*cancelling) lazy() bool { return false }

func (*cancelling) committed() {}

func (c *cancelling) write(ctx context.Context, s *session) error {
	page, err := readDeliveries(ctx, s.conn, statement{`SELECT ` + deliveryColumns + ` FROM deliveries
		WHERE state = 'pending' AND place = ? AND created_at <= ? AND seq > ? ORDER BY seq LIMIT ?`,
		[]any{c.place, c.bound, c.after, cancelSlice}})
	if err != nil {
		return err
	}
	c.n, err = s.cancel(ctx, page, c.reason)
	if c.read = len(page); c.read > 0 {
		c.after = page[c.read-1].seq
	}
	return err
}

// cancel cancels those of page that can be read, and returns how many these are.
func (s *session) cancel(ctx context.Context, page []loadedDelivery, reason string) (n int, err error) {
	for _, found := range page {
		if found.err != nil {
			continue // Check tells of it
		}
		d := found.delivery
		d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, reason
		s.delivery.set(d)
		s.delivery.seq = d.Seq
		if err := s.putCourse(ctx, d); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
