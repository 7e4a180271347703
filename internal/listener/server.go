// Package listener receives webhooks over HTTP: it keeps each request exactly as
// it was sent, forwards it to the targets, and answers the sender.
//
// Data flows one way: connection, capture, store, and side by side with the
// commit the target; then the reply, which waits for both. An answer with a
// status 2xx therefore means that the capture is on disk.
package listener

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/send"
)

const (
	// refusedPatience is how long the body of a refused request is still read, and
	// refusedDrain how much of it.
	refusedPatience = time.Second
	refusedDrain    = 256 << 20
)

// A Patience says how long a Server waits. Fields that are zero take the default.
type Patience struct {
	// Head is for a request's head to be complete: 5 s.
	Head time.Duration
	// Idle is for the next request on a connection: 60 s.
	Idle time.Duration
	// Body is for a body, to which each KiB that comes adds a second: 60 s.
	Body time.Duration
	// Drain is for what is in flight when the server stops: 8 s.
	Drain time.Duration
}

func (p Patience) orDefault() Patience {
	or := func(d, standard time.Duration) time.Duration {
		if d > 0 {
			return d
		}
		return standard
	}
	return Patience{
		Head: or(p.Head, 5*time.Second), Idle: or(p.Idle, 60*time.Second),
		Body: or(p.Body, 60*time.Second), Drain: or(p.Drain, 8*time.Second),
	}
}

// A Keeper puts captures, attempts and validations on disk. The channel that each
// method returns gets one value: nil once it is durable.
type Keeper interface {
	Keep(*hook.Capture) <-chan error
	// KeepFor keeps a capture and its deliveries, all or nothing.
	KeepFor(*hook.Capture, []*hook.Delivery) <-chan error
	Record(*hook.Attempt) <-chan error
	Assess(seq int64, v *hook.Validation) <-chan error
}

// A Sender makes one outbound attempt.
type Sender interface {
	Attempt(ctx context.Context, r send.Request, relay send.Relay) *hook.Attempt
}

// An Identifier says whose a capture is.
type Identifier interface {
	Identify(*hook.Capture) identify.Finding
}

// Config is what a Server works with. All fields but TLS, Patience, Identifier,
// Assessor, Observe and Notice must be set.
type Config struct {
	Store    Keeper
	NewSpool func() (Spool, error)
	IDs      *hook.IDs
	Now      func() time.Time

	// MaxBody is the largest body that is accepted, in bytes.
	MaxBody int64
	// TLS makes the server speak HTTPS. Only HTTP/1.1 is offered, whose heads can be
	// kept exactly.
	TLS      *tls.Config
	Patience Patience
	// Instance names this process in the header by which a loop is noticed.
	Instance string

	Replies Replies
	Forward Forward

	// Identifier says whose captures are; nil where nobody asks.
	Identifier Identifier
	// Assessor holds bodies against schemas; nil where nobody asks.
	Assessor Assessor
	// Strict answers 401 to captures of a provider whose secret is known, unless their
	// signature holds, and 422 to those whose body is not what the catalog says, and does
	// not send them on.
	Strict bool

	// Observe is told what happens, in order for each capture. It must not block.
	Observe func(Event)
	// Notice is told of changes that a person should know of. It must not block.
	Notice func(Notice)
}

// A Notice is something that a person should know, and what to do about it, if
// anything.
type Notice struct {
	Text, Hint string
	// Over says that what a notice told of before is over.
	Over bool
}

// An EventKind says what an Event tells.
type EventKind int

// The kinds of event.
const (
	// Received: the capture is on disk.
	Received EventKind = iota
	// Replied: hookctl answered by itself.
	Replied
	// Attempted: Attempt ended. Where it has a Reply, that was relayed.
	Attempted
	// Finished: the reply is decided and all Attempts have ended.
	Finished
	// Refused: a request was not kept; Reason says why. Capture has what is known of it.
	Refused
)

// An Event is one thing that happened to a request.
type Event struct {
	Kind     EventKind
	Capture  *hook.Capture
	Attempt  *hook.Attempt
	Attempts []*hook.Attempt
	Reason   string
	// Notes are what was found out about the capture besides its Identity.
	Notes []string

	assessment *assessment
}

