package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
)

// Enqueue queues ds, which are new, to be stored: all of them or none. The channel gets
// nil once they are on disk, and then the Seq of each is set. It gets a *NotFoundError
// where a capture that one delivers is gone. State "" is kept as hook.Pending.
func (s *Store) Enqueue(ds ...*hook.Delivery) <-chan error {
	if s.writer == nil {
		return refused()
	}
	for _, d := range ds {
		if err := deliverable(d, d.CaptureSeq > 0); err != nil {
			return failed(err)
		}
	}
	return s.writer.do(&enqueueing{ds: ds})
}

// KeepFor is Keep, and Enqueue of deliveries of c: all of it is stored or nothing. Their
// CaptureID and CaptureSeq are set to those of c.
func (s *Store) KeepFor(c *hook.Capture, ds []*hook.Delivery) <-chan error {
	if s.writer == nil {
		return refused()
	}
	for _, d := range ds {
		if err := deliverable(d, true); err != nil {
			return failed(err)
		}
	}
	return s.writer.do(&keepingFor{keeping{c: c}, enqueueing{ds: ds}})
}

// deliverable fails where d cannot be delivered. captured says that it has a capture.
func deliverable(d *hook.Delivery, captured bool) error {
	switch {
	case !d.ID.Valid(hook.DeliveryPrefix):
		return fmt.Errorf("%q is not the id of a delivery", d.ID)
	case !captured && d.Message == nil:
		return errors.New("a delivery needs a capture that is kept, or a message")
	}
	return nil
}

// failed is a channel that has err.
func failed(err error) <-chan error {
	done := make(chan error, 1)
	done <- err
	return done
}

// An enqueueing is deliveries on their way to disk.
type enqueueing struct {
	ds    []*hook.Delivery
	first int64 // the seq of the first
}

func (e *enqueueing) weight() int64 {
	weight := int64(0)
	for _, d := range e.ds {
		if weight += rowWeight; d.Message != nil {
			weight += int64(len(d.Message.Body))
		}
	}
	return weight
}

func (*enqueueing) lazy() bool { return false }

func (e *enqueueing) committed() {
	for i, d := range e.ds {
		d.Seq = e.first + int64(i)
	}
}

func (e *enqueueing) write(ctx context.Context, s *session) error {
	for _, d := range e.ds {
		if d.CaptureSeq == 0 {
			continue
		}
		var kept bool
		if err := s.hasCapture.QueryRowContext(ctx, d.CaptureSeq).Scan(&kept); err != nil {
			return err
		}
		if !kept {
			return &NotFoundError{Ref: string(d.CaptureID)}
		}
	}
	return e.insert(ctx, s)
}

// insert adds the deliveries, all of which can be.
func (e *enqueueing) insert(ctx context.Context, s *session) error {
	e.first = s.lastDelivery + 1
	for _, d := range e.ds {
		if err := s.enqueue(ctx, d, s.lastDelivery+1); err != nil {
			return err
		}
		s.lastDelivery++
	}
	return nil
}

// enqueue inserts d with its message as seq.
func (s *session) enqueue(ctx context.Context, d *hook.Delivery, seq int64) error {
	row := &s.delivery
	row.set(d)
	row.seq = seq
	row.checksum = row.fingerprint(&s.print)
	s.args = row.appendArgs(s.args[:0])
	if err := s.addDelivery.run(ctx, s.args); err != nil || d.Message == nil {
		return err
	}
	return s.keepMessage(ctx, d.Message, seq)
}

// A keepingFor is a capture on its way to disk, and what is to be delivered of it.
type keepingFor struct {
	keeping
	deliveries enqueueing
}

func (k *keepingFor) weight() int64 { return k.keeping.weight() + k.deliveries.weight() }

func (k *keepingFor) committed() {
	k.keeping.committed()
	k.deliveries.committed()
}

func (k *keepingFor) write(ctx context.Context, s *session) error {
	if err := k.keeping.write(ctx, s); err != nil {
		return err
	}
	for _, d := range k.deliveries.ds {
		d.CaptureID, d.CaptureSeq = k.c.ID, k.seq
	}
	return k.deliveries.insert(ctx, s)
}
