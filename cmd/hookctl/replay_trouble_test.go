//go:build unix

package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hookctlSays runs hookctl and returns its status and all that it said.
func hookctlSays(t *testing.T, args ...string) (status int, said string) {
	t.Helper()
	cmd := exec.Command("hookctl", args...)
	out, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(out)
}

// A replay that is under way is not gone on with by another, and is not told as ended.
func TestAReplayUnderWayIsNotGoneOnWith(t *testing.T) {
	const count = 60
	store, h := t.TempDir()+"/store", newHandler(t)
	keepNumbers(t, store, count)
	first := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store, "--rate", "40/s")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	h.waitFor(t, 5)
	if status, said := hookctlSays(t, "replay", "--resume", "--store", store); status != 2 || !strings.Contains(said, "is still going on") {
		t.Errorf("status %d: %s", status, said)
	}
	other := newHandler(t)
	if status, said := hookctlSays(t, "replay", "last", "--repeat", "2", "--to", other.URL, "--store", store); status != 0 || strings.Contains(said, "unfinished") {
		t.Errorf("status %d: %s", status, said)
	}
	if err := first.Wait(); err != nil || h.count() != count {
		t.Errorf("%v, %d requests", err, h.count())
	}
	if left, err := os.ReadDir(filepath.Join(store, "runs")); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// A target that goes away ends the replay soon, and what did not reach it is sent when it
// is back.
func TestATargetThatGoesAway(t *testing.T) {
	const count = 80
	store, h := t.TempDir()+"/store", newHandler(t)
	keepNumbers(t, store, count)
	cmd := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store, "--rate", "60/s")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.waitFor(t, 5)
	h.Close() // once what it was asked is answered
	_ = cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != 3 || !strings.Contains(said.String(), "hookctl replay --resume") {
		t.Errorf("status %d: %s", status, &said)
	}
	if n := strings.Count(said.String(), "unreachable: "); n != 3 {
		t.Errorf("%d lines: %s", n, &said)
	}
	back, err := net.Listen("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h.Config.Handler}
	go server.Serve(back)
	defer server.Close()
	if status, said := hookctlSays(t, "replay", "--resume", "--store", store); status != 0 {
		t.Errorf("status %d: %s", status, said)
	}
	checkSent(t, h.got, count, 1, 1)
}

// Whoever reads no further does not end a replay; whoever cannot keep what is told is told.
func TestAReplayThatNobodyWatches(t *testing.T) {
	const count = 40
	store, h := t.TempDir()+"/store", newHandler(t)
	keepNumbers(t, store, count)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	cmd := exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store, "--json")
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = write, &stderr
	if err := cmd.Run(); err != nil || h.count() != count || strings.Count(stderr.String(), "standard output is closed") != 1 {
		t.Errorf("%v, %d requests: %s", err, h.count(), &stderr)
	}
	write.Close()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	cmd = exec.Command("hookctl", "replay", "--all", "--to", h.URL, "--store", store)
	cmd.Stdout = full
	_ = cmd.Run()
	if status := cmd.ProcessState.ExitCode(); status != 3 {
		t.Errorf("status %d", status)
	}
	if status, said := hookctlSays(t, "replay", "--resume", "--store", store); status != 2 || !strings.Contains(said, "came to its end") {
		t.Errorf("all had been sent: status %d: %s", status, said)
	}
}

// Passwords are not in the store, and are given again.
func TestAReplayIsKeptWithoutPasswords(t *testing.T) {
	store, h := t.TempDir()+"/store", newHandler(t)
	keepNumbers(t, store, 3)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := ln.Addr().String()
	ln.Close()
	secret := "hunter2hunter2"
	args := []string{"--to", "http://me:" + secret + "@" + at, "--header", "X-Api-Key: " + secret, "--store", store}
	if status, said := hookctlSays(t, append([]string{"replay", "--all"}, args...)...); status != 3 || strings.Contains(said, secret) {
		t.Errorf("status %d: %s", status, said)
	}
	files, err := filepath.Glob(store + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s has the password", file)
		}
	}
	for _, wanted := range [][2]string{
		{"--store=" + store, "the user and password of http://" + at + " were not kept"},
		{"--to=http://me:" + secret + "@" + at, "the value of the header X-Api-Key was not kept"},
		{"--to=" + h.URL, "that replay goes to http://" + at},
	} {
		if status, said := hookctlSays(t, "replay", "--resume", "--store", store, wanted[0]); status != 2 || !strings.Contains(said, wanted[1]) {
			t.Errorf("%s: status %d: %s", wanted[0], status, said)
		}
	}
	var got []string
	back, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		got = append(got, password+" "+r.Header.Get("X-Api-Key"))
	})}
	go server.Serve(back)
	defer server.Close()
	if status, said := hookctlSays(t, append([]string{"replay", "--resume"}, args...)...); status != 0 || len(got) != 3 || got[0] != secret+" "+secret {
		t.Errorf("status %d, got %q: %s", status, got, said)
	}
}
