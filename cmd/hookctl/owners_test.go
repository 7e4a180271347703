//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Two listens share a store and a target: each delivery is carried by one of them, and
// what one leaves that is killed, the other takes over, though it began long before.
func TestTwoListensCarryNothingTwice(t *testing.T) {
	var up atomic.Bool
	to := newReceiver(t, func(string) int {
		if up.Load() {
			return 200
		}
		return 503
	})
	dir := t.TempDir()
	store := filepath.Join(dir, "store")
	run := func() *listening {
		return listen(t, store, func(cmd *exec.Cmd) { cmd.Dir = dir }, "--forward-to", to.url, "--reply", "202")
	}
	a := run()
	const events = 5
	for range events {
		if status := postTo(a.url, "first"); status != 202 {
			t.Fatalf("answer %d", status)
		}
	}
	untilGot(t, to, events)
	b := run()
	if err := awaitText(b.stderr, "5 deliveries to "+to.url+" are another hookctl's, which still runs"); err != nil {
		t.Fatal(err)
	}
	up.Store(true)
	if status := postTo(b.url, "second"); status != 202 {
		t.Fatalf("answer %d", status)
	}
	untilGot(t, to, events+1)
	time.Sleep(200 * time.Millisecond)
	if got := to.got(); len(got) != events+1 {
		t.Errorf("while both live there came %q", got)
	}
	a.signal(t, syscall.SIGKILL)
	a.wait(t)
	if err := awaitText(b.stderr, "going on with 5 deliveries to "+to.url); err != nil {
		t.Error(err)
	}
	untilGot(t, to, 2*events+1)
	b.signal(t, syscall.SIGINT)
	b.wait(t)
	if got := to.got(); strings.Count(strings.Join(got, " "), "first") != 2*events {
		t.Errorf("there came %q", got)
	}
}

// untilGot waits until n requests came.
func untilGot(t *testing.T, to *receiver, n int) {
	t.Helper()
	for deadline := time.Now().Add(patience); len(to.got()) < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d came", len(to.got()), n)
		}
	}
}
