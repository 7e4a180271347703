package listener

import (
	"context"
	"net"
	"net/url"
	"time"

	"github.com/hookctl/hookctl/internal/send"
)

const (
	// probeEvery is how often a target that is down is tried.
	probeEvery = 2 * time.Second
	// probeTimeout bounds one try.
	probeTimeout = time.Second
)

// A target is one URL that captures are forwarded to, and whether it answers.
type target struct {
	url    *url.URL
	notice func(Notice)
	down   change
}

// watchTargets says at once which targets are down, and later when they are up.
// It ends with the server's base context.
func (s *Server) watchTargets() {
	for _, t := range s.targets {
		s.watchers.Add(1)
		go func() {
			defer s.watchers.Done()
			t.watch(s.base)
		}()
	}
}

func (t *target) watch(ctx context.Context) {
	t.probe(ctx)
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if t.down.on.Load() {
				t.probe(ctx)
			}
		}
	}
}

// probe tries to connect.
func (t *target) probe(ctx context.Context) {
	err := dial(ctx, t.url.Hostname(), t.port())
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		t.seen(false, send.Reason(err))
		return
	}
	t.seen(true, "")
}

// seen notes whether the target could be reached, and says so when that changed.
func (t *target) seen(up bool, why string) {
	if !t.down.to(!up) {
		return
	}
	name := t.url.Scheme + "://" + t.url.Host
	if up {
		n := Notice{Text: "target " + name + " answers again"}
		if t.url.Hostname() == "localhost" {
			n.Hint = t.loopbackHint()
		}
		t.notice(n)
		return
	}
	t.notice(Notice{Text: "target " + name + " does not answer: " + why + "; requests are kept meanwhile", Hint: t.loopbackHint()})
}

// loopbackHint tells of a dev server that listens on only one of the two
// loopback addresses: the usual reason why "localhost" does not answer.
func (t *target) loopbackHint() string {
	host := t.url.Hostname()
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
	case t.url.Port() != "":
		return t.url.Port()
	case t.url.Scheme == "https":
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
