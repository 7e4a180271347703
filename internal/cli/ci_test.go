package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/hookctl/hookctl/schemas"
)

// runIn runs the command line in a folder, far from the user's own files.
func runIn(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	env := map[string]string{"HOME": filepath.Join(dir, "home"), "LOCALAPPDATA": filepath.Join(dir, "home")}
	status = Main(context.Background(), &World{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Dir: dir, Now: time.Now,
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Width:     func() int { return 0 }, Exit: func(int) {},
	})
	return status, out.String(), err.String()
}

func ciKinds() []string { return []string{"github", "gitlab", "pre-commit"} }

// fixture puts an example of Recharge where its name says what it is.
func fixture(t *testing.T, dir string) string {
	t.Helper()
	text, err := schemas.Files().Open("recharge/examples/2021-11/order.json")
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	path := filepath.Join(dir, "recharge", "order", "updated.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What hookctl ci prints is YAML, and every command in it runs and finds nothing wrong
// with what is right.
func TestCIConfigurationIsReady(t *testing.T) {
	for _, kind := range ciKinds() {
		for _, flags := range [][]string{nil, {"--provider", "recharge"}, {"--path", "./test/web-hooks.d"}, {"--version", "v1.2.3"}, {"--path", "."}} {
			status, text, said := runIn(t, t.TempDir(), append([]string{"ci", kind}, flags...)...)
			if status != exitOK || said != "" {
				t.Fatalf("%s %v: %d, %s", kind, flags, status, said)
			}
			doc, err := yamldoc.Parse(kind, []byte(text))
			if err != nil || len(doc.Root()) == 0 {
				t.Errorf("%s %v: %v\n%s", kind, flags, err, text)
			}
			if version := "@latest"; len(flags) == 0 && !strings.Contains(text, ciPackage+version) || len(flags) > 0 && flags[0] == "--version" && !strings.Contains(text, ciPackage+"@v1.2.3") {
				t.Errorf("%s %v installs another version:\n%s", kind, flags, text)
			}
			runCICommands(t, kind, text)
		}
	}
}

// runCICommands runs the hookctl commands of a configuration beside a right payload, and
// a wrong one.
func runCICommands(t *testing.T, kind, text string) {
	t.Helper()
	commands := regexp.MustCompile(`(?m)^\s*(?:- run:|-|entry:) hookctl (.*)$`).FindAllStringSubmatch(text, -1)
	if len(commands) != 1 {
		t.Fatalf("%s has %d commands:\n%s", kind, len(commands), text)
	}
	dir := t.TempDir()
	args := strings.Fields(commands[0][1])
	folder := "fixtures"
	for _, arg := range args {
		if strings.HasSuffix(arg, "/") {
			folder = arg
		}
	}
	path := fixture(t, filepath.Join(dir, folder))
	if kind == "pre-commit" { // it names the files
		args = append(args, path)
	}
	if status, out, said := runIn(t, dir, args...); status != exitOK {
		t.Errorf("hookctl %s: %d\n%s%s", strings.Join(args, " "), status, out, said)
	}
	for _, named := range regexp.MustCompile(`(?m)(?:sarif_file|codequality|junit): (\S+)$`).FindAllStringSubmatch(text, -1) {
		if info, err := os.Stat(filepath.Join(dir, named[1])); err != nil || info.Size() == 0 {
			t.Errorf("%s: %s is not written: %v", kind, named[1], err)
		}
	}
	if err := os.WriteFile(path, []byte(`{"order": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, said := runIn(t, dir, args...); status != exitFound {
		t.Errorf("hookctl %s of what is wrong: %d\n%s%s", strings.Join(args, " "), status, out, said)
	}
}

// A repository without code scanning is not red because of that: of the steps that a
// workflow has, only those before the upload can fail it.
func TestTheUploadToCodeScanningFailsNothing(t *testing.T) {
	_, text, _ := runIn(t, t.TempDir(), "ci", "github")
	_, upload, found := strings.Cut(text, "- uses: github/codeql-action/upload-sarif@")
	if !found || !regexp.MustCompile(`(?m)^        continue-on-error: true$`).MatchString(upload) || strings.Contains(upload, "- run:") {
		t.Errorf("got\n%s", text)
	}
}

// The files that pre-commit hands over are those that hookctl takes for payloads.
func TestPreCommitTakesPayloads(t *testing.T) {
	_, text, _ := runIn(t, t.TempDir(), "ci", "pre-commit", "--path", "a.b/")
	pattern := func(key string) *regexp.Regexp {
		return regexp.MustCompile(regexp.MustCompile(`(?m)^ *` + key + `: '(.*)'$`).FindStringSubmatch(text)[1])
	}
	files, exclude := pattern("files"), pattern("exclude")
	for path, want := range map[string]bool{
		"a.b/x.json": true, "a.b/c/x.ndjson": true, "a.b/x.jsonl": true, "a.b/x.har": true, "a.b/myschema.json": true,
		"aXb/x.json": false, "x.json": false, "a.b/x.yaml": false, "a.b/order.schema.json": false, "a.b/schema.json": false,
	} {
		if got := files.MatchString(path) && !exclude.MatchString(path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
}

func TestCIRefusesWhatWouldNotStandInAFile(t *testing.T) {
	for _, kind := range ciKinds() {
		for _, flags := range [][]string{
			{"--path", "/etc"}, {"--path", "../x"}, {"--path", "a b"}, {"--path", "x; rm -rf /"}, {"--path", "-x"}, {"--path", ""},
			{"--provider", "x y"}, {"--provider", "./acme"}, {"--version", "v1 && x"}, {"--version", "'"}, {"extra"}, {"--json"},
		} {
			if status, out, _ := runIn(t, t.TempDir(), append([]string{"ci", kind}, flags...)...); status != exitUsage || out != "" {
				t.Errorf("%s %v: %d\n%s", kind, flags, status, out)
			}
		}
	}
}

func TestReleaseOr(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3": "v1.2.3", "v1.2.3-rc.1": "v1.2.3-rc.1", "(devel)": "latest", "": "latest", "v1.2.3+dirty": "latest",
		"v0.0.0-20261121080000-abcdefabcdef": "latest", "v1.2.4-0.20261121080000-abcdefabcdef": "latest", "v1.2.4-rc.1.0.20261121080000-abcdefabcdef": "latest",
	} {
		if got := releaseOr(version, "latest"); got != want {
			t.Errorf("%s: got %s, want %s", version, got, want)
		}
	}
}
