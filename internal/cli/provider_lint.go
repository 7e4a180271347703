package cli

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

// errFaultyProfile is the silent end of a command that has told of each fault.
var errFaultyProfile = errors.New("a profile has a fault")

func newProviderLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [PROVIDER...]",
		Short: "check profiles, and say what is wrong or missing",
		Long: `Check profiles, and say what is wrong or missing, each with file, line and
column. Without a PROVIDER all bundled ones are checked, and those of
hookctl.yaml.

A fault is what cannot be read or cannot be meant, or a rule of which nothing
says how it is known; the exit status then is 1. A note is worth a thought: the
profile works, and may be right as it is.

` + profileHelp + `
A folder that has several profiles stands for all of them.`,
		Example:           "  hookctl provider lint ./acme\n  hookctl provider lint schemas\n  hookctl provider lint",
		ValidArgsFunction: a.providerNames,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProviderLint(a, args)
		},
	}
}

func runProviderLint(a *app, names []string) error {
	set, err := a.providers()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if names, err = set.names(); err != nil {
			return err
		}
		slices.Sort(names)
	}
	var all []string
	for _, name := range names {
		all = append(all, set.profilesIn(name)...)
	}
	return a.tellLints(all, set.lint)
}

// profilesIn returns the profiles that name stands for: itself, or, where it is a
// folder of folders with profiles, these.
func (ps *providerSet) profilesIn(name string) []string {
	var unknown *provider.UnknownError
	if _, _, err := ps.find(name); err == nil || !isPath(name) && !errors.As(err, &unknown) {
		return []string{name}
	}
	return ps.app.foldersWith(provider.FileName, name)
}

// lint returns what there is to say of one profile. The error is what keeps it from
// being looked for; what is wrong in it is among the lines.
func (ps *providerSet) lint(name string) ([]lintLine, error) {
	p, err := ps.profileOf(name)
	var at *yamldoc.Error
	if errors.As(err, &at) {
		return []lintLine{lineAt(folderOf(name), lintFault, at)}, nil
	}
	if err != nil {
		return nil, err
	}
	return lintLines(p.Name, p.File(), ps.library.Lint(p)), nil
}

// folderOf is the name that a profile should have by its place.
func folderOf(name string) string {
	if base := filepath.Base(name); base == provider.FileName {
		return filepath.Base(filepath.Dir(name))
	} else {
		return base
	}
}
