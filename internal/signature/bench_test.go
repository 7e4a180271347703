package signature_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// benchmarked are the ways of signing that are measured: the simplest, and one with
// an id, a timestamp and a list of signatures.
func benchmarked(b *testing.B) map[string]*provider.Profile {
	b.Helper()
	body, err := provider.NewLibrary(fstest.MapFS{}).Parse("body.yaml", []byte("name: body\nsignatures:\n  schemes:\n"+
		"    one: {algorithm: hmac-sha256, content: \"{body}\", in: \"header:X-Signature\", encoding: hex}\n"))
	if err != nil {
		b.Fatal(err)
	}
	return map[string]*provider.Profile{"body": body, "svix": load(b, "svix")}
}

// benchDraft is a message of the size of most webhooks.
func benchDraft() signature.Draft {
	return signature.Draft{
		Body: []byte(`{"data":"` + strings.Repeat("x", 1500-11) + `"}`), ID: "msg_1", Event: "a.b", At: time.Unix(1_700_000_000, 0),
		Header: hook.Header{{Name: "User-Agent", Value: "bench"}, {Name: "Accept", Value: "*/*"}, {Name: "Host", Value: "example.com"}},
	}
}

func benchKeys() []signature.Key {
	return []signature.Key{{Name: "secret", Secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
}

func BenchmarkSign(b *testing.B) {
	for name, p := range benchmarked(b) {
		b.Run(name, func(b *testing.B) {
			d, signer := benchDraft(), signature.NewSigner(p, benchKeys())
			b.SetBytes(int64(len(d.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := signer.Sign(d, rand.Reader); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for name, p := range benchmarked(b) {
		b.Run(name, func(b *testing.B) {
			d := benchDraft()
			signed, err := signature.Sign(p, d, benchKeys(), rand.Reader)
			if err != nil {
				b.Fatal(err)
			}
			v := signature.NewVerifier(p, benchKeys(), signature.Options{})
			b.SetBytes(int64(len(d.Body)))
			b.ReportAllocs()
			for b.Loop() {
				if got := v.Verify(signed.Message, d.At); got.Outcome != hook.Verified {
					b.Fatalf("got %+v", got)
				}
			}
		})
	}
}

// BenchmarkHMAC is what the cryptography alone takes of BenchmarkVerify.
func BenchmarkHMAC(b *testing.B) {
	body := benchDraft().Body
	mac := hmac.New(sha256.New, []byte("secret"))
	var sum [sha256.Size]byte
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		mac.Reset()
		mac.Write(body)
		mac.Sum(sum[:0])
	}
}
