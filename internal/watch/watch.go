// Package watch tells of changes to files.
package watch

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Begin watches the files that list names; Tell tells of changes from then on. Names
// that list gives with a separator at their end stand for all files right in that
// folder.
//
// Folders are watched rather than files, since editors put a new file in the place
// of the old one. In the place of a folder that is not there the nearest one above it
// is watched, until it comes. Where a name is that of a symbolic link, what it leads
// to is watched too, and told under that name. The error says why nothing can be
// watched at all.
func Begin(list func() []string) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &Watcher{events: events, list: list}
	w.follow(list())
	return w, nil
}

// Tell calls changed whenever files that are watched have changed and settle has
// passed without another change, until ctx ends; then it ends the watching. After
// each call list is asked again: what is to be watched may have changed as well.
func (w *Watcher) Tell(ctx context.Context, settle time.Duration, changed func(paths []string)) {
	events := w.events
	defer events.Close()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	defer quiet.Stop()
	var pending []string
	for {
		var touched []string
		select {
		case <-ctx.Done():
			return
		case event := <-events.Events:
			touched = w.touchedBy(event)
		case <-events.Errors: // events were lost: look at everything
			touched = w.below("")
		case <-quiet.C:
			told := pending
			pending = nil
			w.follow(w.names) // links may lead elsewhere; what comes after this is seen
			changed(told)
			w.follow(w.list())
		}
		if len(touched) > 0 {
			pending = append(pending, touched...)
			slices.Sort(pending)
			pending = slices.Compact(pending)
			quiet.Reset(settle)
		}
	}
}

// A Watcher watches files.
type Watcher struct {
	events *fsnotify.Watcher
	list   func() []string
	names  []string // as list gave them
	wanted []file
}

// A file is one that is wanted, or a folder all of whose files are.
type file struct {
	path  string
	whole bool   // it is a folder
	told  string // the name to tell
}

// folder is where changes of f show.
func (f file) folder() string {
	if f.whole {
		return f.path
	}
	return filepath.Dir(f.path)
}

// follow watches what names stand for, and nothing else.
func (w *Watcher) follow(names []string) {
	w.names, w.wanted = names, nil
	for _, name := range names {
		if name != "" {
			w.wanted = append(w.wanted, files(name)...)
		}
	}
	var watched []string
	for _, f := range w.wanted {
		watched = append(watched, w.watch(f.folder())...)
	}
	for _, old := range w.events.WatchList() {
		if !slices.Contains(watched, old) {
			_ = w.events.Remove(old) // it may be gone already
		}
	}
}

// files are those that a name stands for: its own, and where that is a link, each
// file on the way to the last one.
func files(name string) []file {
	const longest = 40 // links, as the kernel has it
	path := filepath.Clean(name)
	last := name[len(name)-1]
	all := []file{{path: path, whole: last == '/' || last == filepath.Separator, told: path}}
	for range longest {
		to, err := os.Readlink(path)
		if err != nil || all[0].whole {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = filepath.Clean(to)
		all = append(all, file{path: path, told: all[0].path})
	}
	return all
}

// watch watches folder, or the nearest one above it that is there, and returns what
// it watches. A folder that is a link can be put in another's place unseen: then the
// one that it lies in is watched as well.
func (w *Watcher) watch(folder string) []string {
	watched, missing := []string{}, []string{}
	above := filepath.Dir(folder)
	if _, err := os.Readlink(folder); err == nil && w.events.Add(above) == nil {
		watched = append(watched, above)
	}
	for w.events.Add(folder) != nil && filepath.Dir(folder) != folder {
		missing = append(missing, folder)
		folder = filepath.Dir(folder)
	}
	watched = append(watched, folder)
	for _, come := range slices.Backward(missing) { // it may have come meanwhile
		if w.events.Add(come) != nil {
			break
		}
		watched = append(watched, come)
	}
	return watched
}

// touchedBy are the names of what event may have changed.
func (w *Watcher) touchedBy(event fsnotify.Event) []string {
	path := filepath.Clean(event.Name)
	var touched []string
	for _, f := range w.wanted {
		if f.path == path && !f.whole {
			touched = append(touched, f.told)
		} else if f.whole && f.path == filepath.Dir(path) {
			touched = append(touched, path)
		}
	}
	const moved = fsnotify.Create | fsnotify.Remove | fsnotify.Rename
	if event.Op&moved == 0 {
		return touched
	}
	if below := w.below(path); len(below) > 0 {
		w.renew(path)
		touched = append(touched, below...)
	}
	return touched
}

// below are the names of what lies in a folder, at any depth; "" is all.
func (w *Watcher) below(folder string) []string {
	var names []string
	for _, f := range w.wanted {
		if isIn(f.folder(), folder) {
			names = append(names, f.told)
		}
	}
	return names
}

// renew watches path and the folders in it anew: others may be in their place.
func (w *Watcher) renew(path string) {
	for _, old := range w.events.WatchList() {
		if isIn(old, path) {
			_ = w.events.Remove(old) // it may be gone already
		}
	}
	w.follow(w.names)
}

// isIn reports whether path is folder or lies in it; all lies in "".
func isIn(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (folder == "" || rest == "" || rest[0] == filepath.Separator)
}
