package cli

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// An eventMessage is one message that is to be sent: each of its duplicates is the same.
type eventMessage struct {
	event   hook.Event
	message *hook.Message
}

// chance is where ids come from, and whatever else providers make up: the same for the
// same seed, else nobody can foresee it.
func (s *seedNumber) chance() io.Reader {
	if !s.given {
		return rand.Reader
	}
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], s.n)
	return &lockedReader{source: mathrand.NewChaCha8(seed)}
}

// moment is the time that ids are made for: that of the seed, so that those which have a
// time in them are the same again too; else now.
func (s *seedNumber) moment(now time.Time) time.Time {
	const first, length = 1704067200000, 365 * 24 * 3600 * 1000 // 2024, in milliseconds
	if !s.given {
		return now
	}
	return time.UnixMilli(first + int64(s.n%length)).UTC()
}

// A lockedReader is a source of randomness for several at once.
type lockedReader struct {
	mu     sync.Mutex
	source io.Reader
}

func (r *lockedReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(p)
}

// messages makes what is to be sent, in its order: of each event as many as are asked for,
// each as often as is asked for.
func (o *sendOptions) messages(a *app, known *knownProvider, events []string) ([]*eventMessage, error) {
	if len(events) == 0 {
		events = []string{""}
	}
	chance := o.seed.chance()
	var messages []*eventMessage
	for _, event := range events {
		maker, err := o.maker(a, known, event, chance)
		if err != nil {
			return nil, err
		}
		for n := range o.count {
			p, err := maker.make(n)
			if err != nil {
				return nil, err
			}
			for range o.duplicate {
				messages = append(messages, p)
			}
		}
	}
	if o.shuffle && len(messages) > 1 {
		order := o.seed.n
		if !o.seed.given {
			order = uint64(mathrand.Uint32())
			a.messages().Status(fmt.Sprintf("shuffled; --seed %d gives this order again", order))
		}
		shuffle(messages, order)
	}
	return messages, nil
}

// shuffle brings messages into another order, the same for the same seed.
func shuffle[T any](messages []T, seed uint64) {
	source := mathrand.New(mathrand.NewPCG(seed, uint64(len(messages))))
	source.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
}

// A messageMaker makes the messages of one event.
type messageMaker struct {
	app         *app
	known       *knownProvider
	event       string
	contentType string
	body        []byte
	header      hook.Header
	fresh       *freshener // nil where the payload stays as it is
	count       int
	chance      io.Reader
	seed        seedNumber
}

func (o *sendOptions) maker(a *app, known *knownProvider, event string, chance io.Reader) (*messageMaker, error) {
	contentType, body, wire, err := a.eventBody(known, event, o.bodyOptions)
	if err != nil {
		return nil, err
	}
	if wire == "" && known.Needs()[provider.PlaceEvent] {
		return nil, usage("such as "+orDefault(known.Event.Example, "order/created"), "send: the event is missing: %s sends its type in a header", known.Name)
	}
	m := &messageMaker{
		app: a, known: known, event: wire, contentType: contentType, body: body, header: hook.Header(o.header), chance: chance,
		count: o.count, seed: o.seed,
	}
	if o.file != "" {
		return m, nil
	}
	_, edits, err := o.split()
	if err != nil {
		return nil, err
	}
	var kept []jsontext.Path
	for _, edit := range edits {
		kept = append(kept, edit.path)
	}
	m.fresh = &freshener{profile: known.Profile, kept: kept, valid: a.stillValid(known, event, wire, body, o.bodyOptions)}
	return m, nil
}

// stillValid reports of payloads whether the catalog takes them for the event, as far as
// it did before.
func (a *app) stillValid(known *knownProvider, event, wire string, body []byte, o bodyOptions) func([]byte) bool {
	c, version, err := a.catalogFor(known, o)
	if err != nil {
		return func([]byte) bool { return true }
	}
	e, err := c.Event(orDefault(event, wire))
	if err != nil || !c.Validate(e.Type, version, body).Outcome.Passed() {
		return func([]byte) bool { return true }
	}
	return func(body []byte) bool { return c.Validate(e.Type, version, body).Outcome.Passed() }
}

// make makes the n-th message, from 0.
func (m *messageMaker) make(n int) (*eventMessage, error) {
	at, body := m.app.world.Now(), m.body
	if m.fresh != nil {
		happened := at
		if m.fresh.byContent() { // what is of the same second would be the same message
			happened = at.Add(-time.Duration(m.count-1-n) * time.Second)
		}
		var err error
		if body, err = m.fresh.freshen(body, happened, m.chance); err != nil {
			return nil, err
		}
	}
	p := &eventMessage{message: &hook.Message{Method: "POST", ContentType: m.contentType, Header: m.header, Body: body}}
	p.event = m.known.EventOf(&provider.Message{Method: "POST", Body: body})
	p.event.Type = m.event
	if form := m.known.Event.NewID; form != "" {
		id, err := form.NewID(m.chance, m.seed.moment(at))
		if err != nil {
			return nil, err
		}
		p.event.ID = id
	}
	return p, nil
}
