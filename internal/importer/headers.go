package importer

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
)

// fieldName and fieldValue are what a header field may be.
var (
	fieldName  = lazily("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	fieldValue = lazily(`^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$`)
)

// isField reports whether h can be a header field.
func (h header) isField() bool {
	return fieldName().MatchString(h.name) && fieldValue().MatchString(h.value)
}

// isOfMessage reports whether a field is another for every message, or for every place,
// so that an example of it says nothing.
func isOfMessage(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains([]string{"host", "content-length", "authorization", "cookie", "date", "user-agent"}, name) || strings.Contains(name, "signature")
}

// madeBy reports whether a profile says how a field is made.
func madeBy(p *provider.Profile, name string) bool {
	if p == nil {
		return false
	}
	is := func(place provider.Place) bool {
		return place.Kind == provider.PlaceHeader && slices.ContainsFunc(place.Names(), func(one string) bool { return strings.EqualFold(one, name) })
	}
	for _, h := range p.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	for _, s := range p.Signatures.Schemes {
		if slices.ContainsFunc(s.In, is) || s.Timestamp != nil && slices.ContainsFunc(s.Timestamp.From, is) {
			return true
		}
	}
	return false
}

// fields are the headers of an event that say something of it. Those that its name was
// taken from have the value that makes it.
func (r *reader) fields(e *rawEvent, w wiring) []provider.Named {
	named := w.headers
	if len(w.names) != 1 {
		named = nil
	}
	var kept []provider.Named
	for _, h := range e.headers {
		value, known := named[strings.ToLower(h.name)]
		switch {
		case known:
			kept = append(kept, provider.Named{Name: h.name, Text: value})
		case r.isTypeHeader(h.name) && !h.fixed:
		case isOfMessage(h.name), madeBy(r.options.Profile, h.name):
		default:
			kept = append(kept, provider.Named{Name: h.name, Text: h.value})
		}
	}
	return kept
}

// isTypeHeader reports whether the profile takes the event's type from a field.
func (r *reader) isTypeHeader(name string) bool {
	if r.options.Profile == nil {
		return false
	}
	for _, t := range r.options.Profile.Event.Type {
		for place := range t.Places() {
			if place.Kind == provider.PlaceHeader && slices.ContainsFunc(place.Names(), func(one string) bool { return strings.EqualFold(one, name) }) {
				return true
			}
		}
	}
	return false
}
