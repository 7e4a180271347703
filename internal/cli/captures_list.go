package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type listOptions struct {
	query  string
	limit  int
	reveal bool
}

func newCapturesList(a *app) *cobra.Command {
	o := &listOptions{}
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Aliases: []string{"ls"},
		Short:   "list captures, the newest first",
		Long:    "List captures, the newest first.\n\n" + queryHelp,
		Example: "  hookctl captures list\n  hookctl captures list --query 'path:/orders/* status:>=500 since:2h'\n  hookctl captures list --limit 0 --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCapturesList(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.query, "query", "", "list only captures that fit `QUERY`")
	cmd.Flags().IntVar(&o.limit, "limit", 50, "list at most `N`; 0 lists all")
	cmd.Flags().BoolVar(&o.reveal, "reveal", false, revealHelp)
	return cmd
}

func runCapturesList(ctx context.Context, a *app, o *listOptions) error {
	query, err := store.ParseQuery(o.query, a.world.Now())
	if err != nil {
		return err
	}
	return a.withStore(readOnly, func(s *store.Store) error {
		l := a.captureLister(o.reveal)
		return listRows(a, l, o.limit, "captures", func(limit int) iter.Seq2[*hook.Capture, error] {
			query.Limit = limit
			return s.Captures(ctx, query)
		})
	})
}

// listRows writes at most limit rows (0: all) of what find yields, and says
// whether the list is complete.
func listRows[T any](a *app, l lister[T], limit int, what string, find func(limit int) iter.Seq2[T, error]) error {
	if limit < 0 {
		return usage("", "--limit: want 0 or more, got %d", limit)
	}
	ask := limit
	if limit > 0 {
		ask++ // one more tells whether there is more
	}
	n, more := 0, false
	for v, err := range find(ask) {
		if a.damagedRow(err) {
			continue
		}
		if err != nil {
			return err
		}
		if n++; limit > 0 && n > limit {
			more = true
			break
		}
		if err := l.row(v); err != nil {
			return err
		}
	}
	if err := l.close(); err != nil {
		return err
	}
	a.endList(n, more, limit, what)
	return nil
}

// A lister writes rows, as a table or as JSON.
type lister[T any] struct {
	row   func(T) error
	close func() error
}

// revealHelp is that of --reveal where only programs are shown headers.
const revealHelp = "with --json, show credentials in headers too"

// captureLister lists captures; credentials in their headers are masked unless reveal says
// not to.
func (a *app) captureLister(reveal bool) lister[*hook.Capture] {
	if a.global.json {
		return jsonLister(a, func(c *hook.Capture) {
			if c.Body = nil; !reveal {
				*c = *c.Masked()
			}
		})
	}
	table := a.out().CaptureTable()
	return lister[*hook.Capture]{row: table.Row, close: done}
}

// done closes what needs no closing.
func done() error { return nil }

// jsonLister writes each row as a line of JSON, shortened first.
func jsonLister[T any](a *app, shorten func(T)) lister[T] {
	w := bufio.NewWriter(a.world.Stdout)
	row := func(v T) error {
		shorten(v)
		return render.WriteJSON(w, v)
	}
	return lister[T]{row: row, close: w.Flush}
}

// endList says on standard error what a list leaves open.
func (a *app) endList(n int, more bool, limit int, what string) {
	if a.global.quiet || a.global.json {
		return
	}
	switch {
	case n == 0:
		a.messages().Status("no " + what + " fit")
	case more:
		a.messages().Status(fmt.Sprintf("the latest %d of more; --limit 0 lists all", limit))
	}
}

// damagedRow reports whether err is one damaged record among sound ones, and
// says so.
func (a *app) damagedRow(err error) bool {
	var damaged *store.DamagedRowError
	if !errors.As(err, &damaged) {
		return false
	}
	a.messages().Warn(err.Error() + "; hookctl doctor tells more")
	return true
}
