package signature

import "github.com/hookctl/hookctl/internal/provider"

// Present reports whether m has a signature as a scheme of p has it, whether it
// holds or not. Tokens do not count: nearly everybody has those in the same place.
func Present(p *provider.Profile, m *provider.Message) bool {
	present, _ := NewVerifier(p, nil, Options{}).split(m)
	for _, s := range present {
		if !s.Algorithm.Token() {
			return true
		}
	}
	return false
}
