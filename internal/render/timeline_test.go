package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// happenings are what a timeline may have, with whatever a receiver can say.
func happenings() []*delivery.Happening {
	waiting := delivery.Step{Verdict: delivery.Verdict{Reason: "500 is no acknowledgement"}, Course: hook.Course{State: hook.Pending}}
	broken := waiting
	broken.Verdict.Reason = "the connection broke off"
	lost := delivery.Step{
		Verdict: delivery.Verdict{Reason: "no answer within 5s"}, Course: hook.Course{State: hook.Lost}, Reason: "all 20 attempts failed",
		Effects: []delivery.Effect{{Do: provider.Discard}, {Do: provider.Delete, Until: "recreated"}, {Do: provider.Notify, Whom: "the owner of the API token"}},
	}
	good := delivery.Step{Verdict: delivery.Verdict{Acknowledged: true}, Course: hook.Course{State: hook.Succeeded}}
	event := hook.Event{Type: "order/created\x1b[2J"}
	deleted := hook.Standing{Status: hook.Deleted}
	return []*delivery.Happening{
		{Number: 1, Try: 1, Event: event, Answer: delivery.Answer{Status: 500}, Step: waiting, Next: 9094737 * time.Millisecond},
		{Number: 2, Try: 1, Event: event, Answer: delivery.Answer{Failure: hook.FailureBroken, Reason: "malformed \x1b]0;evil\x07 header"}, Step: broken, Next: time.Minute},
		{Number: 3, Try: 1, Event: event, Answer: delivery.Answer{Status: 200, Latency: 2 * time.Millisecond}, Step: good},
		{At: 48 * time.Hour, End: 48 * time.Hour, Number: 1, Try: 20, Event: event, Answer: delivery.Answer{Status: 200, Failure: hook.FailureLate}, Step: lost, Standing: deleted},
		{Kind: delivery.Dropped, At: 48 * time.Hour, Number: 2, Standing: deleted},
		{Kind: delivery.Dropped, At: 48 * time.Hour, Number: 4, Standing: deleted},
		{Kind: delivery.Unsent, At: 50 * time.Hour, Number: 5, Standing: deleted},
		{Kind: delivery.Unsent, At: 51 * time.Hour, Number: 6, Standing: deleted},
		{Kind: delivery.Unsent, At: 52 * time.Hour, Number: 7, Standing: deleted},
	}
}

func showTimeline(t *testing.T, o Options) string {
	t.Helper()
	var b bytes.Buffer
	view := New(&b, o).Timeline(7, "order/created")
	for _, h := range happenings() {
		if err := view.Happening(h); err != nil {
			t.Fatal(err)
		}
	}
	e := &delivery.Ending{
		At: 48 * time.Hour, Since: 48 * time.Hour, Standing: hook.Standing{Status: hook.Deleted, Until: "recreated", Reason: "all 20 attempts failed"},
		Fates: []delivery.Fate{
			{Number: 1, State: hook.Lost, Reason: "all 20 attempts failed", Sent: true}, {Number: 2, State: hook.Cancelled, Reason: "the endpoint was deleted", Sent: true},
			{Number: 3, State: hook.Succeeded}, {Number: 4, State: hook.Cancelled, Reason: "the endpoint was deleted", Sent: true}, {Number: 5, State: hook.Pending, Held: true},
		},
		Told: []delivery.Telling{{Whom: "the owner\x1b[31m", Times: 20}, {Event: "endpoint.disabled", Times: 1}},
	}
	assumptions := []delivery.Assumption{{
		Rule: "policy.retry.window", Value: "48h, evenly", Status: provider.Assumed, Note: "the spacing within the 48 hours is not published",
		Choices: []delivery.Choice{{Set: "policy.retry={attempts: 20, delays: [it's]}"}, {Set: "policy.retry=twenty-more", Status: provider.Assumed, Note: "20 more"}},
	}, {Value: "a paused endpoint gets what was pending"}}
	if err := view.End(e, assumptions); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestATimelineOffATerminal(t *testing.T) {
	want := `T+             EVENT  TRY    ANSWER         WHAT FOLLOWS
0s             1      1      500            waits 2h31m35s
0s             2      1      broke off      malformed \x1b]0;evil\x07 header; waits 1m
0s             3      1      200            acknowledged
2d             1      20     late 200       no answer within 5s; gives up: all 20 attempts failed; discards the event; deletes the endpoint: it must be registered anew; tells the owner of the API token
2d                                          events 2, 4 will not be tried again: the endpoint is deleted
2d 2h                                       events 5 to 7 are never sent: the endpoint is deleted

acknowledged  1 of 5
lost          event 1: all 20 attempts failed
              2 events (2, 4): the endpoint was deleted before it was acknowledged
pending       event 5: waiting for the endpoint
told          the owner\x1b[31m, 20 times; by the event endpoint.disabled, once
endpoint      deleted after 2d: all 20 attempts failed; it must be registered anew

what decided, and is not certain:
  assumed        policy.retry.window = 48h, evenly (the spacing within the 48 hours is not published)
                 --set policy.retry='{attempts: 20, delays: [it'\''s]}'
                 --set policy.retry=twenty-more  assumed: 20 more
  hookctl's own  a paused endpoint gets what was pending
`
	if got := showTimeline(t, Options{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATimelineFitsItsTerminal(t *testing.T) {
	for _, width := range []int{40, 60, 80, 160} {
		text := showTimeline(t, Options{Width: width})
		for line := range strings.SplitSeq(text, "\n") {
			if columns(line) > width && !strings.Contains(line, "--set") {
				t.Errorf("of %d columns: %q", width, line)
			}
		}
		if coloured := showTimeline(t, Options{Width: width, Color: true}); !strings.Contains(coloured, "\x1b[31m") || strings.Contains(coloured, "\x1b]") {
			t.Errorf("in colour: %q", coloured)
		}
	}
	narrow := showTimeline(t, Options{Width: 50})
	if !strings.Contains(narrow, "2d  event 1  try 20  late 200\n    no answer within 5s; gives up") {
		t.Error(narrow)
	}
}

func TestLatencyIsShownToWhoAsks(t *testing.T) {
	if text := showTimeline(t, Options{Verbose: true}); !strings.Contains(text, "acknowledged in 2") {
		t.Error(text)
	}
}

func TestElapsed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1500 * time.Millisecond: "1.5s", 5 * time.Second: "5s", 305 * time.Second: "5m5s", 48 * time.Hour: "2d", 27 * time.Hour: "1d 3h",
		9094736842105: "2h31m35s", 59*time.Second + 999*time.Millisecond: "1m", 30*24*time.Hour + time.Second: "30d 1s", 90 * time.Minute: "1h30m",
		24*time.Hour - time.Millisecond: "1d",
	} {
		if got := Elapsed(d); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
}

func TestRangesInWords(t *testing.T) {
	for want, numbers := range map[string][]int{"": nil, "3": {3}, "1, 2": {1, 2}, "1 to 3, 5": {1, 2, 3, 5}, "2, 4, 6 to 9": {2, 4, 6, 7, 8, 9}} {
		if got := ranges(numbers); got != want {
			t.Errorf("%v is %q, want %q", numbers, got, want)
		}
	}
}
