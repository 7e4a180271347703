package cli

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/watch"
)

// runListen listens until ctx ends and returns the error that says why it did.
func runListen(ctx context.Context, a *app, o *listenOptions) error {
	l := &listening{app: a, options: o}
	if err := l.prepare(); err != nil {
		return err
	}
	ln, err := o.open()
	if err != nil {
		return err
	}
	defer ln.Close()
	if err := refuseLoops(l.routes, ln.Addr().(*net.TCPAddr)); err != nil {
		return err
	}
	return l.run(ctx, ln)
}

// A listening is what listen works with.
type listening struct {
	app     *app
	options *listenOptions

	routes  []route
	replies listener.Replies
	known   *recognized
	books   *bookcase
}

// prepare reads all that can be wrong before anything begins.
func (l *listening) prepare() (err error) {
	a, o := l.app, l.options
	if err := o.check(); err != nil {
		return err
	}
	if l.routes, err = o.routes(a); err != nil {
		return err
	}
	if l.replies, err = o.replies(a); err != nil {
		return err
	}
	if l.known, err = o.recognize(a); err != nil {
		return err
	}
	if l.books, err = o.bookcase(a, l.known); err != nil {
		return err
	}
	return l.known.check(o.strict, l.books)
}

// run serves ln until ctx ends.
func (l *listening) run(ctx context.Context, ln net.Listener) error {
	a, o := l.app, l.options
	log := newListenLog(a)
	defer log.close()
	s, err := a.openStoreWith(store.Options{OnError: log.storeTrouble})
	if err != nil {
		return err
	}
	defer s.Close()
	config, fingerprint, err := o.certificate(a)
	if err != nil {
		return err
	}
	drifts, stopDrift, err := startDrift(ctx, s)
	if err != nil {
		return err
	}
	defer stopDrift()
	client := send.New(send.Options{
		DialTimeout: o.dialTimeout, HeaderTimeout: o.headerTimeout, Timeout: o.timeout, Insecure: o.insecure,
	}, a.world.Now)
	defer client.Close()
	owner, err := s.Own()
	if err != nil {
		return cannot("", err)
	}
	defer owner.Close()
	out := newDispatch(l, s, owner.ID(), client, log)
	identifier, assessor := identify.New(l.known.set()), assess.New(l.books, drifts)
	out.server = listener.New(listener.Config{
		Store:    s,
		NewSpool: func() (listener.Spool, error) { return s.Spool() },
		IDs:      hook.NewIDs(rand.Reader),
		Now:      a.world.Now,
		MaxBody:  int64(o.maxBody),
		TLS:      config,
		Instance: instanceName(),
		Replies:  l.replies,
		Forward: listener.Forward{
			Targets: out.targets(), Events: o.events, Header: hook.Header(o.header),
			Forwarded: o.forwarded, Sender: client, Queue: out,
		},
		Identifier: identifier,
		Assessor:   assessor,
		Strict:     o.strict,
		Observe:    log.observer(),
		Notice:     log.notice,
	})
	retention := o.startRetention(ctx, a, s, log)
	defer retention()
	dir, err := a.storeDir()
	if err != nil {
		return err
	}
	addr := ln.Addr().(*net.TCPAddr)
	defer startReloading(ctx, &reloader{
		app: a, options: o, identifier: identifier, assessor: assessor, known: l.known, books: l.books,
		dispatch: out, at: addr, storeDir: dir, tell: log.status, warn: log.notice,
	})()
	held, err := out.held(ctx, a, l.routes)
	if err != nil {
		a.notice(listener.Notice{Text: errorText(err)})
	}
	at := o.url(addr)
	if err := l.announce(at, fingerprint, held); err != nil {
		return err
	}
	if o.readyFile != "" {
		defer removeReadyFile(a.absolute(o.readyFile), at)
	}
	stop := out.start(ctx)
	err = out.server.Serve(ctx, ln)
	stop()
	out.farewell()
	if err != nil {
		return cannot("", fmt.Errorf("listening on %s: %w", at, err))
	}
	return context.Cause(ctx)
}

// open starts listening.
func (o *listenOptions) open() (net.Listener, error) {
	addr := net.JoinHostPort(o.host, strconv.Itoa(int(o.port)))
	ln, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return ln, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, cannot("--port 0 takes a free port, --port N another one", fmt.Errorf("port %d is taken: %s is in use", o.port, addr))
	case errors.Is(err, syscall.EACCES):
		return nil, cannot("ports below 1024 need special rights; --port 0 takes a free port", fmt.Errorf("port %d: %w", o.port, err))
	}
	return nil, cannot("--host wants an address of this machine, such as 127.0.0.1", fmt.Errorf("listening on %s: %s", addr, send.Reason(err)))
}

func (o *listenOptions) secure() bool { return o.tls || o.tlsCert != "" }

