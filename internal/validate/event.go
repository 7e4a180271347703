package validate

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// KindEvent is the kind of the doubt that a payload is filed under one event and says
// that it is another.
const KindEvent = "event"

// findEvent says which event the payload tells: as the user says, as its request was
// recorded, as the path has it, or by its body. Where only that says it, and is a batch,
// items is how many it has.
func (r *Resolver) findEvent(s *subject, from *source) (items int) {
	parts := s.parts[s.at+1:]
	filed, rest := filedAs(parts, from.events)
	if s.version == "" {
		s.version = versionIn(parts, rest, from.catalog.Versions)
	}
	if s.event = r.Event; s.event != "" {
		return 0
	}
	if s.Capture != nil {
		if said := recordedEvent(s, from.profile()); said.Type != "" {
			s.event = said.Type
			return said.Items
		}
	}
	var said hook.Event
	if p := from.profile(); p != nil {
		said = p.EventOf(&provider.Message{Method: "POST", Body: s.Text})
	}
	if s.event = filed; filed == "" {
		s.event = said.Type
		return said.Items
	}
	s.doubt = misfiled(from.catalog, filed, said.Type)
	return 0
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
// one of the catalog; nil where there is none. An alias decides nothing: it may be what
// several events have in common, such as the key of an order.
func misfiled(c *catalog.Catalog, filed, said string) *hook.Fault {
	one, err := c.Event(filed)
	other, unknown := c.Event(said)
	if err != nil || unknown != nil || one == other || said != other.Type && said != other.Wire {
		return nil
	}
	return &hook.Fault{
		Kind: KindEvent, Class: hook.ClassDoubt, Line: 1, Column: 1,
		Message: fmt.Sprintf("it is filed as %s, and says that it is %s", one.Type, other.Type),
	}
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
