package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/store"
)

// resumeSend goes on with what an earlier send --retry left pending.
func resumeSend(ctx context.Context, a *app, o *sendOptions) error {
	place, err := o.resumedPlace()
	if err != nil {
		return err
	}
	if _, edits, err := o.split(); err != nil {
		return err
	} else if len(edits) > 0 {
		return usage("", "%s: --resume sends the payloads as they were; only rules can be set, such as policy.retry=announced", edits[0].flag)
	}
	return a.withStore(readWrite, func(s *store.Store) error {
		owner, err := s.Own()
		if err != nil {
			return err
		}
		defer owner.Close()
		if err := a.revive(ctx, s); err != nil {
			return err
		}
		run := &deliveryRun{app: a, options: o, store: s, owner: owner.ID(), log: newSendLog(a), ids: hook.NewIDs(rand.Reader)}
		pending, others, err := run.madePending(ctx, place)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(others)) {
			a.messages().Status(othersInWords(others[name], name))
		}
		if len(pending) == 0 {
			if len(others) > 0 {
				return nil
			}
			return tellNothingMade(ctx, a, s, place)
		}
		kept, err := run.takeUp(ctx, pending)
		if err != nil {
			return err
		}
		run.tellWait(kept)
		return run.complete(ctx, kept, run.inWords(), "")
	})
}

// tellNothingMade says that send left nothing pending, and whether listen did.
func tellNothingMade(ctx context.Context, a *app, s *store.Store, place string) error {
	captured := 0
	for d, err := range s.Pending(ctx, place, 0) {
		if err != nil {
			return err
		}
		if d.CaptureSeq > 0 {
			captured++
		}
	}
	text := "nothing is pending that hookctl send began"
	if captured > 0 {
		text += "; " + deliveries(captured) + " of captures: hookctl listen goes on there"
	}
	a.messages().Status(text)
	return nil
}

// resumedPlace is where what is resumed goes, "" for anywhere.
func (o *sendOptions) resumedPlace() (string, error) {
	if o.errorsTo != "" {
		errorsTo, err := parseTarget(o.errorsTo)
		if err != nil {
			return "", err
		}
		if far := elsewhere(errorsTo); far != nil && !o.yes {
			return "", usage("--yes sends them", "messages about failed deliveries would go to another machine, %s", far.Host)
		}
	}
	if o.to == "" {
		return o.endpoint, nil
	}
	to, err := parseTarget(o.to)
	if err != nil {
		return "", err
	}
	return hook.DisplayURL(to), nil
}

// madePending are the pending deliveries of messages that hookctl made, which become the
// run's, and how many others there are that another process sees through, by place. Those
// of captures are the listener's.
func (run *deliveryRun) madePending(ctx context.Context, place string) (made []*hook.Delivery, others map[string]int, err error) {
	now, pace := run.app.world.Now(), run.pace()
	which := func(d *hook.Delivery) bool {
		if d.CaptureSeq == 0 {
			d.Course = delivery.TakeUp(d.Course, now, pace)
		}
		return d.CaptureSeq == 0
	}
	if _, err := run.store.Adopt(ctx, place, run.owner, which); err != nil {
		return nil, nil, err
	}
	others = map[string]int{}
	for d, err := range run.store.Pending(ctx, place, 0) {
		switch {
		case err != nil:
			return nil, nil, err
		case d.CaptureSeq > 0:
		case d.Owner == run.owner:
			made = append(made, d)
		default:
			others[d.Place()]++
		}
	}
	return made, others, run.takeUpPlans(ctx, made, now)
}

// takeUpPlans has the places of deliveries wait at the pace of the run.
func (run *deliveryRun) takeUpPlans(ctx context.Context, made []*hook.Delivery, now time.Time) error {
	done := map[string]bool{}
	for _, d := range made {
		if done[d.Place()] {
			continue
		}
		done[d.Place()] = true
		err := run.store.SetStanding(ctx, d.Place(), func(st *hook.Standing) { *st = delivery.TakeUpPlans(*st, now, run.pace()) })
		if err != nil {
			return err
		}
	}
	return nil
}

// pace is how many times as fast as the clock the policies run.
func (run *deliveryRun) pace() float64 {
	if run.options.speed == 0 {
		return 1
	}
	return float64(run.options.speed)
}

