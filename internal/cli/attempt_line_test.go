package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// A line that is glued together can have a name twice, of which readers keep one.
func TestNoNameStandsTwiceInALine(t *testing.T) {
	d := &hook.Delivery{Event: hook.Event{ID: "1"}, Reason: "all 3 attempts failed"}
	d.State = hook.Lost
	a := &hook.Attempt{
		ID: "att_01JD7Q3V9K4M2N8PXR5TWYZ6AC", CaptureID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB", Status: 500, Failure: hook.FailureLate,
		Reason: "too late", Endpoint: "shop", Provider: "recharge", Event: "order/created", Acknowledged: new(bool),
	}
	line := lineOfDelivery(d, a, &delivery.Step{
		Verdict: delivery.Verdict{Reason: "500 is no acknowledgement"},
		Effects: []delivery.Effect{{Do: provider.Pause, Until: "updated", Rule: "policy.failing.paused"}},
	})
	line.replayedJSON = &replayedJSON{Then: &thenJSON{Failure: "late"}}
	text, err := jsontext.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	dec := json.NewDecoder(strings.NewReader(string(text)))
	depth, key := 0, false
	for {
		token, err := dec.Token()
		if err != nil {
			break
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else {
				depth--
			}
			key = depth == 1
		case string:
			if depth == 1 && key && seen[v] {
				t.Errorf("%q stands twice in %s", v, text)
			}
			if depth == 1 && key {
				seen[v] = true
			}
			key = depth == 1 && !key
		default:
			key = depth == 1
		}
	}
	for _, name := range []string{"kind", "id", "capture_id", "reason", "delivery_reason", "verdict", "effects", "state", "received_at"} {
		if !seen[name] {
			t.Errorf("%s is not in %s", name, text)
		}
	}
}

// What is due is told to the microsecond, as records have it, and only while there is more
// to come.
func TestALineSaysWhenTheNextAttemptIsDue(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 123456789, time.FixedZone("", 3600))
	d := &hook.Delivery{}
	d.Due = at
	if got := lineOfDelivery(d, &hook.Attempt{}, &delivery.Step{}); got.State != hook.Pending || got.DueAt.Format(time.RFC3339Nano) != "2026-11-21T07:00:00.123456Z" {
		t.Errorf("%s, %s", got.State, got.DueAt.Format(time.RFC3339Nano))
	}
	d.State = hook.Cancelled
	if got := lineOfDelivery(d, &hook.Attempt{}, &delivery.Step{}); !got.DueAt.IsZero() {
		t.Errorf("over, and due at %s", got.DueAt)
	}
}