func (o *listenOptions) url(at *net.TCPAddr) string {
	scheme := "http"
	if o.secure() {
		scheme = "https"
	}
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1" // on which it answers too; the unspecified address is none to send to
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// certificate returns the TLS configuration, nil for plain HTTP, and the
// fingerprint to print.
func (o *listenOptions) certificate(a *app) (*tls.Config, string, error) {
	if !o.secure() {
		return nil, "", nil
	}
	load := func() (tls.Certificate, error) {
		return tls.LoadX509KeyPair(a.absolute(o.tlsCert), a.absolute(o.tlsKey))
	}
	if o.tlsCert == "" {
		dir, err := a.storeDir()
		if err != nil {
			return nil, "", err
		}
		load = func() (tls.Certificate, error) {
			return listener.DevCertificate(dir, a.world.Now(), a.world.Unfinished)
		}
	}
	cert, err := load()
	if err != nil {
		return nil, "", cannot("", fmt.Errorf("TLS certificate: %w", err))
	}
	return listener.TLSConfig(cert), listener.Fingerprint(cert), nil
}

// replies makes the listener's replies of the flags.
func (o *listenOptions) replies(a *app) (listener.Replies, error) {
	r := listener.Replies{
		Script: o.replyScript,
		Fixed:  o.fixedReply,
		Delay:  o.replyDelay,
		Header: hook.Header(o.replyHeader),
		Body:   []byte(o.replyBody),
	}
	if len(r.Script) == 0 {
		r.Script = []listener.Step{{Status: int(o.reply)}}
	}
	if path, ok := strings.CutPrefix(o.replyBody, "@"); ok {
		body, err := os.ReadFile(a.absolute(path))
		if err != nil {
			return r, cannot("", fmt.Errorf("--reply-body: %w", err))
		}
		r.Body = body
	}
	return r, nil
}

// announce prints where hookctl listens, held being what is said of routes that get nothing
// at present, and tells scripts that it does.
func (l *listening) announce(at, fingerprint string, held map[string]string) error {
	a, o := l.app, l.options
	dir, err := a.storeDir()
	if err != nil {
		return err
	}
	if o.readyFile != "" {
		if err := a.writeReadyFile(a.absolute(o.readyFile), at); err != nil {
			return cannot("", fmt.Errorf("--ready-file: %w", err))
		}
	}
	if o.strict {
		l.known.announceStrict(a)
	}
	if a.global.quiet {
		return nil
	}
	m := a.messages()
	m.Status("listening on " + at)
	o.announceRoutes(a, l.routes, held)
	l.known.announce(a)
	if fingerprint != "" {
		m.Status("certificate SHA-256 " + fingerprint)
	}
	if ip := net.ParseIP(o.host); ip == nil && o.host != "localhost" || ip != nil && !ip.IsLoopback() {
		m.Status("warning: " + o.host + " can be reached from other machines")
	}
	m.Status("keeping requests in " + dir)
	m.Status("Ctrl+C stops")
	m.Status("ready")
	return nil
}

// writeReadyFile puts the URL in the file as a whole: whoever waits for the file
// never reads a part of it.
func (a *app) writeReadyFile(path, at string) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is there and is not a regular file", path)
	}
	return a.world.Unfinished.Write(path, []byte(at+"\n"), privateFile)
}

// removeReadyFile takes the file away, unless somebody else has written it since.
func removeReadyFile(path, at string) {
	if text, err := os.ReadFile(path); err == nil && string(text) == at+"\n" {
		os.Remove(path)
	}
}

// startRetention drops old captures from time to time. The function it returns
// ends that and waits for it.
func (o *listenOptions) startRetention(ctx context.Context, a *app, s *store.Store, log *listenLog) func() {
	if o.keep <= 0 && o.keepFor <= 0 {
		return func() {}
	}
	const every = 10 * time.Second
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			if _, err := s.Prune(ctx, o.keep, cutoff(a.world.Now(), o.keepFor)); err != nil && ctx.Err() == nil {
				log.notice(listener.Notice{Text: "dropping old captures: " + err.Error()})
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return func() { cancel(); <-done }
}

// startReloading says what is wrong with catalogs, and keeps what is known of providers
// and their catalogs up to date. The function it returns ends that and waits for it.
func startReloading(ctx context.Context, r *reloader) func() {
	const settle = 200 * time.Millisecond
	if dir, err := r.app.localSecretPath(""); err == nil {
		_ = os.MkdirAll(dir, 0o700) // to be watched; where it cannot be made, no secret can come
	}
	if dir := r.books.set.imported; dir != "" {
		_ = os.MkdirAll(dir, 0o700)
	}
	watcher, err := watch.Begin(r.watched)
	if err != nil {
		r.warn(listener.Notice{Text: "profiles are not read again when they change: " + err.Error()})
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.start(ctx)
		if watcher != nil {
			watcher.Tell(ctx, settle, func(paths []string) { r.changed(ctx, paths) })
		}
	}()
	return func() { cancel(); <-done }
}

// cutoff is the time before which captures are too old; zero for never.
func cutoff(now time.Time, keepFor period) time.Time {
	if keepFor <= 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(keepFor))
}

// instanceName names this process in the header that reveals a loop.
func instanceName() string {
	var b [6]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}
