package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// check refuses --strict where neither a signature nor a body could ever be checked.
func (r *recognized) check(strict bool, books *bookcase) error {
	if !strict || r.verifies() || slices.ContainsFunc(r.all, func(known *knownProvider) bool {
		return books.Has(known.Name) && (r.only == "" || r.only == known.Name)
	}) {
		return nil
	}
	return usage("--provider NAME --secret REF gives one, hookctl secret set NAME keeps one; --provider NAME alone is enough where NAME has a catalog, to check bodies", "--strict: there is no secret to verify with")
}

// verifies reports whether there is a secret to verify any of the requests with.
func (r *recognized) verifies() bool {
	return slices.ContainsFunc(r.all, func(known *knownProvider) bool {
		return len(known.keys) > 0 && (r.only == "" || r.only == known.Name)
	})
}

// announceStrict says what --strict leaves unchecked, where it was not told whose requests come.
func (r *recognized) announceStrict(a *app) {
	if r.only != "" || r.verifies() {
		return
	}
	m := a.messages()
	m.Warn("--strict: there is no secret to verify with: bodies are checked, and no signature is")
	m.Hint("--provider NAME --secret REF gives one, hookctl secret set NAME keeps one")
}

// announce says whose signatures are checked, and with which secrets: local ones together,
// as whoever has them has many.
func (r *recognized) announce(a *app) {
	m := a.messages()
	for _, trouble := range r.unverified() {
		m.Warn(trouble)
	}
	if a.global.verbose {
		for _, line := range r.bare {
			m.Status(line)
		}
	}
	if only := r.named(); only != nil {
		how := ", with no secret to verify them"
		if secrets := keyNames(only); secrets != "" {
			how = ", verified with " + secrets
		}
		m.Status("taking every request for " + only.Name + "'s" + how)
		return
	}
	var local []string
	for _, known := range r.all {
		switch secrets := keyNames(known); secrets {
		case "":
		case localSecretName(known.Name):
			local = append(local, known.Name)
		default:
			m.Status("verifying " + known.Name + " with " + secrets)
		}
	}
	switch len(local) {
	case 0:
	case 1:
		m.Status("verifying " + local[0] + " with " + localSecretName(local[0]))
	default:
		m.Status("verifying " + strings.Join(local, ", ") + " with their local secrets")
	}
}

// unverified says of some or all of the troubles with secrets what comes of them.
func (known *knownProvider) unverified(troubles ...error) string {
	how := " is not verified: "
	switch {
	case len(known.keys) > 0 && len(troubles) == 1:
		how = " is verified without one of its secrets: "
	case len(known.keys) > 0:
		how = " is verified without some of its secrets: "
	}
	why := make([]string, len(troubles))
	for i, trouble := range troubles {
		why[i] = trouble.Error()
	}
	return known.Name + how + strings.Join(why, "; ")
}

// unverified says why secrets cannot be read of any of the providers whose requests are
// looked for.
func (r *recognized) unverified() []string {
	var lines []string
	for _, known := range r.all {
		if len(known.troubles) > 0 && (r.only == "" || r.only == known.Name) {
			lines = append(lines, known.unverified(known.troubles...))
		}
	}
	return lines
}

func keyNames(known *knownProvider) string {
	var names []string
	for _, key := range known.keys {
		names = append(names, key.Name)
	}
	return strings.Join(names, ", ")
}

