package cli

import (
	"context"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/store"
)

// sendOnce attempts each letter once, in order. A letter is kept with its attempt, when it
// has ended: nothing is left pending.
func (post *postOffice) sendOnce(ctx context.Context, letters []*letter) error {
	log := newSendLog(post.app)
	err := post.app.withStore(readWrite, func(s *store.Store) error {
		client := post.client()
		defer client.Close()
		begin := time.Now()
		for i, l := range letters {
			if err := pause(ctx, time.Until(begin.Add(time.Duration(i)*time.Duration(post.options.every)))); err != nil {
				return err
			}
			if err := post.sendLetter(ctx, s, client, log, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return log.end(post.targetCount(letters), post.onceHint(letters))
}

// sendLetter attempts one letter, unless nobody takes it.
func (post *postOffice) sendLetter(ctx context.Context, s *store.Store, client *send.Client, log *sendLog, l *letter) error {
	d, err := post.delivery(l, time.Time{})
	if err != nil {
		return err
	}
	if l.target != nil {
		if err := post.turnAway(ctx, s, d); err != nil {
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
	a, step, err := post.attempt(ctx, client, log, l, d)
	if err != nil {
		return err
	}
	if ctx.Err() != nil && a.Failure == hook.FailureCancelled {
		return context.Cause(ctx)
	}
	kept := s.Enqueue(d)
	if err := <-s.Record(a); err != nil {
		return err
	}
	if err := <-kept; err != nil {
		return err
	}
	log.over(d)
	return log.attempted(d, a, l.target.rules, step)
}

// turnAway cancels d where its endpoint does not take deliveries.
func (post *postOffice) turnAway(ctx context.Context, s *store.Store, d *hook.Delivery) error {
	if d.Endpoint == "" {
		return nil
	}
	standing, err := s.Standing(ctx, d.Place())
	if err != nil || standing.Active(post.app.world.Now()) {
		return err
	}
	post.closed = d.Endpoint
	d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, "the endpoint "+d.Endpoint+" is "+delivery.StandingWords(standing)
	return nil
}

// attempt makes the only attempt at d, and says what came of it.
func (post *postOffice) attempt(ctx context.Context, client *send.Client, log *sendLog, l *letter, d *hook.Delivery) (*hook.Attempt, *delivery.Step, error) {
	request, err := l.target.write(d, delivery.Moment{At: post.app.world.Now(), Try: 1})
	if err != nil {
		return nil, nil, err
	}
	request.Deadline, _ = l.target.rules.Deadline()
	request.Kept = l.target.rules.Kept()
	if err := log.sending(d, request); err != nil {
		return nil, nil, err
	}
	a := client.Attempt(ctx, request, nil)
	if a.ID, err = post.ids.New(hook.AttemptPrefix, a.StartedAt); err != nil {
		return nil, nil, err
	}
	end := a.StartedAt.Add(a.Latency)
	verdict := l.target.rules.Judge(d.Event.Type, delivery.ResultOf(a, end))
	a.Delivery, a.Try, a.Endpoint, a.Provider, a.Event = d.ID, 1, d.Endpoint, d.Provider, d.Event.Type
	a.Trigger, a.Acknowledged = hook.TriggerManual, &verdict.Acknowledged
	d.Course = hook.Course{State: hook.Succeeded, Tries: 1, First: a.StartedAt, Last: end}
	if !verdict.Acknowledged {
		d.State, d.Reason = hook.Lost, verdictInWords(l.target.rules, verdict, a)
	}
	return a, &delivery.Step{Verdict: verdict}, nil
}

// onceHint says what a provider would have done about a failure.
func (post *postOffice) onceHint(letters []*letter) string {
	if hint := post.closedHint(); hint != "" {
		return hint
	}
	if len(post.targets) == 0 {
		return "--to URL sends it; hookctl endpoint add NAME --url URL makes an endpoint that wants it"
	}
	for _, l := range letters {
		if l.target == nil {
			return "--endpoint NAME sends it whatever the endpoint wants"
		}
	}
	if policy := &post.targets[0].rules.Profile().Policy; policy.Retry.Attempts != 1 && !post.options.once {
		return "--retry goes on as " + post.known.Name + " does, --speed 60x in less time"
	}
	return ""
}

// closedHint is how to learn why an endpoint does not take deliveries, "" where all do.
func (post *postOffice) closedHint() string {
	if post.closed == "" {
		return ""
	}
	return "hookctl endpoint show " + post.closed + " says what ends that"
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
