package cli

import (
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// The exit status means the same for every command.
const (
	exitOK     = 0 // done
	exitFound  = 1 // the check found something
	exitUsage  = 2 // usage or configuration
	exitFailed = 3 // could not run
)

// A failure is an error with what main needs to know of it: the exit status,
// and what the user can do.
type failure struct {
	err    error
	status int
	hint   string
	silent bool // everything was said already
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usage is the failure of a command line or configuration that cannot be meant.
func usage(hint, format string, args ...any) error {
	return &failure{err: fmt.Errorf(format, args...), status: exitUsage, hint: hint}
}

// cannot is the failure of a command that could not run.
func cannot(hint string, err error) error {
	return &failure{err: err, status: exitFailed, hint: hint}
}

// found is the outcome of a check that found something and has told all of it.
func found() error {
	return &failure{err: errors.New("the check found something"), status: exitFound, silent: true}
}

// classify finds the status and hint for any error.
func classify(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var ambiguous *store.AmbiguousError
	var missing *store.NotFoundError
	var query *store.QueryError
	switch {
	case errors.As(err, &ambiguous):
		return &failure{err: err, status: exitUsage, hint: "give more of the id: " + candidates(ambiguous)}
	case errors.As(err, &missing):
		return &failure{err: err, status: exitUsage, hint: idsShown(missing)}
	case errors.As(err, &query), errors.As(err, new(*yamldoc.Error)):
		return &failure{err: err, status: exitUsage}
	case errors.Is(err, store.ErrNotExist):
		return &failure{err: err, status: exitFailed, hint: "hookctl listen makes one; --store DIR names another"}
	case errors.Is(err, store.ErrDamaged):
		return &failure{err: err, status: exitFailed, hint: "hookctl doctor shows the damage, hookctl doctor --repair saves what can be read"}
	case errors.Is(err, store.ErrOlder):
		return &failure{err: err, status: exitFailed, hint: "copy the folder to where it can be written, and name the copy with --store DIR"}
	case errors.Is(err, store.ErrReadOnly):
		return &failure{err: err, status: exitFailed, hint: "--store DIR names another place; captures list, show and export work on a read-only store"}
	case errors.Is(err, store.ErrNewer):
		return &failure{err: err, status: exitFailed, hint: "install the hookctl that made it, or name another store with --store DIR"}
	case errors.Is(err, store.ErrUnsafe):
		return &failure{err: err, status: exitFailed, hint: "remove it, or name another store with --store DIR"}
	}
	return &failure{err: err, status: exitFailed}
}

func candidates(e *store.AmbiguousError) string {
	text := ""
	for i, id := range e.Candidates {
		if i > 0 {
			text += ", "
		}
		text += string(id)
	}
	if e.More {
		text += " and more"
	}
	return text
}

// idsShown is where the ids are shown among which one was not found.
func idsShown(missing *store.NotFoundError) string {
	if missing.Empty {
		return "--store DIR names another store"
	}
	switch missing.Prefix {
	case hook.AttemptPrefix:
		return "hookctl attempts list shows the ids; last and last~1 are ids too"
	case hook.DeliveryPrefix:
		return "hookctl attempts list --deliveries shows the ids; last and last~1 are ids too"
	case hook.RunPrefix:
		return "hookctl attempts list --json shows the ids of runs of replay; last is the latest"
	}
	return "hookctl captures list shows the ids; last and last~1 are ids too"
}
