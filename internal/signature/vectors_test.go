package signature_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// A vector is a message whose verdict is known from elsewhere: published by the
// provider, or made with a tool that is not ours.
type vector struct {
	Name string `json:"name"`
	// Source, where it is not that of the file, says where the figures come from.
	Source   string   `json:"source"`
	Provider string   `json:"provider"`
	Secrets  []string `json:"secrets"`
	Method   string   `json:"method"`
	URL      string   `json:"url"`
	// Guessed says that the URL is that of a receiver, who may have it wrong.
	Guessed    bool         `json:"url_guessed"`
	Headers    [][2]string  `json:"headers"`
	Body       *string      `json:"body"`
	BodyBase64 []byte       `json:"body_base64"`
	At         moment       `json:"at"`
	Outcome    hook.Outcome `json:"outcome"`
	Reason     string       `json:"reason"`
}

// A moment is written as seconds since 1970 or as in RFC 3339.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return m.Time.UnmarshalJSON(text)
	}
	var seconds int64
	err := json.Unmarshal(text, &seconds)
	m.Time = time.Unix(seconds, 0)
	return err
}

// vectors are those of all files, by provider.
func vectors(t *testing.T) map[string][]vector {
	t.Helper()
	files, err := filepath.Glob("../../testdata/vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no vectors", err)
	}
	all := map[string][]vector{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var content struct {
			Source  string   `json:"source"`
			Vectors []vector `json:"vectors"`
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&content); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, v := range content.Vectors {
			if content.Source == "" && v.Source == "" {
				t.Errorf("%s: %s: nothing says where the figures come from", file, v.Name)
			}
			all[v.Provider] = append(all[v.Provider], v)
		}
	}
	return all
}

func (v *vector) message() *provider.Message {
	m := &provider.Message{Method: v.Method, URL: v.URL, URLGuessed: v.Guessed, Body: v.BodyBase64}
	if v.Body != nil {
		m.Body = []byte(*v.Body)
	}
	for _, h := range v.Headers {
		m.Header = append(m.Header, hook.Field{Name: h[0], Value: h[1]})
	}
	return m
}

func (v *vector) keys() []signature.Key {
	keys := []signature.Key{}
	for _, secret := range v.Secrets {
		keys = append(keys, signature.Key{Name: "secret", Secret: secret})
	}
	return keys
}

func verify(p *provider.Profile, m *provider.Message, at time.Time, keys ...signature.Key) hook.Verification {
	return signature.NewVerifier(p, keys, signature.Options{}).Verify(m, at)
}

// eachVector runs test for each vector, with the profile of its provider.
func eachVector(t *testing.T, test func(t *testing.T, p *provider.Profile, v *vector)) {
	for name, list := range vectors(t) {
		p := load(t, name)
		for i := range list {
			t.Run(name+"/"+list[i].Name, func(t *testing.T) { test(t, p, &list[i]) })
		}
	}
}

func TestVectorsHaveTheVerdictThatIsKnown(t *testing.T) {
	eachVector(t, func(t *testing.T, p *provider.Profile, v *vector) {
		got := verify(p, v.message(), v.At.Time, v.keys()...)
		if got.Outcome != v.Outcome || got.Reason != v.Reason {
			t.Errorf("want %s %s, got %+v", v.Outcome, v.Reason, got)
		}
	})
}

// These providers are used most: their signatures are held against figures that we
// did not make up.
func TestVectorsAreThereForTheProvidersThatAreUsedMost(t *testing.T) {
	all := vectors(t)
	for _, name := range []string{
		"recharge", "machnet-paas", "machnet-raas", "techrar", "svix", "standard-webhooks", "stripe", "github", "slack",
		"twilio", "hubspot", "paddle", "sendgrid", "discord", "adyen", "square", "shopify",
	} {
		t.Run(name, func(t *testing.T) {
			var unknown *provider.UnknownError
			if _, err := provider.NewLibrary(schemas.Files()).Load(name); errors.As(err, &unknown) {
				t.Skip("there is no profile yet")
			}
			if !slices.ContainsFunc(all[name], func(v vector) bool { return v.Outcome == hook.Verified }) {
				t.Error("want a vector that verifies, got none")
			}
		})
	}
}

// No message is taken for another provider's, and each provider has one that is known
// to be its own. A family may claim what its members send.
func TestVectorsAreDetectedAsTheirProviders(t *testing.T) {
	profiles, err := provider.NewLibrary(schemas.Files()).All()
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			configured := load(t, name).Detect.Strength == provider.WhenConfigured
			d := provider.NewDetector(profiles, func(p *provider.Profile) bool { return configured && p.Name == name })
			detected := false
			for i := range list {
				var others []string
				for _, p := range d.Detect(list[i].message()) {
					detected = detected || p.Name == name
					if p.Name != name && p.Detect.Strength != provider.Generic {
						others = append(others, p.Name)
					}
				}
				if len(others) > 0 {
					t.Errorf("%s is taken for one of %s", list[i].Name, strings.Join(others, ", "))
				}
			}
			if !detected && len(load(t, name).Detect.Any) > 0 {
				t.Error("want at least one vector to be known as the provider's, got none")
			}
		})
	}
}
