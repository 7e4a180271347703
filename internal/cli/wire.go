package cli

import (
	"bytes"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
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

// A wireJSON is a request for programs, as --dry-run prints it.
type wireJSON struct {
	CaptureID hook.ID     `json:"capture_id,omitempty"`
	Try       int         `json:"try"`
	Endpoint  string      `json:"endpoint,omitempty"`
	Provider  string      `json:"provider,omitempty"`
	Event     string      `json:"event,omitempty"`
	EventID   string      `json:"event_id,omitempty"`
	Method    string      `json:"method"`
	URL       string      `json:"url"`
	Target    string      `json:"target"`
	Headers   hook.Header `json:"headers"`
	Body      []byte      `json:"body_base64"`
}

// newWireJSON is r without what is known of what it sends.
func newWireJSON(r send.Request, try int) (wireJSON, error) {
	body, err := hook.ReadBody(r.Body)
	if body == nil {
		body = []byte{}
	}
	return wireJSON{
		Try: try, Method: r.Method, URL: r.URL.Scheme + "://" + r.URL.Host + r.Target, Target: r.Target, Headers: r.Header, Body: body,
	}, err
}
