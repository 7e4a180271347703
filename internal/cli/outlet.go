package cli

import (
	"errors"
	"io"
	"sync/atomic"
	"syscall"
)

// An outlet is standard output of a command that has more to do than to tell: where nobody
// reads on, it takes what is written for told.
type outlet struct {
	io.Writer
	gone    atomic.Bool
	onClose func()
}

func (o *outlet) Write(text []byte) (int, error) {
	if o.gone.Load() {
		return len(text), nil
	}
	n, err := o.Writer.Write(text)
	if !errors.Is(err, syscall.EPIPE) {
		return n, err
	}
	if !o.gone.Swap(true) {
		o.onClose()
	}
	return len(text), nil
}

// keepTelling has the command go on when nobody reads standard output any more, which is
// told once: its status is what comes of it all the same. what says what goes on.
func (a *app) keepTelling(what string) {
	a.world.Stdout = &outlet{Writer: a.world.Stdout, onClose: func() { a.messages().Warn("standard output is closed: " + what) }}
}
