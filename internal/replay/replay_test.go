package replay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/send"
)

// zeros is a source of randomness that has none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A sink answers as answer says, after took, and notes the targets in the order in which
// attempts began.
type sink struct {
	mu     sync.Mutex
	took   time.Duration
	answer func(target string) hook.Attempt
	began  []string
	at     []time.Time
	most   int
	now    int
}

func (s *sink) Attempt(ctx context.Context, r send.Request, _ send.Relay) *hook.Attempt {
	s.mu.Lock()
	s.began, s.at = append(s.began, r.Target), append(s.at, time.Now())
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	a := hook.Attempt{Status: 200}
	if s.answer != nil {
		a = s.answer(r.Target)
	}
	a.StartedAt = time.Now()
	select {
	case <-time.After(s.took):
	case <-ctx.Done():
		a = hook.Attempt{Failure: hook.FailureCancelled, StartedAt: time.Now()}
	}
	s.mu.Lock()
	s.now--
	s.mu.Unlock()
	return &a
}

// A ledger keeps attempts, each after a while.
type ledger struct {
	mu   sync.Mutex
	took time.Duration
	err  error
	kept []*hook.Attempt
}

func (l *ledger) RecordSoon(a *hook.Attempt, _ int) <-chan error {
	done := make(chan error, 1)
	go func() {
		time.Sleep(l.took)
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.err == nil {
			l.kept = append(l.kept, a)
		}
		done <- l.err
	}()
	return done
}

// shots are n captures, a second apart, called "/1" and so on.
func shots(n int) iter.Seq2[*replay.Shot, error] {
	return func(yield func(*replay.Shot, error) bool) {
		for i := 1; i <= n; i++ {
			c := &hook.Capture{
				Seq: int64(i), ID: hook.ID(fmt.Sprint("cap_", i)), Method: "POST", Target: fmt.Sprint("/", i),
				ReceivedAt: time.Unix(int64(i), 0), Body: hook.Bytes{},
			}
			if !yield(&replay.Shot{Capture: c, Try: 1}, nil) {
				return
			}
		}
	}
}

func config(s *sink, l *ledger) replay.Config {
	m := &replay.Maker{
		To: &url.URL{Scheme: "http", Host: "h"}, Sign: replay.SignOriginal, Now: time.Now, Random: zeros{},
		Party: func(string) (*replay.Party, error) { return nil, nil },
	}
	return replay.Config{
		Make: m.Make, Sender: s, Keeper: l, IDs: hook.NewIDs(zeros{}), Run: "run_1", Concurrency: 1,
		Tell: func(*replay.Result) error { return nil },
	}
}

func TestOneAtATimeKeepsTheOrderAndEachIsKeptBeforeTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{took: time.Second}
		s := &sink{}
		s.answer = func(target string) hook.Attempt {
			l.mu.Lock()
			defer l.mu.Unlock()
			if want := fmt.Sprint("/", len(l.kept)+1); target != want {
				t.Errorf("%s was sent when %d were kept", target, len(l.kept))
			}
			return hook.Attempt{Status: 200}
		}
		if err := replay.Run(t.Context(), shots(150), config(s, l)); err != nil {
			t.Fatal(err)
		}
		if len(l.kept) != 150 || l.kept[149].CaptureID != "cap_150" || l.kept[0].Run != "run_1" || l.kept[0].Try != 1 || !*l.kept[0].Acknowledged {
			t.Errorf("kept %d, the first %+v", len(l.kept), l.kept[0])
		}
	})
}

func TestManyAtOnceBeginInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := &sink{took: time.Second}, &ledger{}
		c := config(s, l)
		c.Concurrency = 8
		if err := replay.Run(t.Context(), shots(80), c); err != nil {
			t.Fatal(err)
		}
		if s.most != 8 || len(l.kept) != 80 {
			t.Errorf("%d at once, %d kept", s.most, len(l.kept))
		}
	})
}

func TestPaces(t *testing.T) {
	for _, test := range []struct {
		name string
		pace *replay.Pace
		want time.Duration // between attempts
	}{
		{"as fast as can be", nil, 0},
		{"4 in a second", &replay.Pace{Rate: hook.Rate{Count: 4, Per: time.Second}}, 250 * time.Millisecond},
		{"as they came", &replay.Pace{Speed: 1}, time.Second},
		{"ten times as fast", &replay.Pace{Speed: 10}, 100 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sink{}
				c := config(s, &ledger{})
				c.Pace = test.pace
				if err := replay.Run(t.Context(), shots(9), c); err != nil {
					t.Fatal(err)
				}
				for i := range 8 {
					if gap := s.at[i+1].Sub(s.at[i]); gap != test.want {
						t.Errorf("gap %d is %s, want %s", i, gap, test.want)
					}
				}
			})
		})
	}
}

