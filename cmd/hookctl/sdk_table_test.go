package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"
)

// An sdk is a library that checks a provider's signatures, in one of its ways.
type sdk struct {
	name     string // of its npm package
	variant  string // which of its ways, as trial.mjs calls it; "" for the only one
	provider string // the profile to try it with
	profile  string // YAML of that profile where it is not built in
	keys     func(testing.TB) []sdkKey
	// dress makes a message of the provider out of a payload; nil for the payload itself.
	dress func(payload string) string
	// tamper is a text in every body and what stands there in a forged one; nil for
	// white space, which no signature of a whole body lets through.
	tamper []string
	url    func(body string) string // nil for sdkURL
	args   []string                 // of hookctl sign besides
	// signs says that the SDK can sign too.
	signs bool
	// rotates says that it takes any one of several signatures.
	rotates bool
	// rewrites says that it checks the body as it would write it itself, so that what
	// JSON.stringify writes differently is refused.
	rewrites bool
}

// An sdkKey is what a message is signed with and checked with.
type sdkKey struct{ private, public string }

const sdkURL = "https://hooks.example/in?shop=1"

// sdks are those that the two package.json of testdata/sdk install.
//
// Not among them, as they have nothing that checks a signature: mailgun.js, xero-node,
// @lemonsqueezy/lemonsqueezy.js, intercom-client, docusign-esign and @typeform/api-client.
func sdks() []sdk {
	return []sdk{
		{name: "svix", provider: "svix", keys: standardSecrets, signs: true, rotates: true},
		{name: "svix", provider: "clazar", keys: standardSecrets, signs: true, rotates: true},
		{name: "standardwebhooks", provider: "standard-webhooks", keys: standardSecrets, signs: true, rotates: true},
		{name: "standardwebhooks", provider: "gitlab", keys: standardSecrets, args: []string{"--event", "push"}, signs: true, rotates: true},
		{name: "@octokit/webhooks-methods", provider: "github", keys: textSecrets, args: []string{"--event", "push"}, signs: true},
		{name: "@linear/sdk", provider: "linear", keys: textSecrets, args: []string{"--event", "Issue.create"}},
		// Of several signatures it takes the last alone, so it sees no rotation through.
		{name: "@paddle/paddle-node-sdk", provider: "paddle", keys: textSecrets},
		{name: "@sendgrid/eventwebhook", provider: "sendgrid", keys: ecdsaKeys, signs: true},
		{name: "discord-interactions", provider: "discord", keys: ed25519Digits},
		{name: "sns-validator", variant: "1", provider: "sns", keys: certificates, dress: snsNotification("1"), tamper: snsForgery()},
		{name: "sns-validator", variant: "2", provider: "sns", keys: certificates, dress: snsConfirmation("2"), tamper: snsForgery()},
		{name: "sns-payload-validator", variant: "1", provider: "sns", keys: certificates, dress: snsConfirmation("1"), tamper: snsForgery()},
		{name: "sns-payload-validator", variant: "2", provider: "sns", keys: certificates, dress: snsNotification("2"), tamper: snsForgery()},
		{name: "http-message-signatures", variant: "hmac-sha256", provider: "./own", profile: rfc9421("hmac-sha256"), keys: textSecrets, signs: true},
		{name: "http-message-signatures", variant: "ed25519", provider: "./own", profile: rfc9421("ed25519"), keys: ed25519Keys, signs: true},
		{name: "http-message-signatures", variant: "ecdsa-p256-sha256", provider: "./own", profile: rfc9421("ecdsa-p256-sha256"), keys: ecdsaKeys, signs: true},
		{name: "http-message-signatures", variant: "rsa-v1_5-sha256", provider: "./own", profile: rfc9421("rsa-pkcs1-sha256"), keys: rsaKeys, signs: true},
		// It can sign, but with a salt as long as the key allows, where RFC 9421, 3.3.1 wants 64 bytes.
		{name: "http-message-signatures", variant: "rsa-pss-sha512", provider: "./own", profile: rfc9421("rsa-pss-sha512"), keys: rsaKeys},

		{name: "stripe", provider: "stripe", keys: textSecrets, signs: true, rotates: true},
		{name: "@slack/bolt", provider: "slack", keys: textSecrets},
		{name: "square", provider: "square", keys: textSecrets},
		{name: "@shopify/shopify-api", provider: "shopify", keys: textSecrets, args: []string{"--event", "orders/create"}},
		{name: "twilio", variant: "form", provider: "twilio", keys: textSecrets, dress: twilioForm, tamper: []string{"From=%2B1", "From=%2B2"}, signs: true},
		{name: "twilio", variant: "json", provider: "twilio", keys: textSecrets, url: twilioURL, signs: true},
		{name: "@hubspot/api-client", variant: "v1", provider: "hubspot", keys: textSecrets, signs: true},
		{name: "@hubspot/api-client", variant: "v2", provider: "hubspot", keys: textSecrets, signs: true,
			args: []string{"--set", "headers.X-HubSpot-Signature-Version=v2"}},
		{name: "@hubspot/api-client", variant: "v3", provider: "hubspot", keys: textSecrets, signs: true},
		{name: "@adyen/api-library", variant: "items", provider: "adyen", keys: hexSecrets, dress: adyenItems,
			tamper: []string{"AUTHORISATION", "REFUND"}, signs: true},
		{name: "@adyen/api-library", variant: "platform", provider: "adyen", keys: hexSecrets, dress: inside(`{"type":"balancePlatform.transfer.created","data":`), signs: true},
		{name: "@zoom/rivet", provider: "zoom", keys: textSecrets, dress: inside(`{"event":"meeting.started","payload":`),
			tamper: []string{"meeting.started", "meeting.ended"}, rewrites: true},
	}
}

