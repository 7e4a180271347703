// Package send makes exactly one outbound HTTP attempt at a time and says how
// it went. It is hookctl's only HTTP client.
//
// What goes out is what the caller gave, to the byte: header names in their own
// case and order, the request target unnormalised, the body untouched. No
// redirect is followed, nothing is decompressed, no proxy from the environment
// is used, and nothing is sent twice.
package send

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxKept is how much of a response's body an attempt keeps.
	maxKept = 256 << 10
	// maxResponseHead bounds what a target may send as headers.
	maxResponseHead = 1 << 20
	// idlePerHost is the size of the connection pool for one target.
	idlePerHost = 256
	// idleTimeout lies below the 5 s after which common dev servers close an idle
	// connection, so that a request does not meet a connection that is just closing.
	idleTimeout = 4 * time.Second
)

// Options are the limits of a Client. A zero duration means no limit of that kind.
type Options struct {
	// DialTimeout bounds the connection, TLS handshake included.
	DialTimeout time.Duration
	// HeaderTimeout bounds the wait for the response head once the request is out.
	HeaderTimeout time.Duration
	// Timeout bounds the whole attempt, to the last byte of the response.
	Timeout time.Duration
	// Insecure accepts any certificate of the target.
	Insecure bool
}

// A Client sends requests over its own pool of connections. It is safe for concurrent use.
type Client struct {
	transport *http.Transport
	timeout   time.Duration
	now       func() time.Time
}

// New returns a client. now is the wall clock for the start of attempts.
func New(o Options, now func() time.Time) *Client {
	dialer := &net.Dialer{Timeout: o.DialTimeout}
	config := &tls.Config{InsecureSkipVerify: o.Insecure, NextProtos: []string{"http/1.1"}}
	return &Client{
		timeout: o.Timeout,
		now:     now,
		transport: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := dialer.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return &headConn{Conn: conn}, nil
			},
			DialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := (&tls.Dialer{NetDialer: dialer, Config: config}).DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return &headConn{Conn: conn}, nil
			},
			DisableCompression:     true,
			MaxIdleConnsPerHost:    idlePerHost,
			IdleConnTimeout:        idleTimeout,
			ResponseHeaderTimeout:  o.HeaderTimeout,
			MaxResponseHeaderBytes: maxResponseHead,
		},
	}
}

// Close frees the pooled connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// A Request is what one attempt sends.
type Request struct {
	Method string
	// URL says where to connect: scheme and host. Its user and password, if any,
	// are never recorded.
	URL *url.URL
	// Target is the request target to write: path and query, as they are.
	Target string
	// Header is all header lines in order, Host included. Content-Length and
	// Transfer-Encoding must not be among them; the body's length is added.
	Header hook.Header
	// Body is nil where there is none.
	Body hook.Body
}

// A Relay is handed the head of a response as soon as it is there, and returns
// where the body is to be copied, or nil to drop it.
type Relay func(status int, header http.Header) io.Writer

// Attempt sends r once and reads the whole response, handing it to relay (which
// may be nil) as it comes. The result has no id, capture or trigger yet: those
// are the caller's. It never fails as a whole: what went wrong is in Failure and
// Reason.
func (c *Client) Attempt(ctx context.Context, r Request, relay Relay) *hook.Attempt {
	start := time.Now()
	a := &hook.Attempt{
		StartedAt: c.now().UTC().Truncate(time.Microsecond),
		Method:    r.Method,
		URL:       display(r),
	}
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	if err := c.exchange(ctx, r, relay, a); err != nil {
		a.Failure, a.Reason = explain(ctx, err)
	}
	a.Latency = time.Since(start)
	return a
}

func (c *Client) exchange(ctx context.Context, r Request, relay Relay, a *hook.Attempt) error {
	if r.Method == http.MethodConnect {
		return errors.New("CONNECT cannot be sent on")
	}
	res, body, err := c.roundTrip(ctx, r)
	if body != nil {
		defer body.Close()
	}
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 599 {
		return fmt.Errorf("the target answered with the status %d, which ends no exchange", res.StatusCode)
	}
	a.Status, a.ResponseProto, a.ResponseHeader = res.StatusCode, res.Proto, hook.SortedHeader(res.Header)
	var to io.Writer
	if relay != nil {
		to = relay(res.StatusCode, res.Header)
	}
	return receive(a, res.Body, to)
}

