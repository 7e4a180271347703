package send

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// readSize is the buffer of a connection: most answers fit.
const readSize = 4 << 10

// errNoHandshake is about a target that takes connections and never gets as far as TLS:
// nothing was sent.
var errNoHandshake = errors.New("no TLS handshake in time")

// An origin is what connections are shared for.
type origin struct{ scheme, host string }

// A conn is a connection to a target. One exchange at a time uses it.
type conn struct {
	net.Conn // TCP, or TLS over it
	raw      net.Conn
	r        *bufio.Reader
	origin   origin
	secure   bool
	allowed  int64     // how many bytes may still be read
	failed   error     // what ended the reading
	unheard  bool      // it ended before anything of an answer came
	limited  bool      // a deadline is set
	reused   bool      // it has carried an exchange before
	since    time.Time // when it became idle
	quiet    func() bool
	last     lastHead
}

func newConn(o origin, raw, wire net.Conn) *conn {
	c := &conn{Conn: wire, raw: raw, origin: o, secure: raw != wire, allowed: math.MaxInt64}
	c.r = bufio.NewReaderSize(c, readSize)
	c.quiet = silence(c)
	return c
}

// Read reads as much as is allowed.
func (c *conn) Read(p []byte) (int, error) {
	if c.allowed <= 0 {
		c.failed = errLongHead
		return 0, c.failed
	}
	if int64(len(p)) > c.allowed {
		p = p[:c.allowed]
	}
	n, err := c.Conn.Read(p)
	c.allowed -= int64(n)
	if err != nil {
		c.failed = err
	}
	return n, err
}

// drop closes the connection without a farewell, which could have to wait. It may be
// called at any time, by anybody, more than once.
func (c *conn) drop() { c.raw.Close() }

// connect returns a connection to the host of u: one that is idle, or a new one, which
// has until the deadline to be made.
func (c *Client) connect(ctx context.Context, u *url.URL, deadline time.Time) (*conn, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	at := origin{u.Scheme, u.Host}
	if conn := c.pool.get(at); conn != nil {
		return conn, nil
	}
	if wait := c.options.DialTimeout; wait > 0 {
		if until := time.Now().Add(wait); deadline.IsZero() || until.Before(deadline) {
			deadline = until
		}
	}
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	return c.dial(ctx, u, at)
}

func (c *Client) dial(ctx context.Context, u *url.URL, at origin) (*conn, error) {
	port := u.Port()
	switch {
	case u.Hostname() == "":
		return nil, errors.New("the URL names no host")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the scheme %q is neither http nor https", u.Scheme)
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	host := ascii(u.Hostname())
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" {
		return newConn(at, raw, raw), nil
	}
	config := c.tls.Clone()
	config.ServerName = host
	wire := tls.Client(raw, config)
	if err := wire.HandshakeContext(ctx); err != nil {
		raw.Close()
		if isTimeout(err) {
			err = errNoHandshake
		}
		return nil, err
	}
	return newConn(at, raw, wire), nil
}

// ascii is a host name as it stands in the DNS. net/http knows how it is written there,
// but tells only in a request.
func ascii(host string) string {
	if !strings.ContainsFunc(host, func(c rune) bool { return c >= 0x80 }) {
		return host
	}
	var head strings.Builder
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: host, Path: "/"}}
	if r.Write(&head) != nil {
		return host
	}
	_, after, _ := strings.Cut(head.String(), "\r\nHost: ")
	name, _, ok := strings.Cut(after, "\r\n")
	if !ok {
		return host
	}
	return name
}
