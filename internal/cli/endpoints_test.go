package cli

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/whole"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// declared is an app whose hookctl.yaml has text, and its endpoints.
func declared(t *testing.T, text string) (*app, *endpointSet, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, configName)
	file, err := parseConfig(path, []byte(text))
	if err != nil {
		return nil, nil, err
	}
	a := &app{file: file, world: &World{
		Dir: dir, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Now: time.Now,
		LookupEnv: func(name string) (string, bool) { return "secret of " + name, name == "SET" },
	}}
	set, err := a.endpoints()
	return a, set, err
}

func TestEndpoints(t *testing.T) {
	_, set, err := declared(t, `
endpoints:
  whole:
    url: http://me:pw@localhost:3000/hooks?a=b
    provider: recharge
    events: [order/*, charge/paid]
    headers: {X-Tenant: acme, X-N: 1}
    rate_limit: 5/s
    concurrency: 3
    secret: [env:SET, env:UNSET]
    errors_to: 4000
    reply: ignore
    set: {policy.ack.deadline: 10s}
  bare: {url: localhost:3000, headers: ['X-A: b', X-C: d, "X-A:"]}
`)
	if err != nil {
		t.Fatal(err)
	}
	whole, bare := set.all()[0], set.all()[1]
	want := hook.Endpoint{
		Name: "whole", URL: parsed(t, "http://me:pw@localhost:3000/hooks?a=b"), Provider: "recharge",
		Events: []string{"order/*", "charge/paid"}, Header: hook.Header{{Name: "X-Tenant", Value: "acme"}, {Name: "X-N", Value: "1"}},
		Rate: hook.Rate{Count: 5, Per: time.Second}, Concurrency: 3, ErrorsTo: parsed(t, "http://localhost:4000"),
	}
	if diff := cmp.Diff(want, whole.Endpoint, cmp.AllowUnexported(url.Userinfo{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if whole.relay || len(whole.keys) != 1 || whole.keys[0].Secret != "secret of SET" || len(whole.troubles) != 1 {
		t.Errorf("relay %t, keys %v, troubles %v", whole.relay, whole.keys, whole.troubles)
	}
	want = hook.Endpoint{
		Name: "bare", URL: parsed(t, "http://localhost:3000"), Concurrency: 1,
		Header: hook.Header{{Name: "X-A", Value: "b"}, {Name: "X-C", Value: "d"}, {Name: "X-A", Value: ""}},
	}
	if diff := cmp.Diff(want, bare.Endpoint); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !bare.relay || bare.keys != nil || bare.provider != nil {
		t.Errorf("relay %t, keys %v, provider %v", bare.relay, bare.keys, bare.provider)
	}
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestEndpointsRefuse(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no mapping":          {"endpoints: x", `:1:12: endpoints: want a mapping, got "x"`},
		"no url":              {"endpoints:\n  o: {provider: recharge}", `:2:3: o has no url, such as url: http://localhost:3000/hooks`},
		"bad url":             {"endpoints:\n  o: {url: ftp://x}", `url: bad target URL "ftp://x": want http or https`},
		"password not told":   {"endpoints:\n  o: {url: 'ftp://me:pw@x'}", `://********@x"`},
		"unknown key":         {"endpoints:\n  o: {url: x:1, event: a}", `:2:17: unknown key "event" under endpoints.o, did you mean "events"?`},
		"twice":               {"endpoints:\n  o: {url: x:1}\n  o: {url: x:1}", `:3:3: mapping key "o" already defined`},
		"name of all":         {"endpoints:\n  all: {url: x:1}", `:2:3: an endpoint's name: "all" means every endpoint`},
		"name of a path":      {"endpoints:\n  a/b: {url: x:1}", `:2:3: an endpoint's name: want letters, digits`},
		"name of a folder":    {"endpoints:\n  ..: {url: x:1}", `:2:3: an endpoint's name: want letters, digits`},
		"name of a port":      {"endpoints:\n  3000: {url: x:1}", `got "3000", which is a port where a URL may stand`},
		"bad rate":            {"endpoints:\n  o: {url: x:1, rate_limit: 5/d}", `:2:29: rate_limit: want a rate such as 5/s, 100/m or 1000/h, got "5/d"`},
		"no rate":             {"endpoints:\n  o: {url: x:1, rate_limit: 0/s}", `got "0/s"`},
		"too few at once":     {"endpoints:\n  o: {url: x:1, concurrency: 0}", `:2:30: concurrency: want 1 or more, got 0`},
		"bad reply":           {"endpoints:\n  o: {url: x:1, reply: no}", `:2:24: reply: want one of relay, ignore, got "no"`},
		"empty event":         {"endpoints:\n  o: {url: x:1, events: ['']}", `events: want event types or globs such as order/*, got nothing`},
		"header of a message": {"endpoints:\n  o: {url: x:1, headers: {Content-Length: 1}}", `headers: Content-Length belongs to the connection or the message itself`},
		"header of hookctl":   {"endpoints:\n  o: {url: x:1, headers: {x-hookctl-hop: 1}}", `headers: x-hookctl-hop belongs to`},
		"bad header":          {"endpoints:\n  o: {url: x:1, headers: {a b: 1}}", `headers: want a header name of letters, digits and hyphens`},
		"header of lines":     {"endpoints:\n  o: {url: x:1, headers: {a: \"b\\nc\"}}", `control character`},
		"headers in headers":  {"endpoints:\n  o: {url: x:1, headers: {a: [b]}}", `a: want one value, got a list`},
		"header as a word":    {"endpoints:\n  o: {url: x:1, headers: [a]}", `headers: want 'Name: value', got "a"`},
		"headers as a word":   {"endpoints:\n  o: {url: x:1, headers: a}", `:2:26: headers: want a mapping such as {X-Tenant: acme}, or a list of 'Name: value', got "a"`},
		"unknown provider":    {"endpoints:\n  o: {url: x:1, provider: recharje}", `:2:27: provider: `},
		"path of a provider":  {"endpoints:\n  o: {url: x:1, provider: ./acme}", `provider: want the name of a provider, got the path "./acme"`},
		"unknown rule":        {"endpoints:\n  o: {url: x:1, provider: recharge, set: {policy.ack.dedline: 1s}}", `there is no "dedline" in the rule "policy.ack.dedline"`},
		"unknown rule of any": {"endpoints:\n  o: {url: x:1, set: {policy.ack.dedline: 1s}}", `there is no "dedline" in the rule "policy.ack.dedline"`},
		"bad rule of any":     {"endpoints:\n  o: {url: x:1, set: {policy.ack.deadline: soon}}", `deadline: want a duration`},
		"bad rule":            {"endpoints:\n  o: {url: x:1, provider: recharge, set: {policy.ack.deadline: soon}}", `deadline: want a duration`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := declared(t, test.text+"\n")
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), test.want) || !regexp.MustCompile(configName+`:[123]:\d+: `).MatchString(err.Error()) {
				t.Errorf("got  %s\nwant %s, and its place", err, test.want)
			}
			if status := classify(err).status; status != exitUsage {
				t.Errorf("exit status %d", status)
			}
		})
	}
}

