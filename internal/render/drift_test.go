package render_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// Every row stands below its heads, however long the name of an event is.
func TestDriftsStandInColumns(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	drifts := []*hook.Drift{
		{Provider: "retm", Event: "reward", Kind: "null", Pointer: "/a", Detail: "null", Count: 3, First: at, Last: at, Example: "cap_01J00000000000000000000001"},
		{Provider: "machnet-raas", Event: "sender_created_and_then_some", Kind: "unknown_event", Count: 12345678, First: at, Last: at, Example: "cap_01J00000000000000000000002"},
	}
	for _, width := range []int{0, 100} {
		var out bytes.Buffer
		if err := render.New(&out, render.Options{Width: width, Now: func() time.Time { return at }}).Drifts(drifts); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != 3 {
			t.Fatalf("width %d: got %q", width, lines)
		}
		for _, line := range lines[1:] {
			if i := strings.Index(lines[0], "DRIFT"); len(line) <= i || line[i-1] != ' ' || line[i] == ' ' {
				t.Errorf("width %d: the row leaves the heads:\n%s\n%s", width, lines[0], line)
			}
		}
		if whole := strings.Contains(out.String(), "sender_created_and_then_some"); whole != (width == 0) {
			t.Errorf("width %d: got %s", width, out.String())
		}
	}
}
