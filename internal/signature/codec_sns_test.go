package signature_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

const snsBody = `{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":"a\nb","Timestamp":"2026-03-06T20:00:00.000Z","SigningCertURL":"https://sns.eu-west-1.amazonaws.com/a.pem"}`

// signedSNS is a body that is signed with a new key, and what verifies it.
func signedSNS(t *testing.T, body string) (*provider.Profile, *provider.Message, signature.Key) {
	t.Helper()
	p := load(t, "sns")
	signing, verifying := newKeys(t, p, &p.Signatures.Schemes[1])
	signed, err := signature.Sign(p, signature.Draft{Body: []byte(body), At: time.Unix(1772827200, 0)}, []signature.Key{signing}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !signed.InBody {
		t.Error("want it said that the signature is in the body")
	}
	return p, signed.Message, verifying
}

func TestSNSMessagesAreSignedInTheirBody(t *testing.T) {
	for version, want := range map[string]string{"": "2", "1": "1", "2": "2"} {
		body := snsBody
		if version != "" {
			body = strings.Replace(body, "{", `{"SignatureVersion":"`+version+`",`, 1)
		}
		p, m, key := signedSNS(t, body)
		if !strings.Contains(string(m.Body), `"SignatureVersion":"`+want+`"`) || m.Header.Get("x-amz-sns-message-id") != "1" {
			t.Errorf("version %s: got %v %s", version, m.Header, m.Body)
		}
		if got := verify(p, m, time.Now(), key); got.Outcome != hook.Verified || got.Scheme != "v"+want || !got.Unbound {
			t.Errorf("version %s: got %+v", version, got)
		}
	}
}

func TestSNSMessagesThatCannotBeSigned(t *testing.T) {
	p := load(t, "sns")
	signing, _ := newKeys(t, p, &p.Signatures.Schemes[1])
	for body, want := range map[string]string{
		`{}`:                      "there is no Type",
		`[1]`:                     "no object",
		`{"Type`:                  "not JSON",
		`text`:                    "no object",
		`{"Type":"Notification"}`: "there is no Message ",
		`{"Type":"Other"}`:        "not one of Amazon SNS",
		strings.Replace(snsBody, "{", `{"SignatureVersion":"3",`, 1): `SignatureVersion is "3"`,
	} {
		_, err := signature.Sign(p, signature.Draft{Body: []byte(body)}, []signature.Key{signing}, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", body, want, err)
		}
	}
}

func TestCertificatesOfSNSAreAtAmazon(t *testing.T) {
	const given = "https://sns.eu-west-1.amazonaws.com/a.pem"
	for url, good := range map[string]bool{
		given: true,
		"https://sns.us-gov-west-1.amazonaws.com/a.pem":       true,
		"https://sns.cn-north-1.amazonaws.com.cn/a/b.pem":     true,
		"https://sns.eu-west-1.amazonaws.com/a.pem?x=1":       true,
		"https://sns.eu-west-1.amazonaws.com/a.crt":           false,
		"https://sns.eu-west-1.amazonaws.com/?a.pem":          false,
		"http://sns.eu-west-1.amazonaws.com/a.pem":            false,
		"https://sns.eu-west-1.amazonaws.com:8443/a.pem":      false,
		"https://sns.eu-west-1.amazonaws.com@evil.com/a.pem":  false,
		"https://x@sns.eu-west-1.amazonaws.com/a.pem":         false,
		"https://sns.eu.west.amazonaws.com/a.pem":             false,
		"https://sns.eu-west-1.amazonaws.com.evil.com/a.pem":  false,
		"https://sns.eu-west-1.amazonaws.com.cn.cn/a.pem":     false,
		"https://sns.eu.amazonaws.com/a.pem":                  false,
		"https://sns.eu_west.amazonaws.com/a.pem":             false,
		"https://xsns.eu-west-1.amazonaws.com/a.pem":          false,
		"https://amazonaws.com/a.pem":                         false,
		"https://evil.com/sns.eu-west-1.amazonaws.com/a.pem":  false,
		"//sns.eu-west-1.amazonaws.com/a.pem":                 false,
		"https://sns.e\u0161u-west-1.amazonaws.com/a.pem":     false,
		"https://sns.eu-west-1.amazonaws.com%2f.evil.c/a.pem": false,
		"": false,
	} {
		p, m, key := signedSNS(t, strings.Replace(snsBody, given, url, 1))
		if got := verify(p, m, time.Now(), key); (got.Outcome == hook.Verified) != good || !good && got.Reason != signature.Malformed {
			t.Errorf("%s: got %+v", url, got)
		}
	}
}

// What is not signed, and what cannot be checked, says why.
func TestUncheckedMessagesOfSNS(t *testing.T) {
	p, m, key := signedSNS(t, snsBody)
	if got := verify(p, m, time.Now()); got.Reason != signature.NoSecret || !strings.Contains(got.Detail, "hookctl never fetches it") {
		t.Errorf("no secret: got %+v", got)
	}
	m.Header = append(m.Header, hook.Field{Name: "X-Amz-Sns-Rawdelivery", Value: "true"})
	if got := verify(p, m, time.Now(), key); got.Outcome != hook.Verified {
		t.Errorf("signed although it says that it is raw: got %+v", got)
	}
	m.Body = []byte(`{"order":1}`)
	for _, keys := range [][]signature.Key{nil, {key}} {
		if got := verify(p, m, time.Now(), keys...); got.Outcome != hook.NotChecked || got.Reason != signature.Unsigned || !strings.Contains(got.Detail, "no signature") {
			t.Errorf("raw: got %+v", got)
		}
	}
	m.Header = nil
	if got := verify(p, m, time.Now(), key); got.Outcome != hook.Failed || got.Reason != signature.Missing {
		t.Errorf("neither signed nor raw: got %+v", got)
	}
}

// The age of a message is not limited by Amazon, but can be by the user.
func TestAgeOfSNSMessages(t *testing.T) {
	p, m, key := signedSNS(t, snsBody)
	if err := p.Set("test", "signatures.schemes.v2.timestamp", "{tolerance: 1h}"); err != nil {
		t.Fatal(err)
	}
	sent := time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC)
	for after, reason := range map[time.Duration]string{time.Hour: "", time.Hour + 1: signature.Stale, -time.Hour - 1: signature.Future} {
		if got := verify(p, m, sent.Add(after), key); got.Reason != reason {
			t.Errorf("after %s: want %q, got %+v", after, reason, got)
		}
	}
}

// What a line break ends early could pass for another field.
func TestFieldsOfSNSHaveNoLineBreaks(t *testing.T) {
	p, m, key := signedSNS(t, `{"Type":"Notification","MessageId":"1","TopicArn":"arn","Subject":"a subject","Message":"a\nb","Timestamp":"2026-11-21T08:00:00.000Z","SigningCertURL":"https://sns.eu-west-1.amazonaws.com/x.pem"}`)
	if got := verify(p, m, time.Now(), key); got.Outcome != hook.Verified {
		t.Fatalf("got %+v", got)
	}
	m.Body = []byte(strings.Replace(strings.Replace(string(m.Body), `"MessageId":"1"`, `"MessageId":"1\nSubject\na subject"`, 1), `"Subject":"a subject",`, "", 1))
	if got := verify(p, m, time.Now(), key); got.Outcome != hook.Failed || got.Reason != signature.Malformed {
		t.Errorf("got %+v", got)
	}
}
