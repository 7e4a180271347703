package signature_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

const sixthSeed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

// sixth is the profile of a provider that does not exist: no line of Go knows it.
func sixth(t *testing.T) *provider.Profile {
	t.Helper()
	text, err := os.ReadFile("../../testdata/profiles/globex/provider.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider.NewLibrary(schemas.Files()).Parse("globex/provider.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is signed by a profile alone verifies, and nothing else does.
func TestAProviderInAFileSignsAndVerifies(t *testing.T) {
	p, now := sixth(t), time.Unix(1700000000, 250e6)
	signing := []signature.Key{{Name: "seed", Secret: sixthSeed}}
	public, err := signature.VerifyingKeys(p, signing)
	if err != nil {
		t.Fatal(err)
	}
	v := signature.NewVerifier(p, public, signature.Options{})
	sign := func() *provider.Message {
		signed, err := signature.Sign(p, signature.Draft{Body: []byte(`{"meta":{}}`), Event: "sea/tide.turned", At: now}, signing, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(signed.ID, "glx_") || len(signed.Schemes) != 1 || signed.Schemes[0] != "seal" {
			t.Fatalf("signed as %+v", signed)
		}
		return signed.Message
	}
	m := sign()
	for name, want := range map[string]string{"Globex-Kind": "tide.turned", "Globex-Realm": "sea", "Globex-Edition": "2", "Content-Type": "application/vnd.globex+json"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if proof := m.Header.Get("Globex-Proof"); !strings.HasPrefix(proof, "at=1700000000250;v=1;seal=") {
		t.Errorf("the proof is %s", proof)
	}
	for name, test := range map[string]struct {
		change func(*provider.Message)
		at     time.Time
		want   hook.Outcome
		reason string
	}{
		"as it was signed":  {func(*provider.Message) {}, now.Add(time.Minute), hook.Verified, ""},
		"another body":      {func(m *provider.Message) { m.Body = []byte(`{"meta": {}}`) }, now, hook.Failed, signature.Mismatch},
		"another method":    {func(m *provider.Message) { m.Method = "PUT" }, now, hook.Failed, signature.Mismatch},
		"another id":        {func(m *provider.Message) { withField(m, "Globex-Uid", "x") }, now, hook.Failed, signature.Mismatch},
		"no id":             {func(m *provider.Message) { dropField(m, "Globex-Uid") }, now, hook.Failed, signature.Incomplete},
		"no proof":          {func(m *provider.Message) { dropField(m, "Globex-Proof") }, now, hook.Failed, signature.Missing},
		"too old":           {func(*provider.Message) {}, now.Add(91 * time.Second), hook.Failed, signature.Stale},
		"of a time to come": {func(*provider.Message) {}, now.Add(-11 * time.Second), hook.Failed, signature.Future},
	} {
		m := sign()
		test.change(m)
		if got := v.Verify(m, test.at); got.Outcome != test.want || got.Reason != test.reason {
			t.Errorf("%s: got %+v, want %s %s", name, got, test.want, test.reason)
		}
	}
	if got := signature.NewVerifier(p, nil, signature.Options{}).Verify(m, now); got.Outcome != hook.NotChecked {
		t.Errorf("without a secret: %+v", got)
	}
}

// A scheme that is not sent any more is still verified, and never makes good a wrong
// signature of the one that took its place.
func TestAProviderInAFileHasASchemeOfOldTimes(t *testing.T) {
	p, now := sixth(t), time.Unix(1700000000, 0)
	secret, stamp, body := []byte("a secret of old times"), "2023-11-14T22:13:20Z", `{"meta":{"kind":"k"}}`
	mac := hmac.New(sha512.New, secret)
	mac.Write([]byte(stamp + "\n" + body))
	m := &provider.Message{Method: "POST", Body: []byte(body), Header: hook.Header{
		{Name: "globex-sent", Value: stamp}, {Name: "X-Globex-Digest", Value: "sha512=" + hex.EncodeToString(mac.Sum(nil))},
	}}
	keys := []signature.Key{{Name: "old", Secret: "glx_" + hex.EncodeToString(secret)}}
	v := signature.NewVerifier(p, keys, signature.Options{})
	if got := v.Verify(m, now); got.Outcome != hook.Verified || got.Scheme != "digest" {
		t.Errorf("got %+v", got)
	}
	m.Header = append(m.Header, hook.Field{Name: "Globex-Proof", Value: "at=1700000000000;v=1;seal=AAAA"})
	if got := v.Verify(m, now); got.Outcome == hook.Verified {
		t.Errorf("a wrong seal is made good by the digest: %+v", got)
	}
}

func withField(m *provider.Message, name, value string) {
	dropField(m, name)
	m.Header = append(m.Header, hook.Field{Name: name, Value: value})
}

func dropField(m *provider.Message, name string) {
	m.Header = m.Header.Without(func(n string) bool { return strings.EqualFold(n, name) })
}
