package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// A pair is a key pair in the forms in which people have it.
type pair struct {
	private, public map[string]string
}

// pairOf writes a private key in all forms, the name of each being what it is.
func pairOf(t *testing.T, private crypto.Signer) pair {
	t.Helper()
	der := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	block := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	pkcs8, spki := der(x509.MarshalPKCS8PrivateKey(private)), der(x509.MarshalPKIXPublicKey(private.Public()))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Unix(1, 0)}
	certificate := der(x509.CreateCertificate(rand.Reader, template, template, private.Public(), private))
	p := pair{
		private: map[string]string{
			"PKCS #8 in PEM": block("PRIVATE KEY", pkcs8), "PKCS #8 in base64": base64.StdEncoding.EncodeToString(pkcs8),
			"PKCS #8 in base64url": base64.RawURLEncoding.EncodeToString(pkcs8), "PKCS #8 in hex": hex.EncodeToString(pkcs8),
		},
		public: map[string]string{
			"SPKI in PEM": block("PUBLIC KEY", spki), "SPKI in base64": base64.StdEncoding.EncodeToString(spki), "SPKI in hex": hex.EncodeToString(spki),
			"PEM between white space": "\n\n" + block("PUBLIC KEY", spki) + "\n", "certificate that is out of date": block("CERTIFICATE", certificate),
		},
	}
	p.private["PEM on one line"] = strings.ReplaceAll(p.private["PKCS #8 in PEM"], "\n", `\n`)
	p.public["PEM on one line"] = strings.ReplaceAll(p.public["SPKI in PEM"], "\n", `\n`)
	switch private := private.(type) {
	case ed25519.PrivateKey:
		public := private.Public().(ed25519.PublicKey)
		p.private["seed in hex"] = hex.EncodeToString(private.Seed())
		p.private["seed in base64"] = base64.StdEncoding.EncodeToString(private.Seed())
		p.private["seed and public key in base64"] = base64.StdEncoding.EncodeToString(private)
		p.public["raw in hex"] = hex.EncodeToString(public)
		p.public["raw in upper-case hex"] = strings.ToUpper(hex.EncodeToString(public))
		p.public["raw in base64"] = base64.StdEncoding.EncodeToString(public)
		p.public["raw in base64url"] = base64.RawURLEncoding.EncodeToString(public)
	case *ecdsa.PrivateKey:
		p.private["SEC 1 in PEM"] = block("EC PRIVATE KEY", der(x509.MarshalECPrivateKey(private)))
	case *rsa.PrivateKey:
		p.private["PKCS #1 in PEM"] = block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private))
		p.public["PKCS #1 in PEM"] = block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&private.PublicKey))
	}
	return p
}

// pairs are a key pair for each kind of algorithm.
func pairs(t *testing.T) map[provider.Algorithm]pair {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return map[provider.Algorithm]pair{
		provider.Ed25519: pairOf(t, ed), provider.ECDSAP256: pairOf(t, ec), provider.RSASHA256: pairOf(t, private),
		provider.RSAPSS: pairOf(t, private),
	}
}

