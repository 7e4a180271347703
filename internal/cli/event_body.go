package cli

import (
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/spf13/cobra"
)

// bodyOptions say what the payload of an event is that hookctl makes.
type bodyOptions struct {
	eventSettings
	// from is the provider as the user called it: its catalog may lie beside a profile that
	// was named by its folder. "" for its own name.
	from string
	// file is the file of the payload, - for standard input, "" for the catalog's example.
	file    string
	version string // of the API, "" for that of hookctl.yaml or of the profile
}

// flags adds --body, --api-version, --set and --unset.
func (o *bodyOptions) flags(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.file, "body", "", "payload from `FILE`, or - for standard input (default: the catalog's example)")
	markPath(flags, "body")
	o.eventSettings.flags(flags)
	a.versionFlag(cmd, &o.version)
}

// loadFor returns the provider called name as the flags have it: with the rules of --set
// that are rules, and the secrets of --secret.
func (o *bodyOptions) loadFor(a *app, name string, secrets []string) (*knownProvider, error) {
	rules, _, err := o.split()
	if err != nil {
		return nil, err
	}
	options := providerOptions{secrets: secrets, set: rules}
	return options.load(a, name)
}

// eventBody returns the payload of an event and its content type, and the event's type as
// messages have it: the example of the catalog that says its own event, or the file that
// the flags name, with what --set and --unset change. event is "" for what the file says,
// or for the event that the profile has as its example.
func (a *app) eventBody(known *knownProvider, event string, o bodyOptions) (contentType string, body []byte, wire string, err error) {
	_, edits, err := o.split()
	if err != nil {
		return "", nil, "", err
	}
	if o.file != "" {
		wire, body, err = a.bodyOfFile(known, event, o)
	} else {
		wire, body, err = a.bodyOfCatalog(known, event, o)
	}
	if err != nil {
		return "", nil, "", err
	}
	if body, err = editBody(body, edits); err != nil {
		return "", nil, "", err
	}
	a.tellDisagreement(known, wire, body)
	return known.Body.ContentType, body, wire, nil
}

// bodyOfFile reads the payload that the user gives, which need not be of an event that any
// catalog knows.
func (a *app) bodyOfFile(known *knownProvider, event string, o bodyOptions) (wire string, body []byte, err error) {
	if body, err = a.readInput(o.file); err != nil {
		return "", nil, err
	}
	given := event != ""
	if !given {
		event = known.EventOf(&provider.Message{Method: "POST", Body: body}).Type
	}
	wire, err = a.wireOfFile(known, event, given, o)
	return wire, body, err
}

// wireOfFile is the type as messages have it of the event of a payload that the user gives,
// where its catalog knows that. Of another it is said that it does not. Where the type is in
// a header, what a payload is about is none.
func (a *app) wireOfFile(known *knownProvider, event string, given bool, o bodyOptions) (string, error) {
	c, _, err := a.catalogFor(known, o)
	if err != nil || event == "" {
		return event, nil
	}
	e, err := c.Event(event)
	inHeader := known.Needs()[provider.PlaceEvent]
	switch {
	case err == nil && !(inHeader && c.IsFamily(e)):
		return wireOf(e), nil
	case !given && inHeader:
		return "", usage(orDefault(nearEvent(err), "such as "+known.Event.Example+"; hookctl catalog list "+c.Name+" shows them"),
			"the event is missing: %s sends its type in a header, and the payload says no more than %q", known.Name, event)
	}
	m := a.messages()
	m.Warn(fmt.Sprintf("the catalog of %s has no event %q: it is sent all the same", c.Name, event))
	m.Hint(orDefault(nearEvent(err), "hookctl catalog list "+c.Name+" shows what there is, hookctl catalog import adds your own"))
	return event, nil
}

// nearEvent asks whether the event was meant whose name is most like one that a catalog has
// not got; "" where none is.
func nearEvent(err error) string {
	var unknown *catalog.UnknownError
	if errors.As(err, &unknown) && unknown.Near != "" {
		return "did you mean " + unknown.Near + "?"
	}
	return ""
}

// tellDisagreement warns of a payload that is about another event than the one that is sent,
// where the provider says the same in both places.
func (a *app) tellDisagreement(known *knownProvider, event string, body []byte) {
	if !known.Event.Agree || event == "" {
		return
	}
	if said := known.EventOf(&provider.Message{Method: "POST", Body: body}).Type; said != "" && said != event {
		a.messages().Warn(fmt.Sprintf("the event is %s, and the payload says %s: %s has the same in both places", event, said, known.Name))
	}
}

// bodyOfCatalog takes the catalog's best example.
func (a *app) bodyOfCatalog(known *knownProvider, event string, o bodyOptions) (wire string, body []byte, err error) {
	c, version, err := a.catalogFor(known, o)
	if err != nil {
		return "", nil, withHint(err, "--body FILE sends a payload of your own")
	}
	e, err := exampleEvent(c, version, known, event)
	if errors.As(err, new(*catalog.UnknownError)) && nearEvent(err) == "" {
		return "", nil, withHint(err, "hookctl catalog list "+c.Name+" shows its events; --body FILE sends a payload of your own")
	}
	if err != nil {
		return "", nil, err
	}
	best, _, err := c.Example(e, version, catalog.WantAny)
	if err != nil && !errors.As(err, new(shape.UnworkableError)) {
		return "", nil, brokenExample(c, err)
	}
	if best == nil {
		return "", nil, usage("--body FILE sends one of your own; hookctl catalog example "+c.Name+" "+e.Type+" says why",
			"the catalog of %s has no valid example of %s, and none can be made", c.Name, e.Type)
	}
	a.nameEvents(c)(e, version, best)
	return wireOf(e), best.Text, nil
}

// catalogFor is the catalog of known, in the API version that is asked for.
func (a *app) catalogFor(known *knownProvider, o bodyOptions) (*catalog.Catalog, string, error) {
	set, err := a.catalogs()
	if err != nil {
		return nil, "", err
	}
	c, _, version, err := set.catalogAt(orDefault(o.from, known.Name), o.version)
	return c, version, err
}

// exampleEvent is the event called name; for "" the one that the profile has as its
// example, else the catalog's first.
func exampleEvent(c *catalog.Catalog, version string, known *knownProvider, name string) (*catalog.Event, error) {
	if name != "" {
		events, err := eventsNamed(c, version, []string{name})
		if err != nil {
			return nil, err
		}
		return events[0], nil
	}
	if e, err := c.Event(known.Event.Example); err == nil && inVersion(e, version) {
		return e, nil
	}
	events, err := eventsNamed(c, version, nil)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, usage("--body FILE sends a payload of your own", "the catalog of %s has no events", c.Name)
	}
	return events[0], nil
}

// withHint is err, which keeps its exit status, with another hint.
func withHint(err error, hint string) error {
	f := *classify(err)
	f.hint = hint
	return &f
}
