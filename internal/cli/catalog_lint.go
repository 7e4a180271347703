package cli

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newCatalogLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [PROVIDER...]",
		Short: "say what is wrong in a catalog, or missing",
		Long: `Check catalogs, their schemas and examples, and say what is wrong or missing,
each with its file, and line and column where there is one. Without a PROVIDER
all catalogs are checked, bundled and your own.

A fault is what cannot be read or used, or an example that does not fit its
schema; the exit status then is 1. A note is worth a thought: the catalog works,
and may be right as it is.

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
	var all []string
	for _, name := range names {
		all = append(all, set.catalogsIn(name)...)
	}
	return a.tellLints(all, set.lint)
}

// catalogsIn returns the catalogs that name stands for: itself, or, where it is a folder
// of folders with catalogs, these.
func (cs *catalogSet) catalogsIn(name string) []string {
	var unknown *provider.UnknownError
	if _, err := cs.find(name); !isPath(name) && !errors.As(err, &unknown) {
		return []string{name}
	}
	return cs.app.foldersWith(catalog.FileName, name)
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
		return []lintLine{lineAt(filepath.Base(name), lintFault, at)}, nil
	case errors.Is(err, fs.ErrNotExist):
		_, err = place.load() // says so with a hint
		return nil, err
	case err != nil:
		return nil, cannot("", err)
	}
	return lintLines(c.Name, place.file, findings), nil
}
