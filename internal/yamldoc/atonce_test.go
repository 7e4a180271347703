package yamldoc_test

import (
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A configuration is read by all who ask for something in it, at the same time.
func TestNodesAreReadBySeveralAtOnce(t *testing.T) {
	doc, err := yamldoc.Parse("hookctl.yaml", []byte("endpoints: {shop: {url: x, events: [a, b]}}\nattempts: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	entries := doc.Root()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				var endpoints []struct {
					Name   string   `yaml:",key"`
					URL    string   `yaml:"url"`
					Events []string `yaml:"events"`
				}
				if err := entries[0].Value.Decode(&endpoints, "endpoints"); err != nil || len(endpoints) != 1 || len(endpoints[0].Events) != 2 {
					t.Errorf("%+v, %v", endpoints, err)
				}
				var rule struct {
					Attempts int `yaml:"attempts"`
				}
				leaves, err := yamldoc.Set(&rule, "attempts", entries[1].Value)
				if err != nil || rule.Attempts != 3 || len(leaves) != 1 {
					t.Errorf("%+v, %v, %v", rule, leaves, err)
				}
			}
		})
	}
	all.Wait()
}
