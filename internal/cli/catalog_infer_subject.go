package cli

import (
	"cmp"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/validate"
)

// An eventFinder tells which event a message is; "" where it does not say.
type eventFinder func(*provider.Message) string

// subject says whose a payload is and which event: as the flags have it, as the message
// itself says by the provider's profile, or as was noted when it came; of a file as hookctl
// validate finds it.
func (o *catalogInfer) subject(p *validate.Payload) (name, event string, err error) {
	var noted hook.Identity
	message := &provider.Message{Method: "POST", Body: p.Text}
	if c := p.Capture; c != nil {
		message.Method, message.URL, message.Header = c.Method, c.Target, c.Header
		if c.Identity != nil {
			noted = *c.Identity
		}
	}
	name = cmp.Or(o.provider, noted.Provider)
	if o.event != "" {
		return name, o.event, nil
	}
	if p.Capture == nil {
		whose, what, err := o.resolver.Whose(p)
		if err != nil {
			return "", "", err
		}
		if name = cmp.Or(name, whose); what != "" {
			return name, what, nil
		}
	}
	if name != "" {
		event = o.finder(name)(message)
	}
	return name, cmp.Or(event, noted.Event.Type), nil
}

// finder returns what finds the events of a provider, who need not be known.
func (o *catalogInfer) finder(name string) eventFinder {
	if find := o.profiles[name]; find != nil {
		return find
	}
	find := func(*provider.Message) string { return "" }
	if set, err := o.app.providers(); err == nil {
		if p, err := set.profileOf(name); err == nil {
			find = func(m *provider.Message) string { return p.EventOf(m).Type }
		}
	}
	o.profiles[name] = find
	return find
}

// settle leaves out events of which there is no sample that could be read, and sorts the
// others.
func (o *catalogInfer) settle() {
	o.groups = slices.DeleteFunc(o.groups, func(g *inferred) bool { return g.builder.Samples() == 0 })
	slices.SortFunc(o.groups, func(a, b *inferred) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.event, b.event))
	})
}
