package archive

import (
	"fmt"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// expectFrom is the body size from which old versions of curl ask for leave to send it.
const expectFrom = 1 << 10

// WriteCurl writes c to w as a command for a POSIX shell that sends it again with
// curl: the same method, target, header lines and body bytes, whatever these are.
// Nothing in c can leave its place in the command. Content-Length is curl's own,
// and a body that came in chunks goes out whole, without its trailers.
//
// It fails where c has no body loaded, where its head holds what no message can
// carry, and where neither o.URL nor c says where to send to.
func WriteCurl(w io.Writer, c *hook.Capture, o Options) error {
	command, err := curlCommand(c, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	_, err = io.WriteString(w, command)
	return err
}

func curlCommand(c *hook.Capture, o Options) (string, error) {
	if c.Body == nil {
		return "", errNoBody
	}
	if err := checkHead(c); err != nil {
		return "", err
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return "", fmt.Errorf("reading the body: %w", err)
	}
	to, err := curlDestination(c, o)
	if err != nil {
		return "", err
	}
	input, data := curlBody(c, body)
	shown := masked(c, o)
	args := []string{"curl --globoff --path-as-is"}
	args = append(args, curlMethod(c.Method, data)...)
	args = append(args, curlVersion(c.Proto, to.scheme)...)
	args = append(args, curlHeaders(shown, to)...)
	args = append(args, suppressed(c, data)...)
	args = append(args, data...)
	args = append(args, to.args()...)
	return maskedNote(c, o) + input + strings.Join(args, " \\\n  ") + "\n", nil
}

// maskedNote is a comment which says that the command is not exact, or nothing.
func maskedNote(c *hook.Capture, o Options) string {
	n := countMaskable(c.Header)
	switch {
	case n == 0 || o.Reveal:
		return ""
	case n == 1:
		return "# hookctl: 1 header masked; --reveal shows it\n"
	}
	return fmt.Sprintf("# hookctl: %d headers masked; --reveal shows them\n", n)
}

// curlMethod names the method. Of a HEAD curl has to know that no body comes
// back, or it would wait for it; that option excludes a body on the way out.
func curlMethod(method string, data []string) []string {
	if method == "HEAD" && len(data) == 0 {
		return []string{"--head"}
	}
	return []string{"--request " + shellWord(method)}
}

// curlVersion keeps curl from HTTP/2, in which header names have no case.
func curlVersion(proto, scheme string) []string {
	switch {
	case proto == "HTTP/1.0":
		return []string{"--http1.0"}
	case scheme == "https":
		return []string{"--http1.1"}
	}
	return nil
}

// curlHeaders gives the header lines in order but for those that curl makes itself.
func curlHeaders(c *hook.Capture, to destination) []string {
	var args []string
	for _, f := range c.Header {
		switch {
		case ofFraming(f.Name), strings.EqualFold(f.Name, "Host") && f.Value != "" && f.Value == to.ownHost():
		case f.Value == "":
			args = append(args, "--header "+shellWord(f.Name+";")) // with a colon curl would drop it
		default:
			args = append(args, "--header "+shellWord(f.Name+": "+f.Value))
		}
	}
	return args
}

// suppressed keeps curl from adding what c does not have.
func suppressed(c *hook.Capture, data []string) []string {
	names := []string{"Accept", "User-Agent"}
	if len(data) > 0 {
		names = append(names, "Content-Type")
	}
	if c.Body.Size() > expectFrom {
		names = append(names, "Expect")
	}
	if c.Proto == "HTTP/1.0" { // later versions must have one
		names = append(names, "Host")
	}
	var args []string
	for _, name := range names {
		if !c.Header.Has(name) {
			args = append(args, "--header "+singleQuoted(name+":"))
		}
	}
	return args
}
