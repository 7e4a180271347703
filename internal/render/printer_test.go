package render_test

import (
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// On a terminal no line of the log or of a list is wider than the terminal,
// whatever is in it. 95 columns leave the last column of the widest list its minimum.
func TestLinesFitTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(95, 160).Draw(t, "width")
		c := capture("", "Content-Type", rapid.String().Draw(t, "type"))
		c.Method, c.Target = rapid.String().Draw(t, "method"), rapid.String().Draw(t, "target")
		c.Identity = &hook.Identity{
			Provider: rapid.String().Draw(t, "provider"), Event: hook.Event{Type: rapid.String().Draw(t, "event")},
			Verification: verification(rapid.SampledFrom([]hook.Outcome{hook.Verified, hook.Failed, hook.NotChecked}).Draw(t, "outcome")),
		}
		a := attempt(rapid.SampledFrom([]int{0, 200, 500}).Draw(t, "status"), rapid.String().Draw(t, "body"))
		a.URL, a.Failure, a.Reason = rapid.String().Draw(t, "url"), hook.FailureBroken, rapid.String().Draw(t, "reason")
		if rapid.Bool().Draw(t, "relayed") {
			a.Reply = nil
		}
		var b strings.Builder
		p := render.New(&b, options(inColumns(width)))
		p.Received(c, render.Remarks{})
		p.Attempted(c, a)
		p.CaptureTable().Row(c)
		p.AttemptTable().Row(a)
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			condition := runewidth.Condition{StrictEmojiNeutral: true}
			if n := condition.StringWidth(line); n > width {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
		}
	})
}

func TestMeasures(t *testing.T) {
	for size, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 KB", 1536: "1.5 KB", 99_949: "99.9 KB", 99_950: "100 KB", 999_499: "999 KB",
		999_500: "1.0 MB", 26_214_400: "26.2 MB", 5_000_000_000_000: "5.0 TB", 5_000_000_000_000_000: "5000 TB",
	} {
		got := printed(t, options(), func(p *render.Printer) {
			p.Received(with(capture(""), func(c *hook.Capture) { c.BodySize = size }), render.Remarks{})
		})
		if !strings.HasSuffix(got, "  "+want+"\n") {
			t.Errorf("%d: got %q, want %q", size, got, want)
		}
	}
	for latency, want := range map[time.Duration]string{
		0: "0.0 ms", 40 * time.Microsecond: "0.0 ms", 3249 * time.Microsecond: "3.2 ms", 123_400 * time.Microsecond: "123 ms",
		999_600 * time.Microsecond: "1.0 s", 75 * time.Second: "75.0 s",
	} {
		got := printed(t, options(), func(p *render.Printer) {
			p.Replied(with(capture(""), func(c *hook.Capture) { c.Reply.Latency = latency }))
		})
		if !strings.HasSuffix(got, "  "+want+"\n") {
			t.Errorf("%v: got %q, want %q", latency, got, want)
		}
	}
}

func TestTodayEndsAtMidnightOfTheZone(t *testing.T) {
	for at, want := range map[string]string{
		"2026-11-21T22:59:59Z": "23:59:59", "2026-11-20T23:00:00Z": "00:00:00", "2026-11-20T22:59:59Z": "2026-11-20", "2025-11-21T09:00:00Z": "2025-11-21",
	} {
		received, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		got := printed(t, options(), func(p *render.Printer) {
			p.CaptureTable().Row(with(capture(""), func(c *hook.Capture) { c.ReceivedAt = received }))
		})
		if !strings.Contains(got, "  "+want+"  ") {
			t.Errorf("%s: want %s in\n%s", at, want, got)
		}
	}
}

func TestTableHasItsHeadOnce(t *testing.T) {
	got := printed(t, options(), func(p *render.Printer) {
		table := p.CaptureTable()
		table.Row(capture(""))
		table.Row(capture(""))
	})
	if n := strings.Count(got, "METHOD"); n != 1 || strings.Count(got, "\n") != 3 {
		t.Errorf("got %d heads in\n%s", n, got)
	}
	if got := printed(t, options(), func(p *render.Printer) { p.AttemptTable() }); got != "" {
		t.Errorf("an empty table wrote %q", got)
	}
}

func TestQuietLeavesTrouble(t *testing.T) {
	got := printed(t, options(func(o *render.Options) { o.Quiet = true }), func(p *render.Printer) {
		p.Status("ready")
		p.Hint("a hint")
		p.Warn("careful")
		p.Error(errors.New("it failed\r\n\n on two lines"))
	})
	if want := "hookctl: warning: careful\nhookctl: it failed;  on two lines\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestErrorIsOneLineOfBoundedLength(t *testing.T) {
	got := printed(t, options(), func(p *render.Printer) { p.Error(errors.New(strings.Repeat("long\n", 10_000))) })
	if strings.Count(got, "\n") != 1 || len(got) > 2100 {
		t.Errorf("%d lines, %d bytes", strings.Count(got, "\n"), len(got))
	}
}

func TestPrinterStopsAtTheFirstError(t *testing.T) {
	w := &failing{}
	p := render.New(w, options())
	p.Status("one")
	p.Status("two")
	if err := p.CaptureTable().Row(capture("")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("row: got %v", err)
	}
	if err := p.ShowCapture(capture(""), nil, render.ShowOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("show: got %v", err)
	}
	if !errors.Is(p.Err(), io.ErrClosedPipe) || w.calls != 1 {
		t.Errorf("got %v after %d writes", p.Err(), w.calls)
	}
}

type failing struct{ calls int }

func (f *failing) Write([]byte) (int, error) {
	f.calls++
	return 0, io.ErrClosedPipe
}

func TestMessagesOfSeveralGoroutinesAreWhole(t *testing.T) {
	var b strings.Builder
	p := render.New(&b, options(inColor))
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 50 {
				p.Attempted(capture(""), attempt(500, "a\nb"))
			}
		}()
	}
	all.Wait()
	if once := printed(t, options(inColor), func(p *render.Printer) { p.Attempted(capture(""), attempt(500, "a\nb")) }); b.String() != strings.Repeat(once, 400) {
		t.Error("messages are mixed up")
	}
}

func TestShowTellsOfABodyThatCannotBeRead(t *testing.T) {
	c := capture("")
	c.Body = unreadable{}
	p := render.New(io.Discard, options())
	if err := p.ShowCapture(c, nil, render.ShowOptions{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("show: got %v", err)
	}
	c.BodySHA256 = [32]byte{}
	if _, err := p.DiffCaptures(c, capture("x"), render.ShowOptions{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("diff: got %v", err)
	}
}

type unreadable struct{}

func (unreadable) Size() int64                  { return 1 }
func (unreadable) Open() (io.ReadCloser, error) { return nil, io.ErrNoProgress }
