//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A listening is a hookctl listen process.
type listening struct {
	cmd    *exec.Cmd
	url    string
	store  string
	stderr *output
	done   chan error
}

// An output collects what a process writes, and can be read meanwhile.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// listen starts hookctl listen with args more. prepare, if any, may change the
// command before it starts.
func listen(t *testing.T, store string, prepare func(*exec.Cmd), args ...string) *listening {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready")
	l := &listening{store: store, stderr: &output{}, done: make(chan error, 1)}
	l.cmd = exec.Command("hookctl", append([]string{"listen", "--port", "0", "--ready-file", ready, "--store", store}, args...)...)
	l.cmd.Stderr = l.stderr
	if prepare != nil {
		prepare(l.cmd)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { l.done <- l.cmd.Wait() }()
	t.Cleanup(func() {
		l.cmd.Process.Kill()
		l.wait(t)
	})
	for deadline := time.Now().Add(patience); l.url == ""; time.Sleep(time.Millisecond) {
		text, _ := os.ReadFile(ready)
		l.url = strings.TrimSpace(string(text))
		if time.Now().After(deadline) {
			t.Fatalf("hookctl listen is not ready: %s", l.stderr)
		}
	}
	return l
}

// wait waits for the end and returns the exit status, or minus the signal.
func (l *listening) wait(t *testing.T) int {
	t.Helper()
	select {
	case err := <-l.done:
		l.done <- err
	case <-time.After(patience):
		t.Fatalf("hookctl listen does not end: %s", l.stderr)
	}
	status := l.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

func (l *listening) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := l.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// postTo posts body over a connection of its own and returns the status, 0 for none.
func postTo(url, body string) int {
	req, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		return 0
	}
	req.Close = true
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res.StatusCode
}

// list returns what hookctl captures list --json says, newest first.
func list(t *testing.T, store string) []map[string]any {
	t.Helper()
	out, err := exec.Command("hookctl", "captures", "list", "--store", store, "--limit", "0", "--json").Output()
	if err != nil {
		t.Fatalf("captures list: %v", err)
	}
	var all []map[string]any
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var c map[string]any
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestSignalsAndTheirExitStatus(t *testing.T) {
	for sig, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		l := listen(t, t.TempDir(), nil)
		postTo(l.url, "{}")
		l.signal(t, sig)
		if got := l.wait(t); got != want {
			t.Errorf("%s: exit status %d, want %d", sig, got, want)
		}
	}
}

// A command that reads what never comes ends at the first signal.
func TestASignalEndsACommandThatWaitsForInput(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"-", pipe} {
		verify := exec.Command("hookctl", "verify", "--provider", "github", "--secret", "sekret", "--body", body)
		stdin, err := verify.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		if err := verify.Start(); err != nil {
			t.Fatal(err)
		}
		to := io.Writer(stdin)
		if body == pipe {
			reader := openToWrite(t, pipe)
			defer reader.Close()
			to = reader
		}
		// More than a pipe holds: once it is all written, somebody reads it, and waits for more.
		if _, err := to.Write(make([]byte, 1<<18)); err != nil {
			t.Fatal(err)
		}
		verify.Process.Signal(syscall.SIGTERM)
		stuck := time.AfterFunc(patience, func() { verify.Process.Kill() })
		verify.Wait()
		stuck.Stop()
		if got := verify.ProcessState.ExitCode(); got != 143 {
			t.Errorf("--body %s: exit status %d", body, got)
		}
	}
}

// openToWrite opens a named pipe once somebody reads it.
func openToWrite(t *testing.T, pipe string) *os.File {
	t.Helper()
	opened := make(chan *os.File, 1)
	go func() {
		if f, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil {
			opened <- f
		}
	}()
	select {
	case f := <-opened:
		return f
	case <-time.After(patience):
		t.Fatalf("nobody reads %s", pipe)
		return nil
	}
}

