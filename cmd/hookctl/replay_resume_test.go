//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A handler is a dev server that notes what it gets, and is slow enough to be caught.
type handler struct {
	*httptest.Server
	mu  sync.Mutex
	got []int
}

func newHandler(t *testing.T) *handler {
	h := &handler{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n, _ := strconv.Atoi(string(body))
		h.mu.Lock()
		h.got = append(h.got, n)
		h.mu.Unlock()
		time.Sleep(time.Millisecond)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *handler) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.got)
}

// waitFor waits until the handler got n requests.
func (h *handler) waitFor(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(patience); h.count() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the handler got %d requests, want %d", h.count(), n)
		}
	}
}

// keepNumbers keeps count captures whose bodies are their numbers.
func keepNumbers(t *testing.T, store string, count int) {
	t.Helper()
	l := listen(t, store, nil, "--quiet")
	for i := range count {
		res, err := http.Post(l.url, "text/plain", strings.NewReader(strconv.Itoa(i)))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	l.cmd.Process.Signal(syscall.SIGINT)
	l.wait(t)
}

// A replay that is killed again and again goes on where it was: nothing is left out, and
// what was under way is sent twice at most, in its place; of several at once what was about
// to be kept, too.
func TestAKilledReplayGoesOn(t *testing.T) {
	const count, kills = 120, 4
	for _, concurrency := range []int{1, 4} {
		t.Run(fmt.Sprint(concurrency, " at once"), func(t *testing.T) {
			store, h := t.TempDir()+"/store", newHandler(t)
			keepNumbers(t, store, count)
			args := []string{"replay", "--all", "--to", h.URL}
			for i := range kills {
				cmd := exec.Command("hookctl", append(args, "--store", store, "--concurrency", strconv.Itoa(concurrency), "--quiet")...)
				before := h.count()
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				h.waitFor(t, before+count/(kills+2)+i)
				cmd.Process.Kill()
				cmd.Wait()
				args = []string{"replay", "--resume"}
			}
			var stderr bytes.Buffer
			last := exec.Command("hookctl", "replay", "--resume", "--store", store, "--concurrency", strconv.Itoa(concurrency))
			last.Stderr = &stderr
			out, err := last.Output()
			if err != nil {
				t.Fatalf("%v\n%s%s", err, out, &stderr)
			}
			if !strings.Contains(stderr.String(), " to "+h.URL+": ") {
				t.Errorf("standard error: %s", &stderr)
			}
			lost := 1
			if concurrency > 1 {
				lost = concurrency + concurrency/2
			}
			checkSent(t, h.got, count, kills*lost, lost)
			again := exec.Command("hookctl", "replay", "--resume", "--store", store)
			if text, err := again.CombinedOutput(); err == nil || !strings.Contains(string(text), "the last replay came to its end") {
				t.Errorf("resumed at its end: %v, %s", err, text)
			}
		})
	}
}

// checkSent demands that all of count numbers came, with at most repeats more, and in
// their order as far as an end loses no more than lost.
func checkSent(t *testing.T, got []int, count, repeats, lost int) {
	t.Helper()
	times := make([]int, count)
	for _, n := range got {
		times[n]++
	}
	for n, k := range times {
		if k == 0 {
			t.Errorf("%d was left out", n)
		}
	}
	if len(got) > count+repeats {
		t.Errorf("%d requests for %d captures, and %d repeats at most", len(got), count, repeats)
	}
	highest := 0
	for _, n := range got {
		if n < highest-2*lost+1 || lost == 1 && n < highest {
			t.Errorf("%d came after %d", n, highest)
		}
		highest = max(highest, n)
	}
}

// An interrupt lets what is under way come to its end, and says how to go on.
func TestAnInterruptedReplaySaysHowToGoOn(t *testing.T) {
	const count = 60
	store, h := t.TempDir()+"/store", newHandler(t)
	keepNumbers(t, store, count)
	cmd := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.waitFor(t, 10)
	cmd.Process.Signal(syscall.SIGINT)
	cmd.Wait()
	if cmd.ProcessState.ExitCode() != 130 || !strings.Contains(stderr.String(), "hookctl replay --resume goes on where it stopped") {
		t.Errorf("status %d, standard error %q", cmd.ProcessState.ExitCode(), &stderr)
	}
	if !strings.Contains(stdout.String(), fmt.Sprintf("%d sent in", h.count())) {
		t.Errorf("the handler got %d, told was %q", h.count(), &stdout)
	}
	other := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store, "--dry-run")
	if text, err := other.CombinedOutput(); err != nil || strings.Contains(string(text), "unfinished") {
		t.Errorf("one that sends nothing: %v, %s", err, text)
	}
	same := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store)
	if text, err := same.CombinedOutput(); err != nil || !strings.Contains(string(text), "an earlier one is unfinished") {
		t.Errorf("the same again: %v, %s", err, text)
	}
}
