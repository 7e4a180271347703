package yamldoc_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

func TestANodeIsWrittenAsPeopleDo(t *testing.T) {
	for text, want := range map[string]string{
		"10s":                             "10s",
		`"10s"`:                           "10s",
		"{attempts: 5, delays: [1s, 1m]}": "{attempts: 5, delays: [1s, 1m]}",
		"[200, 2xx, 1d]":                  "[200, 2xx, 1d]",
		`["200", '1d', "a b", "a: b", "{", "", x]`:   `["200", "1d", a b, "a: b", "{", "", x]`,
		"{on: true, off: false, n: null, t: ~, m: }": "{on: true, off: false, n: null, t: null, m: null}",
		`{"410": {do: stop}, "a: b": 1}`:             `{410: {do: stop}, "a: b": 1}`,
		"[-1, 1.5, +3, .5, '#x', \"two\\nlines\"]":   `[-1, 1.5, +3, .5, "#x", "two\nlines"]`,
		"[]": "[]",
		"{}": "{}",
	} {
		node, err := yamldoc.ParseValue("value", text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := node.Flow(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestABlockIsWrittenOnOneLine(t *testing.T) {
	d, err := yamldoc.Parse("a.yaml", []byte("policy.retry: # ours\n  attempts: 5\n  delays:\n  - 1s\n  - 1s # again\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Root()[0].Value.Flow(); got != "{attempts: 5, delays: [1s, 1s]}" {
		t.Error(got)
	}
}
