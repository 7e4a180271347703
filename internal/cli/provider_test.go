package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A session is a program run in a folder of its own.
type session struct {
	dir    string
	env    map[string]string
	stdin  string
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func newSession(t *testing.T) *session {
	t.Helper()
	return &session{dir: t.TempDir(), env: map[string]string{}}
}

// run runs hookctl with args and returns its exit status.
func (s *session) run(args ...string) int {
	s.stdout.Reset()
	s.stderr.Reset()
	return Main(context.Background(), &World{
		Args: append(args, "--store", filepath.Join(s.dir, "store")), Dir: s.dir, Stdin: strings.NewReader(s.stdin), Stdout: &s.stdout, Stderr: &s.stderr,
		LookupEnv: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }, Now: time.Now, Width: func() int { return 0 },
	})
}

// Whatever profile is begun is sound: it loads, lint has nothing to say of it, and it
// fits the schema that it names.
func TestNewProfilesAreSound(t *testing.T) {
	schema, err := jsonschema.Compile("../../schemas/provider.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if schema.Location == "" || profileSchema != "https://github.com/hookctl/hookctl/schemas/provider.schema.json" {
		t.Errorf("the schema is at %s, profiles name %s", schema.Location, profileSchema)
	}
	bundled, err := provider.NewLibrary(schemas.Files()).Names()
	if err != nil {
		t.Fatal(err)
	}
	for _, like := range append([]string{""}, bundled...) {
		s := newSession(t)
		args := []string{"provider", "new", "acme-pay2"}
		if like != "" {
			args = append(args, "--like", like)
		}
		if status := s.run(args...); status != 0 {
			t.Fatalf("%v: %d %s", args, status, &s.stderr)
		}
		if status := s.run("provider", "lint", "./acme-pay2"); status != 0 || strings.Contains(s.stdout.String(), "note") && like == "" {
			t.Errorf("like %q: %d %s", like, status, &s.stdout)
		}
		text, err := os.ReadFile(filepath.Join(s.dir, "acme-pay2", "provider.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(text, "@\t") {
			t.Errorf("like %q: something is not filled in:\n%s", like, text)
		}
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		made, _ := json.Marshal(v)
		if err := json.Unmarshal(made, &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("like %q: %#v", like, err)
		}
	}
}

// The comments of a new profile are examples: each, with its mark taken away, is sound too.
func TestCommentsOfANewProfileCanBeUsed(t *testing.T) {
	lines := strings.Split(newProfile("acme"), "\n")
	used := 0
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		rest, ok := strings.CutPrefix(line[indent:], "# ")
		key, _, isRule := strings.Cut(rest, ": ")
		if !ok || !isRule || strings.ContainsAny(key, " ,") || strings.Contains(key, "server") {
			continue
		}
		block := []string{line[:indent] + rest}
		for _, more := range lines[i+1:] {
			below, ok := strings.CutPrefix(strings.TrimLeft(more, " "), "# ")
			if !ok || !strings.HasPrefix(below, "  ") {
				break
			}
			block = append(block, line[:indent]+below)
		}
		text := strings.Join(append(append(append([]string{}, lines[:i]...), block...), lines[i+len(block):]...), "\n")
		_, err := provider.NewLibrary(schemas.Files()).Parse("acme/provider.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		used++
	}
	if used < 12 {
		t.Errorf("only %d comments were tried", used)
	}
}

func TestShownProfilesHaveEveryRule(t *testing.T) {
	library := provider.NewLibrary(schemas.Files())
	names, err := library.Names()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		s := newSession(t)
		p, err := library.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if status := s.run("provider", "show", name); status != 0 {
			t.Fatal(&s.stderr)
		}
		text := s.stdout.String()
		for _, rule := range p.Rules() {
			if !strings.Contains(text, "\n"+rule.Path+" ") {
				t.Errorf("%s: the rule %s is not shown", name, rule.Path)
			}
			for _, source := range rule.Sources {
				if !strings.Contains(text, "]  "+source+"\n") {
					t.Errorf("%s: the source %s is not shown", name, source)
				}
			}
		}
		if status := s.run("provider", "show", name, "--json"); status != 0 {
			t.Fatal(&s.stderr)
		}
		var shown shownProfile
		if err := json.Unmarshal(s.stdout.Bytes(), &shown); err != nil || len(shown.Rules) != len(p.Rules()) || shown.Name != name {
			t.Errorf("%s: %v, %d rules", name, err, len(shown.Rules))
		}
		if status := s.run("provider", "show", name, "--raw"); status != 0 || !bytes.Equal(s.stdout.Bytes(), p.Source()) {
			t.Errorf("%s: --raw is not the file", name)
		}
	}
}

func TestNamesInTheConfigurationAreThoseOfProviders(t *testing.T) {
	s := newSession(t)
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(s.dir, configName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("providers:\n  ../../up: {profile: stripe}\n")
	if status := s.run("provider", "list"); status != exitUsage || !strings.Contains(s.stderr.String(), `:2:3: a provider's name: want lower-case letters, digits and single hyphens, got "../../up"`) {
		t.Errorf("%d %s", status, &s.stderr)
	}
	write("providers:\n  stripe: {secret: \"-\"}\n")
	s.stdin = "secret"
	if status := s.run("provider", "list", "--json"); status != 0 || !strings.Contains(s.stdout.String(), `"name":"stripe","title":"Stripe","aliases":[],"signature":"hmac-sha256","configured":true,"secret":"unreadable"`) {
		t.Errorf("%d %s %s", status, &s.stderr, &s.stdout)
	}
}
