package cli

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/pflag"
)

// attemptFilterHelp describes the filters of attempts.
const attemptFilterHelp = `An attempt must fit every flag that is given. --endpoint is the name of an
endpoint of hookctl.yaml, or the URL that it went to; * in it stands for
anything, as in --event. --state is that of the delivery: what replay and the
listener send without one has none. --status is 200, 5xx, 500..504, or none
where no answer came; several with commas between. --since and --until are 30m,
2h, 7d, yesterday, 2026-11-21, or RFC 3339.`

// An attemptFilter says which attempts are meant.
type attemptFilter struct {
	capture, delivery, run string
	endpoint               string
	event, provider        string
	states                 deliveryStates
	status                 statusRanges
	acknowledged           choice
	failed                 bool
	since, until           string
}

func newAttemptFilter() attemptFilter {
	return attemptFilter{acknowledged: choice{valid: []string{"yes", "no"}}}
}

// flags adds the filters.
func (f *attemptFilter) flags(flags *pflag.FlagSet) {
	flags.StringVar(&f.endpoint, "endpoint", "", "only those to the endpoint `NAME|URL`")
	flags.StringVar(&f.event, "event", "", "only those of event types that fit `GLOB`, such as order/*")
	flags.StringVar(&f.provider, "provider", "", "only those of `PROVIDER`")
	flags.Var(&f.states, "state", "only those of deliveries in `STATE`: pending, succeeded, failed or cancelled; several with commas between")
	flags.Var(&f.status, "status", "only those that were answered with `STATUS`: 200, 5xx, 500..504 or none; several with commas between")
	flags.Var(&f.acknowledged, "acknowledged", "only those that the policy took for acknowledged, or not: `yes|no`")
	flags.BoolVar(&f.failed, "failed", false, "only attempts that failed: not acknowledged or, where no policy judged them, without a 2xx")
	flags.StringVar(&f.since, "since", "", "only those that began at `TIME` or later, such as 2h")
	flags.StringVar(&f.until, "until", "", "only those that began before `TIME`")
	flags.StringVar(&f.capture, "capture", "", "only those of the capture `ID`")
	flags.StringVar(&f.delivery, "delivery", "", "only those of the delivery `ID`")
	flags.StringVar(&f.run, "run", "", "only those of the run `ID` of replay, which it tells with --json; last is the latest")
}

// query is the filter as the store has it.
func (f *attemptFilter) query(ctx context.Context, a *app, s *store.Store) (store.AttemptQuery, error) {
	q := store.AttemptQuery{
		Event: f.event, Provider: f.provider, States: f.states, Statuses: f.status, Failed: f.failed,
	}
	if err := f.checkEndpoint(ctx, a, s); err != nil {
		return q, err
	}
	if f.endpoint != "" && !f.anyEndpoint() {
		q.Places = sameURL(f.endpoint)
	}
	if f.acknowledged.value != "" {
		yes := f.acknowledged.value == "yes"
		q.Acknowledged = &yes
	}
	if f.capture != "" {
		c, err := s.Find(ctx, f.capture)
		if err != nil {
			return q, err
		}
		q.Capture = c.ID
	}
	if f.delivery != "" {
		d, err := s.FindDelivery(ctx, f.delivery)
		if err != nil {
			return q, err
		}
		q.Delivery = d.ID
	}
	var err error
	if q.Run, err = f.runID(ctx, s); err != nil {
		return q, err
	}
	return q, f.window(a, &q.Since, &q.Until)
}

// runID is the whole id of --run.
func (f *attemptFilter) runID(ctx context.Context, s *store.Store) (hook.ID, error) {
	if !strings.EqualFold(f.run, "last") {
		return hook.ID(f.run), nil
	}
	run, err := s.LastRun(ctx)
	if err != nil {
		return "", err
	}
	return run.ID, nil
}

// window reads --since and --until.
func (f *attemptFilter) window(a *app, since, until *time.Time) error {
	for _, bound := range []struct {
		flag, text string
		at         *time.Time
	}{{"since", f.since, since}, {"until", f.until, until}} {
		if bound.text == "" {
			continue
		}
		at, err := store.ParseTime(bound.text, a.world.Now())
		if err != nil {
			return usage("", "--%s: %w", bound.flag, err)
		}
		*bound.at = at
	}
	return nil
}

