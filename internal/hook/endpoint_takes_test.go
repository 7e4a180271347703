package hook_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestEndpointsTakeWhatTheyAreFor(t *testing.T) {
	known := &hook.Identity{Provider: "recharge", Event: hook.Event{Type: "order/created"}}
	maybe := &hook.Identity{Candidates: []string{"svix", "techrar"}}
	for _, test := range []struct {
		name     string
		endpoint hook.Endpoint
		from     *hook.Identity
		want     bool
	}{
		{"everything", hook.Endpoint{}, nil, true},
		{"its event", hook.Endpoint{Events: []string{"order/*"}}, known, true},
		{"another event", hook.Endpoint{Events: []string{"customer/*"}}, known, false},
		{"an event nobody knows", hook.Endpoint{Events: []string{"order/*"}}, nil, false},
		{"its provider", hook.Endpoint{Provider: "recharge"}, known, true},
		{"another provider", hook.Endpoint{Provider: "svix"}, known, false},
		{"one that may be its provider", hook.Endpoint{Provider: "svix"}, maybe, true},
		{"nobody known", hook.Endpoint{Provider: "svix"}, nil, false},
	} {
		if got := test.endpoint.Takes(&hook.Capture{Identity: test.from}); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}
