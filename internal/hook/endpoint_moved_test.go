package hook_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestWhoeverReadTheOldDeclarationIsLeftBehind(t *testing.T) {
	const was, is = "http://localhost:1/hooks", "http://localhost:2/hooks"
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name      string
		to, url   string
		read, now time.Duration // after it was noted
		want      bool
	}{
		{"read before", is, was, -1, 1, true},
		{"read before, and leads there already", is, is, -1, 1, false},
		{"read since", is, was, 1, 2, false},
		{"long since", is, was, -1, time.Hour, false},
		{"the clock was set back", is, was, -time.Hour, -time.Minute, false},
		{"another password", "http://me:topsecret@localhost:1/hooks", was, -1, 1, true},
		{"another password, read since", "http://me:topsecret@localhost:1/hooks", was, 1, 2, false},
		{"another password and URL", "http://me:topsecret@localhost:2/hooks", was, -1, 1, true},
	} {
		to, err := url.Parse(test.to)
		if err != nil {
			t.Fatal(err)
		}
		var s hook.Standing
		s.Move(to, at)
		if strings.Contains(s.MovedTo, "me") || strings.Contains(s.MovedTo, "topsecret") {
			t.Errorf("%s: kept as %s", test.name, s.MovedTo)
		}
		now := at.Add(test.now)
		if got := s.Moved(test.url, at.Add(test.read), now); got != test.want {
			t.Errorf("%s: moved %v", test.name, got)
		}
		counts := test.now == 1 || test.now == 2
		if s.Settle(now); counts == s.MovedAt.IsZero() || counts == (s.MovedTo == "") {
			t.Errorf("%s: settled as %+v", test.name, s)
		}
	}
}