// The end of a run lets what is under way finish for a while; what does not is kept, but
// not as part of the run, so that going on sends it again.
func TestTheEndLetsAttemptsFinish(t *testing.T) {
	for _, test := range []struct {
		name  string
		grace time.Duration
		run   hook.ID
	}{{"in time", 5 * time.Second, "run_1"}, {"too late", time.Second, ""}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, l := &sink{took: 3 * time.Second}, &ledger{}
				c := config(s, l)
				c.Grace = test.grace
				ctx, stop := context.WithCancelCause(t.Context())
				why := errors.New("enough")
				time.AfterFunc(4*time.Second, func() { stop(why) })
				if err := replay.Run(ctx, shots(9), c); !errors.Is(err, why) {
					t.Errorf("ended with %v", err)
				}
				if len(l.kept) != 2 || l.kept[1].Run != test.run {
					t.Errorf("kept %d, the last of run %q", len(l.kept), l.kept[len(l.kept)-1].Run)
				}
			})
		})
	}
}

// A target that takes no connection is given up after so many attempts in a row, whether it
// ever took one or not; none of these counts for the run, so that going on sends them again.
func TestATargetThatIsDownIsGivenUp(t *testing.T) {
	for _, test := range []struct {
		name        string
		answers     string // of the attempts: u up, l late, d down, c cut short; the last goes on for ever
		concurrency int
		sent, done  int
		err         error
	}{
		{"from the start", "d", 1, 10, 0, replay.ErrUnreachable},
		{"later", "uuud", 1, 13, 3, replay.ErrUnreachable},
		{"now and then", "uddddddddduddddddddduddddddddd" + "u", 1, 50, 23, nil},
		{"a late answer is contact", "dddddddddlddddddddd" + "u", 1, 50, 32, nil},
		{"one that was cut short is none", "dddddcddddd", 1, 11, 0, replay.ErrUnreachable},
		{"as many as there are at once", "d", 20, 39, 0, replay.ErrUnreachable},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, n := &ledger{}, atomic.Int64{}
				s := &sink{took: time.Second, answer: func(string) hook.Attempt {
					answer := test.answers[min(int(n.Add(1))-1, len(test.answers)-1)]
					return map[byte]hook.Attempt{
						'u': {Status: 200}, 'l': {Failure: hook.FailureLate}, 'd': {Failure: hook.FailureUnreachable}, 'c': {Failure: hook.FailureCancelled},
					}[answer]
				}}
				c := config(s, l)
				c.Concurrency = test.concurrency
				if err := replay.Run(t.Context(), shots(50), c); !errors.Is(err, test.err) {
					t.Errorf("ended with %v", err)
				}
				done := 0
				for _, a := range l.kept {
					if a.Run != "" {
						done++
					}
				}
				if len(l.kept) > test.sent || len(l.kept) < min(test.sent, 20) || done != test.done {
					t.Errorf("sent %d, of which %d count", len(l.kept), done)
				}
			})
		})
	}
}

// Sent repeatedly, captures are as far apart each time as they came.
func TestThePaceOfEachPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		twice := func(yield func(*replay.Shot, error) bool) {
			for try := 1; try <= 2; try++ {
				for shot := range shots(3) {
					shot.Try = try
					if !yield(shot, nil) {
						return
					}
				}
			}
		}
		s := &sink{}
		c := config(s, &ledger{})
		c.Pace = &replay.Pace{Speed: 1}
		if err := replay.Run(t.Context(), twice, c); err != nil {
			t.Fatal(err)
		}
		for i, want := range []time.Duration{time.Second, time.Second, 0, time.Second, time.Second} {
			if gap := s.at[i+1].Sub(s.at[i]); gap != want {
				t.Errorf("gap %d is %s, want %s", i, gap, want)
			}
		}
	})
}

func TestTroubleEndsTheRun(t *testing.T) {
	trouble := errors.New("trouble")
	broken := func(yield func(*replay.Shot, error) bool) {
		for shot := range shots(3) {
			if !yield(shot, nil) {
				return
			}
		}
		yield(nil, trouble)
	}
	for _, test := range []struct {
		name   string
		shots  iter.Seq2[*replay.Shot, error]
		change func(*replay.Config, *ledger)
		began  int
	}{
		{"of the keeper", shots(9), func(_ *replay.Config, l *ledger) { l.err = trouble }, 1},
		{"of the reader of what is told", shots(9), func(c *replay.Config, _ *ledger) {
			c.Tell = func(*replay.Result) error { return trouble }
		}, 1},
		{"of the sequence", broken, func(*replay.Config, *ledger) {}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, l := &sink{}, &ledger{}
				c := config(s, l)
				test.change(&c, l)
				if err := replay.Run(t.Context(), test.shots, c); !errors.Is(err, trouble) || len(s.began) != test.began {
					t.Errorf("ended with %v after %d", err, len(s.began))
				}
			})
		})
	}
}

