package cli

import (
	"context"
	"io"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type showOptions struct {
	body   bool
	reveal bool
}

func newCapturesShow(a *app) *cobra.Command {
	o := &showOptions{}
	cmd := &cobra.Command{
		Use:               "show ID [flags]",
		Short:             "show one capture: head, body and answers",
		Long:              "Show one capture: its head as it was sent, its body by content type, and what\ncame of it. Headers that carry credentials are masked unless --reveal is given,\nwith --json too.\n\n" + idHelp,
		Example:           "  hookctl captures show last\n  hookctl captures show 7QK3M2ZA --body > payload.json",
		Args:              exactArgs("the capture's id"),
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCapturesShow(cmd.Context(), a, o, args[0])
		},
	}
	cmd.Flags().BoolVar(&o.body, "body", false, "write the raw bytes of the body, and nothing else")
	cmd.Flags().BoolVar(&o.reveal, "reveal", false, "show credentials in headers too")
	return cmd
}

func runCapturesShow(ctx context.Context, a *app, o *showOptions, ref string) error {
	if o.body && a.global.json {
		return usage("", "--body and --json exclude each other: --json has the body as body_base64")
	}
	return a.withStore(readOnly, func(s *store.Store) error {
		c, err := s.Find(ctx, ref)
		if err != nil {
			return err
		}
		switch {
		case o.body:
			return copyBody(a.world.Stdout, c.Body)
		case a.global.json && o.reveal:
			return render.WriteJSON(a.world.Stdout, c)
		case a.global.json:
			return render.WriteJSON(a.world.Stdout, c.Masked())
		}
		attempts, err := collect(s.Attempts(ctx, store.AttemptQuery{Capture: c.ID, Ascending: true}))
		if err != nil {
			return err
		}
		return a.out().ShowCapture(c, attempts, render.ShowOptions{Reveal: o.reveal})
	})
}

func copyBody(w io.Writer, body hook.Body) error {
	r, err := body.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}
