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

// TestReadmeCommandsWork runs what the README shows from installing to looking at what was
// kept, one after the other, as who reads it does: all with one home, each section in a
// folder of its own, where a store is without anybody saying so, and against a handler that
// takes everything.
func TestReadmeCommandsWork(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer handler.Close()
	port := handler.URL[strings.LastIndexByte(handler.URL, ':')+1:]
	home := t.TempDir()
	for _, section := range []struct {
		title, prompt string
		least         int // how many commands it has
	}{
		{"Install", "    ", 3},
		{"Sign, verify, and see why it fails", "$ ", 6},
		{"Play the provider", "    ", 10},
		{"Look at what was kept", "    ", 10},
	} {
		commands := commandsBelow(string(text), section.title, section.prompt)
		if len(commands) < section.least {
			t.Fatalf("the README has %d commands below %s", len(commands), section.title)
		}
		r := &readmeRun{dir: t.TempDir(), home: home}
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

// commandsBelow are the commands behind a prompt below a title of the second level, without
// what is said of them.
func commandsBelow(text, title, prompt string) []string {
	_, section, _ := strings.Cut(text, "\n## "+title+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var commands []string
	for line := range strings.SplitSeq(section, "\n") {
		command, ok := strings.CutPrefix(line, prompt)
		if ok && prompt == "    " {
			ok = strings.HasPrefix(command, "hookctl ") || strings.HasPrefix(command, "mkdir ")
		}
		if ok {
			command, _, _ = strings.Cut(command, "  #")
			commands = append(commands, strings.TrimSpace(command))
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
