package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// complete is what a shell is offered for the last of args, and whether files are.
func complete(t *testing.T, args ...string) (words []string, directive string) {
	t.Helper()
	var stdout bytes.Buffer
	world := &World{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: io.Discard, Dir: t.TempDir(),
		LookupEnv: func(string) (string, bool) { return "", false }, Width: func() int { return 0 }, Exit: func(int) {},
	}
	world.Args = append([]string{cobra.ShellCompNoDescRequestCmd}, args...)
	if status := Main(context.Background(), world); status != exitOK {
		t.Fatalf("exit status %d", status)
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

const (
	completesFiles   = ":0"
	completesNothing = ":4"
	completesFolders = ":16"
)

func TestFixedWordsComplete(t *testing.T) {
	formats := []string{"text", "json", "github", "sarif", "junit", "gitlab", "tap", "checkstyle"}
	tests := map[string][]string{
		"attempts list --state":                  {"pending", "succeeded", "failed", "cancelled"},
		"attempts list --state pending,":         {"pending,succeeded", "pending,failed", "pending,cancelled"},
		"attempts list --acknowledged":           {"yes", "no"},
		"attempts stats --by":                    {"endpoint", "event", "both", "url"},
		"captures export --format":               {"curl", "http", "har", "ndjson"},
		"replay --sign":                          {"original", "fresh", "none"},
		"validate --fail-on":                     {"never", "wrong", "missing", "unknown", "doubt"},
		"validate --format":                      formats,
		"completion":                             shells(),
		"sign --provider svix --event":           {"endpoint.disabled", "message.attempt.exhausted"},
		"attempts list --provider svix --event":  {"endpoint.disabled"},
		"simulate svix --event":                  {"endpoint.disabled"},
		"replay --provider":                      {"svix", "recharge"},
		"attempts list --provider":               {"svix", "recharge"},
		"provider new acme --like":               {"svix", "recharge"},
		"attempts list --capture":                {},
		"help captures":                          {"delete", "list"},
		"catalog diff recharge@2021-11 --event":  {},
		"endpoint add orders --provider":         {"techrar"},
		"listen --provider":                      {"techrar"},
		"validate --format sarif=out.sarif,juni": {"sarif=out.sarif,junit"},
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			args := strings.Fields(line)
			if !strings.HasSuffix(line, ",") && !strings.HasSuffix(line, "juni") {
				args = append(args, "")
			}
			words, _ := complete(t, args...)
			for _, word := range want {
				if !strings.Contains("\n"+strings.Join(words, "\n")+"\n", "\n"+word+"\n") {
					t.Errorf("%q is not offered, but %q", word, words)
				}
			}
		})
	}
}

func TestFilesCompleteWhereFilesAreMeant(t *testing.T) {
	tests := map[string]string{
		"sign --body":              completesFiles,
		"captures export --output": completesFiles,
		"captures import":          completesFiles,
		"catalog import":           completesFiles,
		"validate":                 completesFiles,
		"listen --provider":        completesFiles, // ./FOLDER
		"--store":                  completesFolders,
		"catalog infer --out":      completesFolders,
		"ci github --path":         completesFolders,
		"listen --port":            completesNothing,
		"listen":                   completesNothing,
		"attempts list --state":    completesNothing,
		"attempts list":            completesNothing,
		"replay --sign":            completesNothing,
		"send svix --to":           completesNothing,
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			if _, got := complete(t, append(strings.Fields(line), "")...); got != want {
				t.Errorf("the directive is %s, want %s", got, want)
			}
		})
	}
}

func TestEveryFlagOfFixedWordsOffersThem(t *testing.T) {
	n := 0
	for _, cmd := range wholeTree() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			words, is := f.Value.(*choice)
			if !is {
				return
			}
			n++
			args := append(strings.Fields(cmd.CommandPath())[1:], "--"+f.Name, "")
			if got, _ := complete(t, args...); cmp.Diff(words.valid, got) != "" {
				t.Errorf("%s --%s offers %q, want %q", cmd.CommandPath(), f.Name, got, words.valid)
			}
		})
	}
	if n < 10 {
		t.Errorf("%d flags of fixed words were looked at", n)
	}
}