// takeUp finds what it takes to send each of the deliveries, and returns those that can be.
func (run *deliveryRun) takeUp(ctx context.Context, pending []*hook.Delivery) ([]*hook.Delivery, error) {
	var kept []*hook.Delivery
	refused, begun := map[string]bool{}, map[string]bool{}
	for _, d := range pending {
		key := d.Place() + " " + d.Provider
		if _, err := run.target(d.Place(), d.Provider); err != nil && !refused[key] {
			found, err := run.targetOf(d)
			if err != nil {
				run.app.messages().Warn("what is pending for " + d.Place() + " stays so: " + err.Error())
				refused[key] = true
				continue
			}
			run.targets = append(run.targets, found)
			if err := run.reopen(ctx, found); err != nil {
				return nil, err
			}
		}
		if refused[key] {
			continue
		}
		if t, err := run.target(d.Place(), d.Provider); err == nil && !t.rules.Plans(d.Course) {
			if !begun[key] {
				run.app.messages().Warn("what began by other rules stays pending for " + d.Place() + ": by these it has no attempt left")
				run.app.messages().Hint("give the --set of the command that began it again")
			}
			begun[key] = true
			continue
		}
		kept = append(kept, d)
	}
	return kept, nil
}

// reopen puts a URL of the command line in use again that an earlier policy has put out of
// use: to go on with it is the update that it waits for. What is counted of the failures of
// one that is in use stays, for no policy begins anew because hookctl was stopped.
func (run *deliveryRun) reopen(ctx context.Context, t *sendTarget) error {
	if t.endpoint.Name != "" {
		return nil
	}
	place := t.endpoint.Place()
	standing, err := run.store.Standing(ctx, place)
	if err != nil || standing.Active(run.app.world.Now()) {
		return err
	}
	run.app.messages().Status(place + " was " + delivery.StandingWords(standing) + ": it is in use again")
	return renewPlace(ctx, run.store, place)
}

// tellWait says how long the first of what is pending waits, where it is not due.
func (run *deliveryRun) tellWait(pending []*hook.Delivery) {
	var first time.Time
	for i, d := range pending {
		if i == 0 || d.Due.Before(first) {
			first = d.Due
		}
	}
	exact := first.Sub(run.app.world.Now())
	wait := exact.Round(time.Second)
	if len(pending) == 0 || wait <= 0 {
		return
	}
	left := provider.Duration(wait).String()
	if pace := run.pace(); pace != 1 {
		left += fmt.Sprintf(" (%s at %s)", provider.Duration(time.Duration(float64(exact)*pace).Round(time.Second)), run.options.speed.String())
	}
	text := fmt.Sprintf("%s wait; the next attempt is due in %s, at %s", deliveries(len(pending)), left, first.UTC().Format(time.RFC3339))
	if len(pending) == 1 {
		text = strings.Replace(text, " wait;", " waits;", 1)
	}
	run.app.messages().Status(text)
}

// targetOf is the target of a delivery as it is declared now.
func (run *deliveryRun) targetOf(d *hook.Delivery) (*sendTarget, error) {
	o := *run.options
	o.endpoint = d.Endpoint
	if o.from = d.Provider; d.Endpoint != "" {
		o.to = ""
	} else if o.to == "" {
		o.to = d.URL
	}
	known, err := o.loadFor(run.app, d.Provider, o.secrets)
	if err != nil {
		return nil, err
	}
	snd, err := newSender(run.app, &o, known)
	if err != nil {
		return nil, err
	}
	return snd.targets[0], nil
}

// resumeCommand is the command that goes on with what these flags began.
func (o *sendOptions) resumeCommand() string {
	words := []string{"hookctl send --resume"}
	add := func(flag, value string) { words = append(words, "--"+flag, shellWord(value)) }
	if o.to != "" && withoutUser(o.to) == o.to {
		add("to", o.to)
	}
	if o.endpoint != "" {
		add("endpoint", o.endpoint)
	}
	if rules, _, err := o.split(); err == nil {
		for _, rule := range rules {
			if !strings.HasPrefix(rule, "policy") {
				rule = ruleSetting + rule
			}
			add("set", rule)
		}
	}
	for _, ref := range o.secrets {
		if strings.HasPrefix(ref, "env:") || strings.HasPrefix(ref, "file:") {
			add("secret", ref)
		}
	}
	if o.speed != 0 {
		add("speed", o.speed.String())
	}
	if o.errorsTo != "" {
		add("errors-to", withoutUser(o.errorsTo))
	}
	if o.timeout > 0 {
		add("timeout", o.timeout.Round(time.Millisecond).String())
	}
	if o.insecure {
		words = append(words, "--insecure")
	}
	if o.yes {
		words = append(words, "--yes")
	}
	return strings.Join(words, " ")
}

// shellWord is text as one word of a shell.
func shellWord(text string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// inWords says where everything goes.
func (run *deliveryRun) inWords() string {
	places := map[string]bool{}
	for _, t := range run.targets {
		places[t.endpoint.Place()] = true
	}
	return placesInWords(places)
}