func TestTheSecondSignalEndsAtOnce(t *testing.T) {
	begun := make(chan struct{}, 1)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		begun <- struct{}{}
		<-r.Context().Done()
	})}
	go server.Serve(ln)
	defer server.Close()
	l := listen(t, t.TempDir(), nil, "--forward-to", "http://"+ln.Addr().String())
	go postTo(l.url, "{}")
	<-begun
	l.signal(t, syscall.SIGINT)
	at := address(t, l.url)
	eventually(t, "the first is heeded: hookctl takes no more and waits for the target", func() bool {
		conn, err := net.Dial("tcp", at)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	l.signal(t, syscall.SIGTERM)
	if got := l.wait(t); got != 143 {
		t.Errorf("exit status %d, want that of the second signal", got)
	}
}

// kill -9 at any moment: what was answered 2xx is there, once and whole.
func TestKillLosesNothingThatWasAnswered(t *testing.T) {
	store := t.TempDir()
	answered := map[string]bool{}
	for round := range 5 {
		l := listen(t, store, nil, "--quiet")
		var mu sync.Mutex
		var wg sync.WaitGroup
		var fresh atomic.Int64
		ctx, cancel := context.WithCancel(context.Background())
		for worker := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := 0; ctx.Err() == nil; i++ {
					path := fmt.Sprintf("/%d/%d/%d", round, worker, i)
					if postTo(l.url+path, strings.Repeat(path, 1+i%200)) == 200 {
						mu.Lock()
						answered[path] = true
						mu.Unlock()
						fresh.Add(1)
					}
				}
			}()
		}
		enough := 20 + rand.IntN(100)
		for deadline := time.Now().Add(patience); fresh.Load() < int64(enough) && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		l.signal(t, syscall.SIGKILL)
		l.wait(t)
		cancel()
		wg.Wait()
	}
	if len(answered) < 100 {
		t.Fatalf("only %d requests were answered: nothing is shown by that", len(answered))
	}
	kept, ids, seqs := map[string]int{}, map[any]bool{}, map[any]bool{}
	for _, c := range list(t, store) {
		kept[c["path"].(string)]++
		ids[c["id"]], seqs[c["seq"]] = true, true
	}
	for path := range answered {
		if kept[path] != 1 {
			t.Errorf("%s was answered 200 and is there %d times", path, kept[path])
		}
	}
	total := 0
	for path, n := range kept {
		total += n
		if n > 1 {
			t.Errorf("%s is there %d times", path, n)
		}
	}
	if len(ids) != total || len(seqs) != total {
		t.Errorf("%d captures have %d ids and %d numbers", total, len(ids), len(seqs))
	}
	if out, err := exec.Command("hookctl", "doctor", "--store", store).CombinedOutput(); err != nil {
		t.Errorf("doctor: %v\n%s", err, out)
	}
}

func TestAClosedStandardOutputStopsOnlyTheLog(t *testing.T) {
	store := t.TempDir()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, store, func(cmd *exec.Cmd) { cmd.Stdout = w })
	w.Close()
	r.Close()
	for range 20 {
		if status := postTo(l.url, "{}"); status != 200 {
			t.Fatalf("answer %d", status)
		}
	}
	l.signal(t, syscall.SIGINT)
	if got := l.wait(t); got != 130 {
		t.Errorf("exit status %d", got)
	}
	if n := strings.Count(l.stderr.String(), "standard output is closed"); n != 1 {
		t.Errorf("told %d times:\n%s", n, l.stderr)
	}
	if n := len(list(t, store)); n != 20 {
		t.Errorf("%d captures, want 20", n)
	}
}

// A terminal that stands still holds up neither the replies nor the end.
func TestABlockedStandardOutputHoldsNothingUp(t *testing.T) {
	store := t.TempDir()
	r, w, err := os.Pipe() // nobody reads it
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l := listen(t, store, func(cmd *exec.Cmd) { cmd.Stdout = w })
	w.Close()
	path := "/" + strings.Repeat("x", 1000)
	for range 100 { // more than a pipe holds
		if status := postTo(l.url+path, "{}"); status != 200 {
			t.Fatalf("answer %d", status)
		}
	}
	l.signal(t, syscall.SIGINT)
	if got := l.wait(t); got != 130 {
		t.Errorf("exit status %d", got)
	}
	if n := len(list(t, store)); n != 100 {
		t.Errorf("%d captures, want 100", n)
	}
}

