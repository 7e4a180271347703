package validate

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// KindEvent is the kind of the doubt that a payload is filed under one event, or the user
// says that it is one, and it says itself that it is another.
const KindEvent = "event"

// findEvent says which event the payload tells: as the user says, as its request was
// recorded, as the path has it, or by its body. Where only that says it, and is a batch,
// items is how many it has.
func (r *Resolver) findEvent(s *subject, from *source) (items int) {
	parts := s.parts[s.at+1:]
	filed := filedAs(parts, from.events)
	if s.version == "" {
		s.version = versionIn(parts, filed.rest, from.catalog.Versions)
	}
	if s.event = r.Event; s.event != "" {
		s.doubt = contradicted(s, from.catalog, s.ownEvent(from.profile()))
		return 0
	}
	if s.Capture != nil {
		if said := recordedEvent(s, from.profile()); said.Type != "" {
			s.event = said.Type
			return said.Items
		}
	}
	said := bodyEvent(s.Text, from.profile())
	if s.event = filed.event; s.event == "" {
		s.event = said.Type
		s.reason = unknownFiled(from.catalog, filed.unknown, said.Type)
		return said.Items
	}
	s.doubt = misfiled(from.catalog, s.event, said.Type)
	s.reason = unknownSaid(s, from.catalog, said.Type)
	return 0
}

// ownEvent is the event that a payload itself says: its request as it was recorded, or
// its body.
func (s *subject) ownEvent(p *provider.Profile) string {
	if s.Capture != nil {
		return recordedEvent(s, p).Type
	}
	return bodyEvent(s.Text, p).Type
}

// bodyEvent is the event that a body says, as a profile finds it.
func bodyEvent(text []byte, p *provider.Profile) hook.Event {
	if p == nil {
		return hook.Event{}
	}
	return p.EventOf(&provider.Message{Method: "POST", Body: text})
}

// contradicted is the doubt that a payload says another event than the user; nil where
// there is none. A name that several events have in common contradicts nothing.
func contradicted(s *subject, c *catalog.Catalog, said string) *hook.Fault {
	one, err := c.Event(s.event)
	if err != nil || s.event != one.Type && s.event != one.Wire {
		return nil
	}
	if other := another(c, s.event, said); other != nil {
		return eventDoubt("--event says that it is %s, and it says itself that it is %s", one.Type, other.Type)
	}
	if saysUnknown(s, c, said) {
		return eventDoubt("--event says that it is %s, and it says itself that it is %s, which the catalog of %s does not have", one.Type, said, c.Name)
	}
	return nil
}

// unknownFiled is why a payload is not held as said, a name that several events have in
// common: it is filed as one of them that the catalog does not have. "" where it is not.
func unknownFiled(c *catalog.Catalog, filed, said string) string {
	if filed == "" {
		return ""
	}
	if e, err := c.Event(said); err == nil && !c.IsFamily(e) && (said == e.Type || said == e.Wire) {
		return ""
	}
	return fmt.Sprintf("it is filed as %s, which the catalog of %s does not have; --event TYPE says what it is", filed, c.Name)
}

// unknownSaid is why a payload is not held as it is filed: it says that it is an event
// that the catalog does not have. "" where it does not.
func unknownSaid(s *subject, c *catalog.Catalog, said string) string {
	if !saysUnknown(s, c, said) {
		return ""
	}
	return fmt.Sprintf("it is filed as %s, and says that it is %s, which the catalog of %s does not have; --event TYPE says what it is", s.event, said, c.Name)
}

// saysUnknown reports whether what a payload says is an event that the catalog does not
// have. The key that wraps a resource says no more than that.
func saysUnknown(s *subject, c *catalog.Catalog, said string) bool {
	if _, err := c.Event(said); err == nil || said == "" {
		return false
	}
	key, _ := jsontext.FirstKey(s.Text)
	return key != said
}

// recordedEvent is the event that the request says, or that was noted of it.
func recordedEvent(s *subject, p *provider.Profile) hook.Event {
	if p != nil {
		if said := p.EventOf(s.message()); said.Type != "" {
			return said
		}
	}
	if s.Capture.Identity != nil {
		return s.Capture.Identity.Event
	}
	return hook.Event{}
}

// misfiled is the doubt that a payload is filed as one event and says that it is another
// one of the catalog; nil where there is none.
func misfiled(c *catalog.Catalog, filed, said string) *hook.Fault {
	other := another(c, filed, said)
	if other == nil {
		return nil
	}
	if one, err := c.Event(filed); err == nil {
		filed = one.Type
	}
	return eventDoubt("it is filed as %s, and says that it is %s", filed, other.Type)
}

// another is the event of the catalog that said is the name of, where it is not the one
// that filed is; nil otherwise. An alias and a family decide nothing: they may be what
// several events have in common, such as the key of an order.
func another(c *catalog.Catalog, filed, said string) *catalog.Event {
	one, err := c.Event(filed)
	other, unknown := c.Event(said)
	if err != nil || unknown != nil || one == other || c.IsFamily(one) || c.IsFamily(other) || said != other.Type && said != other.Wire {
		return nil
	}
	return other
}

func eventDoubt(format string, args ...any) *hook.Fault {
	return &hook.Fault{Kind: KindEvent, Class: hook.ClassDoubt, Line: 1, Column: 1, Message: fmt.Sprintf(format, args...)}
}

// noEvent says what was tried to find the event of a payload.
func noEvent(s *subject) string {
	const flag = "; --event TYPE says it"
	switch {
	case s.Capture != nil:
		return "the event is not known: the request does not say it" + flag
	case s.parts == nil:
		return "the event is not known: the body does not say it" + flag
	}
	return "the event is not known: no event of " + s.provider + " is called like the file, and the body does not say it" + flag
}
