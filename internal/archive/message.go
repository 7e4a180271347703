package archive

import (
	"fmt"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// checkHead reports what in the head of c no HTTP/1 message can carry. Captures
// that hookctl received hold none of it; files made elsewhere may, to smuggle a
// line into the message or an option into a command.
func checkHead(c *hook.Capture) error {
	if !isToken(c.Method) {
		return fmt.Errorf("the method %q is not a word", c.Method)
	}
	if c.Target == "" || strings.ContainsAny(c.Target, " \t\r\n\x00") {
		return fmt.Errorf("the target %q is empty or holds white space", c.Target)
	}
	if err := checkFields(c.Header); err != nil {
		return err
	}
	return checkFields(c.Trailer)
}

func checkFields(h hook.Header) error {
	for _, f := range h {
		if !isToken(f.Name) {
			return fmt.Errorf("the header name %q is not a word", f.Name)
		}
		if strings.ContainsAny(f.Value, "\r\n\x00") {
			return fmt.Errorf("the value of header %s holds a line break or a NUL", f.Name)
		}
	}
	return nil
}

// isToken reports whether s is a token of RFC 9110, 5.6.2.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		letterOrDigit := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letterOrDigit && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// ofFraming names the fields that say how the body was cut for its journey.
func ofFraming(name string) bool {
	switch strings.ToLower(name) {
	case "content-length", "transfer-encoding", "trailer":
		return true
	}
	return false
}
