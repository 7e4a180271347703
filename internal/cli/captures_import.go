package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newCapturesImport(a *app) *cobra.Command {
	format := choice{value: "auto", valid: []string{"auto", "har", "ndjson"}}
	cmd := &cobra.Command{
		Use:     "import FILE... [flags]",
		Short:   "keep the captures of HAR and NDJSON files",
		Long:    "Keep the captures of HAR and NDJSON files; - reads standard input. What hookctl\nexported comes back as it was. A capture whose id is there already is left as it\nis.",
		Example: "  hookctl captures import captures.ndjson\n  hookctl captures import browser.har",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("the form is: "+cmd.UseLine(), "%s: the file is missing", nameOf(cmd))
			}
			return nil
		},
		ValidArgsFunction: completeFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCapturesImport(cmd.Context(), a, format.value, args)
		},
	}
	cmd.Flags().Var(&format, "format", "read as `FORMAT`: har, ndjson, or auto by the content")
	return cmd
}

// An importCount is what an import did, as JSON too.
type importCount struct {
	Added   int `json:"added"`
	Skipped int `json:"skipped"`
}

func runCapturesImport(ctx context.Context, a *app, format string, paths []string) error {
	return a.withStore(readWrite, func(s *store.Store) error {
		var count importCount
		ids := hook.NewIDs(rand.Reader)
		for _, path := range paths {
			if err := a.importFile(ctx, s, ids, format, path, &count); err != nil {
				return cannot(fmt.Sprintf("%d captures before it were added", count.Added), fmt.Errorf("%s: %w", path, err))
			}
		}
		if a.global.json {
			return render.WriteJSON(a.world.Stdout, count)
		}
		if !a.global.quiet {
			a.messages().Status(fmt.Sprintf("%d captures added, %d were there already", count.Added, count.Skipped))
		}
		return nil
	})
}

func (a *app) importFile(ctx context.Context, s *store.Store, ids *hook.IDs, format, path string, count *importCount) error {
	r, err := a.input(path)
	if err != nil {
		return err
	}
	defer r.Close()
	queue := importQueue{count: count}
	for c, err := range readArchive(r, format) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			if failure := queue.rest(); failure != nil {
				return failure
			}
			return err
		}
		if !c.ID.Valid(hook.CapturePrefix) {
			if c.ID, err = ids.New(hook.CapturePrefix, a.world.Now()); err != nil {
				return err
			}
		}
		if c.ReceivedAt.IsZero() {
			c.ReceivedAt = a.world.Now().UTC()
		}
		if err := queue.add(s.ImportSoon(c), c.BodySize); err != nil {
			return err
		}
	}
	return queue.rest()
}

const (
	// importsAhead and importBytes bound the captures that are on their way to disk at once.
	importsAhead = 128
	importBytes  = 4 << 20
)

// An importQueue waits for captures that are on their way to disk, in their order.
type importQueue struct {
	count   *importCount
	pending []<-chan store.Imported
	bytes   int64 // of those added since the last wait for all
}

// add waits for the first, or for all, where there are too many then.
func (q *importQueue) add(one <-chan store.Imported, size int64) error {
	q.pending = append(q.pending, one)
	if q.bytes += size; q.bytes >= importBytes {
		return q.rest()
	}
	if len(q.pending) < importsAhead {
		return nil
	}
	return q.first()
}

// first waits for the first.
func (q *importQueue) first() error {
	done := <-q.pending[0]
	q.pending = q.pending[1:]
	switch {
	case done.Err != nil:
		_ = q.rest() // what is on its way still counts; what fails does so alike
		return done.Err
	case done.Added:
		q.count.Added++
	default:
		q.count.Skipped++
	}
	return nil
}

// rest waits for all.
func (q *importQueue) rest() error {
	q.bytes = 0
	for len(q.pending) > 0 {
		if err := q.first(); err != nil {
			return err
		}
	}
	return nil
}

// readArchive reads captures in the format named, or in the one that the first
// bytes look like: each line of NDJSON begins with the capture's id, while a HAR
// file holds one object with a log.
func readArchive(r io.Reader, format string) iter.Seq2[*hook.Capture, error] {
	const enough = 4 << 10
	buffered := bufio.NewReaderSize(r, enough)
	if format == "auto" {
		start, _ := buffered.Peek(enough) // an error here comes again when reading
		format = "ndjson"
		if looksLikeHAR(start) {
			format = "har"
		}
	}
	if format == "har" {
		return archive.ReadHAR(buffered)
	}
	return archive.ReadNDJSON(buffered)
}

func looksLikeHAR(start []byte) bool {
	start = bytes.TrimPrefix(start, []byte("\xef\xbb\xbf"))
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(start, " \t\r\n"), []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"log"`))
}

// input opens a file to read, or standard input for "-".
func (a *app) input(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(a.world.Stdin), nil
	}
	f, err := os.Open(a.absolute(path))
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return nil, failed.Err // the caller names the file
	}
	return f, err
}
