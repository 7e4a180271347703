package provider_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// sixth is the profile of a provider that does not exist: no line of Go knows it.
func sixth(t *testing.T) *provider.Profile {
	t.Helper()
	text, err := os.ReadFile("../../testdata/profiles/globex/provider.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := library().Parse("globex/provider.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAProviderIsAFile(t *testing.T) {
	p := sixth(t)
	if findings := library().Lint(p); len(findings) > 0 {
		t.Errorf("%v", findings[0].At)
	}
	all, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	detector := provider.NewDetector(append(all, p), func(*provider.Profile) bool { return false })
	message := &provider.Message{Method: "POST", Body: []byte(`{"meta":{"realm":"sea","kind":"tide.turned","uid":"glx_1","sent":"2026-11-21T08:00:00Z"},"payload":[1]}`)}
	message.Header = hook.Header{{Name: "globex-digest", Value: "sha512=00"}}
	if found := detector.Detect(message); len(found) != 1 || found[0] != p {
		t.Errorf("detected %v", found)
	}
	want := hook.Event{Type: "sea/tide.turned", ID: "glx_1", Time: "2026-11-21T08:00:00Z"}
	if diff := cmp.Diff(want, p.EventOf(message)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	bare := &provider.Message{Header: hook.Header{{Name: "Globex-Kind", Value: "quake"}, {Name: "Globex-Uid", Value: "u"}}}
	if diff := cmp.Diff(hook.Event{Type: "quake", ID: "u"}, p.EventOf(bare)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	retry := p.Policy.Retry
	if len(retry.Delays) != 2 || retry.Exponential.Factor != 2.5 || retry.Window.String() != "72h" || !p.Policy.Ack.Statuses[1].Has(204) || p.Policy.Actions[1].Every.String() != "11m" {
		t.Errorf("the policy is %+v", p.Policy)
	}
}

func TestAProviderInAFileShakesHands(t *testing.T) {
	p := sixth(t)
	message := &provider.Message{Method: "GET", URL: "https://a.example/x?question=why&realm=sea", Header: hook.Header{{Name: "Globex-Hello", Value: "h1"}}}
	scope := &provider.Scope{Message: message}
	if !p.Handshakes[0].When.Hold(scope) {
		t.Fatal("the handshake is not known")
	}
	answer, err := p.Handshakes[0].Answer(message, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	// echo -n why | openssl dgst -sha256 -hmac key
	const want = `{"answer":"1a78524297f477dcb124132d12d23c8c32b5cd87fbad0c156922b1823ad1b9a6","realm":"sea"}`
	if string(answer.Body) != want || answer.Status != 203 {
		t.Errorf("%d %s", answer.Status, answer.Body)
	}
	message.Method = "POST"
	if p.Handshakes[0].When.Hold(scope) {
		t.Error("an event is taken for the handshake")
	}
}
