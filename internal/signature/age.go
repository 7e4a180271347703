package signature

import (
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
)

// Timed reports whether a signature of the provider can be too old.
func (v *Verifier) Timed() bool {
	for _, s := range v.schemes {
		if s.aging() {
			return true
		}
	}
	return false
}

// aging reports whether signatures of s state their time where it can be read.
func (s *scheme) aging() bool {
	return !s.Legacy && s.Codec == "" && s.Timestamp != nil && len(s.Timestamp.From) > 0
}

// Age is how old the signature of m is at the time now and how old it may be, whether it
// holds or not; of several that of the one that is furthest beyond. Both are 0 where no
// signature states its time.
func (v *Verifier) Age(m *provider.Message, now time.Time) (age, tolerated time.Duration) {
	present, _ := v.split(m)
	for _, s := range present {
		if !s.aging() {
			continue
		}
		scope := &provider.Scope{Message: m}
		parsed, err := s.read(scope)
		if err != nil {
			continue
		}
		scope.Part = parsed.part
		at, err := timestampOf(s.Scheme, scope)
		if err != nil {
			continue
		}
		if limit := time.Duration(s.Timestamp.Tolerance); now.Sub(at)-limit > age-tolerated || age == 0 {
			age, tolerated = now.Sub(at), limit
		}
	}
	return age, tolerated
}

// Dated reports whether a signature, or the time that it states, stands in the body of
// some messages, or what says that there is one: Age has to see that. It needs no others.
func (v *Verifier) Dated() bool {
	for _, s := range v.schemes {
		if !s.aging() {
			continue
		}
		places := slices.Concat(s.In, s.Timestamp.From)
		for i := range s.When {
			places = append(places, s.When[i].Place)
		}
		if slices.ContainsFunc(places, ofBody) {
			return true
		}
	}
	return false
}

func ofBody(p provider.Place) bool {
	switch p.Kind {
	case provider.PlaceBody, provider.PlaceJSON, provider.PlaceItem, provider.PlaceKey, provider.PlaceForm, provider.PlaceForms,
		provider.PlaceXML, provider.PlaceCRC32, provider.PlaceSHA256:
		return true
	}
	return false
}
