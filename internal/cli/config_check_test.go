package cli

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"pgregory.net/rapid"
)

// A judge reads texts of hookctl.yaml both ways: as the program does, and by the schema.
type judge struct {
	app     *app
	root    *cobra.Command
	checker *configChecker
}

func newJudge(t testing.TB) *judge {
	t.Helper()
	checker, err := newConfigChecker()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{world: &World{
		Dir: t.TempDir(), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Now: time.Now,
		LookupEnv: func(string) (string, bool) { return "", false },
	}}
	return &judge{a, newRoot(&app{world: a.world}), checker}
}

// byProgram is what the program says of a text.
func (j *judge) byProgram(text string) (err error) {
	if j.app.file, err = parseConfig(filepath.Join(j.app.world.Dir, configName), []byte(text)); err != nil {
		return err
	}
	if err := j.app.file.apply(j.root, j.root, nil); err != nil {
		return err
	}
	_, err = j.app.endpoints() // and the providers
	return err
}

// bySchema are the faults that the schema finds in it.
func (j *judge) bySchema(t testing.TB, text string) []error {
	t.Helper()
	faults, err := j.checker.check(configName, []byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return faults
}

// What the program refuses for its form the schema refuses, and nothing else.
func TestConfigSchemaJudgesAsTheProgramDoes(t *testing.T) {
	j := newJudge(t)
	for text, sound := range map[string]bool{
		"":              true,
		"# nothing\n":   true,
		"quiet: true\n": true,
		"quiet: 1\nverbose: \"false\"\nno-color: F\njson: TRUE\n": true,
		"store: 2024\n":      true,
		"store: C:\\hooks\n": true,
		"listen:\n  port: 4401\n  forward-to: [http://localhost:3000]\n":    true,
		"listen:\n  forward-to: http://localhost:3000\n  max-body: 25MiB\n": true,
		"listen: {forward-to: [], port: \"0x1130\", max-body: 1048576}\n":   true,
		"listen: {reply: 204, reply-delay: 1.5s, keep-for: 30d}\n":          true,
		"listen: {reply: \"503\", reply-delay: 0, keep-for: 1h30m}\n":       true,
		"listen: {header: [\"A: b\", 'C: d']}\n":                            true,
		"listen:\n":                                                         true,
		"captures:\n  list:\n    limit: 7\n":                                true,
		"captures:\n  export:\n    format: har\n":                           true,
		"simulate: {down-from: [1h, 2d], down-until: 3h}\n":                 true,
		"endpoint: {add: {rate-limit: 5 / s}}\n":                            true,
		"doctor: {port: 4401}\n":                                            true,
		"providers:\n":                                                      true,
		"providers:\n  stripe: {secret: env:S}\n":                           true,
		"providers: {stripe: {secret: [], api_version: 2024, url: 5}}\n":    true,
		"providers:\n  acme:\n    secret: [env:A, file:b]\n    set: {policy.ack.deadline: 10s}\n    profile: ./acme\n": true,
		"verbos: true\n":                                             false,
		"quiet: yes\n":                                               false,
		"quiet: 2\n":                                                 false,
		"quiet:\n":                                                   false,
		"store: [a]\n":                                               false,
		"version:\n":                                                 false,
		"completion: {}\n":                                           false,
		"listen: {prot: 1}\n":                                        false,
		"listen: {port: many}\n":                                     false,
		"listen: {port: 70000}\n":                                    false,
		"listen: {port: -1}\n":                                       false,
		"listen: {port: [1]}\n":                                      false,
		"listen: {port: 1.5}\n":                                      false,
		"listen: {port: }\n":                                         false,
		"listen: {forward-to: [null]}\n":                             false,
		"listen: {forward-to: {a: b}}\n":                             false,
		"listen: {max-body: 25 miles}\n":                             false,
		"listen: {max-body: -5}\n":                                   false,
		"listen: {reply: 700}\n":                                     false,
		"listen: {reply: ok}\n":                                      false,
		"listen: {reply-delay: 5}\n":                                 false,
		"listen: {keep-for: 5y}\n":                                   false,
		"listen: 5\n":                                                false,
		"listen: [port]\n":                                           false,
		"captures: {export: {format: xml}}\n":                        false,
		"captures: {list: {limit: few}}\n":                           false,
		"captures: {limit: 7}\n":                                     false,
		"simulate: {down-from: [1h, soon]}\n":                        false,
		"endpoint: {add: {rate-limit: 0/s}}\n":                       false,
		"config: x\n":                                                false,
		"doctor: {config-schema: true}\n":                            false,
		"providers: []\n":                                            false,
		"providers: {stripe: }\n":                                    false,
		"providers: {stripe: {secrets: env:S}}\n":                    false,
		"providers: {stripe: {profile: [a]}}\n":                      false,
		"providers: {\"../x\": {profile: stripe}}\n":                 false,
		"providers: {stripe: env:S}\n":                               false,
		"endpoints:\n":                                               true,
		"endpoints:\n  o.r_d-1: {url: http://x}\n":                   true,
		"endpoints: {o: {url: 3000, errors_to: 3001}}\n":             true,
		"endpoints: {o: {url: x:1, events: a, reply: ignore}}\n":     true,
		"endpoints: {o: {url: x:1, headers: {A: b, C: 1}}}\n":        true,
		"endpoints: {o: {url: x:1, headers: ['A: b', \"C:\"]}}\n":    true,
		"endpoints: {o: {url: x:1, headers: []}}\n":                  true,
		"endpoints:\n  o:\n    url: x:1\n    headers:\n    - A: b\n": true,
		"endpoints: {o: {url: x:1, rate_limit: 5/s, concurrency: 2, secret: [a, b], set: {policy.ack.deadline: 1s}}}\n": true,
		"endpoints: {o: {url: x:1, rate_limit: ' 5 / h ', concurrency: \"2\", set: {}}}\n":                              true,
		"endpoints: {o: {}}\n":                            false,
		"endpoints: {o: x:1}\n":                           false,
		"endpoints: {all: {url: x:1}}\n":                  false,
		"endpoints: {\"80\": {url: x:1}}\n":               false,
		"endpoints: {a/b: {url: x:1}}\n":                  false,
		"endpoints: {.: {url: x:1}}\n":                    false,
		"endpoints: {o: {url: x:1, urls: b}}\n":           false,
		"endpoints: {o: {url: true}}\n":                   false,
		"endpoints: {o: {url: 3.5}}\n":                    false,
		"endpoints: {o: {url: x:1, rate_limit: 5/d}}\n":   false,
		"endpoints: {o: {url: x:1, rate_limit: 5}}\n":     false,
		"endpoints: {o: {url: x:1, concurrency: 0}}\n":    false,
		"endpoints: {o: {url: x:1, concurrency: a}}\n":    false,
		"endpoints: {o: {url: x:1, reply: no}}\n":         false,
		"endpoints: {o: {url: x:1, events: }}\n":          false,
		"endpoints: {o: {url: x:1, events: ''}}\n":        false,
		"endpoints: {o: {url: x:1, headers: [A]}}\n":      false,
		"endpoints: {o: {url: x:1, headers: a}}\n":        false,
		"endpoints: {o: {url: x:1, headers: {A: }}}\n":    false,
		"endpoints: {o: {url: x:1, headers: {A b: c}}}\n": false,
		"endpoints: {o: {url: x:1, set: a}}\n":            false,
	} {
		byProgram, bySchema := j.byProgram(text), j.bySchema(t, text)
		if (byProgram == nil) != sound || (bySchema == nil) != sound {
			t.Errorf("%q: the program says %v, the schema %v", text, byProgram, bySchema)
		}
	}
}

// odd are values that one of the two might take for something else.
func odd() []string {
	return []string{
		"true", "false", "yes", "TRUE", "t", `"true"`, "'1'", "0", "1", "2", "-1", "+1", "007", "0x10", "0o17", "0b11", "1_000", "1e3", "1.0", "1.5", ".5", "-0",
		`"12"`, `"0x10"`, "65535", "65536", "4294967296", "99999999999999999999", "~", "", "null", `""`, "a", `"a: b"`, "'A: b'", "A:b", "2026-11-21", "2026-11-21T08:00:00Z",
		"1s", "1.5h", "-1s", "+1s", "1h30m", "100ms", "1us", "1µs", "1.s", ".5s", "30d", "2w", "70000d", "1d12h", "0s", "5 MiB", "5MiB", "5mb", "5b", "5kib", "5 GB", "-5MB", "5TB", "9999999999GB",
		"5/s", "5 / m", "100/h", "0/s", "+5/s", "5/d", "200", "599", "600", "199", "2xx", "5xx", "200..299", "none", "any", "200,500", "http://localhost:3000", "localhost:3000", "env:A",
		"order/*", "[]", "[a]", "[1s, 2d]", "['A: b', C:d]", "[true]", "[~]", "[[a]]", "{}", "{a: b}", "[a: b]", ".inf", "-.inf", ".nan", "|\n    a\n", "har", "json", "10x", "0.1", "pending", "yes,no", "text=a", "text, junit=b c.xml", "lost", "failed, pending", "reset", "'500, timeout(12s),reset,200'", "429(2s retry-after=90s)", "'200(20s), 503( retry-after=1m )'", "200(20)", "'200, None ,5XX'",
		"2026-11-21T08:00:00.5+01:00", "5d", "0.0001", "1000", "1e-2x", "5X", "+5", "0x1p-2", "1_0e1_0", "3000/hooks", "HTTPS://me:pw@x/y?z", "'[::1]:3000'", "/dev/null", "'@file'", "'X-A:'",
	}
}

// Whatever the program takes for the value of a setting, the schema takes: each setting
// that there is, with each of the values.
func TestConfigSchemaAcceptsWhatTheProgramAccepts(t *testing.T) {
	j := newJudge(t)
	for _, cmd := range everyCommand(j.root) {
		path := strings.Fields(cmd.CommandPath())[1:]
		ownFlags(cmd).VisitAll(func(f *pflag.Flag) {
			taken := 0
			values := odd()
			if c, ok := f.Value.(*choice); ok {
				values = append(values, c.valid...)
			}
			for _, value := range values {
				var text strings.Builder
				for depth, name := range append(slices.Clone(path), f.Name) {
					fmt.Fprintf(&text, "\n%s%s:", strings.Repeat(" ", depth), name)
				}
				text.WriteString(" " + value + "\n")
				byProgram := j.byProgram(text.String())
				if byProgram != nil {
					continue
				}
				taken++
				if faults := j.bySchema(t, text.String()); faults != nil {
					t.Errorf("%q: the program reads it, the schema says %v", text.String(), faults)
				}
			}
			if taken == 0 && ownFlag(cmd, f.Name) != nil {
				t.Errorf("none of the values is one of %s --%s", cmd.CommandPath(), f.Name)
			}
		})
	}
}

// The same holds for entries of the sections providers and endpoints.
func TestConfigSchemaAcceptsTheEntriesThatTheProgramAccepts(t *testing.T) {
	j := newJudge(t)
	keys := map[string][]string{
		providersKey: {"profile", "secret", "signing_secret", "url", "api_version", "catalog", "set"},
		endpointsKey: {"url", "provider", "events", "headers", "rate_limit", "concurrency", "secret", "errors_to", "reply", "set"},
	}
	values := append(odd(), "relay", "ignore", "{policy.ack.deadline: 10s}", "{X-A: b, C: 1}", "['X-A: b', X-C: d]", "stripe", "[a, 1, true]", "65535/s")
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{providersKey, endpointsKey}).Draw(t, "section")
		name := rapid.OneOf(rapid.SampledFrom([]string{"a", "stripe", "a-b", "a.b_c", "A", "1a", "8.0", "80", "all", "alls"}), rapid.StringMatching(`[a-zA-Z0-9._/-]{1,8}`)).Draw(t, "name")
		text := fmt.Sprintf("%s:\n %q:\n", kind, name)
		if kind == endpointsKey {
			text += "  url: http://localhost:3000\n"
		}
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(keys[kind]), 0, 2, rapid.ID[string]).Draw(t, "keys") {
			if key != "url" || kind == providersKey {
				text += "  " + key + ": " + rapid.SampledFrom(values).Draw(t, key) + "\n"
			}
		}
		if j.byProgram(text) != nil {
			t.Skip("the program refuses it")
		}
		if faults, err := j.checker.check(configName, []byte(text)); err != nil || faults != nil {
			t.Fatalf("%q: the program reads it, the schema says %v, %v", text, faults, err)
		}
	})
}

