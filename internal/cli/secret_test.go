package cli

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// A secret that is made for a provider is one that its messages are signed and
// verified with.
func TestGeneratedSecretsSignAndVerify(t *testing.T) {
	all, err := provider.NewLibrary(schemas.Files()).All()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1700000000, 0)
	for _, p := range all {
		if len(p.Signatures.Schemes) == 0 {
			if signs(p) == nil {
				t.Errorf("%s: a secret would be made for nothing", p.Name)
			}
			continue
		}
		text, err := generate(p)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		keys := []signature.Key{{Name: "secret", Secret: text}}
		body := []byte(`{"type":"a.b"}`)
		if p.Body.Items != "" || p.Body.Kind != provider.BodyJSON || p.Signatures.Schemes[0].Binding() != provider.CoversBody {
			continue // those need a body of their own
		}
		signed, err := signature.Sign(p, signature.Draft{Body: body, Event: "a/b", At: now, URL: "https://a.example/x"}, keys, rand.Reader)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		public, err := signature.VerifyingKeys(p, keys)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		if got := signature.NewVerifier(p, public, signature.Options{}).Verify(signed.Message, now); got.Outcome != hook.Verified {
			t.Errorf("%s: %+v", p.Name, got)
		}
	}
}

func TestSecretsOfEachFormAreTaken(t *testing.T) {
	library := provider.NewLibrary(schemas.Files())
	for _, test := range []struct{ secret, scheme, begins string }{
		{"{form: hex}", `{algorithm: hmac-sha256, content: "{body}", in: header:X, encoding: hex}`, ""},
		{"{}", `{algorithm: hmac-sha256, content: "{body}", in: header:X, encoding: hex, key: {encoding: base64}}`, ""},
		{"{}", `{algorithm: hmac-sha256, content: "{body}", in: header:X, encoding: hex, key: {encoding: hex}}`, ""},
		{"{form: base64, prefix: w_}", `{algorithm: hmac-sha256, content: "{body}", in: header:X, encoding: hex, key: {encoding: base64, prefixes: [w_]}}`, "w_"},
		{"{}", `{algorithm: ed25519, content: "{body}", in: header:X, encoding: hex}`, ""},
		{"{}", `{algorithm: ecdsa-p256-sha256, content: "{body}", in: header:X, encoding: hex}`, "-----BEGIN PRIVATE KEY-----\n"},
		{"{form: rsa-2048, prefix: w_}", `{algorithm: rsa-pkcs1-sha256, content: "{body}", in: header:X, encoding: hex}`, "-----BEGIN PRIVATE KEY-----\n"},
		{"{}", `{algorithm: basic, in: header:Authorization}`, "hookctl:"},
		{"{prefix: \"me:\"}", `{algorithm: basic, in: header:Authorization}`, "me:"},
	} {
		p, err := library.Parse("acme/provider.yaml", []byte("name: acme\nsecret: "+test.secret+"\nsignatures: {schemes: {v1: "+test.scheme+"}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := generate(p)
		if err != nil || !strings.HasPrefix(text, test.begins) {
			t.Errorf("%s of %s: %v", test.secret, test.scheme, err)
			continue
		}
		if err := takes(p, signature.Key{Name: "new", Secret: text}); err != nil {
			t.Errorf("%s of %s: %v", test.secret, test.scheme, err)
		}
		if other, _ := generate(p); other == text {
			t.Errorf("%s: the second is the first", test.secret)
		}
	}
}

// A secret is for its owner alone, replaced as a whole, and told nowhere but on
// standard output.
func TestSecretFiles(t *testing.T) {
	s := newSession(t)
	dir := filepath.Join(s.dir, "store", "secrets")
	path := filepath.Join(dir, "recharge")
	if status := s.run("secret", "generate", "recharge"); status != 0 {
		t.Fatal(&s.stderr)
	}
	first := strings.TrimSpace(s.stdout.String())
	if strings.Contains(s.stderr.String(), first) {
		t.Error("the secret is among the messages")
	}
	wantModes(t, map[string]os.FileMode{filepath.Dir(dir): 0o700, dir: 0o700, path: 0o600})
	if text, _ := os.ReadFile(path); string(text) != first+"\n" {
		t.Errorf("the file has %q", text)
	}
	if status := s.run("secret", "generate", "recharge"); status != 0 || s.stdout.String() != first+"\n" {
		t.Errorf("%d %s", status, &s.stdout)
	}
	s.stdin = "another\n"
	if status := s.run("secret", "set", "recharge"); status != 0 || s.stdout.Len() > 0 || strings.Contains(s.stderr.String(), "another\n") {
		t.Errorf("%d %s %s", status, &s.stdout, &s.stderr)
	}
	wantModes(t, map[string]os.FileMode{path: 0o600})
	if status := s.run("secret", "show", "recharge"); status != 0 || s.stdout.String() != "another\n" || s.stderr.Len() > 0 {
		t.Errorf("%d %q %s", status, &s.stdout, &s.stderr)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 { // and .gitignore
		t.Errorf("%v %v", files, err)
	}
	for text, want := range map[string]int{"": exitUsage, "\n": exitUsage, strings.Repeat("x", maxSecret+1): exitFailed} {
		s.stdin = text
		if status := s.run("secret", "set", "recharge"); status != want {
			t.Errorf("%d bytes: %d %s", len(text), status, &s.stderr)
		}
	}
	if status := s.run("secret", "show", "recharge"); status != 0 || s.stdout.String() != "another\n" {
		t.Error("a secret that was refused has taken the place of the one before")
	}
}

func wantModes(t *testing.T, modes map[string]os.FileMode) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range modes {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestSecretsThatOthersMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes there")
	}
	s := newSession(t)
	if status := s.run("secret", "generate", "recharge"); status != 0 {
		t.Fatal(&s.stderr)
	}
	path := filepath.Join(s.dir, "store", "secrets", "recharge")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"secret", "show", "recharge"}, {"secret", "list"}, {"secret", "generate", "recharge"}} {
		s.run(args...)
		if !strings.Contains(s.stderr.String(), "warning: "+path+" is -rw-r--r--: others may read it; chmod 600 "+path) {
			t.Errorf("%v: %s", args, &s.stderr)
		}
	}
	if s.run("doctor", "--port", "0"); !strings.Contains(s.stdout.String(), "permissions: "+path+" is -rw-r--r--: others may read it") {
		t.Error(&s.stdout)
	}
	s.run("secret", "generate", "recharge", "--force")
	wantModes(t, map[string]os.FileMode{path: 0o600})
}

