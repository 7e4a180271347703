package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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
func (a *app) writeExamples(c *catalog.Catalog, version string, events []*catalog.Event, o *exampleOptions) error {
	dir := filepath.Join(a.absolute(o.out), c.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return cannot("", fmt.Errorf("catalog example: %w", err))
	}
	taken := map[string]bool{}
	own, made, missing := 0, 0, 0
	nameEvent := a.nameEvents(c)
	for _, e := range events {
		name := exampleName(e.Type, taken)
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
		if err := a.writeExample(c, version, e, best, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	a.messages().Status(fmt.Sprintf("%d of the catalog's own and %d generated in %s", own, made, filepath.ToSlash(a.relative(dir))))
	if missing > 0 {
		return found()
	}
	return nil
}

func (a *app) writeExample(c *catalog.Catalog, version string, e *catalog.Event, best *catalog.Example, file string) error {
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

// exampleName is the name of a file for an event that none of taken is, whatever the
// event is called.
func exampleName(event string, taken map[string]bool) string {
	stem := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, event)
	const longest = 120
	if stem = strings.Trim(stem[:min(len(stem), longest)], ".-"); stem == "" {
		stem = "event"
	}
	name := stem
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = stem + "-" + strconv.Itoa(n)
	}
	taken[strings.ToLower(name)] = true
	return name + ".json"
}