// roundTrip writes the request and reads the response head. The body it returns
// is the request's and must be closed even after an error.
func (c *Client) roundTrip(ctx context.Context, r Request) (*http.Response, io.Closer, error) {
	var size int64
	body := io.NopCloser(strings.NewReader(""))
	if r.Body != nil && r.Body.Size() > 0 {
		size = r.Body.Size()
		var err error
		if body, err = r.Body.Open(); err != nil {
			return nil, nil, fmt.Errorf("reading the body: %w", err)
		}
	}
	head := writeHead(r, size)
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if conn, ok := info.Conn.(*headConn); ok {
			conn.replaceHead(head)
		}
	}}
	// The transport writes a head of its own, which headConn replaces: what it
	// needs to know here is where to connect, how long the body is, and whether the
	// answer has one. A body that cannot be had again keeps it from sending a
	// request twice, which it does with those that have none.
	method := http.MethodPost
	if r.Method == http.MethodHead {
		method = http.MethodHead
	} else if size == 0 {
		method = http.MethodGet
	}
	req := &http.Request{
		Method: method, URL: &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: "/"}, Host: r.URL.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: body, ContentLength: size,
	}
	res, err := c.transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	return res, body, err
}

// writeHead is the request head as it goes over the wire.
func writeHead(r Request, size int64) []byte {
	head := make([]byte, 0, 512)
	head = append(head, r.Method...)
	head = append(head, ' ')
	head = append(head, r.Target...)
	head = append(head, " HTTP/1.1\r\n"...)
	for _, f := range r.Header {
		head = append(head, f.Name...)
		head = append(head, ": "...)
		head = append(head, f.Value...)
		head = append(head, "\r\n"...)
	}
	if size > 0 || expectsBody(r.Method) {
		head = append(head, "Content-Length: "...)
		head = strconv.AppendInt(head, size, 10)
		head = append(head, "\r\n"...)
	}
	return append(head, "\r\n"...)
}

// expectsBody reports whether an empty body must be stated (RFC 9110, 8.6).
func expectsBody(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	}
	return false
}

// receive reads the response's body to its end, keeping the first part in a and
// copying all of it to to. A reader that went away does not stop the reading.
func receive(a *hook.Attempt, body io.Reader, to io.Writer) error {
	keep := &keeper{attempt: a, to: to}
	_, err := io.Copy(keep, body)
	return err
}

type keeper struct {
	attempt *hook.Attempt
	to      io.Writer
}

func (k *keeper) Write(p []byte) (int, error) {
	a := k.attempt
	if room := maxKept - len(a.ResponseBody); room > 0 {
		a.ResponseBody = append(a.ResponseBody, p[:min(room, len(p))]...)
	}
	a.ResponseSize += int64(len(p))
	if k.to != nil {
		if _, err := k.to.Write(p); err != nil {
			k.to = nil
		}
	}
	return len(p), nil
}

// explain turns the error of an exchange into one of the failures and a reason in words.
func explain(ctx context.Context, err error) (failure, reason string) {
	var op *net.OpError
	var untrusted *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	late := errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case errors.Is(context.Cause(ctx), context.Canceled):
		return hook.FailureCancelled, "hookctl was stopped before the answer came"
	case errors.As(err, &op) && op.Op == "dial":
		return hook.FailureUnreachable, Reason(err)
	case errors.As(err, &untrusted):
		return hook.FailureBroken, plain(err) + "; --insecure accepts any certificate"
	case late:
		return hook.FailureLate, "no complete answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return hook.FailureBroken, "the connection was closed before the answer was complete"
	}
	return hook.FailureBroken, plain(err)
}

// Reason says why a connection could not be made, without the addresses around it.
func Reason(err error) string {
	var op *net.OpError
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no connection in time"
	}
	if errors.As(err, &op) {
		err = op.Err
	}
	return plain(err)
}

// plain is an error's text without the names of system calls and packages before it.
func plain(err error) string {
	text := err.Error()
	for _, prefix := range []string{"dial tcp: ", "connect: ", "net/http: ", "http: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}

// display is the URL of a request for people: whole, but for a password.
func display(r Request) string {
	return r.URL.Scheme + "://" + r.URL.Host + r.Target
}
