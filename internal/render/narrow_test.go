package render_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// On a narrow terminal no line of a list wraps, and what matters most stays.
func TestListsFitNarrowTerminals(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	for width, want := range map[int]struct{ attempts, deliveries string }{
		200: {"ID TIME TRIGGER EVENT STATUS MS TRY ENDED TO", "ID TIME STATE TRIES NEXT EVENT TO REASON"},
		80:  {"ID TIME EVENT STATUS MS TRY ENDED TO", "ID STATE TRIES NEXT EVENT TO REASON"},
		60:  {"ID TIME EVENT STATUS ENDED", "ID STATE EVENT TO REASON"},
		40:  {"ID EVENT STATUS ENDED", "ID STATE EVENT"},
	} {
		var out bytes.Buffer
		p := render.New(&out, render.Options{Width: width, Now: func() time.Time { return at }})
		attempt := &hook.Attempt{
			ID: "att_01JCXYZABCDEFGHJKMNPQRSTVW", StartedAt: at, Trigger: hook.TriggerSchedule, Event: "subscription.renewal/failed", Status: 500,
			Latency: 1234567 * time.Microsecond, Try: 12, Endpoint: "orders", URL: "https://example.com/a/long/path/that/goes/on?and=on",
		}
		if err := p.AttemptTable().Row(attempt); err != nil {
			t.Fatal(err)
		}
		check(t, width, &out, want.attempts)
		delivery := &hook.Delivery{
			ID: "dlv_01JCXYZABCDEFGHJKMNPQRSTVW", CreatedAt: at, Endpoint: "a-long-name-of-an-endpoint", Reason: "the endpoint was deleted: 20 failures in a row",
			Event: hook.Event{Type: "subscription.renewal/failed"}, Course: hook.Course{State: hook.Cancelled, Tries: 12},
		}
		if err := p.DeliveryTable().Row(delivery); err != nil {
			t.Fatal(err)
		}
		check(t, width, &out, want.deliveries)
	}
}

func check(t *testing.T, width int, out *bytes.Buffer, heads string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	out.Reset()
	if got := strings.Join(strings.Fields(lines[0]), " "); got != heads {
		t.Errorf("at %d: %s, want %s", width, got, heads)
	}
	for _, line := range lines {
		if len(strings.TrimRight(line, " ")) > width {
			t.Errorf("at %d, %d columns: %q", width, len(line), line)
		}
	}
}

func TestStatsHaveBarsOnNarrowTerminals(t *testing.T) {
	rows := []render.StatsRow{
		{Endpoint: "https://example.com/a/long/path", Event: "subscription.renewal/failed", Count: 1000, Succeeded: 999, P50: time.Second, P90: time.Second, P99: time.Second, Longest: time.Second},
		{Endpoint: "orders", Event: "order/created", Count: 500, P50: time.Millisecond, P90: time.Millisecond, P99: time.Millisecond, Longest: time.Millisecond},
	}
	for width, bars := range map[int]bool{200: true, 100: true, 80: true, 60: false} {
		var out bytes.Buffer
		p := render.New(&out, render.Options{Width: width})
		if err := p.Stats(rows, render.StatsRow{Count: 1500, Total: true}, render.StatsOptions{Endpoint: true, Event: true, Bars: render.PlainBars}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "####"); got != bars {
			t.Errorf("at %d: bars %t\n%s", width, got, out.String())
		}
		for line := range strings.Lines(out.String()) {
			if width >= 80 && len(strings.TrimRight(line, " \n")) > width {
				t.Errorf("at %d: %d columns: %q", width, len(line), line)
			}
		}
	}
}
