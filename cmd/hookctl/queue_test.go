//go:build unix

package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A receiver is a dev server that notes what comes, in its order.
type receiver struct {
	url    string
	answer func(body string) int

	mu     sync.Mutex
	bodies []string
}

func newReceiver(t *testing.T, answer func(body string) int) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: r}
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	r.url = "http://" + ln.Addr().String()
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.bodies = append(r.bodies, string(body))
	r.mu.Unlock()
	w.WriteHeader(r.answer(string(body)))
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.bodies)
}

// kill -9 at any moment while deliveries are queued: none is skipped, they keep their
// order, and only the one under way is repeated.
func TestQueuedDeliveriesSurviveKills(t *testing.T) {
	const events, kills = 60, 4
	dir := t.TempDir()
	to := newReceiver(t, func(string) int { time.Sleep(5 * time.Millisecond); return 200 })
	store := filepath.Join(dir, "store")
	run := func() *listening {
		return listen(t, store, func(cmd *exec.Cmd) { cmd.Dir = dir }, "--forward-to", to.url, "--reply", "202")
	}
	var want []string
	l := run()
	for i := range events {
		body := fmt.Sprintf("event %02d", i)
		if status := postTo(l.url, body); status != 202 {
			t.Fatalf("%s: answer %d", body, status)
		}
		want = append(want, body)
	}
	for range kills {
		time.Sleep(time.Duration(20+rand.IntN(60)) * time.Millisecond)
		l.signal(t, syscall.SIGKILL)
		l.wait(t)
		l = run()
	}
	for deadline := time.Now().Add(patience); !slices.Contains(to.got(), want[events-1]) && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	l.signal(t, syscall.SIGINT)
	l.wait(t)
	got := to.got()
	if repeats := len(got) - events; repeats > kills {
		t.Errorf("%d repeats after %d kills", repeats, kills)
	}
	if once := slices.Compact(got); !slices.Equal(once, want) {
		t.Errorf("they came as %q", once)
	}
	out, err := exec.Command("hookctl", "attempts", "list", "--deliveries", "--limit", "0", "--json", "--store", store).Output()
	if err != nil || strings.Count(string(out), `"state":"succeeded"`) != events {
		t.Errorf("deliveries: %v\n%s", err, out)
	}
}

// What fails is sent again with its waits, also by the next listen, while others pass it.
func TestAFailedDeliveryIsTakenUpByTheNextListen(t *testing.T) {
	dir := t.TempDir()
	var broken sync.Map
	broken.Store("bad", true)
	to := newReceiver(t, func(body string) int {
		if _, ok := broken.Load(body); ok {
			return 503
		}
		return 204
	})
	config := fmt.Sprintf(`endpoints:
  shop:
    url: %s/exact
    set: {policy.retry: {attempts: 100, exponential: {base: 50ms, factor: 1}}}
`, to.url)
	if err := os.WriteFile(filepath.Join(dir, "hookctl.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(dir, "store")
	run := func() *listening {
		return listen(t, store, func(cmd *exec.Cmd) { cmd.Dir = dir }, "--reply", "200")
	}
	l := run()
	for _, body := range []string{"bad", "good"} {
		if status := postTo(l.url+"/in", body); status != 200 {
			t.Fatalf("%s: answer %d", body, status)
		}
	}
	await := func(what string, ok func([]string) bool) {
		t.Helper()
		for deadline := time.Now().Add(patience); !ok(to.got()); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: got %q\n%s", what, to.got(), l.stderr)
			}
		}
	}
	count := func(body string, n int) func([]string) bool {
		return func(got []string) bool { return strings.Count(strings.Join(got, " "), body) >= n }
	}
	await("retries", count("bad", 3))
	await("others pass", count("good", 1))
	l.signal(t, syscall.SIGTERM)
	l.wait(t)
	broken.Delete("bad")
	before := len(to.got())
	l = run()
	await("the next listen", func(got []string) bool { return len(got) > before })
	if err := awaitText(l.stderr, "going on with 1 delivery to shop"); err != nil {
		t.Error(err)
	}
	l.signal(t, syscall.SIGINT)
	l.wait(t)
	if n := strings.Count(strings.Join(to.got(), " "), "good"); n != 1 {
		t.Errorf("what was acknowledged came %d times", n)
	}
}

// awaitText waits until a process has written text.
func awaitText(o *output, text string) error {
	for deadline := time.Now().Add(patience); !strings.Contains(o.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("it never said %q: %s", text, o)
		}
	}
	return nil
}

// A rule that a flag sets counts for what is queued, whoever wrote the profile.
func TestTheFlagsRulesCountForTheQueue(t *testing.T) {
	profile := "name: acme\nlike: standard-webhooks\n"
	for _, name := range []string{"standard-webhooks", "./acme"} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "acme"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "acme", "provider.yaml"), []byte(profile), 0o600); err != nil {
				t.Fatal(err)
			}
			to := newReceiver(t, func(string) int { return 500 })
			l := listen(t, filepath.Join(dir, "store"), func(cmd *exec.Cmd) { cmd.Dir = dir },
				"--forward-to", to.url, "--reply", "200", "--provider", name, "--set", "policy.retry={attempts: 3, delays: [20ms, 20ms]}")
			if status := postTo(l.url, "{}"); status != 200 {
				t.Fatalf("answer %d", status)
			}
			for deadline := time.Now().Add(patience); len(to.got()) < 3 && time.Now().Before(deadline); {
				time.Sleep(5 * time.Millisecond)
			}
			if n := len(to.got()); n != 3 {
				t.Errorf("%d attempts, want 3", n)
			}
			l.signal(t, syscall.SIGINT)
			l.wait(t)
		})
	}
}
