package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

// errFaultyProfile is the silent end of a command that has told of each fault.
var errFaultyProfile = errors.New("a profile has a fault")

// A lintLine is what lint says of one place in a profile, or of a whole one.
type lintLine struct {
	Provider string `json:"provider"`
	// Status is ok, note or fault.
	Status  string `json:"status"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message,omitempty"`
}

func newProviderLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [PROVIDER...]",
		Short: "check profiles, and say what is wrong or missing",
		Long: `Check profiles, and say what is wrong or missing, each with file, line and column. Without
a PROVIDER all bundled ones are checked, and those of hookctl.yaml.

A fault is what cannot be read or cannot be meant, or a rule of which nothing says how it
is known; the exit status then is 1. A note is worth a thought: the profile works, and
may be right as it is.

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
	faulty := false
	for _, name := range names {
		for _, one := range set.profilesIn(name) {
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

// profilesIn returns the profiles that name stands for: itself, or, where it is a
// folder of folders with profiles, these.
func (ps *providerSet) profilesIn(name string) []string {
	var unknown *provider.UnknownError
	if _, _, err := ps.find(name); err == nil || !isPath(name) && !errors.As(err, &unknown) {
		return []string{name}
	}
	dir := ps.app.absolute(name)
	if hasProfile(dir) {
		return []string{name}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{name} // loading it says what is wrong
	}
	var found []string
	for _, entry := range entries {
		if sub := filepath.Join(dir, entry.Name()); hasProfile(sub) {
			found = append(found, sub)
		}
	}
	if len(found) == 0 {
		return []string{name}
	}
	return found
}

// hasProfile reports whether a profile lies in a folder.
func hasProfile(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, provider.FileName))
	return err == nil && !info.IsDir()
}

// lint returns what there is to say of one profile. The error is what keeps it from
// being looked for; what is wrong in it is among the lines.
func (ps *providerSet) lint(name string) ([]lintLine, error) {
	p, err := ps.profileOf(name)
	var at *yamldoc.Error
	if errors.As(err, &at) {
		return []lintLine{lineAt(folderOf(name), "fault", at)}, nil
	}
	if err != nil {
		return nil, err
	}
	var lines []lintLine
	for _, f := range ps.library.Lint(p) {
		status := "fault"
		if f.Note {
			status = "note"
		}
		lines = append(lines, lineAt(p.Name, status, f.At))
	}
	if !slices.ContainsFunc(lines, func(l lintLine) bool { return l.Status == "fault" }) {
		lines = append(lines, lintLine{Provider: p.Name, Status: "ok", File: p.File()})
	}
	return lines, nil
}

// folderOf is the name that a profile should have by its place.
func folderOf(name string) string {
	if base := filepath.Base(name); base == provider.FileName {
		return filepath.Base(filepath.Dir(name))
	} else {
		return base
	}
}

func lineAt(name, status string, at *yamldoc.Error) lintLine {
	return lintLine{Provider: name, Status: status, File: at.File, Line: at.Line, Column: at.Column, Message: at.What}
}

// tellLint prints a line as compilers do, so that editors jump to the place.
func (a *app) tellLint(l lintLine) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, l)
	}
	text := l.File + ": ok"
	if l.Status != "ok" {
		message := l.Message
		if l.Status == "note" {
			message = "note: " + message
		}
		text = (&yamldoc.Error{File: l.File, Line: l.Line, Column: l.Column, What: message}).Error()
	}
	_, err := fmt.Fprintln(a.world.Stdout, render.Safe(text))
	return err
}
