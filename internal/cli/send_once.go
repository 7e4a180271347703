package cli

import (
	"context"
	"errors"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/store"
)

// sendOnce attempts each message once, in order. One is kept with its attempt, when that
// has ended: nothing is left pending.
func (snd *sender) sendOnce(ctx context.Context, addressed []*addressedMessage) error {
	log := newSendLog(snd.app)
	err := snd.app.withStore(readWrite, func(s *store.Store) error {
		if err := snd.app.revive(ctx, s); err != nil {
			return err
		}
		client := snd.client()
		defer client.Close()
		begin := snd.app.world.Now()
		for i, m := range addressed {
			due := begin.Add(time.Duration(i) * time.Duration(snd.options.every))
			if err := pause(ctx, due.Sub(snd.app.world.Now())); err != nil {
				return err
			}
			if err := snd.sendMessage(ctx, s, client, log, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		return err
	}
	if err != nil {
		return errors.Join(log.tellTotal(snd.targetCount(addressed)), err)
	}
	return log.end(snd.targetCount(addressed), snd.onceHint(addressed))
}

// sendMessage attempts one message, unless nobody takes it.
func (snd *sender) sendMessage(ctx context.Context, s *store.Store, client *send.Client, log *sendLog, m *addressedMessage) error {
	d, err := snd.delivery(m, time.Time{})
	if err != nil {
		return err
	}
	if m.target != nil {
		if err := snd.turnAway(ctx, s, d); err != nil {
			return err
		}
	}
	if d.Over() {
		if err := <-s.Enqueue(d); err != nil {
			return err
		}
		log.over(d)
		return log.unsent(d, d.Reason)
	}
	a, step, err := snd.attempt(ctx, client, log, m, d)
	if err != nil {
		return err
	}
	kept := s.Enqueue(d)
	if err := <-s.Record(a); err != nil {
		return err
	}
	if err := <-kept; err != nil {
		return err
	}
	log.over(d)
	if err := log.attempted(d, a, m.target.rules, step); err != nil || a.Failure != hook.FailureCancelled {
		return err
	}
	return context.Cause(ctx)
}

// turnAway cancels d where its endpoint does not take deliveries.
func (snd *sender) turnAway(ctx context.Context, s *store.Store, d *hook.Delivery) error {
	if d.Endpoint == "" {
		return nil
	}
	standing, err := s.Standing(ctx, d.Place())
	if err != nil || standing.Active(snd.app.world.Now()) {
		return err
	}
	snd.closed = ending(d.Endpoint, &standing)
	d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, standingInWords(standing)
	return nil
}

// attempt makes the only attempt at d, and says what came of it.
func (snd *sender) attempt(ctx context.Context, client *send.Client, log *sendLog, m *addressedMessage, d *hook.Delivery) (*hook.Attempt, *delivery.Step, error) {
	request, err := m.target.write(d, delivery.Moment{At: snd.app.world.Now(), Try: 1})
	if err != nil {
		return nil, nil, err
	}
	request.Deadline, _ = m.target.rules.Deadline()
	request.Kept = m.target.rules.Kept()
	if err := log.sending(d, request); err != nil {
		return nil, nil, err
	}
	a := client.Attempt(ctx, request, nil)
	if a.ID, err = snd.ids.New(hook.AttemptPrefix, a.StartedAt); err != nil {
		return nil, nil, err
	}
	end := a.StartedAt.Add(a.Latency)
	verdict := m.target.rules.Judge(d.Event.Type, delivery.ResultOf(a, end))
	a.Delivery, a.Try, a.Endpoint, a.Provider, a.Event = d.ID, 1, d.Endpoint, d.Provider, d.Event.Type
	a.Trigger, d.Course = hook.TriggerManual, hook.Course{State: hook.Succeeded, Tries: 1, First: a.StartedAt, Last: end}
	if a.Failure == hook.FailureCancelled { // that says nothing of the receiver
		d.State, d.Reason = hook.Cancelled, "hookctl was stopped"
		return a, &delivery.Step{Verdict: verdict}, nil
	}
	if a.Acknowledged = &verdict.Acknowledged; !verdict.Acknowledged {
		d.State, d.Reason = hook.Lost, verdictInWords(m.target.rules, verdict, a)
	}
	return a, &delivery.Step{Verdict: verdict}, nil
}

// onceHint says what a provider would have done about a failure.
func (snd *sender) onceHint(addressed []*addressedMessage) string {
	if snd.closed != "" {
		return snd.closed
	}
	if len(snd.targets) == 0 {
		return "--to URL sends it; hookctl endpoint add NAME --url URL makes an endpoint that wants it"
	}
	for _, m := range addressed {
		if m.target == nil {
			return "--endpoint NAME sends it whatever the endpoint wants"
		}
	}
	if policy := &snd.targets[0].rules.Profile().Policy; policy.Retry.Attempts != 1 && !snd.options.once {
		return "--retry goes on as " + snd.known.Name + " does, --speed 60x in less time"
	}
	return ""
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
