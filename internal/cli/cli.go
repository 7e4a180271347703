// Package cli is the command line: one file for each verb, the wiring of the
// packages below, and the one place where errors become text and exit status.
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/whole"
	"github.com/spf13/cobra"
)

// A World is everything outside the program that a command may touch. Only main
// makes a real one.
type World struct {
	Args   []string // without the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// LookupEnv reads one environment variable.
	LookupEnv func(string) (string, bool)
	// Dir is the working folder.
	Dir string
	// StdoutTerminal and StderrTerminal say whether a person looks on.
	StdoutTerminal, StderrTerminal bool
	// Width is the terminal's width in columns at this moment, 0 where there is none.
	Width func() int
	// Now is the wall clock.
	Now func() time.Time
	// Unfinished are the files that must not be left behind by Exit; nil for none.
	Unfinished *whole.Unfinished
	// Exit ends the program at once: a command that waits for input does not notice
	// that it is to end.
	Exit func(status int)
}

// A SignalError is the cause of a context that a signal ended.
type SignalError struct{ Signal os.Signal }

func (e *SignalError) Error() string { return e.Signal.String() }

// Status is the exit status that says which signal it was: 130 for an interrupt.
func (e *SignalError) Status() int {
	if n, ok := e.Signal.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return 130
}

// Main runs the command line in w until it is done or ctx ends, and returns the
// exit status.
func Main(ctx context.Context, w *World) int {
	app := &app{world: w}
	root := newRoot(app)
	if asksForCompletions(w.Args) {
		app.completeValues(root)
	}
	root.SetArgs(w.Args)
	root.SetIn(w.Stdin)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	finished := make(chan struct{})
	defer close(finished)
	context.AfterFunc(ctx, func() {
		select {
		case <-finished:
		case <-time.After(graceOf(root, w.Args)):
			w.Unfinished.Remove()
			w.Exit(app.status(ctx, context.Canceled))
		}
	})
	return app.status(ctx, root.ExecuteContext(ctx))
}

// graceOf is how long the command that args name may go on once it is to end. One that
// reads a pipe to which nobody writes would never notice. What hookctl writes bears
// an end at any moment. Listening answers first what has come.
func graceOf(root *cobra.Command, args []string) time.Duration {
	cmd, _, err := root.Find(args)
	if err == nil && (cmd.Name() == "listen" || cmd.Name() == "forward") {
		return 15 * time.Second
	}
	return time.Second
}

// status tells err, where there is something to tell, and returns the exit status.
func (a *app) status(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	var sig *SignalError
	if errors.As(context.Cause(ctx), &sig) && (errors.Is(err, context.Canceled) || errors.As(err, new(*SignalError))) {
		return sig.Status()
	}
	if errors.Is(err, syscall.EPIPE) {
		return exitOK // whoever read our output has seen enough
	}
	return a.report(err)
}

// report writes err to the standard error stream and returns the exit status.
func (a *app) report(err error) int {
	f := classify(err)
	if f.silent {
		return f.status
	}
	if a.global.json {
		_ = render.WriteJSON(a.world.Stderr, errorJSON{Error: f.err.Error(), Hint: f.hint, Status: f.status})
		return f.status
	}
	m := a.messages()
	m.Error(f.err)
	if f.hint != "" {
		m.Hint(f.hint)
	}
	return f.status
}

type errorJSON struct {
	Error  string `json:"error"`
	Hint   string `json:"hint,omitempty"`
	Status int    `json:"exit_status"`
}
