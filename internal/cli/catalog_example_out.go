package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/render"
)

// A writtenExample is the JSON of a file that catalog example wrote.
type writtenExample struct {
	Provider   string `json:"provider"`
	Event      string `json:"event"`
	APIVersion string `json:"api_version,omitempty"`
	File       string `json:"file"`
	// From is the catalog's file, or required or all for what was made.
	From string `json:"from"`
}

// writeExamples writes one file for each of the events. What has no valid example is
// told, and the others are written.
func (a *app) writeExamples(names *exampleNames, c *catalog.Catalog, version string, events []*catalog.Event, o *exampleOptions) error {
	if err := os.MkdirAll(names.folder, 0o755); err != nil {
		return cannot("", fmt.Errorf("catalog example: %w", err))
	}
	own, made, missing := 0, 0, 0
	nameEvent := a.nameEvents(c)
	for _, e := range events {
		best, tried, err := c.Example(e, version, o.wanted())
		if err := a.noExample(c, err); err != nil {
			return err
		}
		nameEvent(e, version, best)
		if best == nil {
			a.tellInvalid(e, tried)
			if missing++; !o.invalid || len(tried) == 0 {
				continue
			}
			best = &tried[0]
		}
		if best.How == "" {
			own++
		} else {
			made++
		}
		name, flag := names.take(e, best.Text)
		if err := a.writeExample(c, version, e, best, filepath.Join(names.folder, name)); err != nil {
			return err
		}
		if flag != "" {
			a.messages().Warn(fmt.Sprintf("hookctl validate does not find out by the name %s that it is %s: %s says it", filepath.ToSlash(name), e.Type, flag))
		}
	}
	names.warn()
	a.messages().Status(fmt.Sprintf("%d of the catalog's own and %d generated in %s", own, made, filepath.ToSlash(a.relative(names.folder))))
	if missing > 0 {
		return found()
	}
	return nil
}

func (a *app) writeExample(c *catalog.Catalog, version string, e *catalog.Event, best *catalog.Example, file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return cannot("", fmt.Errorf("catalog example: %w", err))
	}
	err := a.writeOutput(file, func(w io.Writer) error {
		_, err := w.Write(best.Text)
		return err
	})
	if err != nil || !a.global.json {
		return err
	}
	return render.WriteJSON(a.world.Stdout, writtenExample{
		Provider: c.Name, Event: e.Type, APIVersion: version, File: filepath.ToSlash(a.relative(file)), From: cmp.Or(best.File, best.How),
	})
}