// An sdkPayload is what a body is made of. restyled says that JSON.stringify(JSON.parse(text))
// is another text.
type sdkPayload struct {
	name, text string
	restyled   bool
}

func sdkPayloads() []sdkPayload {
	return []sdkPayload{
		{name: "ASCII", text: `{"type":"order.paid","note":"a < b & \"c\" \\ 'd' = 100% + ~","tags":[true,null,"1"]}`},
		{name: "Unicode", text: "{\"type\":\"x\",\"name\":\"Zoë, e\u0301 鍵 😀 \u2028\u200d\ufeff\"}"},
		{name: "an empty object", text: `{}`},
		{name: "numbers that no float holds", text: `{"id":12345678901234567890,"amount":10.0,"rate":1E-7,"zero":-0}`, restyled: true},
		{name: "a line break at the end", text: "{\r\n  \"type\": \"x\"\n}\n", restyled: true},
		{name: "1 MB", text: `{"type":"x","data":"` + strings.Repeat("0123456789abcdé", 1<<16) + `"}`},
	}
}

func (s *sdk) String() string {
	return strings.TrimSpace(s.name+" "+s.variant) + " and " + strings.TrimPrefix(s.provider, "./")
}

func (s *sdk) body(payload string) string {
	if s.dress == nil {
		return payload
	}
	return s.dress(payload)
}

func (s *sdk) urlFor(body string) string {
	if s.url == nil {
		return sdkURL
	}
	return s.url(body)
}

// forge changes what the signature of body covers.
func (s *sdk) forge(t testing.TB, body string) string {
	t.Helper()
	from, to := "{", "{ "
	if s.tamper != nil {
		from, to = s.tamper[0], s.tamper[1]
	}
	if !strings.Contains(body, from) {
		t.Fatalf("the body has no %q", from)
	}
	return strings.Replace(body, from, to, 1)
}

// inside puts the payload into an object, and leaves white space at its end where it is.
func inside(before string) func(string) string {
	return func(payload string) string {
		text := strings.TrimRight(payload, "\r\n")
		return before + text + "}" + payload[len(text):]
	}
}

func twilioForm(payload string) string {
	return "Body=" + url.QueryEscape(payload) + "&From=%2B15550000001&MediaUrl=b+b&MediaUrl=a&Empty="
}

func twilioURL(body string) string {
	sum := sha256.Sum256([]byte(body))
	return "https://hooks.example/in?bodySHA256=" + hex.EncodeToString(sum[:])
}

