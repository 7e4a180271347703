// Command hookctl receives webhooks, keeps them, and forwards them to a dev server.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/hookctl/hookctl/internal/cli"
	"github.com/hookctl/hookctl/internal/whole"
)

func main() { os.Exit(run()) }

// run builds the world and returns the exit status.
func run() int {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "hookctl: the working folder: %v\n", err)
		return 3
	}
	// What is alive is small, and each request leaves a few KiB behind: letting the
	// heap grow to some 30 MiB saves a tenth of the processor time.
	debug.SetGCPercent(400)
	// net/http's client logs oddities of a target by itself, between our lines; what
	// matters of them is in the attempt.
	log.SetOutput(io.Discard)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	unfinished := &whole.Unfinished{}
	go endOnSignal(cancel, unfinished)
	// Writing to a closed pipe is an error to handle, not a reason to die: listen
	// goes on keeping requests when nobody reads its log any more.
	signal.Ignore(syscall.SIGPIPE)
	return cli.Main(ctx, &cli.World{
		Args:           os.Args[1:],
		Stdin:          os.Stdin,
		Stdout:         os.Stdout,
		Stderr:         os.Stderr,
		LookupEnv:      os.LookupEnv,
		Dir:            dir,
		StdoutTerminal: term.IsTerminal(os.Stdout.Fd()),
		StderrTerminal: term.IsTerminal(os.Stderr.Fd()),
		Width:          terminalWidth,
		Now:            time.Now,
		Unfinished:     unfinished,
		Exit:           os.Exit,
	})
}

// endOnSignal ends the program gently at the first signal, and at once at the second.
func endOnSignal(cancel context.CancelCauseFunc, unfinished *whole.Unfinished) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	cancel(&cli.SignalError{Signal: <-signals})
	second := cli.SignalError{Signal: <-signals}
	unfinished.Remove()
	os.Exit(second.Status())
}

func terminalWidth() int {
	width, _, err := term.GetSize(os.Stdout.Fd())
	if err != nil {
		return 0
	}
	return width
}
