package signature

import (
	"encoding/json"

	"github.com/hookctl/hookctl/internal/provider"
)

// inBody are the places in a JSON body that s reads. There are none where the whole body
// is signed: nobody but the sender can then have put anything into it.
func inBody(s *provider.Scheme) []provider.Place {
	if s.Binding() == provider.CoversBody {
		return nil
	}
	places := codecReads(s.Codec)
	for place := range s.Reads() {
		switch place.Kind {
		case provider.PlaceJSON, provider.PlaceItem, provider.PlaceKey:
			places = append(places, place)
		}
	}
	return places
}

// checkBody refuses a body in which a receiver may find other values than those that s
// signs. The error is a *fault.
func checkBody(p *provider.Profile, s *scheme, m *provider.Message) error {
	if len(s.inBody) == 0 {
		return nil
	}
	if !json.Valid(m.Body) {
		return faultf(Malformed, "%s, and the signature is in it", notJSON)
	}
	for _, place := range s.inBody {
		if key, found := p.Ambiguous(m, place); found {
			return faultf(Duplicate, "%q is there more than once in the body, or in another case: receivers differ in which one they read", cut(key))
		}
	}
	return nil
}

// notJSON begins what is said of a body that should be JSON.
const notJSON = "the body is not one JSON document"