// Assessed returns what was found of the capture's body; the zero Finding where it is
// not held against anything. known is false where that takes longer than patience, which
// it never does of a capture that is Finished.
func (e *Event) Assessed(patience time.Duration) (found assess.Finding, known bool) {
	if e.assessment == nil {
		return assess.Finding{}, true
	}
	select {
	case <-e.assessment.done:
		return e.assessment.finding, true
	default:
	}
	select {
	case <-e.assessment.done:
		return e.assessment.finding, true
	case <-time.After(patience):
		return assess.Finding{}, false
	}
}

// A Server receives webhooks. Make one with New.
type Server struct {
	config   Config
	observed bool // somebody is told of events
	script   script
	stopping chan struct{} // closed when a stop begins

	current  atomic.Pointer[[]*target]
	setting  sync.Mutex // held while the targets are changed
	watching bool

	assessing assessing

	// work counts what goes on after the reply; base is its context.
	work   sync.WaitGroup
	base   context.Context
	cancel context.CancelFunc
	// watchers counts those who watch the targets.
	watchers sync.WaitGroup

	full    change // the store has no room
	stalled change // connections cannot be accepted
}

// New returns a server that is not listening yet.
func New(config Config) *Server {
	observed := config.Observe != nil
	if !observed {
		config.Observe = func(Event) {}
	}
	if config.Notice == nil {
		config.Notice = func(Notice) {}
	}
	config.Patience = config.Patience.orDefault()
	s := &Server{
		config:   config,
		observed: observed,
		script:   script{steps: config.Replies.Script},
		stopping: make(chan struct{}),

		assessing: newAssessing(),
	}
	s.base, s.cancel = context.WithCancel(context.Background())
	s.current.Store(&[]*target{})
	s.SetTargets(config.Forward.Targets)
	return s
}

// Serve receives on ln until ctx ends. Then it stops accepting and waits, as
// long as its patience allows, until what is in flight has been answered, sent and
// recorded. It returns nil after a stop, or the error that ended the listening.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer s.watchers.Wait()
	defer s.cancel()
	tap := newTapListener(ln, s.config.TLS, s.acceptStalled)
	server := &http.Server{
		Handler:                      s,
		ReadHeaderTimeout:            s.config.Patience.Head,
		ReadTimeout:                  s.config.Patience.Head + s.config.Patience.Body,
		IdleTimeout:                  s.config.Patience.Idle,
		MaxHeaderBytes:               maxHead,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(io.Discard, "", 0), // acceptStalled tells what matters of it
		ConnState:                    tap.connState,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
	}
	s.startWatching()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(tap) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.stop(server, tap)
	<-failed
	return nil
}

// stop ends the server gently, then by force.
func (s *Server) stop(server *http.Server, tap *tapListener) {
	close(s.stopping)
	hurry := time.AfterFunc(lastVerdicts, func() { close(s.assessing.hurry) })
	defer hurry.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), s.config.Patience.Drain)
	defer cancel()
	tap.closeFresh()
	if server.Shutdown(ctx) != nil {
		server.Close()
	}
	drained := make(chan struct{})
	go func() { s.work.Wait(); close(drained) }()
	select {
	case <-drained:
	case <-ctx.Done():
		s.cancel() // the attempts end as cancelled, and are recorded as that
		<-drained
	}
}

func (s *Server) acceptStalled(err error) {
	switch {
	case err == nil && s.stalled.to(false):
		s.config.Notice(Notice{Text: "connections are accepted again", Over: true})
	case err != nil && s.stalled.to(true):
		s.config.Notice(Notice{
			Text: "cannot accept connections: " + err.Error() + "; senders wait",
			Hint: "raise the limit of open files, ulimit -n",
		})
	}
}

// connKey is where a request's context has its connection.
type connKey struct{}

// tapped returns the connection that r came over, or nil.
func tapped(r *http.Request) *tapConn {
	conn, _ := r.Context().Value(connKey{}).(*tapConn)
	return conn
}

// underlying returns the TCP connection below the tap and TLS.
func underlying(conn net.Conn) net.Conn {
	if tap, ok := conn.(*tapConn); ok {
		conn = tap.Conn
	}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	return conn
}