// An export must never put a file in the place of a device or a pipe.
func TestExportIntoAPipe(t *testing.T) {
	store, pipe := t.TempDir(), filepath.Join(t.TempDir(), "pipe")
	l := listen(t, store, nil)
	postTo(l.url, "{}")
	l.signal(t, syscall.SIGINT)
	l.wait(t)
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	export := exec.Command("hookctl", "captures", "export", "last", "--store", store, "-o", pipe)
	if err := export.Start(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(pipe)
	if err != nil || !bytes.Contains(text, []byte(`"seq":1`)) {
		t.Errorf("%q, %v", text, err)
	}
	if err := export.Wait(); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v, %v", info.Mode(), err)
	}
}

func TestFewFileDescriptors(t *testing.T) {
	store := t.TempDir()
	l := listen(t, store, func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args = "/bin/sh", append([]string{"sh", "-c", `ulimit -n 64; exec "$@"`, "sh"}, cmd.Args...)
	})
	at := address(t, l.url)
	var idle []net.Conn
	for range 100 {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			break
		}
		idle = append(idle, conn)
	}
	eventually(t, "the limit is told", func() bool { return strings.Contains(l.stderr.String(), "cannot accept connections") })
	for _, conn := range idle {
		conn.Close()
	}
	eventually(t, "requests are answered again", func() bool { return postTo(l.url, "{}") == 200 })
	l.signal(t, syscall.SIGINT)
	l.wait(t)
	if n := strings.Count(l.stderr.String(), "\n"); n > 20 {
		t.Errorf("%d lines on standard error:\n%s", n, l.stderr)
	}
	if len(list(t, store)) == 0 {
		t.Error("nothing was kept")
	}
}

func TestManyIdleConnections(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	n := min(10_000, int(min(limit.Cur, 1<<20))-200)
	l := listen(t, t.TempDir(), nil)
	at := address(t, l.url)
	for range n {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatalf("connecting: %v", err)
		}
		defer conn.Close()
	}
	if status := postTo(l.url, "{}"); status != 200 {
		t.Errorf("with %d idle connections: %d", n, status)
	}
	l.signal(t, syscall.SIGTERM)
	if got := l.wait(t); got != 143 {
		t.Errorf("stopping with %d idle connections: status %d", n, got)
	}
}

// A full disk: 507 and one line, and on again when there is room. It needs a
// small file system of its own, which only root can mount.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "hookctl-test", dir).CombinedOutput(); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v %s", err, out)
	}
	defer exec.Command("umount", "-l", dir).Run()
	store := filepath.Join(dir, "store")
	l := listen(t, store, nil, "--quiet")
	body := strings.Repeat("x", 100_000)
	good := 0
	eventually(t, "the disk is full", func() bool {
		status := postTo(l.url, body)
		if status == 200 {
			good++
		}
		return status == 507
	})
	for range 3 {
		if status := postTo(l.url, body); status != 507 {
			t.Errorf("on a full disk: %d", status)
		}
	}
	if out, err := exec.Command("mount", "-o", "remount,size=16m", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if status := postTo(l.url, body); status != 200 {
		t.Errorf("with room again: %d", status)
	}
	l.signal(t, syscall.SIGTERM)
	l.wait(t)
	if n := strings.Count(l.stderr.String(), "507"); n != 1 {
		t.Errorf("told %d times:\n%s", n, l.stderr)
	}
	if n := len(list(t, store)); n != good+1 {
		t.Errorf("%d captures, want %d", n, good+1)
	}
}

func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	for _, umask := range []string{"000", "077", "022"} {
		store := filepath.Join(t.TempDir(), "deep", "store")
		l := listen(t, store, func(cmd *exec.Cmd) {
			cmd.Path, cmd.Args = "/bin/sh", append([]string{"sh", "-c", "umask " + umask + `; exec "$@"`, "sh"}, cmd.Args...)
		}, "--tls")
		l.signal(t, syscall.SIGSTOP) // what lies there while it runs counts too
		if info, err := os.Stat(store); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("umask %s: the folder is %v, %v", umask, info.Mode(), err)
		}
		files, err := os.ReadDir(store)
		if err != nil || len(files) < 3 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, f := range files {
			want := os.FileMode(0o600)
			if f.IsDir() { // the folder of the local secrets
				want = 0o700
			}
			if info, err := f.Info(); err != nil || info.Mode().Perm() != want {
				t.Errorf("umask %s: %s is %v, %v", umask, f.Name(), info.Mode(), err)
			}
		}
		l.signal(t, syscall.SIGCONT)
	}
}

func address(t *testing.T, at string) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: did not happen in %s", what, patience)
		}
	}
}
