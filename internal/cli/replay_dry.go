package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/replay"
	"github.com/hookctl/hookctl/internal/send"
)

// print writes the requests that would be sent: one alone byte for byte, several each
// below a line that names it. On a terminal it is safe to look at.
func (r *replayer) print(ctx context.Context) error {
	out := bufio.NewWriter(r.app.world.Stdout)
	var unsent error
	printed := 0
	for shot, err := range r.selection.shots(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		m, err := r.maker.Make(shot.Capture)
		if err != nil {
			if r.options.single() {
				return r.unsendable(err)
			}
			if unsent == nil {
				unsent = err
			}
			r.app.messages().Error(err)
			continue
		}
		printed++
		if err := r.printOne(out, shot, m); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	switch {
	case unsent != nil && printed == 0:
		return r.unsendable(unsent)
	case unsent != nil:
		return found()
	case printed == 0:
		return r.nothing()
	}
	return nil
}

func (r *replayer) printOne(out *bufio.Writer, shot *replay.Shot, m replay.Message) error {
	q := m.Request
	url := q.URL.Scheme + "://" + q.URL.Host + q.Target
	if r.app.global.json {
		line, err := newWireJSON(q, shot.Try)
		if err != nil {
			return err
		}
		line.CaptureID, line.Endpoint, line.Provider, line.Event = shot.Capture.ID, r.options.Endpoint, m.Provider, m.Event
		return render.WriteJSON(out, line)
	}
	single, terminal := r.options.single(), r.app.world.StdoutTerminal
	if single && !terminal {
		return send.Wire(out, q)
	}
	var wire bytes.Buffer
	if err := send.Wire(&wire, q); err != nil {
		return err
	}
	if !single {
		if _, err := io.WriteString(out, render.ReplayHead(shot.Capture, q.Method, url, wire.Len())+"\n"); err != nil {
			return err
		}
	}
	text := wire.Bytes()
	if terminal {
		text = []byte(render.SafeLines(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.WriteByte('\n')
}
