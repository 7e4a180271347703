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
		if err := p.DeliveryTable(nil).Row(delivery); err != nil {
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

// On a terminal of 80 columns no line of a log wraps: what follows an attempt stands below
// it, and an endpoint is told by its name.
func TestLogsFitNarrowTerminals(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	attempt := &hook.Attempt{
		StartedAt: at, Status: 500, Try: 2, Latency: 1234 * time.Millisecond, URL: "http://localhost:3000/a/long/path/that/goes/on",
		Failure: hook.FailureLate, Reason: "no complete answer within 5s",
	}
	d := &hook.Delivery{ID: "dlv_01JCXYZABCDEFGHJKMNPQRSTVW", Event: hook.Event{Type: "subscription.renewal/failed"}}
	capture := &hook.Capture{
		ID: "cap_01JCXYZABCDEFGHJKMNPQRSTVW", ReceivedAt: at, Method: "POST", Target: "/a/long/path/that/goes/on?and=on", BodySize: 1536,
		Header: hook.Header{{Name: "Content-Type", Value: "application/json"}}, Reply: &hook.Reply{Status: 200},
		Identity: &hook.Identity{Provider: "recharge", Event: hook.Event{Type: "subscription.renewal/failed"}},
	}
	for _, endpoint := range []string{"", "orders"} {
		attempt.Endpoint = endpoint
		var out bytes.Buffer
		p := render.New(&out, render.Options{Width: 80})
		p.Received(capture, render.Remarks{Notes: []string{"not sent to orders, which is disabled"}})
		p.Delivered(d, attempt, "attempt 3 in 2h31m", false)
		if err := p.Sent(render.Sent{Delivery: d, Attempt: attempt, Verdict: "500 is no acknowledgement", Then: []string{"attempt 3 in 2h31m"}}); err != nil {
			t.Fatal(err)
		}
		if err := p.CaptureTable().Row(capture); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimRight(line, " \n"); len(line) > 80 {
				t.Errorf("%d columns: %q", len(line), line)
			}
		}
		for _, whole := range []string{"not sent to orders, which is disabled", "attempt 3 in 2h31m", "no complete answer within 5s", "  " + endpoint} {
			if !strings.Contains(out.String(), whole) {
				t.Errorf("%q is not in\n%s", whole, out.String())
			}
		}
		if strings.Contains(out.String(), "http://") || endpoint != "" && strings.Contains(out.String(), "localhost") {
			t.Errorf("the URL is there in\n%s", out.String())
		}
	}
}
