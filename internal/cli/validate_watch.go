package cli

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/validate"
	"github.com/hookctl/hookctl/internal/watch"
)

// watchSettle is how long files must be left alone before they are validated again.
const watchSettle = 200 * time.Millisecond

// watchValidate validates now, and again whenever something has changed, until ctx ends.
func watchValidate(ctx context.Context, a *app, o *validateOptions) error {
	if slices.Contains(o.ids, "-") {
		return usage("name a file or folder", "--watch: standard input cannot be watched")
	}
	watcher, err := watch.Begin(func() []string { return o.watched(a) })
	if err != nil {
		return cannot("", fmt.Errorf("--watch: %w", err))
	}
	o.again(ctx, a)
	a.messages().Status("watching for changes; Ctrl+C stops")
	watcher.Tell(ctx, watchSettle, func(paths []string) {
		changed := o.relevant(a, paths)
		if len(changed) == 0 || ctx.Err() != nil {
			return
		}
		a.messages().Status(fmt.Sprintf("--- %s %s", a.world.Now().Format(time.TimeOnly), strings.Join(changed, ", ")))
		fresh, err := a.again()
		if err != nil {
			a.report(err)
			return
		}
		o.again(ctx, fresh)
	})
	return context.Cause(ctx)
}

// again is a with what hookctl.yaml says of providers now. Other settings of it are those
// of the start.
func (a *app) again() (*app, error) {
	fresh := &app{world: a.world, global: a.global}
	var err error
	if fresh.file, err = fresh.loadConfig(); err != nil || fresh.file == nil {
		return fresh, err
	}
	scratch := newRoot(&app{world: fresh.world})
	return fresh, fresh.file.apply(scratch, scratch, nil)
}

// again validates and tells what fails; it goes on whatever that is.
func (o *validateOptions) again(ctx context.Context, a *app) {
	if err := o.once(ctx, a); err != nil && ctx.Err() == nil {
		a.report(err)
	}
}

// watched are the files and folders on which the outcome depends.
func (o *validateOptions) watched(a *app) []string {
	var names []string
	if a.file != nil {
		names = append(names, a.file.path)
	} else {
		names = append(names, filepath.Join(a.world.Dir, configName))
	}
	if o.schema != "" {
		names = append(names, folders(filepath.Dir(a.absolute(o.schema)))...)
	}
	for _, arg := range o.ids {
		base := arg
		for strings.ContainsAny(base, "*?[") {
			base = filepath.Dir(base)
		}
		path := a.absolute(base)
		if below := folders(path); len(below) > 0 {
			names = append(names, below...)
		} else if !isCaptureID(arg) {
			names = append(names, path)
		}
	}
	return append(names, o.watchedCatalogs(a)...)
}

// watchedCatalogs are the folders of the user's own catalogs.
func (o *validateOptions) watchedCatalogs(a *app) []string {
	set, err := a.catalogs()
	if err != nil || o.schema != "" {
		return nil
	}
	wanted := []string{o.provider}
	if o.provider == "" {
		if wanted, err = set.names(); err != nil {
			return nil
		}
	}
	var names []string
	for _, name := range wanted {
		if place, err := set.find(name); err == nil && place.folder != "" {
			names = append(names, folders(place.folder)...)
		}
	}
	return names
}

// folders are a folder and those below it that are not hidden, as watch wants them; none
// where there is no folder.
func folders(path string) []string {
	var all []string
	_ = filepath.WalkDir(path, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be read cannot be watched
		case !entry.IsDir():
			return nil
		case at != path && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		}
		all = append(all, at+string(filepath.Separator))
		return nil
	})
	return all
}

// relevant are the names of what has changed and may change the outcome: not what the
// run writes itself.
func (o *validateOptions) relevant(a *app, paths []string) []string {
	written := o.formats.files(a)
	return names(slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		named := slices.ContainsFunc(o.ids, func(arg string) bool { return a.absolute(arg) == path })
		ext := strings.ToLower(filepath.Ext(path))
		matters := named || validate.IsPayload(path) || ext == ".json" || ext == ".yaml" || ext == ".yml" || ext == ""
		return !matters || slices.Contains(written, path)
	}))
}