// differences names the providers that are new, gone or changed.
func differences(before, after *recognized) string {
	find := func(in *recognized, name string) *knownProvider {
		for _, known := range in.all {
			if known.Name == name {
				return known
			}
		}
		return nil
	}
	var words []string
	for _, now := range after.all {
		if how := now.since(find(before, now.Name)); how != "" {
			words = append(words, now.Name+" "+how)
		}
	}
	for _, was := range before.all {
		if find(after, was.Name) == nil {
			words = append(words, was.Name+" is gone")
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// since says what is different from what was, which may be nil; "" for nothing.
func (known *knownProvider) since(was *knownProvider) string {
	switch {
	case was == nil:
		return "is new"
	case !was.Equal(known.Profile):
		return "has other rules"
	case slices.Equal(was.keys, known.keys) && was.url == known.url && was.configured == known.configured:
		return ""
	case len(known.keys) == 0 && len(was.keys) > 0:
		return "has no secret any more"
	case len(was.keys) == 0 && len(known.keys) > 0:
		return "has a secret"
	case !slices.Equal(was.keys, known.keys):
		return "has another secret"
	}
	return "has other settings"
}

// watched are the files on which what is known depends.
func (o *listenOptions) watched(a *app) []string {
	var files []string
	if a.file != nil {
		files = append(files, a.file.path)
	} else {
		files = append(files, filepath.Join(a.world.Dir, configName))
	}
	if isPath(o.provider) {
		files = append(files, profileFiles(a.absolute(o.provider))...)
	}
	files = append(files, secretFiles(o.secrets, a.world.Dir)...)
	if set, err := a.providers(); err == nil {
		for _, c := range set.configs {
			if isPath(c.Profile) {
				files = append(files, profileFiles(inFolder(set.dir, c.Profile))...)
			}
			files = append(files, secretFiles(append(slices.Clone(c.Secret), c.SigningSecret), set.dir)...)
		}
	}
	if dir, err := a.localSecretPath(""); err == nil {
		files = append(files, dir+string(filepath.Separator))
	}
	return append(files, a.endpointFiles()...)
}

func secretFiles(refs []string, dir string) []string {
	var files []string
	for _, ref := range refs {
		if path, ok := strings.CutPrefix(ref, "file:"); ok {
			files = append(files, inFolder(dir, path))
		}
	}
	return files
}

func inFolder(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// profileFiles are those that the profile at path may be in: path may be its folder,
// also where nothing is there now.
func profileFiles(path string) []string {
	inside := filepath.Join(path, provider.FileName)
	switch info, err := os.Stat(path); {
	case err != nil:
		return []string{path, inside}
	case info.IsDir():
		return []string{inside}
	}
	return []string{path}
}

// otherSettings are those of a configuration file that are not about providers.
type otherSettings struct{ atStart, last string }

func newOtherSettings(file *configFile) *otherSettings {
	text := settingsText(file)
	return &otherSettings{text, text}
}

// changed reports whether file has others than it had, and others than at the start.
func (s *otherSettings) changed(file *configFile) bool {
	now, before := settingsText(file), s.last
	s.last = now
	return now != before && now != s.atStart
}

// settingsText is the same for files that set the same.
func settingsText(file *configFile) string {
	if file == nil {
		return ""
	}
	entries := slices.DeleteFunc(slices.Clone(file.entries), func(e yamldoc.Entry) bool { return e.Key == providersKey || e.Key == endpointsKey })
	return entriesText(entries)
}

func entriesText(entries []yamldoc.Entry) string {
	var text strings.Builder
	for _, entry := range entries {
		fmt.Fprintf(&text, "%q:%s,", entry.Key, nodeText(entry.Value))
	}
	return text.String()
}

func nodeText(node yamldoc.Node) string {
	if entries, ok := node.Entries(); ok {
		return "{" + entriesText(entries) + "}"
	}
	if items, ok := node.Items(); ok {
		var text strings.Builder
		for _, item := range items {
			text.WriteString(nodeText(item) + ",")
		}
		return "[" + text.String() + "]"
	}
	value, _ := node.Text()
	return strconv.Quote(value)
}

func errorText(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.err.Error()
	}
	return err.Error()
}

// names are the last parts of paths, each once, without those of hidden files.
func names(paths []string) []string {
	var bases []string
	for _, path := range paths {
		if base := filepath.Base(path); base[0] != '.' && !slices.Contains(bases, base) {
			bases = append(bases, base)
		}
	}
	return bases
}
