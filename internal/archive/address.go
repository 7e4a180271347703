package archive

import (
	"errors"
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// errNoAddress is the error where a capture does not say where it was sent to.
var errNoAddress = errors.New("the capture has no usable Host: a URL must be given")

// receivedAt is the URL that c was sent to, as far as it can tell: a capture does
// not say whether it came over TLS. It fails where there is no usable Host.
func receivedAt(c *hook.Capture) (string, error) {
	if isAbsolute(c.Target) {
		return c.Target, nil
	}
	host := c.Header.Get("Host")
	if u, err := url.Parse("http://" + host); err != nil || host == "" || u.Host != host {
		return "", errNoAddress
	}
	if !strings.HasPrefix(c.Target, "/") { // "*", of OPTIONS
		return "http://" + host + "/", nil
	}
	return "http://" + host + c.Target, nil
}

// isAbsolute reports whether target is a whole URL, as a client sends it to a proxy.
func isAbsolute(target string) bool {
	u, err := url.Parse(target)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// splitURL takes a URL apart into its scheme, the authority with its user, and
// the rest as it stands, with a "/" before it where there is none.
func splitURL(address string) (scheme, authority, target string, err error) {
	scheme, rest, found := strings.Cut(address, "://")
	if !found || !isToken(scheme) {
		return "", "", "", errors.New("is not an absolute URL")
	}
	end := strings.IndexAny(rest+"/", "/?#")
	authority, target = rest[:end], rest[end:]
	if authority == "" {
		return "", "", "", errors.New("names no host")
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	return strings.ToLower(scheme), authority, target, nil
}

// withoutUser is the host and port of an authority.
func withoutUser(authority string) string {
	return authority[strings.LastIndexByte(authority, '@')+1:]
}

// isPlainTarget reports whether a URL that ends in target makes every client
// send exactly target.
func isPlainTarget(target string) bool {
	for _, c := range []byte(target) {
		if c <= ' ' || c >= 0x7f || c == '#' {
			return false
		}
	}
	return strings.HasPrefix(target, "/")
}

// requestTarget is what a client sends of the last part of a URL: without the
// fragment, and with what no target can hold percent-encoded.
func requestTarget(target string) string {
	const digits = "0123456789ABCDEF"
	target, _, _ = strings.Cut(target, "#")
	var b strings.Builder
	for _, c := range []byte(target) {
		if c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}
