package delivery

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// answers are those of a script: statuses, and the words late, reset and down.
func answers(words string) *Script {
	s := &Script{}
	for _, word := range strings.Fields(words) {
		a := Answer{}
		switch word {
		case "late":
			a.Failure = hook.FailureLate
		case "reset":
			a.Failure = hook.FailureBroken
		case "7s": // closes the connection after so long
			a.Failure, a.Held = hook.FailureBroken, 7*time.Second
		case "40s":
			a.Failure, a.Held = hook.FailureBroken, 40*time.Second
		default:
			fmt.Sscan(word, &a.Status)
		}
		s.Answers = append(s.Answers, a)
	}
	return s
}

// occasions are n events, one every so often.
func occasions(n int, every time.Duration) []Occasion {
	all := make([]Occasion, n)
	for i := range all {
		all[i] = Occasion{At: time.Duration(i) * every, Event: hook.Event{Type: "test.event"}, Message: &hook.Message{Body: []byte("{}")}}
	}
	return all
}

// play runs t and returns what happens, a line for each happening.
func play(tb testing.TB, t *Timeline, events []Occasion) (string, *Ending) {
	tb.Helper()
	if t.Begin.IsZero() {
		t.Begin = begin()
	}
	var lines []string
	ending, err := t.Run(context.Background(), events, func(h *Happening) error {
		lines = append(lines, happeningText(h))
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Join(lines, "\n"), ending
}

func happeningText(h *Happening) string {
	switch h.Kind {
	case Changed:
		return fmt.Sprintf("%s in use again", h.At)
	case Held:
		return fmt.Sprintf("%s #%d waits", h.At, h.Number)
	case Dropped:
		return fmt.Sprintf("%s #%d cancelled", h.At, h.Number)
	case Unsent:
		return fmt.Sprintf("%s #%d unsent", h.At, h.Number)
	}
	text := fmt.Sprintf("%s #%d.%d %d%s", h.At, h.Number, h.Try, h.Answer.Status, h.Answer.Failure)
	if h.Next > 0 {
		text += " " + h.Next.String()
	}
	for _, e := range h.Step.Effects {
		text += " " + effectText(e)
	}
	return text
}

func TestTimelines(t *testing.T) {
	for _, c := range []struct {
		name    string
		rules   *Rules
		script  string
		events  []Occasion
		outages []Outage
		limit   time.Duration
		want    string
	}{
		{
			name: "an outage that ends in time", rules: rulesOf(t, "techrar", "policy.retry=announced"), script: "200",
			events: occasions(1, 0), outages: []Outage{{Until: time.Minute}},
			want: "0s #1.1 0unreachable 1m0s\n1m0s #1.2 200",
		},
		{
			name: "outages that begin later", rules: rulesOf(t, "techrar", "policy.retry=announced"), script: "500 200",
			events: occasions(1, 0), outages: []Outage{{From: 30 * time.Second, Until: 2 * time.Minute}, {From: time.Hour, Until: 2 * time.Hour}},
			want: "0s #1.1 500 1m0s\n1m0s #1.2 0unreachable 6m0s\n6m0s #1.3 200",
		},
		{
			name: "what is late takes the deadline", rules: rulesOf(t, "retm"), script: "late 40s 7s",
			events: occasions(1, 0),
			want:   "0s #1.1 0late 20s\n20s #1.2 0late 40s\n40s #1.3 0broken discard notify errors",
		},
		{
			name: "a pause that ends when somebody acts", rules: rulesOf(t, "machnet-paas", "policy.failing.in-a-row.consecutive=2"), script: "409 500 500",
			events: occasions(4, time.Minute),
			want:   "0s #1.1 409 1h0m0s\n1m0s #2.1 500\n2m0s #3.1 500 pause\n3m0s #4 waits\n1h0m0s #1 waits",
		},
		{
			name: "failures side by side, none of them for good", script: "500", limit: 3 * time.Hour,
			rules:  rulesOf(t, "machnet-raas", "policy.retry={attempts: 3, delays: [1h, 1h]}", "policy.failing.in-a-row.consecutive=3"),
			events: occasions(3, 0),
			want: "0s #1.1 500 1h0m0s\n0s #2.1 500 1h0m0s\n0s #3.1 500 1h0m0s\n1h0m0s #1.2 500 2h0m0s\n1h0m0s #2.2 500 2h0m0s\n1h0m0s #3.2 500 2h0m0s\n" +
				"2h0m0s #1.3 500 discard pause\n2h0m0s #2 waits\n2h0m0s #3 waits",
		},
		{
			name: "attempts alone, where the user says so", script: "500",
			rules:  rulesOf(t, "machnet-raas", "policy.failing.in-a-row.consecutive=3", "policy.failing.in-a-row.deliveries=0"),
			events: occasions(3, 0),
			want:   "0s #1.1 500 1h0m0s\n0s #2.1 500 1h0m0s\n0s #3.1 500 1h0m0s pause\n1h0m0s #1 waits\n1h0m0s #2 waits\n1h0m0s #3 waits",
		},
		{
			name: "a recovery", script: "500 500 500 500 200 500 500 500 200", rules: rulesOf(t, "svix", "policy.retry.jitter=0"), events: occasions(2, 5*time.Hour),
			want: "0s #1.1 500 5s\n5s #1.2 500 5m5s\n5m5s #1.3 500 35m5s\n35m5s #1.4 500 2h35m5s notify message.attempt.failing\n" +
				"2h35m5s #1.5 200 notify message.attempt.recovered\n" +
				"5h0m0s #2.1 500 5h0m5s\n5h0m5s #2.2 500 5h5m5s\n5h5m5s #2.3 500 5h35m5s\n5h35m5s #2.4 200",
		},
		{
			name: "a pause that ends by itself", rules: rulesOf(t, "gitlab"), script: "500 500 500 500 200",
			events: occasions(6, 20*time.Second),
			want:   "0s #1.1 500\n20s #2.1 500\n40s #3.1 500\n1m0s #4.1 500 pause\n1m20s #5 waits\n1m40s #6 waits\n2m0s in use again\n2m0s #5.1 200\n2m0s #6.1 200",
		},
		{
			name: "a deletion cancels what is pending, and what comes is for nobody", script: "500",
			rules:  rulesOf(t, "recharge", "policy.retry={attempts: 2, delays: [1m]}", "policy.failing={}", "policy.exhausted=[{do: delete}]"),
			events: occasions(4, 30*time.Second),
			want:   "0s #1.1 500 1m0s\n30s #2.1 500 1m30s\n1m0s #3.1 500 2m0s\n1m0s #1.2 500 delete\n1m0s #2 cancelled\n1m0s #3 cancelled\n1m30s #4 unsent",
		},
		{
			name: "a receiver that asks for a pause", rules: rulesOf(t, "standard-webhooks", "policy.retry={attempts: 3, delays: [90s, 1s]}"),
			script: "429 200", events: occasions(3, time.Minute),
			want: "0s #1.1 429 1m30s\n1m0s #2 waits\n1m30s #1.2 200\n1m30s #2.1 200\n2m0s #3.1 200",
		},
		{
			name: "a limit for what goes on for ever", rules: rulesOf(t, "machnet-raas"), script: "409", limit: 3 * time.Hour,
			events: occasions(1, 0),
			want:   "0s #1.1 409 1h0m0s\n1h0m0s #1.2 409 2h0m0s\n2h0m0s #1.3 409 3h0m0s\n3h0m0s #1.4 409 4h0m0s",
		},
		{
			name: "an attempt that is under way when the endpoint goes", script: "late 500 200",
			rules:  rulesOf(t, "techrar", "policy.retry={attempts: 2, delays: [1m]}", "policy.ack.deadline=20s", "policy.failing={a: {consecutive: 1, do: [{do: disable}]}}"),
			events: occasions(2, 10*time.Second),
			want:   "10s #2.1 500 1m10s disable\n10s #2 cancelled\n0s #1.1 0late 1m20s\n20s #1 cancelled",
		},
		{name: "no events", rules: rulesOf(t, "retm"), script: "200", want: ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := &Timeline{Rules: c.rules, Handler: answers(c.script), Outages: c.outages, Limit: c.limit}
			got, _ := play(t, line, c.events)
			if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHowATimelineEnds(t *testing.T) {
	rules := rulesOf(t, "recharge", "policy.retry={attempts: 2, delays: [1m]}")
	_, e := play(t, &Timeline{Rules: rules, Handler: answers("200 500"), Outages: []Outage{{From: 2 * time.Minute, Until: time.Hour}}}, occasions(5, 50*time.Second))
	states := []hook.DeliveryState{hook.Succeeded, hook.Lost, hook.Cancelled, hook.Cancelled, hook.Cancelled}
	for i, f := range e.Fates {
		if f.Number != i+1 || f.State != states[i] {
			t.Errorf("event %d: %+v, want %s", i+1, f, states[i])
		}
	}
	if e.Lives() || e.Standing.Status != hook.Deleted || e.Since != 110*time.Second || e.At != 200*time.Second || e.Attempts != 4 || e.Asked != 4 {
		t.Errorf("%+v", e)
	}
	if e.Fates[4].Sent || !e.Fates[2].Sent || len(e.Lost()) != 4 || len(e.Pending()) != 0 {
		t.Errorf("%+v", e.Fates)
	}
	if want := []Telling{{Whom: "the owner of the API token", Times: 3}}; !reflect.DeepEqual(e.Told, want) {
		t.Errorf("told %+v", e.Told)
	}
}

func TestATimelineThatIsCutIsNotOver(t *testing.T) {
	_, e := play(t, &Timeline{Rules: rulesOf(t, "machnet-paas"), Handler: answers("409"), Limit: 24 * time.Hour}, occasions(2, 0))
	if !e.Cut || len(e.Pending()) != 2 || len(e.Lost()) != 0 || !e.Lives() || e.Attempts != 50 {
		t.Errorf("%+v", e)
	}
}

func TestTheSameAnswersGiveTheSameTimeline(t *testing.T) {
	run := func(seed uint64) string {
		text, _ := play(t, &Timeline{Rules: rulesOf(t, "clazar"), Handler: answers("500 429 late 503 reset 500"), Seed: seed}, occasions(7, 90*time.Second))
		return text
	}
	if run(3) != run(3) {
		t.Error("twice the same seed gives two timelines")
	}
	if run(3) == run(4) {
		t.Error("the seed makes no difference")
	}
}

func TestATimelineStopsWithItsHandler(t *testing.T) {
	broken := errors.New("no secret")
	line := &Timeline{Rules: rulesOf(t, "retm"), Handler: failingHandler{broken}, Begin: begin()}
	if _, err := line.Run(context.Background(), occasions(2, 0), func(*Happening) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(broken)
	line.Handler = answers("500")
	if _, err := line.Run(ctx, occasions(2, 0), func(*Happening) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := line.Run(context.Background(), occasions(2, 0), func(*Happening) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failingHandler struct{ err error }

func (f failingHandler) Attempt(context.Context, Job) (Answer, error) { return Answer{}, f.err }

// A memory is a receiver without a network.
type memory struct {
	answer   hook.Attempt
	requests []send.Request
	keep     bool
}

func (m *memory) Attempt(_ context.Context, r send.Request, _ send.Relay) *hook.Attempt {
	if m.keep {
		m.requests = append(m.requests, r)
	}
	a := m.answer
	return &a
}

func live(tb testing.TB, rules *Rules, m *memory, secret string) *Live {
	tb.Helper()
	to, err := url.Parse("http://127.0.0.1:3000/hooks")
	if err != nil {
		tb.Fatal(err)
	}
	keys := []signature.Key{{Name: "test", Secret: secret}}
	now := begin()
	return &Live{
		Sender: m, Writer: NewWriter(rules, keys, strings.NewReader(strings.Repeat("0123456789abcdef", 1<<16))), To: to,
		Deadline: time.Second, Now: func() time.Time { now = now.Add(time.Second); return now },
	}
}

// Each attempt is signed anew, for the time at which it really goes out, by both schemes.
func TestALiveAttemptCarriesTheWallClock(t *testing.T) {
	m := &memory{answer: hook.Attempt{Status: 500}, keep: true}
	rules := rulesOf(t, "recharge")
	_, e := play(t, &Timeline{Rules: rules, Handler: live(t, rules, m, "sekret")}, occasions(1, 0))
	if e.Attempts != 20 || len(m.requests) != 20 {
		t.Fatalf("%d attempts, %d requests", e.Attempts, len(m.requests))
	}
	for i, r := range m.requests {
		stamp := fmt.Sprint(begin().Add(time.Duration(i+1) * time.Second).Unix())
		if got := r.Header.Get("X-Recharge-Webhook-Timestamp"); got != stamp {
			t.Errorf("attempt %d is of %s, want %s", i+1, got, stamp)
		}
		if !r.Header.Has("X-Recharge-Hmac-Sha256") || !strings.HasPrefix(r.Header.Get("X-Recharge-Webhook-Signature"), "t="+stamp+",v1=") || r.Deadline != time.Second {
			t.Errorf("attempt %d: %v", i+1, r.Header)
		}
	}
}

// Where retries are not signed anew, the receiver sees how old they are on the timeline.
func TestAnOldSignatureIsAsOldAsOnTheTimeline(t *testing.T) {
	m := &memory{answer: hook.Attempt{Status: 500}, keep: true}
	rules := rulesOf(t, "recharge", "policy.restamp=no", "policy.retry={attempts: 2, delays: [10h]}")
	play(t, &Timeline{Rules: rules, Handler: live(t, rules, m, "sekret")}, occasions(1, 0))
	want := fmt.Sprint(begin().Add(2*time.Second - 10*time.Hour).Unix())
	if got := m.requests[1].Header.Get("X-Recharge-Webhook-Timestamp"); got != want {
		t.Errorf("the second attempt is of %s, want %s", got, want)
	}
}

func TestAllAttemptsHaveOneID(t *testing.T) {
	m := &memory{answer: hook.Attempt{Status: 500}, keep: true}
	rules := rulesOf(t, "clazar")
	play(t, &Timeline{Rules: rules, Handler: live(t, rules, m, "whsec_c2VjcmV0")}, occasions(2, 0))
	ids := map[string]int{}
	for _, r := range m.requests {
		ids[r.Header.Get("svix-id")]++
	}
	if len(m.requests) != 16 || len(ids) != 2 || ids[""] != 0 {
		t.Errorf("%d requests, ids %v", len(m.requests), ids)
	}
}

// A date in Retry-After is on the receiver's clock, which does not jump.
func TestARetryAfterDateIsNotOnTheTimeline(t *testing.T) {
	wall := begin().Add(500 * time.Hour)
	m := &memory{answer: hook.Attempt{
		Status: 503, StartedAt: wall, ResponseHeader: hook.Header{{Name: "Retry-After", Value: wall.Add(7 * time.Second).Format(time.RFC1123Z)}},
	}}
	rules := rulesOf(t, "clazar", "policy.retry={attempts: 2, delays: [5s], retry_after: {honoured: true, at_most: 2}}")
	text, _ := play(t, &Timeline{Rules: rules, Handler: live(t, rules, m, "whsec_c2VjcmV0")}, occasions(1, 0))
	if !strings.Contains(text, "\n7s #1.2") {
		t.Error(text)
	}
}

func TestAssumptionsThatMattered(t *testing.T) {
	for _, c := range []struct {
		name    string
		rules   *Rules
		script  string
		outages []Outage
		events  int
		want    []string
	}{
		{name: "techrar", rules: rulesOf(t, "techrar"), script: "500", want: []string{"policy.retry.attempts policy.retry=announced policy.retry=announced-three-more"}},
		{name: "techrar, acknowledged", rules: rulesOf(t, "techrar"), script: "200"},
		{name: "techrar, chosen", rules: rulesOf(t, "techrar", "policy.retry=announced"), script: "500", want: []string{
			"policy.retry.delays", "policy.retry.attempts policy.retry=announced-three-more",
		}},
		{name: "techrar, chosen as assumed", rules: rulesOf(t, "techrar", "policy.retry=announced-three-more"), script: "500 200", want: []string{
			"policy.retry.delays policy.retry.delays=[0s, 1m, 5m]",
		}},
		{name: "techrar, the user's own", rules: rulesOf(t, "techrar", "policy.retry.attempts=1", "policy.ack.deadline=1s"), script: "500"},
		{name: "no deadline", rules: rulesOf(t, "techrar", "policy.retry=announced"), script: "late 200", want: []string{
			"policy.ack.deadline policy.ack.deadline=30s", "policy.retry.delays",
		}},
		{name: "retm, chosen", rules: rulesOf(t, "retm", "policy.retry=three-more"), script: "500 200", want: []string{
			"policy.retry.delays policy.retry.delays=[10s, 10s, 10s]",
		}},
		{name: "recharge, chosen", rules: rulesOf(t, "recharge", "policy.retry=twenty-more"), script: "500 200", want: []string{
			"policy.retry.window policy.retry.exponential={base: 1m, factor: 1.42}",
		}},
		{name: "recharge, exactly 200", rules: rulesOf(t, "recharge"), script: "204", want: []string{
			"policy.ack.statuses policy.ack.statuses=exactly-200",
		}},
		{name: "machnet, alive", rules: rulesOf(t, "machnet-paas"), script: "500", want: []string{
			"policy.retry.attempts policy.retry=hourly", "policy.failing.in-a-row.consecutive policy.failing.in-a-row.consecutive=11",
		}},
		{name: "machnet, failures side by side", rules: rulesOf(t, "machnet-raas", "policy.failing.in-a-row.consecutive=1"), script: "500", events: 2, want: []string{
			"policy.exhausted policy.exhausted=[{do: discard}, {do: disable}]", "policy.failing.in-a-row.deliveries policy.failing.in-a-row.deliveries=1",
			" ", "policy.retry.attempts policy.retry=once",
		}},
		{name: "machnet, alive by the user's number", rules: rulesOf(t, "machnet-paas", "policy.failing.in-a-row.consecutive=5", "policy.retry.attempts=1"), script: "500"},
		{name: "retm", rules: rulesOf(t, "retm"), script: "500", want: []string{
			"policy.retry.delays policy.retry.delays=[10s, 10s]",
			"policy.errors.body policy.errors.body.code=\"{status}\" policy.errors.body.endpoint=\"{url}\" policy.errors.body.message=\"{cause?}\"",
			"policy.retry.attempts policy.retry=three-more",
		}},
		{name: "recharge, spaced", rules: rulesOf(t, "recharge"), script: "500 200", want: []string{
			"policy.retry.window policy.retry.exponential={base: 1m, factor: 1.45}",
		}},
		{name: "recharge, another reading", rules: rulesOf(t, "recharge", "policy.retry={attempts: 1}"), script: "404", want: []string{
			"policy.ack.statuses policy.ack.statuses=only-listed-failures",
		}},
		{name: "machnet", rules: rulesOf(t, "machnet-paas", "policy.failing.in-a-row.consecutive=2"), script: "409 500 500", events: 4, want: []string{
			"policy.actions.409.every policy.actions.409.every=1h", "policy.retry.attempts policy.retry=hourly", " ",
		}},
		{name: "clazar", rules: rulesOf(t, "clazar"), script: "429 200", want: []string{
			"policy.retry.floor.429 policy.retry.floor.429=60s", "policy.retry.jitter policy.retry.jitter=20",
			"policy.failing.days policy.failing.days.for=5d policy.failing.days.within=24h policy.failing.days.apart=12h",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, e := play(t, &Timeline{Rules: c.rules, Handler: answers(c.script), Outages: c.outages}, occasions(max(1, c.events), time.Minute))
			var got []string
			for _, a := range c.rules.Assumptions(e, false) {
				text := a.Rule
				for _, choice := range a.Choices {
					text += " " + choice.Set
					path, value, _ := strings.Cut(choice.Set, "=")
					if err := c.rules.profile.Set("--set", path, value); err != nil {
						t.Errorf("what is offered is refused: %v", err)
					}
				}
				if a.Rule == "" {
					text += " "
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever is offered can be set, and the timeline runs with it; other waits leave as many
// attempts.
func TestWhatIsOfferedRuns(t *testing.T) {
	names, err := provider.NewLibrary(schemas.Files()).Names()
	if err != nil {
		t.Fatal(err)
	}
	offered := 0
	for _, name := range names {
		for _, script := range []string{"500", "late", "204", "429 500", "500 200"} {
			run := func(set ...string) (*Rules, *Ending) {
				r := rulesOf(t, name, set...)
				_, e := play(t, &Timeline{Rules: r, Handler: answers(script), Limit: 30 * 24 * time.Hour}, occasions(2, time.Hour))
				return r, e
			}
			r, e := run()
			for _, a := range r.Assumptions(e, true) {
				for _, choice := range a.Choices {
					offered++
					_, other := run(choice.Set)
					if other.Attempts == 0 || a.Rule == "policy.retry.window" && other.Attempts != e.Attempts {
						t.Errorf("%s, %s: %d attempts, %d with %s", name, script, e.Attempts, other.Attempts, choice.Set)
					}
					if choice.Note == AsNow && other.Attempts != e.Attempts {
						t.Errorf("%s, %s: %s is not as now: %d attempts, %d with it", name, script, choice.Set, e.Attempts, other.Attempts)
					}
				}
			}
		}
	}
	if offered < 50 {
		t.Errorf("only %d are offered", offered)
	}
}

func TestMessagesAreMadeWhenTheyAreSent(t *testing.T) {
	alive, most, made := 0, 0, 0
	events := make([]Occasion, 50)
	for i := range events {
		events[i] = Occasion{At: time.Duration(i) * time.Minute, Event: hook.Event{Type: "e"}, Make: func() (hook.Event, *hook.Message, error) {
			made++
			return hook.Event{Type: "e", ID: strconv.Itoa(made)}, &hook.Message{Method: "POST"}, nil
		}}
	}
	seen := map[int]string{}
	handler := handlerFunc(func(job Job) Answer {
		if job.Message == nil || seen[job.Number] != "" && seen[job.Number] != job.Event.ID {
			t.Errorf("event %d: %+v, before %q", job.Number, job.Event, seen[job.Number])
		}
		if seen[job.Number] == "" {
			alive++
		}
		seen[job.Number] = job.Event.ID
		most = max(most, alive)
		if job.Try < 2 {
			return Answer{Status: 500}
		}
		alive--
		return Answer{Status: 200}
	})
	line := &Timeline{Rules: rulesOf(t, "techrar", "policy.retry=announced"), Handler: handler, Outages: []Outage{{Until: 10 * time.Minute}}}
	_, e := play(t, line, events)
	if made != len(seen) || most > 3 || len(e.Lost()) == 0 {
		t.Errorf("%d made of %d, %d at once, %d lost", made, len(seen), most, len(e.Lost()))
	}
}

// A handlerFunc is a handler.
type handlerFunc func(Job) Answer

func (f handlerFunc) Attempt(_ context.Context, job Job) (Answer, error) { return f(job), nil }

func TestEventsAfterTheEndAreNotCounted(t *testing.T) {
	_, e := play(t, &Timeline{Rules: rulesOf(t, "techrar"), Handler: answers("200"), Limit: 90 * time.Second}, occasions(5, time.Minute))
	if len(e.Fates) != 2 || e.Missed != 3 || len(e.Pending()) != 0 || !e.Cut {
		t.Errorf("%+v", e)
	}
	_, e = play(t, &Timeline{Rules: rulesOf(t, "recharge", "policy.retry={attempts: 1}"), Handler: answers("500")}, occasions(3, time.Minute))
	if f := e.Fates[2]; f.State != hook.Cancelled || f.Reason != "never sent: the endpoint is deleted" || e.At != 2*time.Minute {
		t.Errorf("%+v at %s", f, e.At)
	}
}

// 48 virtual hours of 1,000 events, each attempted 20 times with both signatures.
func BenchmarkRecharge48Hours(b *testing.B) {
	body := []byte(`{"subscription":{"id":27363808,"address_id":45154492,"customer_id":40565990,"status":"ACTIVE"}}`)
	b.ReportAllocs()
	for b.Loop() {
		m := &memory{answer: hook.Attempt{Status: 500}}
		events := occasions(1000, time.Second)
		for i := range events {
			events[i].Message = &hook.Message{Method: "POST", Body: body}
		}
		handler := live(b, rulesOf(b, "recharge", "policy.exhausted=[{do: discard}]"), m, "sekret")
		line := &Timeline{Rules: handler.Writer.rules, Handler: handler, Begin: begin()}
		e, err := line.Run(context.Background(), events, func(*Happening) error { return nil })
		if err != nil || e.Attempts != 20_000 {
			b.Fatalf("%d attempts, %v", e.Attempts, err)
		}
	}
}
