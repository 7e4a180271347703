package listener_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/send"
)

// lateClient waits for an answer long after its deadline.
func lateClient(t *testing.T, limit time.Duration) *send.Client {
	t.Helper()
	client := send.New(send.Options{Timeout: limit, Grace: patience}, time.Now)
	t.Cleanup(client.Close)
	return client
}

// The sender is not kept waiting for an answer that is late, and does not get it.
func TestALateAnswerIsNotRelayed(t *testing.T) {
	t.Parallel()
	to := echo(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		select { // far later than a busy machine is
		case <-r.Context().Done():
		case <-time.After(patience):
		}
		io.WriteString(w, "late")
	})
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}, Sender: lateClient(t, ample)}})
	began := time.Now()
	res, body := post(t, s.url, "{}")
	if res.StatusCode != 504 || !strings.Contains(body, "no complete answer in time") || time.Since(began) > patience/2 {
		t.Errorf("%s %q after %s", res.Status, body, time.Since(began))
	}
	eventually(t, "the attempt is recorded", func() bool { return len(s.eventKinds()) == 3 })
	if a := s.store.attempts[0]; a.Failure != hook.FailureLate || a.Status != 0 || a.Latency != ample {
		t.Errorf("attempt %+v", a)
	}
}

// Where nobody waits for it a late answer is awaited, and told; the target is not down.
func TestALateAnswerIsRecorded(t *testing.T) {
	t.Parallel()
	to := echo(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		time.Sleep(ample + ample/4)
		w.WriteHeader(201)
	})
	s := start(t, listener.Config{
		Forward: listener.Forward{Targets: []listener.Target{relayed(to)}, Sender: lateClient(t, ample)},
		Replies: listener.Replies{Script: []listener.Step{{Status: 202}}, Fixed: true},
	})
	if res, _ := post(t, s.url, "{}"); res.StatusCode != 202 {
		t.Error(res.Status)
	}
	eventually(t, "the attempt ends", func() bool { return len(s.eventKinds()) == 4 })
	a := s.store.attempts[0]
	if a.Failure != hook.FailureLate || a.Status != 201 || !strings.Contains(a.Reason, "later than the 1s allowed") || a.Reply != nil {
		t.Errorf("attempt %+v", a)
	}
	if notices := s.noticed(); len(notices) != 0 {
		t.Errorf("notices %+v", notices)
	}
}
