package cli

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
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
		pending, err := madePending(ctx, s, place)
		if err != nil {
			return err
		}
		if len(pending) == 0 {
			a.messages().Status("nothing is pending that hookctl send began")
			return nil
		}
		desk := &sendDesk{app: a, options: o, store: s, log: newSendLog(a), ids: hook.NewIDs(rand.Reader)}
		kept, err := desk.takeUp(ctx, pending)
		if err != nil {
			return err
		}
		return desk.run(ctx, kept, desk.inWords(), "")
	})
}

// resumedPlace is where what is resumed goes, "" for anywhere.
func (o *sendOptions) resumedPlace() (string, error) {
	if o.to == "" {
		return o.endpoint, nil
	}
	to, err := parseTarget(o.to)
	if err != nil {
		return "", err
	}
	return hook.DisplayURL(to), nil
}

// madePending are the pending deliveries of messages that hookctl made: those of captures
// are the listener's.
func madePending(ctx context.Context, s *store.Store, place string) ([]*hook.Delivery, error) {
	var made []*hook.Delivery
	for d, err := range s.Pending(ctx, place, 0) {
		if err != nil {
			return nil, err
		}
		if d.CaptureSeq == 0 {
			made = append(made, d)
		}
	}
	return made, nil
}

// takeUp finds what it takes to send each of the deliveries, and returns those that can be.
func (desk *sendDesk) takeUp(ctx context.Context, pending []*hook.Delivery) ([]*hook.Delivery, error) {
	var kept []*hook.Delivery
	refused := map[string]bool{}
	for _, d := range pending {
		key := d.Place() + " " + d.Provider
		if _, err := desk.target(d.Place(), d.Provider); err != nil && !refused[key] {
			found, err := desk.targetOf(d)
			if err != nil {
				desk.app.messages().Warn("what is pending for " + d.Place() + " stays so: " + err.Error())
				refused[key] = true
				continue
			}
			desk.targets = append(desk.targets, found)
			if err := renewPlaces(ctx, desk.store, []*postTarget{found}); err != nil {
				return nil, err
			}
		}
		if !refused[key] {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

// targetOf is the target of a delivery as it is declared now.
func (desk *sendDesk) targetOf(d *hook.Delivery) (*postTarget, error) {
	o := *desk.options
	o.endpoint = d.Endpoint
	if o.from = d.Provider; d.Endpoint != "" {
		o.to = ""
	} else if o.to == "" {
		o.to = d.URL
	}
	known, err := o.loadFor(desk.app, d.Provider, o.secrets)
	if err != nil {
		return nil, err
	}
	post, err := newPostOffice(desk.app, &o, known)
	if err != nil {
		return nil, err
	}
	return post.targets[0], nil
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
	if o.speed != 1 {
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
func (desk *sendDesk) inWords() string {
	places := map[string]bool{}
	for _, t := range desk.targets {
		places[t.endpoint.Place()] = true
	}
	return placesInWords(places)
}
