package hook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// What is masked shows nothing of credentials in its JSON, says that it is, and leaves
// what it was made of alone.
func TestMaskedRecords(t *testing.T) {
	secret := func() hook.Header {
		return hook.Header{{Name: "X-A", Value: "open"}, {Name: "authorization", Value: "Bearer hidden"}, {Name: "X-Raw-Token", Value: "hidden\xff"}}
	}
	c := &hook.Capture{Header: secret(), Trailer: secret()}
	a := &hook.Attempt{Status: 200, ResponseHeader: secret()}
	d := &hook.Delivery{Message: &hook.Message{Header: secret()}}
	for name, test := range map[string]struct{ whole, masked any }{
		"capture": {c, c.Masked()}, "attempt": {a, a.Masked()}, "delivery": {d, d.Masked()},
	} {
		masked, whole := marshal(t, test.masked), marshal(t, test.whole)
		if strings.Contains(masked, "hidden") || strings.Contains(masked, "aGlkZGVu") || !strings.Contains(masked, "open") || !strings.Contains(masked, `"redacted":true`) {
			t.Errorf("%s, masked: %s", name, masked)
		}
		if strings.Count(whole, "Bearer hidden") == 0 || strings.Contains(whole, "redacted") {
			t.Errorf("%s: %s", name, whole)
		}
	}
	for name, bare := range map[string]any{"capture": (&hook.Capture{}).Masked(), "attempt": (&hook.Attempt{Status: 204}).Masked(), "delivery": (&hook.Delivery{}).Masked()} {
		if text := marshal(t, bare); strings.Contains(text, "redacted") || strings.Contains(text, "trailers") {
			t.Errorf("a bare %s: %s", name, text)
		}
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
