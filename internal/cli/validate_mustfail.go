package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/validate"
)

// mustFailAll is --must-fail without a pattern.
const mustFailAll = "**"

// A mustFailList is what --must-fail says.
type mustFailList []*mustFailPattern

type mustFailPattern struct {
	*validate.Pattern
	text   string
	fitted atomic.Bool // some payload fits it
}

// mustFailing reads what --must-fail says.
func (o *validateOptions) mustFailing() (mustFailList, error) {
	var list mustFailList
	for _, text := range o.mustFail {
		p, err := validate.ParseSelection(text)
		if err != nil {
			return nil, usage("", "--must-fail: %w, got %q", err, text)
		}
		list = append(list, &mustFailPattern{Pattern: p, text: text})
	}
	return list, nil
}

// matcher tells which payloads are meant; nil for none. It is safe for concurrent use.
func (l mustFailList) matcher() func(r *validate.Report) bool {
	if len(l) == 0 {
		return nil
	}
	return func(r *validate.Report) bool {
		found := false
		for _, p := range l {
			name := r.Path
			if p.Absolute() {
				name = filepath.ToSlash(r.File)
			}
			if p.Match(name) {
				p.fitted.Store(true)
				found = true
			}
		}
		return found
	}
}

// warn tells of patterns that fit nothing: they guard nothing.
func (l mustFailList) warn(a *app) {
	for _, p := range l {
		if p.text != mustFailAll && !p.fitted.Load() {
			a.messages().Warn(fmt.Sprintf("--must-fail=%s fits no payload", p.text))
			if folder := wholeFolder(p.text); folder != "" {
				a.messages().Hint("--must-fail=" + folder + " fits all below a folder of that name")
			}
		}
	}
}

// wholeFolder is the folder that a pattern names the files of, with a slash: "invalid/" for
// invalid/*. "" where it names others.
func wholeFolder(pattern string) string {
	folder, name := path.Split(pattern)
	plain := folder != "" && !strings.ContainsAny(folder, "*?[") && !path.IsAbs(folder) && !strings.HasPrefix(folder, ".")
	if !plain || !strings.Contains(name, "*") || name == mustFailAll {
		return ""
	}
	return folder
}

// mustFailHint is what is meant where arg is not there and --must-fail has no pattern; ""
// where nothing tells that arg was to be one.
func (o *validateOptions) mustFailHint(arg string) string {
	if !slices.Contains(o.mustFail, mustFailAll) {
		return ""
	}
	return "--must-fail takes its pattern with =: --must-fail='" + arg + "'"
}
