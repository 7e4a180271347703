package validate

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Finder finds the files that arguments name.
type Finder struct {
	// Dir is the folder that relative paths are in.
	Dir string
	// Except tells which files in folders are none: those that are written to, say, by
	// their path on disk. nil for none.
	Except func(file string) bool

	named   map[string]bool // files that were found already
	entered []fs.FileInfo   // folders
	around  []fs.FileInfo   // folders that are being searched, the innermost last
	walked  []walk          // by the pattern that is looked at
	walking []walk          // those of them that have not ended
	met     bool            // something fits it, which may have been found before
}

// A walk is a folder that a pattern was looked for in, from ** on.
type walk struct {
	folder   fs.FileInfo
	segments int // of the pattern that were left
}

// A Source is a file that payloads are read from.
type Source struct {
	// Path is how the user knows it, with forward slashes; File is where it is.
	Path, File string
	form       form
	place      place
}

// A form is how payloads stand in a file.
type form int

const (
	document form = iota // it is one
	byLine               // NDJSON
	byEntry              // HAR
	stream               // what is no regular file: its content says
)

// Whole reports whether the file is one payload.
func (s *Source) Whole() bool { return s.form == document }

// Find returns the files that an argument names, each at most once for all arguments:
// the file itself, those in a folder, or those that fit a pattern, in the order of their
// names. The error is fs.ErrNotExist where there are none.
func (f *Finder) Find(arg string) ([]Source, error) {
	file := f.absolute(arg)
	told := filepath.ToSlash(filepath.Clean(arg))
	if below, err := filepath.Rel(f.Dir, file); err == nil && filepath.IsAbs(arg) && filepath.IsLocal(below) {
		told = filepath.ToSlash(below)
	}
	info, err := os.Stat(file)
	var found []Source
	base := file
	switch {
	case err == nil && info.IsDir():
		found, err = f.folder(nil, told, file)
	case err == nil:
		found = f.add(nil, told, file, info)
	case isPattern(arg):
		found, err = f.pattern(told)
		base = f.absolute(fixedPart(told))
	}
	for i := range found {
		found[i].place = f.placeOf(base, found[i].File)
	}
	return found, err
}

func (f *Finder) absolute(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(f.Dir, filepath.FromSlash(name))
}

// first notes a file, and reports whether it was not found before.
func (f *Finder) first(file string) bool {
	f.met = true
	if f.named[file] {
		return false
	}
	if f.named == nil {
		f.named = map[string]bool{}
	}
	f.named[file] = true
	return true
}

// First reports whether what an argument names was not found before, and notes it.
func (f *Finder) First(arg string) bool { return f.first(f.absolute(arg)) }

// unreadable appends what cannot be read, unless that is known.
func (f *Finder) unreadable(found []Source, told, file string) []Source {
	if !f.first(file) {
		return found
	}
	return append(found, Source{Path: told, File: file})
}

// add appends a file, unless it was found before.
func (f *Finder) add(found []Source, told, file string, info fs.FileInfo) []Source {
	if !f.first(file) {
		return found
	}
	s := Source{Path: told, File: file, form: formOf(file)}
	if !info.Mode().IsRegular() {
		s.form = stream
	}
	return append(found, s)
}

func formOf(file string) form {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".ndjson", ".jsonl":
		return byLine
	case ".har":
		return byEntry
	}
	return document
}

// folder appends the payloads in a folder and those below it. A folder in which it is
// found, through a link to one above that, is searched already.
func (f *Finder) folder(found []Source, told, dir string) ([]Source, error) {
	if info, err := os.Stat(dir); err == nil {
		if isAmong(f.around, info) {
			return found, nil
		}
		f.entered, f.around = append(f.entered, info), append(f.around, info)
		defer func() { f.around = f.around[:len(f.around)-1] }()
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return found, err
	}
	for _, entry := range entries {
		found = f.entry(found, path.Join(told, entry.Name()), filepath.Join(dir, entry.Name()), entry)
	}
	return found, nil
}

// entry appends what an entry of a folder stands for. A folder that cannot be read is a
// source that cannot be read.
func (f *Finder) entry(found []Source, told, file string, entry fs.DirEntry) []Source {
	if hidden(entry.Name()) {
		return found
	}
	if entry.IsDir() {
		below, err := f.folder(found, told, file)
		if err != nil {
			return f.unreadable(below, told, file)
		}
		return below
	}
	if entry.Type()&fs.ModeSymlink != 0 {
		return f.link(found, told, file)
	}
	if entry.Type().IsRegular() && IsPayload(file) && !f.excepted(file) && f.first(file) {
		return append(found, Source{Path: told, File: file, form: formOf(file)})
	}
	return found
}

// link appends what a symbolic link leads to. A folder is not entered twice through
// links: they may lead in circles.
func (f *Finder) link(found []Source, told, file string) []Source {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !IsPayload(file):
		return found
	case err != nil:
		return f.unreadable(found, told, file)
	case info.Mode().IsRegular() && IsPayload(file) && !f.excepted(file):
		return f.add(found, told, file, info)
	case !info.IsDir():
		return found
	}
	if isAmong(f.entered, info) {
		return found
	}
	below, err := f.folder(found, told, file)
	if err != nil {
		return f.unreadable(below, told, file)
	}
	return below
}

// isAmong reports whether a file is one of those.
func isAmong(files []fs.FileInfo, info fs.FileInfo) bool {
	return slices.ContainsFunc(files, func(other fs.FileInfo) bool { return os.SameFile(other, info) })
}

func (f *Finder) excepted(file string) bool { return f.Except != nil && f.Except(file) }

func hidden(name string) bool { return strings.HasPrefix(name, ".") && name != "." && name != ".." }

// IsPayload reports whether a file in a folder is taken for payloads by its name. Schemas
// are not.
func IsPayload(file string) bool {
	name := strings.ToLower(filepath.Base(file))
	if strings.HasSuffix(name, ".schema.json") || name == "schema.json" {
		return false
	}
	return strings.HasSuffix(name, ".json") || formOf(name) != document
}
