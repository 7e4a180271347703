package cli

import (
	"github.com/hookctl/hookctl/internal/signature"
)

// explanation says why the signature of s does not hold for known, whatever else
// the user has configured taken into account.
func (o *verifyOptions) explanation(a *app, known *knownProvider, s *subject) (*signature.Explanation, error) {
	all, err := a.allProviders()
	if err != nil {
		return nil, err
	}
	c := signature.Case{Message: s.message, Keys: known.keys, Now: s.at, Tolerance: o.tolerance.limit()}
	for _, other := range all {
		if other.Name == known.Name {
			continue
		}
		c.Profiles = append(c.Profiles, other.Profile)
		for _, key := range other.keys {
			c.Others = append(c.Others, signature.Candidate{Profile: other.Profile, Key: key})
		}
	}
	explained := signature.Explain(known.Profile, c)
	return &explained, nil
}
