package cli

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type exportOptions struct {
	selection
	format choice
	output string
	url    string
	reveal bool
}

func newCapturesExport(a *app) *cobra.Command {
	o := &exportOptions{format: choice{value: "ndjson", valid: []string{"curl", "http", "har", "ndjson"}}}
	cmd := &cobra.Command{
		Use:   "export [ID...] [flags]",
		Short: "write captures to a file: curl, http, har or ndjson",
		Long: `Write captures, the oldest first, as
  ndjson  one JSON object a line, which captures import reads back to the byte
  har     an HTTP archive 1.2, for browsers and other tools
  curl    shell commands that send the same bytes again
  http    the messages as they go over the wire
Headers that carry credentials are masked unless --reveal is given.

` + queryHelp,
		Example:           "  hookctl captures export last --format curl --url http://localhost:3000\n  hookctl captures export --all --reveal -o captures.ndjson",
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			if err := o.check(cmd); err != nil {
				return err
			}
			return runCapturesExport(cmd.Context(), a, o)
		},
	}
	cmd.Flags().Var(&o.format, "format", "write as `FORMAT`: curl, http, har or ndjson")
	o.flags(cmd.Flags(), "export")
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write to `FILE`, readable by you alone, in the place of standard output")
	cmd.Flags().StringVar(&o.url, "url", "http://127.0.0.1:4400", "make curl send to `URL`, the capture's path appended")
	cmd.Flags().BoolVar(&o.reveal, "reveal", false, "write credentials in headers too")
	markPath(cmd.Flags(), "output")
	return cmd
}

func runCapturesExport(ctx context.Context, a *app, o *exportOptions) error {
	base, err := parseTarget(o.url)
	if err != nil {
		return err
	}
	return a.withStore(readOnly, func(s *store.Store) error {
		selected, err := o.captures(ctx, a, s)
		if err != nil {
			return err
		}
		return a.writeOutput(o.output, func(w io.Writer) error {
			exporter := newExporter(w, o.format.value, base, o.reveal)
			n := 0
			for c, err := range selected {
				switch {
				case a.damagedRow(err):
					continue
				case err != nil:
					return err
				}
				attempts, err := collect(s.Attempts(ctx, store.AttemptQuery{Capture: c.ID, Ascending: true}))
				if err != nil {
					return err
				}
				if err := exporter.add(c, attempts); err != nil {
					return fmt.Errorf("exporting %s: %w", c.ID, err)
				}
				n++
			}
			if n == 0 {
				a.endList(0, false, 0, "captures")
			}
			return exporter.close()
		})
	})
}

// An exporter writes captures in one format.
type exporter struct {
	add   func(*hook.Capture, []*hook.Attempt) error
	close func() error
}

func newExporter(w io.Writer, format string, base *url.URL, reveal bool) exporter {
	options := func(c *hook.Capture) archive.Options {
		return archive.Options{
			Reveal: reveal, Version: readVersion().Version,
			URL: base.Scheme + "://" + base.Host + hook.JoinTarget(base, c.Target),
		}
	}
	switch format {
	case "har":
		har := archive.NewHARWriter(w, archive.Options{Reveal: reveal, Version: readVersion().Version})
		return exporter{func(c *hook.Capture, sent []*hook.Attempt) error { return har.Add(c, sent...) }, har.Close}
	case "curl":
		return exporter{func(c *hook.Capture, _ []*hook.Attempt) error { return archive.WriteCurl(w, c, options(c)) }, done}
	case "http":
		return exporter{func(c *hook.Capture, _ []*hook.Attempt) error { return archive.WriteHTTP(w, c, options(c)) }, done}
	}
	return exporter{func(c *hook.Capture, _ []*hook.Attempt) error { return archive.WriteNDJSON(w, c, options(c)) }, done}
}
