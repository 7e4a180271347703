package cli

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// check refuses what each flag allows, but not all of them together.
func (o *listenOptions) check() error {
	switch {
	case (o.tlsCert == "") != (o.tlsKey == ""):
		return usage("give both, or --tls alone for a development certificate", "--tls-cert and --tls-key go together")
	case o.host == "":
		return usage("--host 0.0.0.0 listens on all addresses", "--host: want an address, got nothing")
	case o.keep < 0:
		return usage("", "--keep: want 0 or more, got %d", o.keep)
	case o.bothReplies:
		return usage("write the status as a step of the script", "--reply and --reply-script exclude each other")
	}
	for name, d := range map[string]time.Duration{
		"dial-timeout": o.dialTimeout, "header-timeout": o.headerTimeout, "timeout": o.timeout, "reply-delay": o.replyDelay,
	} {
		if d < 0 {
			return usage("", "--%s: want 0 or more, got %s", name, d)
		}
	}
	for name, set := range map[string]headers{"header": o.header, "reply-header": o.replyHeader} {
		for _, f := range set {
			if hook.HopByHop(f.Name) || strings.EqualFold(f.Name, "Content-Length") || strings.EqualFold(f.Name, listener.HopHeader) {
				return usage("", "--%s: %s belongs to the connection or the message itself and cannot be set", name, f.Name)
			}
		}
	}
	return nil
}

// parseTarget reads the URL of a target. "3000", "3000/hooks" and "localhost:3000/hooks"
// are taken for http.
func parseTarget(text string) (*url.URL, error) {
	shown := withoutUser(text)
	const form = "the form is http://HOST:PORT/PATH, such as http://localhost:3000/hooks"
	full := text
	port, _, _ := strings.Cut(text, "/")
	if _, err := strconv.ParseUint(port, 10, 16); err == nil {
		full = "http://localhost:" + text
	} else if !strings.Contains(text, "://") && startsWithHostPort(text) {
		full = "http://" + text
	}
	to, err := url.Parse(full)
	if err != nil {
		return nil, usage(form, "bad target URL %q: %w", shown, unwrapURL(err))
	}
	if to.Scheme != "http" && to.Scheme != "https" {
		return nil, usage(form, "bad target URL %q: want http or https, got the scheme %q", shown, to.Scheme)
	}
	if to.Hostname() == "" {
		return nil, usage(form, "bad target URL %q: there is no host", shown)
	}
	if port := to.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, usage(form, "bad target URL %q: there is no port %s", shown, port)
		}
	}
	if i := strings.Index(to.Path, ":/"); i > 0 && strings.Contains(to.Path, "Program Files") {
		return nil, usage("set MSYS_NO_PATHCONV=1, or write the path with //", "bad target URL %q: your shell turned its path into a Windows path", shown)
	}
	to.Fragment = ""
	return to, nil
}

// elsewhere is the first of the targets that is not on this machine, nil where all are. Nil
// ones are none.
func elsewhere(targets ...*url.URL) *url.URL {
	for _, to := range targets {
		if to != nil && !delivery.Loopback(to.Hostname()) {
			return to
		}
	}
	return nil
}

// withoutUser hides the user and password that a URL may hold, sound or not.
func withoutUser(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	authority, path, slash := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return text
	}
	text = scheme + "://" + hook.Masked + authority[at:]
	if slash {
		text += "/" + path
	}
	return text
}

// startsWithHostPort reports whether text begins like "localhost:3000".
func startsWithHostPort(text string) bool {
	authority, _, _ := strings.Cut(text, "/")
	_, port, err := net.SplitHostPort(authority)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// unwrapURL drops the text that url.Parse repeats in its error.
func unwrapURL(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}

// refuseLoop refuses a target that is the listener itself.
func refuseLoop(targets []*url.URL, at *net.TCPAddr) error {
	for _, to := range targets {
		port := to.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[to.Scheme]
		}
		if port == strconv.Itoa(at.Port) && isHere(to.Hostname(), at.IP) {
			return usage("forward to the port of your dev server, or listen on another one with --port",
				"the target %s is this listener itself: requests would go round for ever", to.Redacted())
		}
	}
	return nil
}

// isHere reports whether host is an address on which a listener bound to ip answers.
func isHere(host string, ip net.IP) bool {
	if host == "localhost" {
		return ip.IsLoopback() || ip.IsUnspecified()
	}
	target := net.ParseIP(host)
	if target == nil {
		return false // a name that leads here is noticed by the hop header
	}
	if ip.IsUnspecified() {
		return target.IsLoopback() || target.IsUnspecified() || isInterface(target)
	}
	return target.Equal(ip) || target.IsUnspecified()
}

func isInterface(ip net.IP) bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, addr := range addrs {
		if own, ok := addr.(*net.IPNet); ok && own.IP.Equal(ip) {
			return true
		}
	}
	return false
}