// Each fault is told in the words of settings, with its place in the file.
func TestConfigFaultsAreToldInPlace(t *testing.T) {
	j := newJudge(t)
	for text, want := range map[string]string{
		"listen:\n  prot: 1\n":                          `hookctl.yaml:2:3: unknown setting "prot" under listen, did you mean "port"?`,
		"lissten:\n":                                    `hookctl.yaml:1:1: unknown setting "lissten", did you mean "listen"?`,
		"listen:\n  port: many\n":                       `hookctl.yaml:2:9: listen.port: want a port from 0 to 65535, got "many"`,
		"listen: {port: 70000}\n":                       `hookctl.yaml:1:16: listen.port: want a port from 0 to 65535, got 70000`,
		"quiet: [1]\n":                                  `hookctl.yaml:1:8: quiet: want true or false, got array`,
		"listen: 5\n":                                   `hookctl.yaml:1:9: listen: want object or null, got number 5`,
		"captures: {export: {format: xml}}\n":           `hookctl.yaml:1:29: captures.export.format: want one of "curl", "http", "har", "ndjson"; got "xml"`,
		"listen:\n  keep-for: 5y\n":                     `hookctl.yaml:2:13: listen.keep-for: want a period such as 36h, 30d or 2w, got "5y"`,
		"simulate:\n  down-from:\n  - 1h\n  - soon\n":   `hookctl.yaml:4:5: simulate.down-from.1: want a period such as 36h, 30d or 2w, got "soon"`,
		"endpoints:\n  o:\n    events: a\n":             `hookctl.yaml:2:3: endpoints.o: property "url" is missing`,
		"endpoints:\n  o:\n    url: 1\n    urls: 2\n":   `hookctl.yaml:4:5: unknown setting "urls" under endpoints o, did you mean "url"?`,
		"endpoints: {o: {url: 1, headers: [A]}}\n":      `hookctl.yaml:1:35: endpoints.o.headers.0: want 'Name: value'`,
		"endpoints: {\"80\": {url: 1}}\n":               `hookctl.yaml:1:13: endpoints.80: want an endpoint's name, of letters, digits, dots, underscores and hyphens, with a letter or digit first and last; but not all, nor a number, got "80"`,
		"providers: {A: {}}\n":                          `hookctl.yaml:1:13: providers.A: want a provider's name, of small letters, digits and single hyphens between, got "A"`,
		"endpoints: {o: {url: 1, headers: {A b: c}}}\n": `hookctl.yaml:1:35: endpoints.o.headers.A b: want a header name of letters, digits and hyphens, got "A b"`,
		"endpoints: {o: {url: 1, headers: a}}\n":        `hookctl.yaml:1:34: endpoints.o.headers: want a mapping such as {X-Tenant: acme}, or a list of 'Name: value', got a text`,
	} {
		var lines []string
		for _, fault := range j.bySchema(t, text) {
			lines = append(lines, fault.Error())
		}
		if diff := cmp.Diff(want, strings.Join(lines, "\n")); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
}

// Passwords and keys that stand in the wrong place are not told.
func TestConfigFaultsHideCredentials(t *testing.T) {
	j := newJudge(t)
	for _, text := range []string{
		"endpoints: {o: {url: 'ftp://me:hidden@x'}}\n",
		"endpoints: {o: {url: 1, errors_to: 'me:hidden@x'}}\n",
		"endpoints: {o: {url: 1, headers: [Authorization hidden]}}\n",
		"endpoints: {o: {url: 1, headers: {'A B': hidden}}}\n",
		"endpoints: {o: {url: 1, secret: {a: hidden}}}\n",
		"endpoints: {o: {url: 1, secrets: hidden}}\n",
		"providers: {stripe: {secret: [[hidden]]}}\n",
		"providers: {stripe: hidden}\n",
		"listen: {header: [Authorization hidden, 'Bearer hidden']}\n",
		"endpoint: {add: {url: 'ftp://me:hidden@x'}}\n",
	} {
		faults := j.bySchema(t, text)
		if len(faults) == 0 || strings.Contains(fmt.Sprint(faults), "hidden") {
			t.Errorf("%q: %v", text, faults)
		}
	}
}
