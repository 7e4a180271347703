package cli

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// targets reads the --forward-to flags and what goes with them.
func (o *listenOptions) targets() ([]*url.URL, error) {
	var targets []*url.URL
	for _, text := range o.forwardTo {
		to, err := parseTarget(text)
		if err != nil {
			return nil, err
		}
		targets = append(targets, to)
	}
	if o.replyFrom < 1 || o.replyFrom > max(1, len(targets)) {
		return nil, usage("", "--reply-from: want the number of a --forward-to, from 1 to %d, got %d", max(1, len(targets)), o.replyFrom)
	}
	if len(targets) == 0 && (len(o.events) > 0 || len(o.header) > 0) {
		return nil, usage("add --forward-to URL", "--events and --header say what to forward, but there is no target")
	}
	return targets, nil
}

// parseTarget reads the URL of a target. "3000" and "localhost:3000/hooks" are
// taken for http.
func parseTarget(text string) (*url.URL, error) {
	const form = "the form is http://HOST:PORT/PATH, such as http://localhost:3000/hooks"
	full := text
	if _, err := strconv.ParseUint(text, 10, 16); err == nil {
		full = "http://localhost:" + text
	} else if !strings.Contains(text, "://") && startsWithHostPort(text) {
		full = "http://" + text
	}
	to, err := url.Parse(full)
	if err != nil {
		return nil, usage(form, "bad target URL %q: %w", text, unwrapURL(err))
	}
	if to.Scheme != "http" && to.Scheme != "https" {
		return nil, usage(form, "bad target URL %q: want http or https, got the scheme %q", text, to.Scheme)
	}
	if to.Hostname() == "" {
		return nil, usage(form, "bad target URL %q: there is no host", text)
	}
	if port := to.Port(); port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return nil, usage(form, "bad target URL %q: there is no port %s", text, port)
		}
	}
	if i := strings.Index(to.Path, ":/"); i > 0 && strings.Contains(to.Path, "Program Files") {
		return nil, usage("set MSYS_NO_PATHCONV=1, or write the path with //", "bad target URL %q: your shell turned its path into a Windows path", text)
	}
	to.Fragment = ""
	return to, nil
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
