package cli

import (
	"context"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newCapturesDiff(a *app) *cobra.Command {
	reveal := false
	cmd := &cobra.Command{
		Use:               "diff A B [flags]",
		Short:             "compare two captures: headers, and JSON by path",
		Long:              "Compare two captures: request line, headers, and bodies, JSON ones by path.\nThe exit status is 1 where they differ.\n\n" + idHelp,
		Example:           "  hookctl captures diff last~1 last",
		Args:              exactArgs("the first capture's id", "the second capture's id"),
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCapturesDiff(cmd.Context(), a, args[0], args[1], reveal)
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show credentials in headers too")
	return cmd
}

func runCapturesDiff(ctx context.Context, a *app, first, second string, reveal bool) error {
	return a.withStore(readOnly, func(s *store.Store) error {
		from, err := s.Find(ctx, first)
		if err != nil {
			return err
		}
		to, err := s.Find(ctx, second)
		if err != nil {
			return err
		}
		return a.printDiff(from, to, reveal)
	})
}

func (a *app) printDiff(from, to *hook.Capture, reveal bool) error {
	differ := false
	var err error
	if a.global.json {
		differ, err = a.writeDiff(from, to, reveal)
	} else {
		differ, err = a.out().DiffCaptures(from, to, render.ShowOptions{Reveal: reveal})
	}
	switch {
	case err != nil:
		return err
	case differ:
		return found()
	}
	a.messages().Status("the captures are the same")
	return nil
}

func (a *app) writeDiff(from, to *hook.Capture, reveal bool) (bool, error) {
	differences, err := render.Diff(from, to)
	if err != nil {
		return false, err
	}
	for _, d := range differences {
		if !reveal {
			d = d.Masked()
		}
		if err := render.WriteJSON(a.world.Stdout, d); err != nil {
			return false, err
		}
	}
	return len(differences) > 0, nil
}
