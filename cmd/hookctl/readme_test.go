//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeTour takes the tour of the README: each command is run, and what the
// README shows below it must be what comes out, but for ids, times and ports.
// UPDATE_README=1 writes what comes out into the README.
func TestReadmeTour(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the tour sends with curl, and there is none on this machine; .ci/run installs it")
	}
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```console\n(.*?)^```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 6 {
		t.Fatalf("the tour has %d blocks, want listen, the second terminal, the log, signatures, validation and a timeline", len(blocks))
	}
	stdout := filepath.Join(t.TempDir(), "stdout")
	store := filepath.Join(t.TempDir(), ".local", "share", "hookctl")
	l := listen(t, store, func(cmd *exec.Cmd) {
		f, err := os.Create(stdout)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		cmd.Stdout = f
	})
	port := l.url[strings.LastIndexByte(l.url, ':'):]
	tour := runTour(t, blocks[1][1], store, port)
	l.signal(t, syscall.SIGINT)
	l.wait(t)
	log, err := os.ReadFile(stdout)
	if err != nil {
		t.Fatal(err)
	}
	signatures := runTour(t, blocks[3][1], store, port)
	readable := strings.NewReplacer(port, ":4400", store, "/home/you/.local/share/hookctl")
	came := []string{
		"$ hookctl listen\n" + readable.Replace(l.stderr.String()),
		readable.Replace(tour),
		readable.Replace(string(log)),
		signatures,
		runTour(t, blocks[4][1], store, port),
		runTour(t, blocks[5][1], store, port),
	}
	updated := string(text)
	for i, block := range blocks {
		if diff := cmp.Diff(settle(block[1]), settle(came[i])); diff != "" && os.Getenv("UPDATE_README") == "" {
			t.Errorf("block %d of the tour (-README +program):\n%s", i+1, diff)
		}
		updated = strings.Replace(updated, block[1], came[i], 1)
	}
	if os.Getenv("UPDATE_README") != "" {
		if err := os.WriteFile(path, []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runTour runs the lines of block that begin with "$ " and returns them with
// what each printed.
func runTour(t *testing.T, block, store, port string) string {
	t.Helper()
	dir := t.TempDir()
	var tour strings.Builder
	for _, line := range strings.Split(block, "\n") {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		sh := exec.Command("sh", "-c", strings.ReplaceAll(command, ":4400", port))
		sh.Dir = dir
		sh.Env = append(os.Environ(), "HOOKCTL_STORE="+store, "TZ=UTC")
		out, err := sh.Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		tour.WriteString("$ " + command + "\n" + strings.ReplaceAll(string(out), "\r", ""))
	}
	return tour.String()
}

// settle replaces what differs from run to run.
func settle(text string) string {
	for _, r := range [][2]string{
		{`cap_[0-9A-Z]{26}`, "cap_ID"},
		{`\b[0-9A-HJKMNP-TV-Z]{8}\b`, "ID"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+`, "DATE"},
		{`\d\d:\d\d:\d\d`, "TIME"},
		{`127\.0\.0\.1:\d+`, "ADDRESS"},
		{`curl/[0-9.]+`, "curl"},
		{` +\d+\.\d( ms)?`, " MS$1"},
	} {
		text = regexp.MustCompile(r[0]).ReplaceAllString(text, r[1])
	}
	return text
}

// TestReadmeCommands checks the two commands that the README promises to work on
// a fresh machine: that they are there, and name what exists.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"\n    go run ./cmd/hookctl listen\n", "\n    go test ./...\n"} {
		if strings.Count(string(text), command) != 1 {
			t.Errorf("the README has not got %q", strings.TrimSpace(command))
		}
	}
	for _, line := range strings.Split(string(text), "\n") {
		line, ok := strings.CutPrefix(line, "    hookctl ")
		if !ok {
			continue
		}
		line, _, _ = strings.Cut(line, "  #")
		words := strings.Fields(strings.ReplaceAll(line, "'", ""))
		for i, word := range words {
			flag, ok := strings.CutPrefix(word, "--")
			if flag, _, _ = strings.Cut(flag, "="); ok && !knownFlag(t, words[:i], flag) {
				t.Errorf("README: %s: there is no --%s", line, flag)
			}
		}
	}
}

// knownFlag reports whether the help of the command that words begin with has a flag.
func knownFlag(t *testing.T, words []string, flag string) bool {
	t.Helper()
	var command []string
	for _, word := range words {
		if !regexp.MustCompile(`^[a-z]+$`).MatchString(word) || len(command) == 2 || word == "last" {
			break
		}
		command = append(command, word)
	}
	out, err := exec.Command("hookctl", append(command, "--help")...).Output()
	if err != nil {
		t.Fatalf("hookctl %s --help: %v", strings.Join(command, " "), err)
	}
	return regexp.MustCompile(` --` + flag + `[ [=]`).Match(out)
}

// TestReadmeCI checks that the configuration in the README is what hookctl ci prints.
// UPDATE_README=1 writes it there.
func TestReadmeCI(t *testing.T) {
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	updated := string(text)
	for _, kind := range []string{"github", "gitlab", "pre-commit"} {
		printed, err := exec.Command("hookctl", "ci", kind, "--version", "latest").Output()
		if err != nil {
			t.Fatal(err)
		}
		file, _, _ := strings.Cut(string(printed), "\n")
		block := regexp.MustCompile("(?ms)^```yaml\n(" + regexp.QuoteMeta(file) + "\n.*?)^```").FindStringSubmatch(updated)
		if block == nil {
			t.Fatalf("the README has no block that begins with %s", file)
		}
		if diff := cmp.Diff(block[1], string(printed)); diff != "" && os.Getenv("UPDATE_README") == "" {
			t.Errorf("hookctl ci %s (-README +program):\n%s", kind, diff)
		}
		updated = strings.Replace(updated, block[1], string(printed), 1)
	}
	if os.Getenv("UPDATE_README") != "" {
		if err := os.WriteFile(path, []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
