package listener

import (
	"context"
	"net"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

const (
	// probeEvery is how often a target that is down is tried.
	probeEvery = 2 * time.Second
	// probeTimeout bounds one try.
	probeTimeout = time.Second
)

// A target is a Target, and whether it answers.
type target struct {
	Target
	notice func(Notice)
	down   *change // one for all targets of its host
	// unwritable says that requests to it cannot be written.
	unwritable change
	stop       context.CancelFunc // ends the watching
}

// targets are those that captures are sent to at present.
func (s *Server) targets() []*target { return *s.current.Load() }

// SetTargets puts others in the place of the targets. What is known of those that stay
// is kept.
func (s *Server) SetTargets(list []Target) {
	s.setting.Lock()
	defer s.setting.Unlock()
	before, down := map[string]*target{}, map[string]*change{}
	for _, t := range s.targets() {
		before[t.URL.String()], down[t.host()] = t, t.down
	}
	after := make([]*target, len(list))
	for i, declared := range list {
		t := &target{Target: declared, notice: s.config.Notice}
		if down[t.host()] == nil {
			down[t.host()] = &change{}
		}
		t.down = down[t.host()]
		if was := before[declared.URL.String()]; was != nil {
			t.unwritable.on.Store(was.unwritable.on.Load())
		}
		after[i] = t
	}
	stopping := s.targets()
	s.current.Store(&after)
	if !s.watching {
		return
	}
	for _, t := range stopping {
		t.stop()
	}
	s.watchTargets()
}

// startWatching begins to watch the targets.
func (s *Server) startWatching() {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.watching = true
	s.watchTargets()
}

// watchTargets says at once which targets are down, and later when they are up. It ends
// with the server's base context, or with the target's part.
func (s *Server) watchTargets() {
	for _, t := range s.targets() {
		ctx, stop := context.WithCancel(s.base)
		t.stop = stop
		s.watchers.Add(1)
		go func() {
			defer s.watchers.Done()
			defer stop()
			t.watch(ctx)
		}()
	}
}

// watch tries once whether t answers, then, while it does not, again and again. One that
// gets nothing at present is left alone until it does.
func (t *target) watch(ctx context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for tried := false; ; {
		if (!tried || t.down.on.Load()) && t.status() == hook.Enabled {
			tried = true
			t.probe(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// probe tries to connect.
func (t *target) probe(ctx context.Context) {
	err := dial(ctx, t.URL.Hostname(), t.port())
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		t.seen(false, send.Reason(err))
		return
	}
	t.seen(true, "")
}

// seen notes whether the target's host could be reached, and says so when that changed.
func (t *target) seen(up bool, why string) {
	if !t.down.to(!up) {
		return
	}
	if up {
		t.notice(Notice{Text: "target " + t.host() + " answers again", Over: true})
		return
	}
	t.notice(Notice{Text: "target " + t.host() + " does not answer: " + why + "; requests are kept meanwhile", Hint: t.loopbackHint()})
}

// host is where the target is, without its path.
func (t *target) host() string { return t.URL.Scheme + "://" + t.URL.Host }

// loopbackHint tells of a dev server that listens on only one of the two
// loopback addresses: the usual reason why "localhost" does not answer.
func (t *target) loopbackHint() string {
	host := t.URL.Hostname()
	if host != "localhost" && host != "127.0.0.1" && host != "::1" {
		return ""
	}
	four, six := net.JoinHostPort("127.0.0.1", t.port()), net.JoinHostPort("::1", t.port())
	on4 := dial(context.Background(), "127.0.0.1", t.port()) == nil
	on6 := dial(context.Background(), "::1", t.port()) == nil
	switch {
	case on4 && !on6:
		return "port " + t.port() + " answers on " + four + " but not on " + six
	case on6 && !on4:
		return "port " + t.port() + " answers on " + six + " but not on " + four
	}
	return ""
}

func (t *target) port() string {
	switch {
	case t.URL.Port() != "":
		return t.URL.Port()
	case t.URL.Scheme == "https":
		return "443"
	}
	return "80"
}

func dial(ctx context.Context, host, port string) error {
	dialer := net.Dialer{Timeout: probeTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return err
	}
	return conn.Close()
}
