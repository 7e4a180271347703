package archive

import (
	"bytes"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxInline is the longest body that stands in the command itself. A system
	// bounds one argument of a program, Linux at 128 KiB; a shell's own printf is
	// no program and has no bound.
	maxInline = 32 << 10
	// maxPrintf is how much of a body one printf prints.
	maxPrintf = 1 << 10
)

// curlBody gives curl the exact bytes of body, in the most readable form that
// can: text as an argument, anything else printed into a pipe, which input is
// the beginning of. A here-document would end in a line break whatever the body
// does, and cannot hold a NUL. Where there is no body, data is empty, unless the
// message stated its length as 0.
func curlBody(c *hook.Capture, body []byte) (input string, data []string) {
	switch {
	case len(body) == 0 && (c.Method == "HEAD" || !c.Header.Has("Content-Length") && !c.Header.Has("Transfer-Encoding")):
		return "", nil
	case len(body) == 0:
		return "", []string{"--data-binary ''"}
	case isInline(string(body)):
		return "", []string{"--data-binary " + singleQuoted(string(body))}
	}
	return printed(body) + " | ", []string{"--data-binary @-"}
}

// isInline reports whether body can stand in the command: short, without what
// cannot be seen or would be lost when it is pasted, and not beginning like the
// name of a file. Some shells expand a "!" on the later lines of a quoted text.
func isInline(body string) bool {
	if len(body) > maxInline || strings.HasPrefix(body, "@") {
		return false
	}
	if strings.Contains(body, "\n") && strings.Contains(body, "!") {
		return false
	}
	return isVisible(strings.ReplaceAll(body, "\n", ""))
}

// printed is a shell command that prints body.
func printed(body []byte) string {
	if len(body) <= maxPrintf {
		return "printf " + printfFormat(body)
	}
	var b strings.Builder
	b.WriteString("{\n")
	for len(body) > 0 {
		n := printfLen(body)
		b.WriteString("  printf " + printfFormat(body[:n]) + "\n")
		body = body[n:]
	}
	b.WriteString("}")
	return b.String()
}

// printfLen is how much of body to print next: whole lines where they are short.
func printfLen(body []byte) int {
	if len(body) <= maxPrintf {
		return len(body)
	}
	if end := bytes.LastIndexByte(body[:maxPrintf], '\n'); end >= 0 {
		return end + 1
	}
	return maxPrintf
}
