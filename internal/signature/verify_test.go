package signature_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

func load(t testing.TB, name string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPublishedExamplesHold(t *testing.T) {
	for _, test := range []struct {
		name, provider, secret, body string
		header                       hook.Header
		at                           int64
	}{
		{"Standard Webhooks", "svix", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `{"test": 2432232314}`, hook.Header{
			{Name: "webhook-id", Value: "msg_p5jXN8AQM9LWM0D4loKWxJek"}, {Name: "webhook-timestamp", Value: "1614265330"},
			{Name: "webhook-signature", Value: "v1,AAAA v2,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
		}, 1614265330},
		{"GitHub", "github", "It's a Secret to Everybody", "Hello, World!", hook.Header{
			{Name: "X-Hub-Signature-256", Value: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
		}, 0},
	} {
		v := signature.NewVerifier(load(t, test.provider), []signature.Key{{Name: "secret", Secret: test.secret}}, signature.Options{})
		got := v.Verify(&provider.Message{Method: "POST", Header: test.header, Body: []byte(test.body)}, time.Unix(test.at, 0))
		if got.Outcome != hook.Verified {
			t.Errorf("%s: got %+v", test.name, got)
		}
	}
}

func TestWhatIsSignedVerifies(t *testing.T) {
	for _, name := range []string{"recharge", "svix", "clazar", "stripe", "github"} {
		p := load(t, name)
		keys := []signature.Key{{Name: "secret", Secret: "c2VjcmV0"}}
		now := time.Unix(1700000000, 0)
		signed, err := signature.Sign(p, signature.Draft{Body: []byte(`{"a":1}`), Event: "a/b", At: now}, keys, rand.Reader)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := signature.NewVerifier(p, keys, signature.Options{}).Verify(signed.Message, now); got.Outcome != hook.Verified {
			t.Errorf("%s: %v gives %+v", name, signed.Message.Header, got)
		}
		t.Log(signed.Message.Header)
	}
}
