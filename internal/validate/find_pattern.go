package validate

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"
)

// pattern returns the files that fit a pattern, and those in folders that do.
func (f *Finder) pattern(text string) ([]Source, error) {
	p, err := ParsePattern(text)
	if err != nil {
		return nil, err
	}
	start, segments := ".", p.segments
	for len(segments) > 1 && !isPattern(segments[0]) {
		start, segments = joinTold(start, segments[0]), segments[1:]
	}
	f.walked, f.met = nil, false
	found := f.fitting(nil, start, segments)
	if !f.met {
		return nil, fs.ErrNotExist
	}
	return found, nil
}

// joinTold joins parts of a path; the empty first part is the root.
func joinTold(start, part string) string {
	if part == "" {
		return "/"
	}
	return path.Join(start, part)
}

// fixedPart is the folder that a pattern begins with.
func fixedPart(pattern string) string {
	for isPattern(pattern) {
		pattern = path.Dir(pattern)
	}
	return pattern
}

// fitting appends what in the folder told fits segments. A folder that cannot be read is
// a source that cannot be read.
func (f *Finder) fitting(found []Source, told string, segments []string) []Source {
	entries, err := os.ReadDir(f.absolute(told))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return found
	case err != nil:
		return f.unreadable(found, told, f.absolute(told))
	}
	deeper := segments[0] == anyFolders
	if deeper {
		if len(segments) == 1 {
			found, _ = f.folder(found, told, f.absolute(told))
			return found
		}
		again, leave := f.walk(f.absolute(told), segments)
		if again {
			return found
		}
		defer leave()
		found = f.fitting(found, told, segments[1:])
	}
	for _, entry := range entries {
		name := path.Join(told, entry.Name())
		switch {
		case hidden(entry.Name()) && (deeper || !hidden(segments[0])):
		case deeper && (entry.IsDir() || entry.Type()&fs.ModeSymlink != 0 && f.leadsOn(name, segments)):
			found = f.fitting(found, name, segments)
		case deeper || !fits(segments[0], entry.Name()):
		case len(segments) > 1:
			found = f.fitting(found, name, segments[1:])
		default:
			found = f.fit(found, name)
		}
	}
	return found
}

// walk notes that segments are looked for in a folder until leave is called. It reports
// whether they are already, as links may lead to where they began.
func (f *Finder) walk(folder string, segments []string) (again bool, leave func()) {
	info, err := os.Stat(folder)
	if err != nil {
		return false, func() {}
	}
	here := walk{info, len(segments)}
	if slices.ContainsFunc(f.walking, here.same) {
		return true, nil
	}
	f.walked, f.walking = append(f.walked, here), append(f.walking, here)
	return false, func() { f.walking = f.walking[:len(f.walking)-1] }
}

// same reports whether both are the same walk in the same folder.
func (w walk) same(other walk) bool {
	return w.segments == other.segments && os.SameFile(w.folder, other.folder)
}

// leadsOn reports whether a link leads to a folder that segments were not looked for in,
// as links may lead in circles.
func (f *Finder) leadsOn(told string, segments []string) bool {
	info, err := os.Stat(f.absolute(told))
	return err == nil && info.IsDir() && !slices.ContainsFunc(f.walked, walk{info, len(segments)}.same)
}

// fit appends what fits a pattern: the regular file, or what is in the folder.
func (f *Finder) fit(found []Source, told string) []Source {
	file := f.absolute(told)
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		found, err = f.folder(found, told, file)
		if err == nil {
			return found
		}
	}
	switch {
	case err != nil:
		return f.unreadable(found, told, file)
	case !info.Mode().IsRegular() || f.excepted(file):
		return found
	}
	return f.add(found, told, file, info)
}