// sameURL is a place, and where it is a URL without a path, what else it is written like.
func sameURL(place string) []string {
	_, rest, ok := strings.Cut(place, "://")
	if host, slash := strings.CutSuffix(rest, "/"); ok && !strings.Contains(host, "/") {
		if slash {
			return []string{place, strings.TrimSuffix(place, "/")}
		}
		return []string{place, place + "/"}
	}
	return []string{place}
}

// anyEndpoint reports whether --endpoint is a glob, which the store does not know.
func (f *attemptFilter) anyEndpoint() bool { return strings.Contains(f.endpoint, "*") }

// at reports whether what went to an endpoint and URL fits --endpoint.
func (f *attemptFilter) at(endpoint, url string) bool {
	if !f.anyEndpoint() {
		return f.endpoint == "" || endpoint == f.endpoint || slices.Contains(sameURL(f.endpoint), url)
	}
	return endpoint != "" && hook.Glob(f.endpoint, endpoint) || hook.Glob(f.endpoint, url)
}

// attempts lists what fits, limit at most; 0 lists all.
func (f *attemptFilter) attempts(ctx context.Context, s *store.Store, q store.AttemptQuery, limit int) iter.Seq2[*hook.Attempt, error] {
	if q.Limit = limit; f.anyEndpoint() {
		q.Limit = 0
	}
	return fitting(s.Attempts(ctx, q), limit, func(a *hook.Attempt) bool { return f.at(a.Endpoint, a.URL) })
}

// deliveries lists the deliveries that fit, limit at most; 0 lists all.
func (f *attemptFilter) deliveries(ctx context.Context, s *store.Store, q store.DeliveryQuery, limit int) iter.Seq2[*hook.Delivery, error] {
	if q.Limit = limit; f.endpoint != "" || f.provider != "" {
		q.Limit = 0
	}
	return fitting(s.Deliveries(ctx, q), limit, func(d *hook.Delivery) bool {
		return f.at(d.Endpoint, d.URL) && (f.provider == "" || d.Provider == f.provider)
	})
}

// fitting is what of seq fits, limit at most; errors are passed on.
func fitting[T any](seq iter.Seq2[T, error], limit int, fits func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for v, err := range seq {
			if err == nil && !fits(v) {
				continue
			}
			if !yield(v, err) {
				return
			}
			if n++; limit > 0 && n >= limit {
				return
			}
		}
	}
}

// deliveryStates are states of deliveries.
type deliveryStates []hook.DeliveryState

func (d *deliveryStates) Type() string { return "STATE" }

func (d *deliveryStates) String() string {
	var words []string
	for _, state := range *d {
		words = append(words, string(state))
	}
	return strings.Join(words, ",")
}

func deliveryStateWords() []string {
	return []string{string(hook.Pending), string(hook.Succeeded), string(hook.Lost), string(hook.Cancelled)}
}

func (d *deliveryStates) offer(typed string) []string { return offerNext(typed, deliveryStateWords()) }

func (d *deliveryStates) Set(text string) error {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if err := oneOf(word, deliveryStateWords()...); err != nil {
			return err
		}
		*d = append(*d, hook.DeliveryState(word))
	}
	return nil
}

// statusRanges are ranges of HTTP statuses.
type statusRanges []store.StatusRange

func (s *statusRanges) Type() string { return "STATUS" }

func (s *statusRanges) String() string {
	var words []string
	for _, r := range *s {
		switch {
		case r.High == 0:
			words = append(words, "none")
		case r.Low == r.High:
			words = append(words, strconv.Itoa(r.Low))
		default:
			words = append(words, fmt.Sprintf("%d..%d", r.Low, r.High))
		}
	}
	return strings.Join(words, ",")
}

func (s *statusRanges) Set(text string) error {
	for word := range strings.SplitSeq(text, ",") {
		r, ok := parseStatusRange(strings.ToLower(strings.TrimSpace(word)))
		if !ok {
			return fmt.Errorf("want a status such as 200, 5xx, 500..504 or none, got %q", word)
		}
		*s = append(*s, r)
	}
	return nil
}

func parseStatusRange(word string) (store.StatusRange, bool) {
	low, high := word, word
	if from, to, ok := strings.Cut(word, ".."); ok {
		low, high = from, to
	} else if digit, ok := strings.CutSuffix(word, "xx"); ok {
		low, high = digit+"00", digit+"99"
	} else if word == "none" {
		return store.StatusRange{}, true
	}
	first, err := strconv.Atoi(low)
	last, err2 := strconv.Atoi(high)
	return store.StatusRange{Low: first, High: last}, err == nil && err2 == nil && first >= 100 && last <= 599 && first <= last
}
