package listener_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

func TestParseScript(t *testing.T) {
	tests := map[string]struct {
		steps []listener.Step
		err   string
	}{
		"200": {steps: []listener.Step{{Status: 200}}},
		"500, 500,timeout(12s),reset,204": {steps: []listener.Step{
			{Status: 500}, {Status: 500}, {Dropped: hook.DroppedTimeout, Hold: 12 * time.Second}, {Dropped: hook.DroppedReset}, {Status: 204},
		}},
		"200(20s), 429(retry-after=90s),503(1500ms retry-after=2m)": {steps: []listener.Step{
			{Status: 200, Wait: 20 * time.Second}, {Status: 429, Again: 90 * time.Second}, {Status: 503, Wait: 1500 * time.Millisecond, Again: 2 * time.Minute},
		}},
		"200()":            {err: `step 1: want how long it takes, as 200(20s), or when to try again, as 200(retry-after=90s), got "200()"`},
		"200(1s 2s)":       {err: `step 1: want how long it takes, as 200(20s), or when to try again, as 200(retry-after=90s), got "200(1s 2s)"`},
		"429(90)":          {err: `step 1: want how long it takes, as 429(20s), or when to try again, as 429(retry-after=90s), got "429(90)"`},
		"429(retry-after)": {err: `step 1: want how long it takes, as 429(20s), or when to try again, as 429(retry-after=90s), got "429(retry-after)"`},
		"429(1s":           {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "429(1s"`},
		"429)":             {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "429)"`},
		"reset(1s)":        {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "reset(1s)"`},
		"":                 {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got ""`},
		"200,":             {err: `step 2: want a status from 200 to 599, timeout(DURATION) or reset, got ""`},
		"100":              {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "100"`},
		"0200":             {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "0200"`},
		"timeout":          {err: `step 1: want a status from 200 to 599, timeout(DURATION) or reset, got "timeout"`},
		"timeout(12)":      {err: `step 1: want a duration such as timeout(12s), got "timeout(12)"`},
		"200,timeout(-1s)": {err: `step 2: want a duration such as timeout(12s), got "timeout(-1s)"`},
	}
	for script, test := range tests {
		t.Run(script, func(t *testing.T) {
			steps, err := listener.ParseScript(script)
			if diff := cmp.Diff(test.steps, steps); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.err {
				t.Errorf("error %q, want %q", got, test.err)
			}
		})
	}
}

func TestScriptIsTakenStepByStepAndTheLastRepeats(t *testing.T) {
	steps, err := listener.ParseScript("500,reset,503,timeout(1ms),204")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, listener.Config{Replies: listener.Replies{Script: steps, Fixed: true}})
	var got []string
	for range 6 {
		req, _ := http.NewRequest("POST", s.url, strings.NewReader("{}"))
		req.Close = true
		res, err := (&http.Transport{}).RoundTrip(req)
		switch {
		case err == nil:
			res.Body.Close()
			got = append(got, res.Status[:3])
		case strings.Contains(err.Error(), "reset"):
			got = append(got, "reset")
		case strings.Contains(err.Error(), "EOF"):
			got = append(got, "closed")
		default:
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"500", "reset", "503", "closed", "204", "204"}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	captures, _ := s.store.kept()
	var kept []hook.Reply
	for _, c := range captures {
		kept = append(kept, hook.Reply{Status: c.Reply.Status, From: c.Reply.From, Dropped: c.Reply.Dropped})
	}
	want := []hook.Reply{
		{Status: 500, From: "listener"}, {From: "listener", Dropped: "reset"}, {Status: 503, From: "listener"},
		{From: "listener", Dropped: "timeout"}, {Status: 204, From: "listener"}, {Status: 204, From: "listener"},
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("kept replies (-want +got):\n%s", diff)
	}
}

