package cli

import (
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

// What --unset takes away is found however the file has it, and nothing else goes.
func TestEditsOfAnEndpoint(t *testing.T) {
	for name, test := range map[string]struct {
		before string
		args   []string
		unset  []string
		want   string
	}{
		"a header twice":             {"{url: x:1, headers: {X-A: 1, X-B: 2}}", nil, []string{"headers.X-A", "headers.x-a"}, "{url: x:1, headers: {X-B: 2}}"},
		"one for another":            {"{url: x:1, headers: {X-A: 1}}", []string{"--header", "X-C: 1"}, []string{"headers.X-A"}, "{url: x:1, headers: {X-C: \"1\"}}"},
		"all for another":            {"{url: x:1, headers: {X-A: 1, X-B: 2}}", []string{"--header", "X-C: 1"}, []string{"headers"}, "{url: x:1, headers: {X-C: \"1\"}}"},
		"one and given anew":         {"{url: x:1, headers: {X-A: 1}}", []string{"--header", "x-a: 2"}, []string{"headers.X-A"}, "{url: x:1, headers: {X-A: \"2\"}}"},
		"the last header":            {"{url: x:1, headers: {X-A: 1}}", nil, []string{"headers.x-a"}, "{url: x:1}"},
		"of a list":                  {"{url: x:1, headers: ['X-A: 1', 'X-B: 2', 'x-a: 3']}", nil, []string{"headers.X-A"}, "{url: x:1, headers: [\"X-B: 2\"]}"},
		"the last of a list":         {"{url: x:1, headers: ['X-A: 1']}", nil, []string{"headers.X-A"}, "{url: x:1}"},
		"of a list, one for another": {"{url: x:1, headers: ['X-A: 1']}", []string{"--header", "X-C: 1"}, []string{"headers.X-A"}, "{url: x:1, headers: [\"X-C: 1\"]}"},
		"a rule in one key":          {"{url: x:1, provider: techrar, set: {policy.ack.deadline: 1s, policy.retry: announced}}", nil, []string{"set.policy.ack.deadline"}, "{url: x:1, provider: techrar, set: {policy.retry: announced}}"},
		"a rule in several keys":     {"{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 1s}, retry: {attempts: 2, delays: [1s]}}}}", nil, []string{"set.policy.ack.deadline"}, "{url: x:1, provider: techrar, set: {policy: {retry: {attempts: 2, delays: [1s]}}}}"},
		"the last rule":              {"{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 1s}}}}", nil, []string{"set.policy.ack.deadline"}, "{url: x:1, provider: techrar}"},
		"rules above others":         {"{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 1s}, retry: {attempts: 2, delays: [1s]}}}}", nil, []string{"set.policy"}, "{url: x:1, provider: techrar}"},
		"a rule in several, given":   {"{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 1s}}}}", []string{"--set", "policy.ack.deadline=2s"}, nil, "{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 2s}}}}"},
		"all rules for another":      {"{url: x:1, provider: techrar, set: {policy: {ack: {deadline: 1s}}}}", []string{"--set", "policy.retry=announced"}, []string{"set"}, "{url: x:1, provider: techrar, set: {policy.retry: announced}}"},
		"a rule for another":         {"{url: x:1, provider: techrar, set: {policy.ack.deadline: 1s}}", []string{"--set", "policy.retry=announced"}, []string{"set.policy.ack.deadline"}, "{url: x:1, provider: techrar, set: {policy.retry: announced}}"},
		"a rule typed closely":       {"{url: x:1, provider: techrar}", []string{"--set", "policy.retry={attempts:3,delays:[2s,3s]}"}, nil, "{url: x:1, provider: techrar, set: {policy.retry: {attempts: 3, delays: [2s, 3s]}}}"},
		"a rule within one":          {"{url: x:1, provider: techrar, set: {policy.retry: {attempts: 3, delays: [2s, 3s]}}}", []string{"--set", "policy.retry.attempts=5"}, nil, "{url: x:1, provider: techrar, set: {policy.retry: {attempts: 5, delays: [2s, 3s]}}}"},
		"a rule within a close one":  {"{url: x:1, provider: techrar, set: {policy.retry: {attempts:3,delays:[2s,3s]}}}", []string{"--set", "policy.retry.attempts=5"}, nil, "{url: x:1, provider: techrar, set: {policy.retry: {attempts: 5,delays:[2s,3s]}}}"},
		"events given anew":          {"{url: x:1, events: [a]}", []string{"--events", "b"}, []string{"events"}, "{url: x:1, events: [b]}"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "endpoints:\n  o: " + test.before + "\n"
			a, set, err := declared(t, text)
			if err != nil {
				t.Fatal(err)
			}
			o, cmd := &endpointOptions{}, &cobra.Command{}
			o.flags(a, cmd)
			if err := cmd.ParseFlags(test.args); err != nil {
				t.Fatal(err)
			}
			changes, err := o.edits(cmd, a, set.all()[0], test.unset)
			if err != nil {
				t.Fatal(err)
			}
			got, err := yamldoc.Edit(configName, []byte(text), changes...)
			if want := "endpoints:\n  o: " + test.want + "\n"; err != nil || string(got) != want {
				t.Errorf("%v\ngot  %swant %s", err, got, want)
			}
		})
	}
}
