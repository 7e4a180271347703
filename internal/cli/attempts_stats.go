package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type attemptStatsOptions struct {
	attemptFilter
	by choice
}

func newAttemptsStats(a *app) *cobra.Command {
	o := &attemptStatsOptions{attemptFilter: newAttemptFilter(), by: choice{value: "both", valid: []string{"endpoint", "event", "both", "url"}}}
	cmd := &cobra.Command{
		Use:   "stats [flags]",
		Short: "count attempts by endpoint and event: how many succeeded, how fast",
		Long: `Count attempts per endpoint and event: how many there were, how many succeeded,
and the latency that 50, 90 and 99 of 100 did not exceed, to 1 %, and the
longest. What went to a URL that is no endpoint's counts for its scheme and
host; --by url tells paths apart, not queries.

An attempt succeeded that the policy took for acknowledged, or, where nobody
judged it, one that brought a whole answer with a 2xx. What hookctl itself broke
off does not count.

` + attemptFilterHelp,
		Example: "  hookctl attempts stats --since 24h\n  hookctl attempts stats --endpoint orders --by event\n  hookctl attempts stats --json |\n    jq 'select(.count > 0 and .success_rate < 0.99)'",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runAttemptsStats(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	o.flags(flags)
	flags.Var(&o.by, "by", "count per `KEY`: endpoint, event, both or url")
	return cmd
}

// maxTallies bounds how many endpoints and events are counted apart; the rest is counted
// together.
const maxTallies = 1000

// otherTallies is what stands in the place of the endpoints and events that are counted
// together.
const otherTallies = "(others)"

// A tallyKey is what attempts are counted by.
type tallyKey struct{ endpoint, event string }

// An attemptTally is what some attempts came to.
type attemptTally struct {
	tallyKey
	succeeded int
	latency   latencySketch
}

func (t *attemptTally) add(a *hook.Attempt) {
	if a.Succeeded() {
		t.succeeded++
	}
	t.latency.add(a.Latency)
}

func runAttemptsStats(ctx context.Context, a *app, o *attemptStatsOptions) error {
	return a.withStore(readOnly, func(s *store.Store) error {
		query, err := o.query(ctx, a, s)
		if err != nil {
			return err
		}
		query.Bare = true
		tallies, total := map[tallyKey]*attemptTally{}, &attemptTally{}
		for attempt, err := range o.attempts(ctx, s, query, 0) {
			if a.damagedRow(err) {
				continue
			}
			if err != nil {
				return err
			}
			if attempt.Failure == hook.FailureCancelled {
				continue
			}
			o.tally(tallies, attempt).add(attempt)
			total.add(attempt)
		}
		return a.printStats(o, sortedTallies(tallies), total)
	})
}

// tally is where an attempt is counted.
func (o *attemptStatsOptions) tally(tallies map[tallyKey]*attemptTally, a *hook.Attempt) *attemptTally {
	key := tallyKey{endpoint: orDefault(a.Endpoint, siteOf(a.URL)), event: a.Event}
	switch o.by.value {
	case "endpoint":
		key.event = ""
	case "event":
		key.endpoint = ""
	case "url":
		url, _, _ := strings.Cut(a.URL, "?")
		key = tallyKey{endpoint: url}
	}
	if tallies[key] == nil && len(tallies) >= maxTallies {
		key = tallyKey{endpoint: otherTallies}
	}
	t := tallies[key]
	if t == nil {
		t = &attemptTally{tallyKey: key}
		tallies[key] = t
	}
	return t
}

// siteOf is the scheme and host of a URL.
func siteOf(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	return scheme + "://" + host
}

// sortedTallies are tallies by endpoint and event, the others last.
func sortedTallies(tallies map[tallyKey]*attemptTally) []*attemptTally {
	return slices.SortedFunc(maps.Values(tallies), func(a, b *attemptTally) int {
		if last := cmp.Compare(b2i(a.endpoint == otherTallies), b2i(b.endpoint == otherTallies)); last != 0 {
			return last
		}
		return cmp.Or(strings.Compare(a.endpoint, b.endpoint), strings.Compare(a.event, b.event))
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// row is a tally as it is shown.
func (t *attemptTally) row() render.StatsRow {
	l := &t.latency
	return render.StatsRow{
		Endpoint: t.endpoint, Event: t.event, Count: l.count, Succeeded: t.succeeded,
		P50: l.percentile(50), P90: l.percentile(90), P99: l.percentile(99), Longest: l.longest,
	}
}

func (a *app) printStats(o *attemptStatsOptions, tallies []*attemptTally, total *attemptTally) error {
	rows := make([]render.StatsRow, len(tallies))
	for i, t := range tallies {
		rows[i] = t.row()
	}
	all := total.row()
	all.Total = true
	if a.global.json {
		for _, row := range append(rows, all) {
			if err := render.WriteJSON(a.world.Stdout, row); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		a.endList(0, false, 0, "attempts")
		return nil
	}
	return a.out().Stats(rows, all, render.StatsOptions{Endpoint: o.by.value != "event", Event: o.by.value == "event" || o.by.value == "both", Bars: a.bars()})
}

// bars is how bars are drawn: in block characters on a terminal that has them, not at all
// off a terminal.
func (a *app) bars() render.BarStyle {
	if !a.world.StdoutTerminal {
		return render.NoBars
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value, ok := a.world.LookupEnv(name); ok && value != "" {
			if upper := strings.ToUpper(value); strings.Contains(upper, "UTF-8") || strings.Contains(upper, "UTF8") {
				return render.BlockBars
			}
			break
		}
	}
	return render.PlainBars
}