func TestAnAttemptOfADeletedCaptureIsToldAndNotKept(t *testing.T) {
	gone := errors.New("gone")
	l, told := &ledger{err: gone}, 0
	c := config(&sink{}, l)
	c.Gone = func(err error) bool { return errors.Is(err, gone) }
	c.Tell = func(*replay.Result) error { told++; return nil }
	if err := replay.Run(t.Context(), shots(3), c); err != nil || told != 3 {
		t.Errorf("%v, told %d", err, told)
	}
}

func TestWhatCannotBeMadeIsToldAndTheRestGoesOn(t *testing.T) {
	s, l := &sink{}, &ledger{}
	c := config(s, l)
	make := c.Make
	c.Make = func(c *hook.Capture) (replay.Message, error) {
		if c.Seq == 2 {
			return replay.Message{}, errors.New("no")
		}
		return make(c)
	}
	var total replay.Total
	c.Tell = func(r *replay.Result) error { total.Add(r); return nil }
	if err := replay.Run(t.Context(), shots(3), c); err != nil || total.Sent != 2 || total.Unsent != 1 || total.Acknowledged != 2 {
		t.Errorf("%v, %+v", err, total)
	}
}

func TestMarks(t *testing.T) {
	var m replay.Marks
	if m.Has(1, 1) {
		t.Error("no marks have one")
	}
	added := []int64{1, 4095, 4096, 1 << 40, 1}
	for _, seq := range added {
		m.Add(seq, 2)
	}
	for _, seq := range added {
		if !m.Has(seq, 2) {
			t.Errorf("%d is gone", seq)
		}
	}
	if m.Has(4096, 1) || m.Has(4097, 2) || m.Has(0, 2) {
		t.Error("others have marks")
	}
}

func TestLatencies(t *testing.T) {
	var l replay.Latencies
	if l.At(0.5) != 0 {
		t.Error("none have no middle")
	}
	for i := 1; i <= 1000; i++ {
		l.Add(time.Duration(i) * time.Millisecond)
	}
	for p, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.95: 950 * time.Millisecond, 0.99: 990 * time.Millisecond, 1: time.Second} {
		if got := l.At(p); got < want*97/100 || got > want*103/100 {
			t.Errorf("at %g: %s, want about %s", p, got, want)
		}
	}
	var small replay.Latencies
	small.Add(-1)
	small.Add(5)
	small.Add(1<<63 - 1)
	if small.At(0) != 0 || small.At(0.5) != 5 || small.Len() != 3 {
		t.Errorf("%d, %d", small.At(0), small.At(0.5))
	}
}

func TestCompare(t *testing.T) {
	answer := func(status int, body string) *replay.Answer {
		return replay.AnswerOf(&hook.Attempt{Status: status, ResponseBody: []byte(body), ResponseSize: int64(len(body))})
	}
	late := replay.AnswerOf(&hook.Attempt{Failure: hook.FailureLate})
	judged := false
	refused := replay.AnswerOf(&hook.Attempt{Status: 200, Acknowledged: &judged})
	for _, test := range []struct {
		name      string
		then, now *replay.Answer
		want      replay.Change
	}{
		{"nothing before", nil, answer(200, ""), replay.New},
		{"an error, then none", answer(500, "no"), answer(200, "yes"), replay.Fixed},
		{"late, then an error", late, answer(500, ""), replay.StillFailing},
		{"none, then an error", answer(204, ""), answer(404, ""), replay.NewlyBroken},
		{"what the policy refused", refused, answer(200, ""), replay.Fixed},
		{"another body", answer(200, "a"), answer(200, "b"), replay.Differs},
		{"another status", answer(200, ""), answer(204, ""), replay.Differs},
		{"the same", answer(200, "a"), answer(200, "a"), replay.Unchanged},
		{"a reply of which the body is not known", replay.ReplyOf(&hook.Capture{Reply: &hook.Reply{Status: 200}}), answer(200, "a"), replay.Unchanged},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := replay.Compare(test.then, test.now); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	if replay.ReplyOf(&hook.Capture{}) != nil || !bytes.Equal(answer(200, "x").Body, []byte("x")) {
		t.Error("answers")
	}
}