// The amount is one that a float holds, as the SDK reads it as one.
func adyenItems(payload string) string {
	item := func(event string) string {
		return `{"NotificationRequestItem":{"amount":{"currency":"EUR","value":1130},"eventCode":"` + event + `","eventDate":"2026-11-21T08:00:00+01:00",` +
			`"merchantAccountCode":"Acme","merchantReference":` + quoted(payload) + `,"pspReference":"7914073381342284","success":"true"}}`
	}
	return `{"live":"false","notificationItems":[` + item("AUTHORISATION") + "," + item("CAPTURE") + `]}`
}

func snsForgery() []string { return []string{`"MessageId":"`, `"MessageId":"x`} }

func snsNotification(version string) func(string) string {
	return func(payload string) string {
		return sns("Notification", version, `"Subject":"An order","Message":`+quoted(payload)+`,"UnsubscribeURL":"https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe"`)
	}
}

func snsConfirmation(version string) func(string) string {
	return func(payload string) string {
		return sns("SubscriptionConfirmation", version, `"Token":"2336412f37","SubscribeURL":"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37","Message":`+quoted(payload))
	}
}

func sns(kind, version, fields string) string {
	return fmt.Sprintf(`{"Type":%q,"MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324","TopicArn":"arn:aws:sns:us-east-1:123456789012:orders",%s,"Timestamp":%q,`+
		`"SignatureVersion":%q,"SigningCertURL":"https://sns.us-east-1.amazonaws.com/SimpleNotificationService-%s.pem"}`,
		kind, fields, time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), version, strings.Repeat(version, 32))
}

func quoted(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // no text does that
	}
	return string(quoted)
}

// rfc9421 is a profile that signs with algorithm as RFC 9421 has it.
func rfc9421(algorithm string) string {
	return `name: own
body: {kind: json, content_type: application/json}
signatures:
  schemes:
    message:
      codec: http-message-signatures
      algorithm: ` + algorithm + `
      key: {id: trial}
      components: ["@method", "@authority", "@path", "@query", content-type, content-digest]
      timestamp: {tolerance: 5m}
`
}

func shared(secrets ...string) []sdkKey {
	var keys []sdkKey
	for _, secret := range secrets {
		keys = append(keys, sdkKey{secret, secret})
	}
	return keys
}

func textSecrets(testing.TB) []sdkKey {
	return shared("5f3c1d0a9b8e7f66", `whsec_Schlüssel 鍵 "/+='%`)
}

func standardSecrets(testing.TB) []sdkKey {
	return shared("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_"+strings.Repeat("+/09", 16)+"AQ==")
}

func hexSecrets(testing.TB) []sdkKey {
	return shared("44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056", strings.Repeat("0f", 64))
}

func ed25519Digits(t testing.TB) []sdkKey {
	return pairs(t, func() (sdkKey, error) {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		return sdkKey{hex.EncodeToString(private.Seed()), hex.EncodeToString(public)}, err
	})
}

func ed25519Keys(t testing.TB) []sdkKey {
	return pairs(t, func() (sdkKey, error) {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return sdkKey{}, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			return sdkKey{}, err
		}
		return pemPair("PRIVATE KEY", der, public)
	})
}

// ecdsaKeys are in the older form of PEM, which every one of the SDKs reads.
func ecdsaKeys(t testing.TB) []sdkKey {
	return pairs(t, func() (sdkKey, error) {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return sdkKey{}, err
		}
		der, err := x509.MarshalECPrivateKey(private)
		if err != nil {
			return sdkKey{}, err
		}
		return pemPair("EC PRIVATE KEY", der, private.Public())
	})
}

func rsaKeys(t testing.TB) []sdkKey {
	return pairs(t, func() (sdkKey, error) {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return sdkKey{}, err
		}
		return pemPair("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private), private.Public())
	})
}

// certificates is one key: a validator keeps the certificate of a URL for good, and
// each of its ways has a URL of its own.
func certificates(t testing.TB) []sdkKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	return []sdkKey{{pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private)), pemText("CERTIFICATE", der)}}
}

// pairs makes two keys.
func pairs(t testing.TB, one func() (sdkKey, error)) []sdkKey {
	t.Helper()
	keys := make([]sdkKey, 2)
	for i := range keys {
		var err error
		if keys[i], err = one(); err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func pemPair(kind string, private []byte, public any) (sdkKey, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	return sdkKey{pemText(kind, private), pemText("PUBLIC KEY", der)}, err
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
