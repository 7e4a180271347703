package suggest_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/suggest"
)

func TestNearest(t *testing.T) {
	names := []string{"port", "path", "status", "forward-to", "reply-script"}
	for name, want := range map[string]string{
		"prot": "port", "paht": "path", "stat": "status", "forwrd-to": "forward-to", "replyscript": "reply-script",
		"port": "port", "zzzzzz": "", "": "",
	} {
		if got := suggest.Nearest(name, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
