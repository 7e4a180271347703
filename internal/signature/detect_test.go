package signature_test

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// What is made for a provider is known to be that one's, and no other's. Its body is
// that of a vector, so that it is like what the provider sends.
func TestWhatIsSignedIsDetectedAsItsProviders(t *testing.T) {
	profiles, err := provider.NewLibrary(schemas.Files()).All()
	if err != nil {
		t.Fatal(err)
	}
	known := vectors(t)
	for _, p := range profiles {
		if len(p.Detect.Any) == 0 {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			draft := signature.Draft{URL: "https://example.com/hooks", Body: []byte(`{"a":1}`), Event: "resource/action", At: time.Unix(1_700_000_000, 0), Try: 1}
			if i := slices.IndexFunc(known[p.Name], func(v vector) bool { return v.Outcome == hook.Verified }); i >= 0 {
				m := known[p.Name][i].message()
				draft.URL, draft.Body = m.URL, m.Body
			}
			var keys []signature.Key
			if len(p.Signatures.Schemes) > 0 {
				signing, _ := newKeys(t, p, &p.Signatures.Schemes[0])
				keys = append(keys, signing)
			}
			signed, err := signature.Sign(p, draft, keys, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			configured := p.Detect.Strength == provider.WhenConfigured
			var got []string
			for _, found := range provider.NewDetector(profiles, func(q *provider.Profile) bool { return configured && q == p }).Detect(signed.Message) {
				got = append(got, found.Name)
			}
			if !slices.Equal(got, []string{p.Name}) {
				t.Errorf("%v is detected as %v", signed.Message.Header, got)
			}
		})
	}
}