// A folder of the user's that is called secrets stays as it is.
func TestSecretsInAFolderThatIsThere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes there")
	}
	s := newSession(t)
	dir := filepath.Join(s.dir, "store", "secrets")
	ignore := filepath.Join(dir, ".gitignore")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(ignore, []byte("mine\n"), 0o644), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	if status := s.run("secret", "generate", "recharge"); status != 0 {
		t.Fatal(&s.stderr)
	}
	wantModes(t, map[string]os.FileMode{dir: 0o755, filepath.Join(dir, "recharge"): 0o600})
	if text, err := os.ReadFile(ignore); err != nil || string(text) != "mine\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// A link that leads nowhere is no secret, and told of wherever there is one.
func TestSecretThatLeadsNowhere(t *testing.T) {
	s := newSession(t)
	path := filepath.Join(s.dir, "store", "secrets", "recharge")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(s.dir, "none"), path); err != nil {
		t.Skip(err) // Windows wants a right for it
	}
	for command, want := range map[string]struct {
		status int
		text   string
	}{
		"generate": {exitFailed, path + " is a link that leads nowhere"},
		"show":     {exitFailed, path + " is a link that leads nowhere"},
		"list":     {exitOK, "recharge\n"},
	} {
		args := []string{"secret", command}
		if command != "list" {
			args = append(args, "recharge")
		}
		if status := s.run(args...); status != want.status || !strings.Contains(s.stdout.String()+s.stderr.String(), want.text) {
			t.Errorf("%s: %d %s%s", command, status, &s.stdout, &s.stderr)
		}
	}
}

// A secret that is damaged is told of by name, with what mends it.
func TestDamagedSecrets(t *testing.T) {
	s := newSession(t)
	if status := s.run("secret", "generate", "recharge"); status != 0 {
		t.Fatal(&s.stderr)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "store", "secrets", "recharge"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"secret", "show", "recharge"}, {"sign", "--provider", "recharge", "--event", "a/b", "--body", "-"}} {
		if status := s.run(args...); status != exitFailed || !strings.Contains(s.stderr.String(), "hint: hookctl secret set recharge writes it anew") {
			t.Errorf("%v: %d %s", args, status, &s.stderr)
		}
	}
	if status := s.run("provider", "list"); status != exitUsage || !strings.Contains(s.stderr.String(), "the local secret of recharge") || !strings.Contains(s.stdout.String(), "svix") {
		t.Errorf("%d %s", status, &s.stderr)
	}
}
