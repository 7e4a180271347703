package cli

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestDeadlineScales(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0.1": 1500 * time.Millisecond, "1": 15 * time.Second, "2": 30 * time.Second, "1s": time.Second, "250ms": 250 * time.Millisecond, "0.0001": 1500 * time.Microsecond,
	} {
		var s deadlineScale
		if err := s.Set(text); err != nil || s.of(15*time.Second) != want || !s.given() || s.String() != text {
			t.Errorf("%s: %s, %q, %v", text, s.of(15*time.Second), s.String(), err)
		}
	}
	for _, text := range []string{"", "0", "-1", "0s", "NaN", "1e9", "fast"} {
		var s deadlineScale
		if err := s.Set(text); err == nil {
			t.Errorf("%q is taken for %s", text, s.of(15*time.Second))
		}
	}
	if got := new(deadlineScale).of(15 * time.Second); got != 15*time.Second {
		t.Errorf("without a scale: %s", got)
	}
}

func TestOutagesComeInPairs(t *testing.T) {
	o := &simulateOptions{down: period(time.Hour), downFrom: periods{2 * time.Hour, 0}, downUntil: periods{3 * time.Hour, time.Minute}}
	all, err := o.outages()
	if err != nil || len(all) != 3 || all[0].Until != time.Hour || all[1].From != 2*time.Hour || all[2].Until != time.Minute {
		t.Errorf("%v, %v", all, err)
	}
	o.downUntil[1] = 0
	if _, err := o.outages(); err == nil {
		t.Error("an outage without a length")
	}
	if got := o.downFrom.GetSlice(); len(got) != 2 || got[0] != "2h" || got[1] != "0s" {
		t.Errorf("%q", got)
	}
}

// A target that takes no connection is no finding about it, as with send and replay.
func TestSimulateTellsATargetThatIsDownFromOneThatFails(t *testing.T) {
	failing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
	t.Cleanup(failing.Close)
	down := httptest.NewServer(nil)
	down.Close()
	for _, test := range []struct {
		flags []string
		want  int
	}{
		{[]string{"--to", failing.URL}, exitFound},
		{[]string{"--to", down.URL}, exitFailed},
		{[]string{"--to", down.URL, "--down", "15s"}, exitFailed},
		{[]string{"--to", down.URL, "--down", "1h"}, exitFound},
		{[]string{"--to", failing.URL, "--errors-to", down.URL}, exitFound},
	} {
		if status, _, errors := runIn(t, t.TempDir(), append([]string{"simulate", "retm", "--json"}, test.flags...)...); status != test.want {
			t.Errorf("%v: exit status %d, want %d:\n%s", test.flags, status, test.want, errors)
		}
	}
}
