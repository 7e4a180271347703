package cli

import (
	"bytes"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/send"
)

// printWire prints a request as it would go over the wire: byte for byte, but for a
// terminal, where its control characters are made visible. An empty line parts it from
// the next where more comes.
func (a *app) printWire(r send.Request, more bool) error {
	var w io.Writer = a.world.Stdout
	var shown bytes.Buffer
	if a.world.StdoutTerminal {
		w = &shown
	}
	if err := send.Wire(w, r); err != nil {
		return usage("", "%w", err)
	}
	if a.world.StdoutTerminal {
		text := render.SafeLines(strings.ReplaceAll(shown.String(), "\r\n", "\n"))
		if _, err := io.WriteString(a.world.Stdout, strings.TrimSuffix(text, "\n")+"\n"); err != nil {
			return err
		}
	}
	if more {
		_, err := io.WriteString(a.world.Stdout, "\r\n\r\n")
		return err
	}
	return nil
}