func TestFindingAnEndpointSuggests(t *testing.T) {
	_, set, err := declared(t, "endpoints: {orders: {url: x:1}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.find("order"); err == nil || classify(err).hint != "did you mean orders?" {
		t.Errorf("%v, %q", err, classify(err).hint)
	}
}

// An endpoint's rules stand over those of its provider, and over those that hookctl.yaml
// has for it.
func TestProfileForAnEndpoint(t *testing.T) {
	a, set, err := declared(t, `
providers:
  techrar: {set: {policy.ack.deadline: 7s}}
endpoints:
  own: {url: x:1, provider: techrar, set: {policy.retry: announced}}
  any: {url: x:1, set: {policy.ack.deadline: 9s}}
`)
	if err != nil {
		t.Fatal(err)
	}
	own, err := set.all()[0].profileFor(a, "recharge")
	if err != nil {
		t.Fatal(err)
	}
	if own.Name != "techrar" || own.Policy.Retry.Attempts != 3 || time.Duration(own.Policy.Ack.Deadline) != 7*time.Second {
		t.Errorf("%s: %d attempts, %s", own.Name, own.Policy.Retry.Attempts, own.Policy.Ack.Deadline)
	}
	other, err := set.all()[1].profileFor(a, "recharge")
	if err != nil {
		t.Fatal(err)
	}
	if other.Name != "recharge" || time.Duration(other.Policy.Ack.Deadline) != 9*time.Second {
		t.Errorf("%s: %s", other.Name, other.Policy.Ack.Deadline)
	}
}