func TestReplyHeaderBodyAndDelay(t *testing.T) {
	s := start(t, listener.Config{Replies: listener.Replies{
		Script: []listener.Step{{Status: 202}}, Fixed: true, Delay: 30 * time.Millisecond,
		Header: fields("content-type", "application/json", "X-A", "1", "X-A", "2"), Body: []byte(`{"ok":true}`),
	}})
	before := time.Now()
	res, body := post(t, s.url, "{}")
	if took := time.Since(before); took < 30*time.Millisecond {
		t.Errorf("answered after %s", took)
	}
	if res.StatusCode != 202 || body != `{"ok":true}` || res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %q %v", res.Status, body, res.Header)
	}
	if diff := cmp.Diff([]string{"1", "2"}, res.Header["X-A"]); diff != "" {
		t.Error(diff)
	}
	if c, _ := s.store.only(t); c.Reply.Latency < 30*time.Millisecond {
		t.Errorf("latency %s leaves the delay out", c.Reply.Latency)
	}
}

func TestStepsTakeTheirTimeAndAskForAnotherAttempt(t *testing.T) {
	steps, err := listener.ParseScript("503(30ms retry-after=1500ms),200")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, listener.Config{Replies: listener.Replies{Script: steps, Fixed: true, Header: fields("X-A", "1")}})
	for _, want := range []string{"2", ""} {
		before := time.Now()
		res, _ := post(t, s.url, "{}")
		if got := res.Header.Get("Retry-After"); got != want || res.Header.Get("X-A") != "1" {
			t.Errorf("%s: Retry-After %q, want %q", res.Status, got, want)
		}
		if took := time.Since(before); want != "" && took < 30*time.Millisecond {
			t.Errorf("answered after %s", took)
		}
	}
	for _, step := range steps {
		if again, err := listener.ParseScript(step.String()); err != nil || again[0] != step {
			t.Errorf("%s is read as %v, %v", step, again, err)
		}
	}
}

func TestPathPicksTheStatus(t *testing.T) {
	s := start(t, listener.Config{})
	for path, want := range map[string]int{"/~404": 404, "/orders/~503": 503, "/~404/x": 200, "/~99": 200, "/~": 200, "/~404?x=1": 404} {
		if res, _ := post(t, s.url+path, ""); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestNoContentHasNoBody(t *testing.T) {
	s := start(t, listener.Config{Replies: listener.Replies{Script: []listener.Step{{Status: 204}}, Fixed: true, Body: []byte("x")}})
	answer := raw(t, s.addr, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 204 ") || !strings.HasSuffix(answer, "\r\n\r\n") || strings.Contains(answer, "Content-Type") {
		t.Errorf("%q", answer)
	}
}

func TestFullDiskIs507UntilThereIsRoom(t *testing.T) {
	s := start(t, listener.Config{})
	s.store.setFail(hook.ErrFull)
	for range 3 {
		if res, body := post(t, s.url, "{}"); res.StatusCode != 507 || !strings.Contains(body, "no room left") {
			t.Fatalf("%s %q", res.Status, body)
		}
	}
	s.store.setFail(nil)
	if res, _ := post(t, s.url, "{}"); res.StatusCode != 200 {
		t.Fatal(res.Status)
	}
	if notices := s.noticed(); len(notices) != 2 || !strings.Contains(notices[0].Text, "507") || !strings.Contains(notices[1].Text, "room again") {
		t.Errorf("notices %v, want one for each change", notices)
	}
}

func TestBrokenStoreIs500(t *testing.T) {
	s := start(t, listener.Config{})
	s.store.setFail(io.ErrClosedPipe)
	if res, _ := post(t, s.url, "{}"); res.StatusCode != 500 {
		t.Fatal(res.Status)
	}
}

func TestFullDiskOfTheSpoolIs507(t *testing.T) {
	s := start(t, listener.Config{NewSpool: func() (listener.Spool, error) { return nil, hook.ErrFull }})
	if res, _ := post(t, s.url, strings.Repeat("a", 2<<20)); res.StatusCode != 507 {
		t.Fatal(res.Status)
	}
}
