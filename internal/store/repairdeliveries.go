package store

import (
	"context"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

func (r *rescuer) message(ctx context.Context, m *hook.Message, delivery int64) error {
	r.sendable[delivery] = true
	return r.queue(ctx, rowWeight+int64(len(m.Body)), func(ctx context.Context) error {
		return r.session.keepMessage(ctx, m, delivery)
	})
}

// delivery cancels one that is pending and has nothing left to send.
func (r *rescuer) delivery(ctx context.Context, d *hook.Delivery) error {
	if lost := d.CaptureSeq != 0 && !r.saved[d.CaptureSeq] || d.CaptureSeq == 0 && !r.sendable[d.Seq]; lost && !d.Over() {
		d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, "what it sends was lost with a damaged store"
	}
	return r.queue(ctx, rowWeight, func(ctx context.Context) error { return r.session.enqueue(ctx, d, d.Seq) })
}

func (r *rescuer) standing(ctx context.Context, place string, st *hook.Standing) error {
	return r.queue(ctx, rowWeight, func(ctx context.Context) error {
		return r.session.putStanding(ctx, place, st, newStanding)
	})
}

func (r *rescuer) run(ctx context.Context, run *hook.Run, seq int64) error {
	return r.queue(ctx, rowWeight, func(ctx context.Context) error { return r.session.putRun(ctx, run, seq) })
}
