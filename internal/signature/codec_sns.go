package signature

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// Amazon SNS signs some fields of its JSON body, and says in SignatureVersion with
// which algorithm. Source: Amazon SNS Developer Guide, "Verifying the signature of an
// Amazon SNS message when using HTTP query-based requests".

// snsField is the text of a field of the body; of repeated ones the last, as most
// parsers have it. What is null is not there.
func snsField(body []byte, name string) (string, bool) {
	value, ok := jsontext.Lookup(body, jsontext.Path{{Key: name}})
	if !ok {
		return "", false
	}
	return jsontext.Plain(value)
}

// snsFields are the fields that are signed, or say how.
func snsFields() []string {
	return []string{
		"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
		"Signature", "SignatureVersion", "SigningCertURL",
	}
}

// checkSNSFields refuses fields that are no strings: how they are written is not signed.
// The error is a *fault.
func checkSNSFields(body []byte) error {
	for _, name := range snsFields() {
		value, ok := jsontext.Lookup(body, jsontext.Path{{Key: name}})
		if ok && value[0] != '"' && string(value) != "null" {
			return faultf(Malformed, "%s in the JSON body is not a string", name)
		}
	}
	return nil
}

// snsContent is what is signed: the names and values of some fields, each followed
// by a line feed, in an order that is fixed. The error is a *fault.
func snsContent(body []byte) (string, error) {
	kind, _ := snsField(body, "Type")
	var names []string
	switch kind {
	case "Notification":
		names = []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	case "SubscriptionConfirmation", "UnsubscribeConfirmation":
		names = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	case "":
		return "", faultf(Incomplete, "there is no Type in the JSON body")
	default:
		return "", faultf(Malformed, "Type is %s, which is not one of Amazon SNS", shorten(kind))
	}
	var b strings.Builder
	for _, name := range names {
		value, ok := snsField(body, name)
		if !ok && name != "Subject" {
			return "", faultf(Incomplete, "there is no %s in the JSON body", name)
		}
		if name != "Message" && strings.Contains(value, "\n") {
			// It would end the value early, and what follows would pass for other fields.
			return "", faultf(Malformed, "%s has a line break in it", name)
		}
		if ok {
			b.WriteString(name + "\n" + value + "\n")
		}
	}
	return b.String(), nil
}

// snsVersion is the SignatureVersion that an algorithm has.
func snsVersion(a provider.Algorithm) string {
	if a == provider.RSASHA1 {
		return "1"
	}
	return "2"
}

// judgeSNS checks m by the pinned keys of s. The error is a *fault.
func (v *Verifier) judgeSNS(s *scheme, m *provider.Message, now time.Time) error {
	if err := checkSNSFields(m.Body); err != nil {
		return err
	}
	content, err := snsContent(m.Body)
	if err != nil {
		return err
	}
	version, _ := snsField(m.Body, "SignatureVersion")
	if want := snsVersion(s.Algorithm); version != want {
		return faultf(Malformed, "SignatureVersion is %s, want \"%s\" for %s", shorten(version), want, s.Algorithm)
	}
	if err := checkCertURL(m.Body); err != nil {
		return err
	}
	text, _ := snsField(m.Body, "Signature")
	signature, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(signature) == 0 {
		return faultf(Malformed, "Signature in the JSON body is not base64")
	}
	if !s.anyHolds(plain(content), signature) {
		return faultf(Mismatch, "%s", s.mismatch())
	}
	at, err := timestampOf(s.Scheme, &provider.Scope{Message: m})
	if err != nil {
		return err
	}
	return v.checkAge(s.Scheme, at, now)
}

// anyHolds reports whether signature is that of one of the keys.
func (s *scheme) anyHolds(c content, signature []byte) bool {
	for _, k := range s.keys {
		if ok, err := k.verify(c, signature); ok && err == nil {
			return true
		}
	}
	return false
}

// checkCertURL refuses a message whose certificate would not be one of Amazon's. The
// certificate is pinned here, but what a receiver would fetch must not be anybody's.
func checkCertURL(body []byte) error {
	text, ok := snsField(body, "SigningCertURL")
	if !ok {
		return faultf(Incomplete, "there is no SigningCertURL in the JSON body")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" || u.User != nil:
		return faultf(Malformed, "SigningCertURL is no https URL of Amazon SNS")
	case !isSNSHost(u.Host):
		return faultf(Malformed, "the host of SigningCertURL is not one of Amazon SNS: %q", cut(u.Host))
	case !strings.HasSuffix(u.Path, ".pem"):
		return faultf(Malformed, "SigningCertURL does not end in .pem")
	}
	return nil
}

// isSNSHost reports whether host is one of Amazon SNS, which are
// ^sns\.[a-zA-Z0-9\-]{3,}\.amazonaws\.com(\.cn)?$ in Amazon's own validators.
func isSNSHost(host string) bool {
	region, ok := strings.CutPrefix(host, "sns.")
	region, zone := strings.CutSuffix(strings.TrimSuffix(region, ".cn"), ".amazonaws.com")
	other := strings.IndexFunc(region, func(r rune) bool {
		return r > '~' || !isLower(byte(r)|0x20) && !isDigit(byte(r)) && r != '-'
	})
	return ok && zone && len(region) >= 3 && other < 0
}

// cut is the beginning of a text that anybody may have written.
func cut(text string) string {
	const most = 80
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// signSNS puts a signature into the body, and the SignatureVersion where there is
// none. There is room for one: the first key's.
func signSNS(s *provider.Scheme, m *provider.Message, keys []*key, signed *Signed) error {
	if len(keys) == 0 {
		return nil
	}
	version, ok := snsField(m.Body, "SignatureVersion")
	if !ok {
		version = snsVersion(s.Algorithm)
		if err := signed.setInBody(m, "SignatureVersion", version); err != nil {
			return err
		}
	}
	if want := snsVersion(s.Algorithm); version != want {
		return fmt.Errorf("SignatureVersion is %s, want %q for %s", shorten(version), want, s.Algorithm)
	}
	content, err := snsContent(m.Body)
	if err != nil {
		return err
	}
	signature, err := keys[0].sign(plain(content))
	if err != nil {
		return err
	}
	return signed.setInBody(m, "Signature", base64.StdEncoding.EncodeToString(signature))
}
