// Package watch tells of changes to files.
package watch

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Changes calls changed whenever files that list names have changed and settle has
// passed without another change, until ctx ends. Names that list gives with a
// separator at their end stand for all files right in that folder. After each call
// list is asked again: what is to be watched may have changed as well.
//
// Folders are watched rather than files, since editors put a new file in the place
// of the old one; a folder that is not there is not watched. The error says why
// nothing can be watched at all.
func Changes(ctx context.Context, list func() []string, settle time.Duration, changed func(paths []string)) error {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer events.Close()
	w := &watcher{events: events}
	w.follow(list())
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	defer quiet.Stop()
	var pending []string
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-events.Events:
			path := filepath.Clean(event.Name)
			if event.Op == fsnotify.Chmod || !w.wants(path) {
				continue
			}
			if !slices.Contains(pending, path) {
				pending = append(pending, path)
			}
			quiet.Reset(settle)
		case <-events.Errors: // events were lost: look at everything
			pending = slices.Clone(w.names)
			quiet.Reset(settle)
		case <-quiet.C:
			slices.Sort(pending)
			changed(pending)
			pending = nil
			w.follow(list())
		}
	}
}

type watcher struct {
	events  *fsnotify.Watcher
	names   []string // files that are wanted
	folders []string // folders all of whose files are
}

// follow watches what names stands for, and nothing else.
func (w *watcher) follow(names []string) {
	w.names, w.folders = nil, nil
	var wanted []string
	for _, name := range names {
		if name == "" {
			continue
		}
		folder := filepath.Clean(name)
		if last := name[len(name)-1]; last == '/' || last == filepath.Separator {
			w.folders = append(w.folders, folder)
		} else {
			w.names = append(w.names, folder)
			folder = filepath.Dir(folder)
		}
		wanted = append(wanted, folder)
	}
	for _, old := range w.events.WatchList() {
		if !slices.Contains(wanted, old) {
			_ = w.events.Remove(old) // it may be gone already
		}
	}
	for _, folder := range wanted {
		_ = w.events.Add(folder) // one that is not there cannot be watched
	}
}

func (w *watcher) wants(path string) bool {
	return slices.Contains(w.names, path) || slices.Contains(w.folders, filepath.Dir(path))
}
