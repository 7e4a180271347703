package importer

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// maxWires is how many names one event may come under.
const maxWires = 20

// A wiring is under which names messages of an event come, as the profile reads them.
type wiring struct {
	names []string
	// headers are the values of the fields that were used, by name in lower case.
	headers map[string]string
	// guessed says that an example of a field was taken for its value.
	guessed bool
}

// choose decides by which names events are known. Descriptions may show the same example of
// a header with every event: examples are trusted only where no two events come to the same
// name by them.
func choose(all []prepared) []wiring {
	times := map[string]int{}
	for i := range all {
		for _, name := range all[i].shown.names {
			times[name]++
		}
	}
	trusted := !slices.ContainsFunc(all, func(p prepared) bool {
		return p.shown.guessed && slices.ContainsFunc(p.shown.names, func(name string) bool { return times[name] > 1 })
	})
	made := make([]wiring, len(all))
	for i := range all {
		made[i] = all[i].shown
		if made[i].guessed && !trusted || len(made[i].names) == 0 {
			made[i] = all[i].spelled
		}
	}
	return made
}

// wiringOf takes the first template of the profile that can be filled by what is known of
// an event. With examples the fields have the values that the source shows; without, such
// as make the event's own name in another spelling.
func (r *reader) wiringOf(e *rawEvent, body *jsontext.Object, examples bool) wiring {
	for _, t := range r.options.Profile.Event.Type {
		f := filler{profile: r.options.Profile, event: e, body: body, examples: examples, wiring: wiring{headers: map[string]string{}}}
		switch f.fill(t) {
		case filled:
			return f.wiring
		case unknown:
			return wiring{}
		}
	}
	return wiring{}
}

// A filling is how filling a template ended.
type filling int

const (
	filled  filling = iota
	missing         // messages of the event have no such place
	unknown         // they have, and nobody knows what is there
)

// A filler fills one template for one event.
type filler struct {
	wiring
	profile  *provider.Profile
	event    *rawEvent
	body     *jsontext.Object
	examples bool
}

// A setting is a place with what may be there.
type setting struct {
	place  provider.Place
	values []string
}

func (f *filler) fill(t provider.Template) filling {
	var settings []setting
	var open *provider.Place // the field whose value is to be found
	for place := range t.Places() {
		values, how := f.at(place)
		switch {
		case place.Kind == provider.PlaceHeader && !f.examples && len(values) == 0 && open == nil:
			open = &place
			continue
		case how != filled:
			return how
		}
		settings = append(settings, setting{place, values})
	}
	if open == nil {
		f.names = f.combine(t, settings, &provider.Message{Body: []byte("{}")}, []byte("{}"))
	} else {
		f.search(t, *open, settings)
	}
	if len(f.names) == 0 {
		return missing
	}
	return filled
}

// search looks for the value of a field with which the template makes the event's name.
func (f *filler) search(t provider.Template, open provider.Place, settings []setting) {
	for _, value := range spellings(f.event.name, f.event.words) {
		names := f.combine(t, append(slices.Clone(settings), setting{open, []string{value}}), &provider.Message{Body: []byte("{}")}, []byte("{}"))
		if len(names) > 0 && folded(names[0]) == folded(f.event.name) {
			f.names = names
			f.headers[strings.ToLower(open.Names()[0])] = value
			return
		}
	}
}

// at returns what may be at a place in messages of the event.
func (f *filler) at(place provider.Place) ([]string, filling) {
	switch place.Kind {
	case provider.PlaceHeader:
		for _, h := range f.event.headers {
			if slices.ContainsFunc(place.Names(), func(name string) bool { return strings.EqualFold(name, h.name) }) {
				if !h.fixed && !f.examples {
					return nil, unknown
				}
				f.guessed = f.guessed || !h.fixed
				f.headers[strings.ToLower(h.name)] = h.value
				return []string{h.value}, filled
			}
		}
		return nil, missing
	case provider.PlaceJSON, provider.PlaceItem:
		path, ok := f.path(place)
		if !ok || f.body == nil {
			return nil, missing
		}
		switch found := valuesAt(f.body, path); {
		case len(found.values) > 0 && len(found.values) <= maxWires:
			return found.values, filled
		case found.there:
			return nil, unknown
		}
	}
	return nil, missing
}

// path is where in the body a place is.
func (f *filler) path(place provider.Place) (jsontext.Path, bool) {
	path, err := jsontext.ParsePath(place.Arg)
	if place.Kind == provider.PlaceJSON || err != nil {
		return path, err == nil
	}
	list, err := jsontext.ParsePath(strings.TrimSuffix(f.profile.Body.Items, "[]"))
	return slices.Concat(list, jsontext.Path{{}}, path), err == nil
}

// combine fills the template with every combination of values, a few.
func (f *filler) combine(t provider.Template, settings []setting, m *provider.Message, item []byte) []string {
	if len(settings) == 0 {
		name, err := t.Fill(&provider.Scope{Message: m, Item: item})
		if err != nil || checkName(name) != nil {
			return nil
		}
		return []string{name}
	}
	var names []string
	s := settings[0]
	for _, value := range s.values {
		with, inner := *m, item
		path, _ := jsontext.ParsePath(s.place.Arg)
		var err error
		switch s.place.Kind {
		case provider.PlaceHeader:
			with.Header = append(slices.Clone(m.Header), hook.Field{Name: s.place.Names()[0], Value: value})
		case provider.PlaceItem:
			inner, err = jsontext.SetText(item, path, value)
		default:
			with.Body, err = jsontext.SetText(m.Body, path, value)
		}
		if err == nil {
			names = append(names, f.combine(t, settings[1:], &with, inner)...)
		}
		if len(names) > maxWires {
			return nil
		}
	}
	return names
}

// marks part the words of names, and compound is a name of several words.
var (
	marks    = lazily(`[^A-Za-z0-9]+`)
	compound = lazily(`[A-Za-z0-9]+([_.:-][A-Za-z0-9]+)+`)
)

// spellings are what may begin an event's name in messages: of check-run-created check, and
// check_run if that stands in words. What is spelled with marks is not taken as it is: in
// names of webhooks these are often others.
func spellings(name string, words []string) []string {
	var found []string
	ends := append(marks().FindAllStringIndex(name, -1), []int{len(name)})
	for _, end := range ends {
		prefix := name[:end[0]]
		if prefix == "" {
			continue
		}
		if !marks().MatchString(prefix) {
			found = append(found, prefix)
			continue
		}
		for _, word := range words {
			for _, token := range compound().FindAllString(word, -1) {
				if folded(token) == folded(prefix) && !strings.EqualFold(token, prefix) && !slices.Contains(found, token) {
					found = append(found, token)
				}
			}
		}
		if strings.Contains(prefix, "_") && !strings.Contains(prefix, "-") { // not made for an address
			found = append(found, prefix)
		}
	}
	return found
}
