package provider_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

func library() *provider.Library { return provider.NewLibrary(schemas.Files()) }

func TestBundledProfilesLoad(t *testing.T) {
	names, err := library().Names()
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		p, err := library().Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, rule := range p.Rules() {
			if rule.Status == "" {
				t.Errorf("%s: nothing says how the rule %s is known", name, rule.Path)
			}
		}
	}
}
