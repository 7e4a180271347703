// Package send makes exactly one outbound HTTP attempt at a time and says how
// it went. It is hookctl's only HTTP client.
//
// What goes out is what the caller gave, to the byte: header names in their own
// case and order, the request target unnormalised, the body untouched. No
// redirect is followed, nothing is decompressed, no proxy from the environment
// is used, and nothing is sent twice.
//
// It does without the client of net/http, which sorts header fields, and hands
// each request from goroutine to goroutine.
package send

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxKept is how much of a response's body an attempt keeps.
	maxKept = 256 << 10
	// maxGrace is how long a late answer is awaited where Options do not say.
	maxGrace = 5 * time.Second
)

// Options are the limits of a Client. A zero duration means no limit of that kind.
type Options struct {
	// DialTimeout bounds the connection, TLS handshake included.
	DialTimeout time.Duration
	// HeaderTimeout bounds the wait for the response head once the request is out.
	HeaderTimeout time.Duration
	// Timeout is the deadline of requests that state none: the target's time for the
	// whole answer, to its last byte.
	Timeout time.Duration
	// Grace is how long an answer is awaited after the deadline, to tell what it would
	// have been. Zero is half the deadline, 5 s at most; a negative one is none.
	Grace time.Duration
	// Insecure accepts any certificate of the target.
	Insecure bool
}

// A Client sends requests over its own pool of connections. It is safe for concurrent use.
type Client struct {
	options Options
	now     func() time.Time
	tls     *tls.Config
	pool    pool
	watches watches
	buffers sync.Pool // of *[]byte: requests on their way out, answers on their way in
}

// New returns a client. now is the wall clock for the start of attempts.
func New(o Options, now func() time.Time) *Client {
	return &Client{
		options: o,
		now:     now,
		tls: &tls.Config{
			InsecureSkipVerify: o.Insecure, NextProtos: []string{"http/1.1"},
			ClientSessionCache: tls.NewLRUClientSessionCache(0),
		},
		pool:    pool{idle: map[origin][]*conn{}},
		watches: watches{by: map[<-chan struct{}]*watch{}},
		buffers: sync.Pool{New: func() any { b := make([]byte, 0, bufferSize); return &b }},
	}
}

// Close frees the pooled connections. Attempts made later keep none.
func (c *Client) Close() { c.pool.close() }

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
	// Deadline is the target's time for the whole answer; 0 is the client's Timeout.
	Deadline time.Duration
	// Kept is how much of the answer's body is kept, at most 256 KiB; 0 is that much,
	// and a negative one is nothing.
	Kept int
}

// A Relay is handed the head of a response as soon as it is there, and returns
// where the body is to be copied, or nil to drop it.
//
// It is never handed one that came after the deadline: where there is a Relay somebody
// waits, so there is no grace.
type Relay func(status int, header http.Header) io.Writer

// Attempt sends r once and reads the whole response, handing it to relay (which
// may be nil) as it comes. The result has no id, capture or trigger yet: those
// are the caller's. It never fails as a whole: what went wrong is in Failure and
// Reason.
func (c *Client) Attempt(ctx context.Context, r Request, relay Relay) *hook.Attempt {
	x := &exchange{client: c, ctx: ctx, request: &r, relay: relay, limit: r.Deadline, start: time.Now()}
	x.attempt = &hook.Attempt{
		StartedAt: c.now().UTC().Truncate(time.Microsecond),
		Method:    r.Method,
		URL:       display(&r),
	}
	if x.limit <= 0 {
		x.limit = c.options.Timeout
	}
	if x.limit > 0 {
		x.deadline = x.start.Add(x.limit)
		x.last = x.deadline.Add(x.grace())
	}
	x.conclude(x.run())
	return x.attempt
}

// display is the URL of a request for people: whole, but for a password.
func display(r *Request) string {
	return r.URL.Scheme + "://" + r.URL.Host + r.Target
}
