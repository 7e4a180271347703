package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/listener"
)

// A reloader keeps an Identifier and an Assessor up to date.
type reloader struct {
	app        *app
	options    *listenOptions
	identifier *identify.Identifier
	assessor   *assess.Assessor
	known      *recognized
	books      *bookcase
	dispatch   *dispatch
	at         *net.TCPAddr // where listen listens
	storeDir   string       // of the store that it keeps captures in
	tell       func(string)
	warn       func(listener.Notice)

	broken bool           // the last word was that something cannot be read
	tried  *reloader      // what could not be read then: what is to be watched besides
	later  *otherSettings // what only the next start heeds
	moved  bool           // it was said that the store is another one now
}

// errMoved is the error of a configuration that is of another store.
var errMoved = errors.New("not reloaded: with this " + configName + " captures, endpoints and their secrets are kept in another store: restart hookctl listen")

// Checking the schemas of catalogs ends after so long: what was not come to by then is
// found when an event asks for it.
const (
	checkAtStart  = 2 * time.Second
	checkOnReload = 10 * time.Second
)

// start says what is wrong with the catalogs that listen begins with.
func (r *reloader) start(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkAtStart)
	defer cancel()
	for _, f := range append(r.books.unreadable(), r.books.broken(ctx, nil)...) {
		r.warn(f.notice())
	}
}

func (f flaw) notice() listener.Notice {
	return listener.Notice{Text: f.text, Hint: "events that need it are not checked until that is right; hookctl catalog lint " + f.provider + " says more"}
}

// watched are the files on which what is known depends, or what is tried.
func (r *reloader) watched() []string {
	files := append(r.options.watched(r.app), r.options.catalogFiles(r.app)...)
	if r.books != nil {
		files = append(files, r.books.watched()...)
	}
	if r.tried != nil {
		files = append(files, r.tried.watched()...)
	}
	return files
}

// changed reads everything anew. What is broken leaves in force what was.
func (r *reloader) changed(ctx context.Context, paths []string) {
	fresh := &app{world: r.app.world, global: r.app.global}
	after, books, err := r.read(ctx, fresh)
	var routes []route
	if err == nil {
		routes, err = r.reroute(fresh)
	}
	if errors.Is(err, errMoved) {
		if !r.moved {
			r.moved = true
			r.warn(listener.Notice{Text: err.Error(), Hint: "until then requests are kept in " + r.storeDir + ", and endpoints stay as they were"})
		}
		return
	}
	if err != nil {
		r.broken, r.tried = true, &reloader{app: fresh, options: r.options, books: books}
		r.warn(listener.Notice{Text: "not reloaded: " + errorText(err), Hint: "what was known before stays in force until that is right"})
		return
	}
	known, unread := r.known.unverified(), r.books.unreadable()
	before := r.dispatch.routes()
	rerouted := routesDiffer(before, routes)
	what := r.news(after, books, rerouted, fresh.file)
	held, failed := r.dispatch.held(ctx, fresh, routes)
	r.identifier.Replace(after.set())
	r.assessor.Replace(books)
	r.dispatch.replace(fresh, after, routes)
	r.app, r.known, r.books, r.broken, r.tried, r.moved = fresh, after, books, false, nil, false
	if what != "" {
		r.tell(fmt.Sprintf("reloaded %s: %s", strings.Join(names(paths), ", "), what))
	}
	if failed != nil {
		r.warn(listener.Notice{Text: errorText(failed)})
	}
	for _, line := range newlyHeld(held, routes, before) {
		r.tell(line)
	}
	for _, trouble := range after.unverified() {
		if !slices.Contains(known, trouble) {
			r.warn(listener.Notice{Text: trouble})
		}
	}
	for _, f := range books.unreadable() {
		if !slices.Contains(unread, f) {
			r.warn(f.notice())
		}
	}
}

// reroute returns the routes that fresh declares. None may lead to the listener itself,
// and all are of the store that is in use: another has its own deliveries and secrets.
func (r *reloader) reroute(fresh *app) ([]route, error) {
	dir, err := fresh.storeDir()
	if err != nil {
		return nil, err
	}
	if dir != r.storeDir {
		return nil, errMoved
	}
	routes, err := r.options.routes(fresh)
	if err != nil {
		return nil, err
	}
	return routes, refuseLoops(routes, r.at)
}

// news says what is different now; "" for nothing, unless that is news too.
func (r *reloader) news(after *recognized, books *bookcase, rerouted string, file *configFile) string {
	var words []string
	for _, what := range []string{differences(r.known, after), books.differences(r.books), rerouted} {
		if what != "" {
			words = append(words, what)
		}
	}
	if r.later == nil {
		r.later = newOtherSettings(r.app.file)
	}
	if r.later.changed(file) {
		words = append(words, "other settings of "+configName+" count from the next start")
	}
	if len(words) == 0 && r.broken {
		return "as before"
	}
	return strings.Join(words, "; ")
}

// read reads everything into fresh. Schemas that are not as before have to compile.
func (r *reloader) read(ctx context.Context, fresh *app) (*recognized, *bookcase, error) {
	var err error
	if fresh.file, err = fresh.loadConfig(); err != nil {
		return nil, nil, err
	}
	if fresh.file != nil { // a mistake in it would keep listen from its next start
		scratch := newRoot(&app{world: fresh.world})
		if err := fresh.file.apply(scratch, scratch, nil); err != nil {
			return nil, nil, err
		}
	}
	known, err := r.options.recognize(fresh)
	if err != nil {
		return nil, nil, err
	}
	books, err := r.options.bookcase(fresh, known)
	if err != nil {
		return nil, nil, err
	}
	return known, books, r.check(ctx, books)
}

// check refuses catalogs that are broken and were not.
func (r *reloader) check(ctx context.Context, books *bookcase) error {
	for _, f := range books.unreadable() {
		if r.books.disk[f.provider] != nil {
			return errors.New(f.text)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, checkOnReload)
	defer cancel()
	for _, f := range books.broken(ctx, r.books) {
		return errors.New(f.text)
	}
	return nil
}
