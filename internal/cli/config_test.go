package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// settled returns the flags of the command that args name, once environment and
// configuration file have had their say.
func settled(t *testing.T, config string, env map[string]string, args ...string) (*cobra.Command, *app, error) {
	t.Helper()
	dir := t.TempDir()
	if config != "" {
		if err := os.WriteFile(filepath.Join(dir, "hookctl.yaml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	below := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	a := &app{world: &World{
		Args: args, Dir: below, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Now: time.Now,
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}}
	root := newRoot(a)
	var ran *cobra.Command
	for _, cmd := range everyCommand(root) {
		if cmd.RunE != nil {
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { ran = cmd; return nil }
		}
	}
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	return ran, a, err
}

func everyCommand(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		all = append(all, everyCommand(sub)...)
	}
	return all
}

func TestPrecedence(t *testing.T) {
	const file = "listen:\n  port: 1111\n  forward-to: [http://file]\n"
	env := map[string]string{"HOOKCTL_PORT": "2222", "HOOKCTL_FORWARD_TO": "http://env-1\nhttp://env-2"}
	tests := map[string]struct {
		config  string
		env     map[string]string
		args    []string
		port    string
		forward string
	}{
		"default":                {config: "# nothing\n", args: []string{"listen"}, port: "4400", forward: "[]"},
		"file":                   {config: file, args: []string{"listen"}, port: "1111", forward: "[http://file]"},
		"environment over file":  {config: file, env: env, args: []string{"listen"}, port: "2222", forward: "[http://env-1,http://env-2]"},
		"flag over environment":  {config: file, env: env, args: []string{"listen", "--port", "3333", "--forward-to", "http://flag"}, port: "3333", forward: "[http://flag]"},
		"forward reads listen's": {config: file, args: []string{"forward", "http://x"}, port: "1111", forward: "[http://file]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cmd, _, err := settled(t, test.config, test.env, test.args...)
			if err != nil {
				t.Fatal(err)
			}
			if got := cmd.Flag("port").Value.String(); got != test.port {
				t.Errorf("port %s, want %s", got, test.port)
			}
			if got := cmd.Flag("forward-to").Value.String(); got != test.forward {
				t.Errorf("forward-to %s, want %s", got, test.forward)
			}
		})
	}
}

func TestGlobalSettingsAndPathsInTheFile(t *testing.T) {
	cmd, a, err := settled(t, "store: data/hooks\nquiet: true\ncaptures:\n  list:\n    limit: 7\n", nil, "captures", "list")
	if err != nil {
		t.Fatal(err)
	}
	if !a.global.quiet || cmd.Flag("limit").Value.String() != "7" {
		t.Errorf("quiet %t, limit %s", a.global.quiet, cmd.Flag("limit").Value)
	}
	dir, err := a.storeDir()
	if want := filepath.Join(filepath.Dir(a.file.path), "data", "hooks"); dir != want || err != nil {
		t.Errorf("store %s, %v; want %s, beside the file", dir, err, want)
	}
}

func TestStoreBesideTheFile(t *testing.T) {
	_, a, err := settled(t, "# nothing\n", nil, "captures", "list")
	if err != nil {
		t.Fatal(err)
	}
	if dir, _ := a.storeDir(); dir != filepath.Join(filepath.Dir(a.file.path), ".hookctl") {
		t.Errorf("store %s", dir)
	}
}

func TestEmptyDocumentsAreNoSettings(t *testing.T) {
	for _, config := range []string{"listen:\n  port: 1\n---\n", "---\n", "# only a comment\n", "\n", "---\n---\nquiet: true\n"} {
		if _, _, err := settled(t, config, nil, "listen"); err != nil {
			t.Errorf("%q: %v", config, err)
		}
	}
}

func TestBadConfigurationNamesThePlace(t *testing.T) {
	tests := map[string]struct{ config, want string }{
		"unknown setting":         {"listen:\n  prot: 1\n", `:2:3: unknown setting "prot" under listen, did you mean "port"?`},
		"unknown section":         {"\nlissten:\n  port: 1\n", `:2:1: unknown setting "lissten", did you mean "listen"?`},
		"bad value":               {"listen:\n  port: many\n", `:2:9: port: want a port from 0 to 65535, got "many"`},
		"bad choice":              {"captures:\n  export:\n    format: xml\n", `:3:13: format: want one of curl, http, har, ndjson, got "xml"`},
		"list for one value":      {"listen:\n  port: [1, 2]\n", `:2:9: port: want one value, got a list`},
		"mapping for a value":     {"listen:\n  port: {a: 1}\n", `port: want a value, got a mapping`},
		"value for a section":     {"listen: 5\n", `:1:9: want the settings of listen, got "5"`},
		"not YAML":                {"listen: [1\n", `:1:`},
		"not a mapping":           {"- a\n", `:1:1: want a mapping, got a list`},
		"tab":                     {"listen:\n\tport: 1\n", `:2:`},
		"two documents":           {"quiet: true\n---\nquiet: false\n", `want one document, got a second`},
		"checked though unused":   {"captures:\n  list:\n    limt: 1\n", `:3:5: unknown setting "limt" under captures list, did you mean "limit"?`},
		"value of another unused": {"captures:\n  export:\n    format: xml\n", `got "xml"`},
		"config in the config":    {"config: x\n", `:1:1: unknown setting "config"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			args := []string{"listen"}
			if name == "bad choice" {
				args = []string{"captures", "export", "--all"}
			}
			_, _, err := settled(t, test.config, nil, args...)
			if err == nil {
				t.Fatal("accepted")
			}
			if f := classify(err); f.status != exitUsage || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "hookctl.yaml:") {
				t.Errorf("status %d, %q; want %q", f.status, err, test.want)
			}
		})
	}
}

func TestBadEnvironmentNamesTheVariable(t *testing.T) {
	_, _, err := settled(t, "", map[string]string{"HOOKCTL_REPLY": "1000"}, "listen")
	if diff := cmp.Diff(`HOOKCTL_REPLY: want a status from 200 to 599, got "1000"`, err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFlagHasItsVariable(t *testing.T) {
	seen := map[string]string{}
	for _, cmd := range everyCommand(newRoot(&app{world: &World{}})) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name := envName(f.Name)
			if other, ok := seen[name]; ok && other != f.Name {
				t.Errorf("--%s and --%s share %s", f.Name, other, name)
			}
			seen[name] = f.Name
		})
	}
}
