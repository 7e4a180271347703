//go:build unix

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// failsInTheReadme are the commands of the README that do not end with 0, and what they end
// with.
func failsInTheReadme() map[string]int {
	return map[string]int{
		"hookctl simulate machnet-paas --reply-script '409,409,500' --json": 1,   // nothing is acknowledged
		"hookctl captures diff last~1 last":                                 1,   // they differ
		"hookctl listen --reply 200":                                        130, // until Ctrl+C
	}
}

// TestReadmeCommandsWork runs what the README shows of playing the provider, and of looking
// at what was kept, one after the other, each from the beginning and where a store is without
// anybody saying so, against a handler that takes everything.
func TestReadmeCommandsWork(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer handler.Close()
	port := handler.URL[strings.LastIndexByte(handler.URL, ':')+1:]
	for _, title := range []string{"Play the provider", "Look at what was kept"} {
		commands := commandsBelow(string(text), title)
		if len(commands) < 10 {
			t.Fatalf("the README has %d commands below %s", len(commands), title)
		}
		r := &readmeRun{dir: t.TempDir(), home: t.TempDir()}
		r.prepare(t)
		for _, command := range commands {
			want := failsInTheReadme()[command]
			status, out := r.run(t, regexp.MustCompile(`\b3000\b`).ReplaceAllString(command, port))
			if status != want {
				t.Errorf("%s: exit status %d, want %d:\n%s", command, status, want, out)
			}
		}
	}
}

// commandsBelow are the indented commands below a title of the second level, without what
// is said of them.
func commandsBelow(text, title string) []string {
	_, section, _ := strings.Cut(text, "\n## "+title+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var commands []string
	for line := range strings.SplitSeq(section, "\n") {
		if command, ok := strings.CutPrefix(line, "    hookctl "); ok {
			command, _, _ = strings.Cut(command, "  #")
			commands = append(commands, "hookctl "+strings.TrimSpace(command))
		}
	}
	return commands
}

// A readmeRun is a place where commands of the README run.
type readmeRun struct{ dir, home string }

// prepare makes what they take for granted: a payload, and captures that a
// provider sent.
func (r *readmeRun) prepare(t *testing.T) {
	t.Helper()
	const event = `{"type": "contract.signed", "data": {"id": 1}}`
	if err := os.WriteFile(filepath.Join(r.dir, "event.json"), []byte(event), 0o600); err != nil {
		t.Fatal(err)
	}
	l := listen(t, r.store(), func(cmd *exec.Cmd) { cmd.Env = r.env() })
	for _, command := range []string{
		"hookctl send recharge order/created --count 2 --secret file:event.json --to " + l.url,
	} {
		if status, out := r.run(t, command); status != 0 {
			t.Fatalf("%s: exit status %d:\n%s", command, status, out)
		}
	}
	l.signal(t, syscall.SIGINT)
	l.wait(t)
}

func (r *readmeRun) store() string { return filepath.Join(r.home, "hookctl") }

func (r *readmeRun) env() []string {
	return append(os.Environ(), "HOOKCTL_PORT=0", "HOME="+r.home, "XDG_DATA_HOME="+r.home, "XDG_CONFIG_HOME=", "TZ=UTC")
}

// run runs a command, and interrupts what listens once it does.
func (r *readmeRun) run(t *testing.T, command string) (status int, out string) {
	t.Helper()
	var both bytes.Buffer
	sh := exec.Command("sh", "-c", command)
	sh.Dir, sh.Env, sh.Stdout, sh.Stderr = r.dir, r.env(), &both, &both
	if strings.HasPrefix(command, "hookctl listen") {
		ready := filepath.Join(t.TempDir(), "ready")
		sh = exec.Command("sh", "-c", "exec "+command)
		sh.Dir, sh.Env, sh.Stdout, sh.Stderr = r.dir, append(r.env(), "HOOKCTL_READY_FILE="+ready), &both, &both
		if err := sh.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, command+" is ready", func() bool { _, err := os.Stat(ready); return err == nil })
		if err := sh.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		sh.Wait()
		return sh.ProcessState.ExitCode(), both.String()
	}
	sh.Run()
	return sh.ProcessState.ExitCode(), both.String()
}
