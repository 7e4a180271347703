//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A moody handler answers the bodies that are numbers with 200, and once it is broken each
// tenth of them with 500.
type moody struct {
	*httptest.Server
	broken atomic.Bool
	got    atomic.Int64
}

func newMoody(t *testing.T) *moody {
	h := &moody{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n, _ := strconv.Atoi(string(body))
		if h.broken.Load() && n%10 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		h.got.Add(1)
		time.Sleep(time.Millisecond)
	}))
	t.Cleanup(h.Close)
	return h
}

// interrupt begins a replay, and interrupts it once the handler got some of it.
func (h *moody) interrupt(t *testing.T, args ...string) {
	t.Helper()
	enough := h.got.Load() + 25
	cmd := exec.Command("hookctl", args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); h.got.Load() < enough; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the handler got %d requests, want %d", h.got.Load(), enough)
		}
	}
	_ = cmd.Process.Signal(syscall.SIGINT)
	_ = cmd.Wait()
}

// What is told at the end of a replay that was gone on with is of the whole, and so is the
// status: what failed before the interrupt counts.
func TestAResumedReplayTellsOfTheWhole(t *testing.T) {
	const count = 60
	store, h := t.TempDir()+"/store", newMoody(t)
	keepNumbers(t, store, count)
	if status, said := hookctlSays(t, "replay", "--all", "--to", h.URL, "--store", store, "--quiet"); status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	h.broken.Store(true)
	h.interrupt(t, "replay", "--all", "--repeat", "2", "--diff", "--to", h.URL, "--store", store)
	status, said := hookctlSays(t, "replay", "--resume", "--store", store)
	parts := regexp.MustCompile(`(?m)^120 sent, (\d+) before and (\d+) now in .*: 108 acknowledged, 12 not$`).FindStringSubmatch(said)
	if status != 1 || parts == nil || sum(parts[1:]) != 2*count {
		t.Errorf("status %d: %s", status, said)
	}
	for _, line := range []string{"not acknowledged: 12 x 500", "12 newly broken, 108 unchanged"} {
		if !strings.Contains(said, line+"\n") {
			t.Errorf("%q is missing in %s", line, said)
		}
	}

	// To programs too.
	h.interrupt(t, "replay", "--all", "--diff", "--to", h.URL, "--store", store)
	out, _ := exec.Command("hookctl", "replay", "--resume", "--json", "--store", store).Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var total struct {
		Attempts, Acknowledged, Failed, Unchanged int
		Before                                    int `json:"attempts_before"`
		StillFailing                              int `json:"still_failing"`
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &total); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%d %d %d %d %d %d", count, 54, 6, 54, total.Before, 6)
	got := fmt.Sprintf("%d %d %d %d %d %d", total.Attempts, total.Acknowledged, total.Failed, total.Unchanged, total.Before, total.StillFailing)
	if got != want || total.Before < 25 || total.Before+len(lines)-1 != count {
		t.Errorf("%s, want %s: %s", got, want, out)
	}
}

// sum adds numbers up.
func sum(numbers []string) (total int) {
	for _, text := range numbers {
		n, _ := strconv.Atoi(text)
		total += n
	}
	return total
}
