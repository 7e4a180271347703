// Package assess holds captures against the catalogs of their providers, and notes
// what these have that the catalogs do not know.
package assess

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
	"github.com/hookctl/hookctl/internal/schema"
)

// A Book is a catalog and the API version to go by, "" for the catalog's own.
type Book struct {
	Catalog *catalog.Catalog
	Version string
}

// Books are where catalogs come from. They are opened when the first capture asks.
type Books interface {
	// Has reports whether there is a catalog of a provider, at no cost.
	Has(provider string) bool
	// Open reads it.
	Open(provider string) (Book, error)
	// Named reports whether it is known where messages of a provider say which event they
	// are. Where that is only assumed, one that does not may be as it ought to be.
	Named(provider string) bool
}

// A Finding is what is known of a capture's body.
type Finding struct {
	// Validation is nil where there was nothing to hold the body against.
	Validation *hook.Validation
	// Unchecked says that the body could not be looked at, or does not say what it is to
	// be held against: Validation has the reason.
	Unchecked bool
	// Excused says that an unchecked body may be right all the same: hookctl does not know
	// how to look at it.
	Excused bool
	// New are drifts that were not seen before.
	New []hook.Drift
}

// Unchecked is the finding of a body that could not be looked at.
func Unchecked(why string) Finding {
	return Finding{Validation: &hook.Validation{Outcome: hook.NoSchema, Reason: why}, Unchecked: true}
}

// An Assessor assesses captures. It is safe for concurrent use, and its books can be
// replaced while it works.
type Assessor struct {
	shelf  atomic.Pointer[shelf]
	drifts *Drifts
}

// New returns an Assessor that goes by books and notes what they do not know in drifts.
func New(books Books, drifts *Drifts) *Assessor {
	a := &Assessor{drifts: drifts}
	a.Replace(books)
	return a
}

// Replace makes what comes from now on be held against books.
func (a *Assessor) Replace(books Books) { a.shelf.Store(&shelf{books: books}) }

// Requires reports whether the provider of c has a catalog, at no cost.
func (a *Assessor) Requires(c *hook.Capture) bool {
	return c.Identity != nil && c.Identity.Provider != "" && a.shelf.Load().books.Has(c.Identity.Provider)
}

// Knows reports whether there is anything to hold c against, at no cost. The items of
// a batch are not told apart, so there is nothing for one.
func (a *Assessor) Knows(c *hook.Capture) bool {
	return a.Requires(c) && c.Identity.Event.Type != "" && c.Identity.Event.Items == 0
}

// Assess holds the body of c, whose provider has a catalog, against its schema. Whatever
// a body does to those who look at it, the listener goes on.
func (a *Assessor) Assess(c *hook.Capture) (f Finding) {
	defer func() {
		if fault := recover(); fault != nil {
			f = Unchecked(fmt.Sprint("the body could not be looked at: ", fault))
		}
	}()
	shelf := a.shelf.Load()
	if !shelf.books.Has(c.Identity.Provider) { // it was there when Knows was asked
		return Finding{}
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return Unchecked("the body cannot be read: " + err.Error())
	}
	body, packed := inflate.Open(c.Header, body)
	switch id := c.Identity; {
	case id.Event.Items > 0:
		return Finding{Validation: &hook.Validation{Outcome: hook.NoSchema, Reason: "it is a batch of several events"}}
	case id.Event.Type == "" && !json.Valid(body):
		v := &hook.Validation{Outcome: hook.NotJSON, Reason: "not JSON"}
		inflate.Explain(v, packed)
		return Finding{Validation: v}
	case id.Event.Type == "" && !shelf.books.Named(id.Provider):
		f = Unchecked("it does not say which event it is where that is assumed; --set event.type=PLACE says where")
		f.Excused = true
		return f
	case id.Event.Type == "":
		return Unchecked("it does not say which event it is")
	case values(body) > MaxValues:
		return Unchecked(fmt.Sprintf("it may have more than %d values, which is too many to check as it comes: hookctl validate %s does", MaxValues, c.ID.Short()))
	}
	book, err := shelf.open(c.Identity.Provider)
	if err != nil {
		return Unchecked(err.Error())
	}
	f = a.assess(c, book, body)
	inflate.Explain(f.Validation, packed)
	return f
}

