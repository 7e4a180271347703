package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newCatalogLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [PROVIDER...]",
		Short: "check catalogs, their schemas and examples, and say what is wrong or missing",
		Long: `Check catalogs, their schemas and examples, and say what is wrong or missing, each with its
file, and line and column where there is one. Without a PROVIDER all catalogs are checked,
bundled and your own.

A fault is what cannot be read or used, or an example that does not fit its schema; the
exit status then is 1. A note is worth a thought: the catalog works, and may be right as
it is.

` + catalogHelp + `
A folder that has several catalogs stands for all of them.`,
		Example:           "  hookctl catalog lint ./acme\n  hookctl catalog lint schemas\n  hookctl catalog lint recharge --json",
		ValidArgsFunction: a.catalogNames,
		RunE: func(_ *cobra.Command, args []string) error {
			return runCatalogLint(a, args)
		},
	}
}

func runCatalogLint(a *app, names []string) error {
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if names, err = set.names(); err != nil {
			return err
		}
	}
	faulty := false
	for _, name := range names {
		for _, one := range set.catalogsIn(name) {
			lines, err := set.lint(one)
			if err != nil {
				return err
			}
			for _, line := range lines {
				faulty = faulty || line.Status == "fault"
				if err := a.tellLint(line); err != nil {
					return err
				}
			}
		}
	}
	if faulty {
		return found()
	}
	return nil
}

// catalogsIn returns the catalogs that name stands for: itself, or, where it is a folder
// of folders with catalogs, these.
func (cs *catalogSet) catalogsIn(name string) []string {
	var unknown *provider.UnknownError
	if _, err := cs.find(name); !isPath(name) && !errors.As(err, &unknown) {
		return []string{name}
	}
	dir := cs.app.absolute(name)
	if hasCatalog(dir) {
		return []string{name}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{name} // loading it says what is wrong
	}
	var found []string
	for _, entry := range entries {
		if sub := filepath.Join(dir, entry.Name()); hasCatalog(sub) {
			found = append(found, sub)
		}
	}
	if len(found) == 0 {
		return []string{name}
	}
	return found
}

// hasCatalog reports whether a catalog lies in a folder.
func hasCatalog(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, catalog.FileName))
	return err == nil && !info.IsDir()
}

// lint returns what there is to say of one catalog. The error is what keeps it from being
// looked for; what is wrong in it is among the lines.
func (cs *catalogSet) lint(name string) ([]lintLine, error) {
	place, err := cs.find(name)
	if err != nil {
		return nil, err
	}
	c, findings, err := catalog.Lint(place.files, place.file)
	var at *yamldoc.Error
	switch {
	case errors.As(err, &at):
		return []lintLine{lineAt(filepath.Base(name), "fault", at)}, nil
	case errors.Is(err, fs.ErrNotExist):
		_, err = place.load() // says so with a hint
		return nil, err
	case err != nil:
		return nil, cannot("", err)
	}
	var lines []lintLine
	for _, f := range findings {
		status := "fault"
		if f.Note {
			status = "note"
		}
		lines = append(lines, lineAt(c.Name, status, f.At))
	}
	if !slices.ContainsFunc(lines, func(l lintLine) bool { return l.Status == "fault" }) {
		lines = append(lines, lintLine{Provider: c.Name, Status: "ok", File: place.file})
	}
	return lines, nil
}
