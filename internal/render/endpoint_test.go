package render_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// Why an endpoint is not in use is in the list, which fits a terminal.
func TestEndpointsSayWhyTheyAreNotInUse(t *testing.T) {
	in := render.EndpointRow{Name: "orders", Status: hook.Enabled, Provider: "recharge", Events: "order/*, charge/*", URL: "http://localhost:3000/a/rather/long/path"}
	out := in
	out.Name, out.Status, out.Pending, out.Reason = "billing", hook.Paused, 12, "11 failures in a row, of all deliveries together"
	for _, width := range []int{0, 80, 60} {
		var text bytes.Buffer
		if err := render.New(&text, render.Options{Width: width}).Endpoints([]render.EndpointRow{in, out}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text.String(), "\n")
		if !strings.Contains(lines[0], "REASON") || !strings.Contains(lines[2], "11 failures in a row") {
			t.Errorf("at %d:\n%s", width, text.String())
		}
		for _, line := range lines {
			if width > 0 && len(strings.TrimRight(line, " ")) > width {
				t.Errorf("at %d: %q", width, line)
			}
		}
	}
	var text bytes.Buffer
	if err := render.New(&text, render.Options{}).Endpoints([]render.EndpointRow{in}); err != nil || strings.Contains(text.String(), "REASON") {
		t.Errorf("%v\n%s", err, text.String())
	}
}