// A secret that was rotated away ends by itself.
func TestRotatedSecretsEnd(t *testing.T) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	ring := &secretRing{Secret: "new", Before: []oldSecret{{"old", now.Add(time.Hour)}, {"older", now}}}
	for after, want := range map[time.Duration]string{0: "new old", time.Hour - 1: "new old", time.Hour: "new"} {
		var got []string
		for _, key := range ring.keys("e", now.Add(after)) {
			got = append(got, key.Secret)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %s: %v, want %s", after, got, want)
		}
	}
}

func TestAnEditKeepsPermissionsAndLinks(t *testing.T) {
	a, path := editable(t, "quiet: true # why\n")
	link := filepath.Join(a.world.Dir, "linked")
	if err := errors.Join(os.Rename(path, link), os.Chmod(link, 0o640), os.Symlink("linked", path)); err != nil {
		t.Fatal(err)
	}
	edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, "o", "url"}, Value: yamldoc.Text("x:1")})
	if err != nil {
		t.Fatal(err)
	}
	if err := edit.write(a); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(link)
	if err != nil || string(text) != "quiet: true # why\nendpoints:\n  o:\n    url: x:1\n" {
		t.Errorf("%v\n%s", err, text)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("%v, %v: the link is gone", info.Mode(), err)
	}
	if info, err := os.Stat(link); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if files, _ := os.ReadDir(a.world.Dir); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
}

func TestAnEditDoesNotWriteOverAnothers(t *testing.T) {
	a, path := editable(t, "quiet: true\n")
	edit, err := a.editConfig(yamldoc.Change{Path: []string{"quiet"}, Value: yamldoc.Plain("false")})
	if err != nil {
		t.Fatal(err)
	}
	const others = "quiet: true\nverbose: true\n"
	if err := os.WriteFile(path, []byte(others), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := edit.write(a); err == nil || !strings.Contains(err.Error(), "written by another program meanwhile") {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != others {
		t.Errorf("it became %q", text)
	}
}

func TestANewFileDoesNotReplaceOne(t *testing.T) {
	a, path := editable(t, "")
	a.file = nil
	edit, err := a.editConfig(yamldoc.Change{Path: []string{"quiet"}, Value: yamldoc.Plain("false")})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("# theirs\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := edit.write(a); err == nil {
		t.Error("written over")
	}
	if text, _ := os.ReadFile(path); string(text) != "# theirs\n" {
		t.Errorf("it became %q", text)
	}
}

// editable is an app with a hookctl.yaml of its own.
func editable(t *testing.T, text string) (*app, string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, configName)
	if text != "" {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := parseConfig(path, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &app{file: file, world: &World{Dir: dir, Unfinished: &whole.Unfinished{}, Now: time.Now}}, path
}

// Rules of an endpoint that takes events of any provider may be those of one.
func TestRulesForAnyProvider(t *testing.T) {
	if _, _, err := declared(t, "endpoints: {o: {url: x:1, set: {policy.retry: announced}}}\n"); err != nil {
		t.Error(err)
	}
}