// MaxValues is about how many values a body may have to be checked as it comes: each
// costs memory, and the faults of each more.
const MaxValues = 50_000

// values is at least how many values a JSON text has.
func values(text []byte) int {
	return bytes.Count(text, []byte(",")) + bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
}

func (a *Assessor) assess(c *hook.Capture, book Book, body []byte) Finding {
	v := book.Catalog.Validate(c.Identity.Event.Type, book.Version, body)
	f := Finding{Validation: &v}
	if v.Outcome == hook.NoSchema {
		_, err := book.Catalog.Event(c.Identity.Event.Type)
		f.Unchecked = err == nil // its schema cannot be used
	}
	if outcome := verified(c); outcome != hook.Failed { // what is forged tells nothing of a provider
		f.New = a.drifts.note(drifts(c, book, &v, body), outcome == hook.Verified)
	}
	return f
}

func verified(c *hook.Capture) hook.Outcome {
	if c.Identity.Verification == nil {
		return hook.NotChecked
	}
	return c.Identity.Verification.Outcome
}

// UnknownEvent is the kind of drift of an event that the catalog does not have.
const UnknownEvent = "unknown_event"

// drifts are what c has and the catalog does not know.
func drifts(c *hook.Capture, book Book, v *hook.Validation, body []byte) []hook.Drift {
	base := hook.Drift{
		Provider: c.Identity.Provider, Event: clipped(c.Identity.Event.Type), Schema: v.Schema,
		First: c.ReceivedAt, Last: c.ReceivedAt, Count: 1, Example: c.ID,
	}
	var unknown *catalog.UnknownError
	if _, err := book.Catalog.Event(c.Identity.Event.Type); errors.As(err, &unknown) {
		base.Kind = UnknownEvent
		return []hook.Drift{base}
	}
	if v.Outcome == hook.NotJSON || v.Outcome == hook.NoSchema || v.Fits != "" || unchecked(v) {
		return nil
	}
	differ, err := book.Catalog.Differ(c.Identity.Event.Type, book.Version)
	if err != nil {
		return nil // what cannot be compared is told of by lint
	}
	value, err := decode(body)
	if err != nil {
		return nil
	}
	var found []hook.Drift
	for _, d := range differ.Differences(value) {
		drift := base
		drift.Kind, drift.Pointer, drift.Detail = d.Kind, clipped(d.Pointer), clipped(d.Detail)
		found = append(found, drift)
	}
	return found
}

// maxTold is how many bytes are told of a pointer, or of anything else of a sender.
const maxTold = 512

func clipped(s string) string {
	if len(s) <= maxTold {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	return strings.ToValidUTF8(s[:maxTold], "") // less what is left of a character that is cut
}

// unchecked reports whether a body was not looked at to its end: it is too deep, has
// numbers without bound, or takes too long.
func unchecked(v *hook.Validation) bool {
	return slices.ContainsFunc(v.Faults, func(f hook.Fault) bool {
		switch f.Kind {
		case schema.KindDepth, schema.KindNumber, schema.KindDeadline, schema.KindBroken:
			return true
		}
		return false
	})
}

func decode(body []byte) (value any, err error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return value, nil
}

// A shelf has the books that were opened.
type shelf struct {
	books  Books
	opened sync.Map // provider to *opening
}

type opening struct {
	once sync.Once
	book Book
	err  error
}

func (s *shelf) open(provider string) (Book, error) {
	made, _ := s.opened.LoadOrStore(provider, &opening{})
	o := made.(*opening)
	o.once.Do(func() { o.book, o.err = s.books.Open(provider) })
	return o.book, o.err
}
