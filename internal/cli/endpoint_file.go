package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/whole"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// newConfigText begins a hookctl.yaml that a command makes.
const newConfigText = `# The settings of hookctl in this folder and those below it.
# hookctl doctor checks this file; hookctl endpoint --help shows what an endpoint can have.
# hookctl doctor --config-schema prints the JSON Schema that lets an editor complete it.
`

// A configEdit is hookctl.yaml as it is, and as it is to be.
type configEdit struct {
	path          string
	before, after []byte
	made          bool // there is none yet
	// told is what programs are told of it.
	told endpointChanged
	// first is done before the file is written, by an app that has it; nil for nothing.
	first func(fresh *app) error
	// carried says what was copied to where a new file has its store.
	carried []string
}

// editConfig makes changes in the text of hookctl.yaml, or of a new one in the working
// folder.
func (a *app) editConfig(changes ...yamldoc.Change) (*configEdit, error) {
	e := &configEdit{path: filepath.Join(a.world.Dir, configName), made: a.file == nil}
	if a.file != nil {
		e.path = a.file.path
		text, err := os.ReadFile(e.path)
		if err != nil {
			return nil, cannot("", fmt.Errorf("configuration: %w", err))
		}
		e.before = text
	}
	from := e.before
	if e.made {
		from = []byte(newConfigText)
	}
	var err error
	e.after, err = yamldoc.Edit(e.path, from, changes...)
	return e, err
}

// try reads the file as it is to be: an app that has it, and its endpoints.
func (e *configEdit) try(a *app) (*app, *endpointSet, error) {
	fresh := &app{world: a.world, global: a.global}
	var err error
	if fresh.file, err = parseConfig(e.path, e.after); err != nil {
		return nil, nil, err
	}
	if a.file != nil {
		fresh.file.read = a.file.read
	}
	scratch := newRoot(&app{world: a.world})
	if err := fresh.file.apply(scratch, scratch, nil); err != nil {
		return nil, nil, err
	}
	set, err := fresh.endpoints()
	return fresh, set, err
}

// refused is err about the endpoint called name, without its place where that is in a line
// that is not in the file.
func (e *configEdit) refused(name string, err error) error {
	var at *yamldoc.Error
	if !errors.As(err, &at) || name == "" || !e.isNew(at.Line) {
		return err
	}
	f := *classify(err)
	f.err = fmt.Errorf("endpoint %s: %s", name, at.What)
	return &f
}

// isNew reports whether a line of the edited text, from 1, is one that the file has not got.
func (e *configEdit) isNew(line int) bool {
	lines := bytes.Split(e.after, []byte("\n"))
	return e.made || line > 0 && line <= len(lines) && !bytes.Contains(e.before, lines[line-1])
}

// changes reports whether the file would be another.
func (e *configEdit) changes() bool { return e.made || !bytes.Equal(e.before, e.after) }

// write puts the file in its place, unless somebody has changed it meanwhile. It appears
// whole or not at all; what a link leads to is written, and keeps its permissions.
func (e *configEdit) write(a *app) error {
	if !e.changes() {
		return nil
	}
	path, mode, err := e.place()
	if err != nil {
		return cannot("", fmt.Errorf("configuration: %w", err))
	}
	file, err := a.world.Unfinished.Begin(filepath.Dir(path))
	if err != nil {
		return cannot("", fmt.Errorf("configuration: %w", err))
	}
	defer a.world.Unfinished.End(file.Name())
	_, err = file.Write(e.after)
	stranger := !e.made && sameOwner(file, path) != nil
	if err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return cannot("", fmt.Errorf("configuration: %w", err))
	}
	if err := e.unchanged(path); err != nil {
		return err
	}
	if stranger { // a file of another owner is not to become ours
		if err := os.WriteFile(path, e.after, mode); err != nil {
			return cannot("", fmt.Errorf("configuration: %w", err))
		}
		return nil
	}
	if e.made { // a name that somebody else has taken meanwhile stays theirs
		if err := os.Link(file.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
			return e.taken(err)
		}
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return cannot("", fmt.Errorf("configuration: %w", err))
	}
	whole.SyncFolder(filepath.Dir(path))
	return nil
}

// place is the file that is to be written, links followed, and the permissions that it is
// to have.
func (e *configEdit) place() (string, fs.FileMode, error) {
	if e.made && hasCredentials(e.after) {
		return e.path, 0o600, nil
	}
	if e.made {
		return e.path, 0o644, nil
	}
	path, err := filepath.EvalSymlinks(e.path)
	if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return "", 0, &fs.PathError{Op: "write", Path: path, Err: fs.ErrPermission}
	}
	return path, info.Mode().Perm(), nil
}

// unchanged refuses to write over what is not what was read.
func (e *configEdit) unchanged(path string) error {
	if e.made {
		return nil // linking finds out
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return cannot("", fmt.Errorf("configuration: %w", err))
	}
	if !bytes.Equal(now, e.before) {
		return e.taken(fs.ErrExist)
	}
	return nil
}

func (e *configEdit) taken(err error) error {
	if err == nil {
		return nil
	}
	return cannot("run the command again", fmt.Errorf("%s was written by another program meanwhile: nothing was changed", e.path))
}