// bySignature is a profile with one scheme that signs the body.
func bySignature(t *testing.T, a provider.Algorithm) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(fstest.MapFS{}).Parse("a.yaml", []byte("name: a\nsignatures:\n  schemes:\n"+
		"    one: {algorithm: "+string(a)+", content: \"{body}\", in: \"header:X-Signature\", encoding: base64, key: {prefixes: [whsk_, whpk_]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestKeyPairsAreReadInAllTheirForms(t *testing.T) {
	for a, pair := range pairs(t) {
		p := bySignature(t, a)
		for name, private := range pair.private {
			signed, err := signature.Sign(p, signature.Draft{Body: []byte("x")}, []signature.Key{{Name: "secret", Secret: private}}, rand.Reader)
			if err != nil {
				t.Errorf("%s, %s: %v", a, name, err)
				continue
			}
			for name, public := range pair.public {
				if got := verify(p, signed.Message, time.Time{}, signature.Key{Name: "secret", Secret: public}); got.Outcome != hook.Verified {
					t.Errorf("%s, %s: got %+v", a, name, got)
				}
			}
		}
	}
}

func TestPrefixesOfKeyPairsAreCutOff(t *testing.T) {
	pair := pairs(t)[provider.Ed25519]
	p := bySignature(t, provider.Ed25519)
	signed, err := signature.Sign(p, signature.Draft{}, []signature.Key{{Secret: "whsk_" + pair.private["seed and public key in base64"]}}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got := verify(p, signed.Message, time.Time{}, signature.Key{Secret: "whpk_" + pair.public["raw in base64"]}); got.Outcome != hook.Verified {
		t.Errorf("got %+v", got)
	}
}

// Each error says what is wrong, and never what the secret is.
func TestKeysThatDoNotFitSaySo(t *testing.T) {
	all := pairs(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other := pairOf(t, p384)
	ed, ec, rs := all[provider.Ed25519], all[provider.ECDSAP256], all[provider.RSASHA256]
	for _, test := range []struct {
		name               string
		a                  provider.Algorithm
		secret             string
		verifying, signing string // what the errors say; "" for none
	}{
		{"private in PEM", provider.Ed25519, ed.private["PKCS #8 in PEM"], "this is a private key", ""},
		{"private in base64", provider.Ed25519, ed.private["PKCS #8 in base64"], "this is a private key", ""},
		{"private of PKCS #1", provider.RSASHA256, rs.private["PKCS #1 in PEM"], "this is a private key", ""},
		{"private of SEC 1", provider.ECDSAP256, ec.private["SEC 1 in PEM"], "this is a private key", ""},
		{"public in PEM", provider.Ed25519, ed.public["SPKI in PEM"], "", "this is a public key"},
		{"public in base64", provider.ECDSAP256, ec.public["SPKI in base64"], "", "this is a public key"},
		{"certificate", provider.RSASHA256, rs.public["certificate that is out of date"], "", "this is a certificate"},
		{"private with its public key", provider.Ed25519, ed.private["seed and public key in base64"], "this is a private key", ""},
		{"other kind", provider.Ed25519, rs.public["SPKI in PEM"], "want a public key for ed25519, got one for RSA", "this is a public key"},
		{"other private kind", provider.RSASHA256, ed.private["PKCS #8 in PEM"], "this is a private key", "want a private key for rsa-pkcs1-sha256, got one for Ed25519"},
		{"other curve", provider.ECDSAP256, other.public["SPKI in PEM"], "got one for ECDSA with the curve P-384", "this is a public key"},
		{"other private curve", provider.ECDSAP256, other.private["PKCS #8 in PEM"], "this is a private key", "got one for ECDSA with the curve P-384"},
		{"text", provider.Ed25519, "an ordinary secret that is no key", "want a public key for ed25519", "want a private key for ed25519"},
		{"short", provider.Ed25519, "c2VjcmV0", "no public key", "no private key"},
		{"hex of the wrong length", provider.Ed25519, strings.Repeat("ab", 31), "no public key", "no private key"},
		{"faulty certificate", provider.RSASHA256, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate cannot be read", "this is a certificate"},
		{"faulty PEM", provider.RSASHA256, "-----BEGIN PUBLIC KEY-----\nAAAA", "want a public key", "want a private key"},
		{"empty", provider.RSASHA256, "", "the secret is empty", "the secret is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := bySignature(t, test.a)
			key := signature.Key{Name: "env:KEY", Secret: test.secret}
			got := verify(p, &provider.Message{Header: hook.Header{{Name: "X-Signature", Value: "AAAA"}}}, time.Time{}, key)
			_, err := signature.Sign(p, signature.Draft{}, []signature.Key{key}, rand.Reader)
			texts := []string{"", ""}
			if got.Reason == signature.BadSecret {
				texts[0] = got.Detail
			}
			if err != nil {
				texts[1] = err.Error()
			}
			for i, want := range []string{test.verifying, test.signing} {
				if want == "" != (texts[i] == "") || !strings.Contains(texts[i], want) || want != "" && !strings.HasPrefix(texts[i], "env:KEY: ") {
					t.Errorf("want %q, got %q", want, texts[i])
				}
				if tells(texts[i], test.secret) {
					t.Errorf("the error tells the secret: %q", texts[i])
				}
			}
		})
	}
}

// tells reports whether text has eight characters of a secret in a row.
func tells(text, secret string) bool {
	for i := range len(secret) - 7 {
		if piece := secret[i : i+8]; strings.Contains(text, piece) && !strings.Contains("-----BEGIN PUBLIC KEY certificate private secret", piece) {
			return true
		}
	}
	return false
}

func TestSecretsThatAreNotWhatTheirEncodingSays(t *testing.T) {
	for encoding, secret := range map[string]string{"hex": "not hexadecimal", "base64": "not*base64", "hex ": "abc"} {
		encoding = strings.TrimSpace(encoding)
		p, err := provider.NewLibrary(fstest.MapFS{}).Parse("a.yaml", []byte("name: a\nsignatures:\n  schemes:\n"+
			"    one: {algorithm: hmac-sha256, content: \"{body}\", in: \"header:X-Signature\", encoding: hex, key: {encoding: "+encoding+"}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := verify(p, &provider.Message{Header: hook.Header{{Name: "X-Signature", Value: "aa"}}}, time.Time{}, signature.Key{Name: "env:KEY", Secret: secret})
		if got.Reason != signature.BadSecret || !strings.Contains(got.Detail, encoding) || strings.Contains(got.Detail, secret) {
			t.Errorf("%s: got %+v", encoding, got)
		}
	}
}

// What anybody may know must never be the secret of an HMAC.
func TestAPublicKeyIsNoSecret(t *testing.T) {
	public := "whpk_" + base64.StdEncoding.EncodeToString(make([]byte, ed25519.PublicKeySize))
	for _, name := range []string{"svix", "standard-webhooks", "clazar"} {
		p := load(t, name)
		m := &provider.Message{Method: "POST", Body: []byte(`{"type":"forged"}`), Header: hook.Header{
			{Name: "webhook-id", Value: "m1"}, {Name: "webhook-timestamp", Value: "1700000000"},
		}}
		forged := hmac.New(sha256.New, make([]byte, ed25519.PublicKeySize))
		fmt.Fprintf(forged, "m1.1700000000.%s", m.Body)
		m.Header = append(m.Header, hook.Field{Name: "webhook-signature", Value: "v1," + base64.StdEncoding.EncodeToString(forged.Sum(nil))})
		v := signature.NewVerifier(p, []signature.Key{{Name: "public", Secret: public}}, signature.Options{})
		if got := v.Verify(m, time.Unix(1700000000, 0)); got.Outcome != hook.Failed || got.Reason != signature.BadSecret {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
