package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// What lint says of a place, or of a whole file.
const (
	lintOK    = "ok"
	lintNote  = "note"
	lintFault = "fault"
)

// A lintLine is what lint says of one place in a profile or a catalog, or of a whole one.
type lintLine struct {
	Provider string `json:"provider"`
	// Status is ok, note or fault.
	Status  string `json:"status"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message,omitempty"`
}

func lineAt(name, status string, at *yamldoc.Error) lintLine {
	return lintLine{Provider: name, Status: status, File: at.File, Line: at.Line, Column: at.Column, Message: at.What}
}

// lintLines are findings in what has a name and a file, and that it is ok where no fault
// is among them.
func lintLines(name, file string, findings []yamldoc.Finding) []lintLine {
	var lines []lintLine
	for _, f := range findings {
		status := lintFault
		if f.Note {
			status = lintNote
		}
		lines = append(lines, lineAt(name, status, f.At))
	}
	if !slices.ContainsFunc(lines, func(l lintLine) bool { return l.Status == lintFault }) {
		lines = append(lines, lintLine{Provider: name, Status: lintOK, File: file})
	}
	return lines
}

// tellLints prints what lint returns for each name, and fails where that has a fault.
func (a *app) tellLints(names []string, lint func(name string) ([]lintLine, error)) error {
	faulty := false
	for _, name := range names {
		lines, err := lint(name)
		if err != nil {
			return err
		}
		for _, line := range lines {
			faulty = faulty || line.Status == lintFault
			if err := a.tellLint(line); err != nil {
				return err
			}
		}
	}
	if faulty {
		return found()
	}
	return nil
}

// tellLint prints a line as compilers do, so that editors jump to the place.
func (a *app) tellLint(l lintLine) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, l)
	}
	text := l.File + ": ok"
	if l.Status != lintOK {
		message := l.Message
		if l.Status == lintNote {
			message = "note: " + message
		}
		text = (&yamldoc.Error{File: l.File, Line: l.Line, Column: l.Column, What: message}).Error()
	}
	_, err := fmt.Fprintln(a.world.Stdout, render.Safe(text))
	return err
}

// foldersWith returns the folders right below the folder name that have a file in them;
// name itself where it has it, or where none does: reading that says what is wrong.
func (a *app) foldersWith(file, name string) []string {
	dir := a.absolute(name)
	entries, err := os.ReadDir(dir)
	if err != nil || hasFile(dir, file) {
		return []string{name}
	}
	var found []string
	for _, entry := range entries {
		if sub := filepath.Join(dir, entry.Name()); hasFile(sub, file) {
			found = append(found, sub)
		}
	}
	if len(found) == 0 {
		return []string{name}
	}
	return found
}

// hasFile reports whether a file lies in a folder.
func hasFile(dir, file string) bool {
	info, err := os.Stat(filepath.Join(dir, file))
	return err == nil && !info.IsDir()
}
