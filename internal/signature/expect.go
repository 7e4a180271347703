package signature

import (
	"github.com/hookctl/hookctl/internal/provider"
)

// An Expectation is a signature that would hold. It lets who knows it sign this
// message: it is for the user's own eyes.
type Expectation struct {
	// Scheme and Key say of which scheme and secret it is.
	Scheme, Key string
	Value       string
}

// Expected returns what would hold in the place of m's signatures, for each scheme
// that applies and each key that can make one. Schemes whose content lacks a part
// are left out.
func (v *Verifier) Expected(m *provider.Message) []Expectation {
	var all []Expectation
	present, missing := v.split(m)
	for _, s := range append(present, missing...) {
		for _, k := range s.keys {
			if k.public != nil || s.Codec != "" {
				continue // a public key makes none
			}
			if value, ok := v.expected(s, k, m); ok {
				all = append(all, Expectation{s.Name, k.name, value})
			}
		}
	}
	return all
}

func (v *Verifier) expected(s *scheme, k *key, m *provider.Message) (string, bool) {
	scope := scopeOf(v.profile, s.Scheme, m)
	if text, _, ok := s.find(scope); ok {
		if parsed, err := parseValue(s.Scheme, text); err == nil {
			scope.Part = parsed.part
		}
	}
	if _, err := timestampOf(s.Scheme, scope); err != nil {
		return "", false
	}
	signature, err := k.sign(func(secret []byte, emit func([]byte)) error {
		scope.Secret = secret
		return s.Content.Write(scope, emit)
	})
	if err != nil {
		return "", false
	}
	var lead []string
	for _, template := range s.Grammar.Lead {
		if text, err := template.Fill(scope); err == nil {
			lead = append(lead, text)
		}
	}
	return formatValue(s.Scheme, lead, []string{encode(s.Encoding, signature)}), true
}
