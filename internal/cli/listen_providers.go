package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/provider"
)

// check refuses --strict where no signature could ever be checked.
func (r *recognized) check(strict bool) error {
	if !strict || slices.ContainsFunc(r.all, func(known *knownProvider) bool { return len(known.keys) > 0 }) {
		return nil
	}
	return usage("--provider NAME --secret REF gives one, hookctl secret set NAME keeps one", "--strict: there is no secret to verify with")
}

// announce says whose signatures are checked, and with which secrets.
func (r *recognized) announce(a *app) {
	m := a.messages()
	for _, known := range r.all {
		for _, trouble := range known.troubles {
			m.Warn(known.Name + " is not verified: " + trouble.Error())
		}
		switch secrets := keyNames(known); {
		case known.Name == r.only && secrets == "":
			m.Status("taking every request for " + known.Name + "'s, with no secret to verify them")
		case known.Name == r.only:
			m.Status("taking every request for " + known.Name + "'s, verified with " + secrets)
		case secrets != "":
			m.Status("verifying " + known.Name + " with " + secrets)
		}
	}
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
		files = append(files, profileFile(a.absolute(o.provider)))
	}
	files = append(files, secretFiles(o.secrets, a.world.Dir)...)
	if set, err := a.providers(); err == nil {
		for _, c := range set.configs {
			if isPath(c.Profile) {
				files = append(files, profileFile(inFolder(set.dir, c.Profile)))
			}
			files = append(files, secretFiles(append(slices.Clone(c.Secret), c.SigningSecret), set.dir)...)
		}
	}
	if dir, err := a.localSecretPath(""); err == nil {
		files = append(files, dir+string(filepath.Separator))
	}
	return files
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

// profileFile is the file of the profile at path, which may be its folder.
func profileFile(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, provider.FileName)
	}
	return path
}

// A reloader keeps an Identifier up to date.
type reloader struct {
	app        *app
	options    *listenOptions
	identifier *identify.Identifier
	known      *recognized
	tell       func(string)
	warn       func(listener.Notice)
}

// changed reads everything anew. What is broken leaves in force what was.
func (r *reloader) changed(paths []string) {
	fresh := &app{world: r.app.world, global: r.app.global}
	after, err := r.read(fresh)
	if err != nil {
		r.warn(listener.Notice{Text: "not reloaded: " + errorText(err), Hint: "what was known before stays in force until that is right"})
		return
	}
	what := differences(r.known, after)
	r.identifier.Replace(after.set())
	r.app, r.known = fresh, after
	if what != "" {
		r.tell(fmt.Sprintf("reloaded %s: %s", strings.Join(names(paths), ", "), what))
	}
}

func (r *reloader) read(fresh *app) (*recognized, error) {
	var err error
	if fresh.file, err = fresh.loadConfig(); err != nil {
		return nil, err
	}
	return r.options.recognize(fresh)
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
