package provider

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/suggest"
)

// The words of the language. Each type accepts its own and says which they are.

// An Algorithm makes or checks a signature.
type Algorithm string

// The algorithms.
const (
	HMACSHA1    Algorithm = "hmac-sha1"
	HMACSHA256  Algorithm = "hmac-sha256"
	HMACSHA512  Algorithm = "hmac-sha512"
	PlainSHA1   Algorithm = "sha1" // of a content that has the secret in it
	PlainSHA256 Algorithm = "sha256"
	Token       Algorithm = "token"  // the secret itself
	Bearer      Algorithm = "bearer" // the secret after "Bearer "
	Basic       Algorithm = "basic"  // "user:password", as in RFC 7617
	Ed25519     Algorithm = "ed25519"
	ECDSAP256   Algorithm = "ecdsa-p256-sha256" // in ASN.1
	RSASHA1     Algorithm = "rsa-pkcs1-sha1"
	RSASHA256   Algorithm = "rsa-pkcs1-sha256"
	RSAPSS      Algorithm = "rsa-pss-sha512"
)

func algorithms() []Algorithm {
	return []Algorithm{HMACSHA1, HMACSHA256, HMACSHA512, PlainSHA1, PlainSHA256, Token, Bearer, Basic, Ed25519, ECDSAP256, RSASHA1, RSASHA256, RSAPSS}
}

// UnmarshalText reads one of the algorithms.
func (a *Algorithm) UnmarshalText(text []byte) error { return oneOf(a, text, algorithms()) }

// Token reports whether the message carries the secret itself.
func (a Algorithm) Token() bool { return a == Token || a == Bearer || a == Basic }

// Asymmetric reports whether signing and verifying take different keys.
func (a Algorithm) Asymmetric() bool {
	return a == Ed25519 || a == ECDSAP256 || a == RSASHA1 || a == RSASHA256 || a == RSAPSS
}

// A Codec is a canonical form that is code.
type Codec string

// The codecs.
const (
	// CodecMessageSignatures is RFC 9421 with the digests of RFC 9530.
	CodecMessageSignatures Codec = "http-message-signatures"
	// CodecSNS is the string of names and values that Amazon SNS signs.
	CodecSNS Codec = "sns"
)

// Algorithms are those that the codec has signatures by.
func (c Codec) Algorithms() []Algorithm {
	if c == CodecSNS {
		return []Algorithm{RSASHA1, RSASHA256}
	}
	return []Algorithm{HMACSHA256, Ed25519, ECDSAP256, RSASHA256, RSAPSS}
}

// timestamp is where the codec has the time of a signature, and how it writes it.
func (c Codec) timestamp() (string, TimeUnit) {
	if c == CodecSNS {
		return "json:Timestamp", RFC3339
	}
	return "part:created", Seconds
}

// UnmarshalText reads one of the codecs.
func (c *Codec) UnmarshalText(text []byte) error {
	return oneOf(c, text, []Codec{CodecMessageSignatures, CodecSNS})
}

// A KeyEncoding is how a secret writes the bytes of its key.
type KeyEncoding string

// The encodings of keys.
const (
	KeyUTF8   KeyEncoding = "utf8"
	KeyBase64 KeyEncoding = "base64"
	KeyHex    KeyEncoding = "hex"
	// KeyPair is a key of an asymmetric algorithm, in whatever of the usual forms.
	KeyPair KeyEncoding = "pair"
)

// UnmarshalText reads one of the encodings of keys.
func (e *KeyEncoding) UnmarshalText(text []byte) error {
	return oneOf(e, text, []KeyEncoding{KeyUTF8, KeyBase64, KeyHex, KeyPair})
}

// An Encoding is how a signature is written.
type Encoding string

// The encodings of signatures.
const (
	Hex       Encoding = "hex"
	Base64    Encoding = "base64"
	Base64URL Encoding = "base64url"
	Raw       Encoding = "raw" // as it is: tokens
)

// UnmarshalText reads one of the encodings.
func (e *Encoding) UnmarshalText(text []byte) error {
	return oneOf(e, text, []Encoding{Hex, Base64, Base64URL, Raw})
}

// A SetRule says how several schemes go together.
type SetRule string

// The rules for sets of schemes.
const (
	// Prefer takes the first scheme whose signature is there, and that one decides: a
	// wrong signature is never made good by a weaker one.
	Prefer SetRule = "prefer"
	// AnyOf takes a message as verified when one scheme verifies it.
	AnyOf SetRule = "any"
	// AllOf demands that every scheme that is there verifies it.
	AllOf SetRule = "all"
)

// UnmarshalText reads one of the rules.
func (r *SetRule) UnmarshalText(text []byte) error {
	return oneOf(r, text, []SetRule{Prefer, AnyOf, AllOf})
}

// A BodyKind is what a body is written in.
type BodyKind string

// The kinds of body.
const (
	BodyJSON BodyKind = "json"
	BodyForm BodyKind = "form"
	BodyXML  BodyKind = "xml"
	BodyText BodyKind = "text"
)

// UnmarshalText reads one of the kinds.
func (k *BodyKind) UnmarshalText(text []byte) error {
	return oneOf(k, text, []BodyKind{BodyJSON, BodyForm, BodyXML, BodyText})
}

// A Strength says how much a fitting detection rule tells.
type Strength string

// The strengths. "" is as certain as Certain.
const (
	Certain Strength = "certain"
	// Generic rules fit a family of providers, and give way to those of one.
	Generic Strength = "generic"
	// WhenConfigured rules count only for a provider that the user has configured.
	WhenConfigured Strength = "when_configured"
)

// UnmarshalText reads one of the strengths.
func (s *Strength) UnmarshalText(text []byte) error {
	return oneOf(s, text, []Strength{Certain, Generic, WhenConfigured})
}

// A TimeUnit is how a timestamp is written.
type TimeUnit string

// The units.
const (
	Seconds      TimeUnit = "s"
	Milliseconds TimeUnit = "ms"
	RFC3339      TimeUnit = "rfc3339"
	RFC1123      TimeUnit = "rfc1123"
)

// UnmarshalText reads one of the units.
func (u *TimeUnit) UnmarshalText(text []byte) error {
	return oneOf(u, text, []TimeUnit{Seconds, Milliseconds, RFC3339, RFC1123})
}

// A SecretForm is what a generated secret looks like.
type SecretForm string

// The forms.
const (
	SecretHex     SecretForm = "hex"     // 32 bytes in hexadecimal
	SecretBase64  SecretForm = "base64"  // 24 bytes in base64
	SecretEd25519 SecretForm = "ed25519" // the seed of a key pair in hexadecimal
	SecretECDSA   SecretForm = "ecdsa-p256"
	SecretRSA     SecretForm = "rsa-2048"
)

// UnmarshalText reads one of the forms.
func (f *SecretForm) UnmarshalText(text []byte) error {
	return oneOf(f, text, []SecretForm{SecretHex, SecretBase64, SecretEd25519, SecretECDSA, SecretRSA})
}

// An IDForm is what a generated event id looks like: "uuid", "ulid" or "hex" with an
// optional prefix before it, such as "msg_ulid".
type IDForm string

// UnmarshalText reads a form.
func (f *IDForm) UnmarshalText(text []byte) error {
	for _, kind := range []string{"uuid", "ulid", "hex", "digits"} {
		if strings.HasSuffix(string(text), kind) {
			*f = IDForm(text)
			return nil
		}
	}
	return fmt.Errorf("want uuid, ulid, hex or digits, with what stands before it, such as msg_ulid, got %q", text)
}

// A Verdict is a condition on how the verification of a message ended.
type Verdict string

// The verdicts.
const (
	AnyVerdict    Verdict = ""
	VerdictFailed Verdict = "failed"
	VerdictGood   Verdict = "verified"
	// VerdictNotFailed also takes messages that were not checked.
	VerdictNotFailed Verdict = "not_failed"
)

// UnmarshalText reads a verdict.
func (v *Verdict) UnmarshalText(text []byte) error {
	return oneOf(v, text, []Verdict{VerdictFailed, VerdictGood, VerdictNotFailed})
}

// An Action is what a status of the receiver leads to.
type Action string

// The actions.
const (
	ActRetry    Action = "retry"    // on the schedule
	ActRepeat   Action = "repeat"   // at a fixed interval
	ActDrop     Action = "drop"     // the delivery has failed for good
	ActDisable  Action = "disable"  // the endpoint is disabled
	ActThrottle Action = "throttle" // a retry, and others wait too
)

// UnmarshalText reads an action.
func (a *Action) UnmarshalText(text []byte) error {
	return oneOf(a, text, []Action{ActRetry, ActRepeat, ActDrop, ActDisable, ActThrottle})
}

// An AfterFailure is a kind of failure that a retry follows.
type AfterFailure string

// The kinds: those of hook.Attempt, and two besides.
const (
	AfterUnreachable AfterFailure = hook.FailureUnreachable
	AfterLate        AfterFailure = hook.FailureLate
	AfterBroken      AfterFailure = hook.FailureBroken
	AfterStatus      AfterFailure = "status" // an answer that is no acknowledgement
	AfterOther       AfterFailure = "other"  // whatever has no word of its own
)

// UnmarshalText reads a kind of failure.
func (a *AfterFailure) UnmarshalText(text []byte) error {
	return oneOf(a, text, []AfterFailure{AfterUnreachable, AfterLate, AfterBroken, AfterStatus, AfterOther})
}

// A Consequence is what failures lead to.
type Consequence string

// The consequences.
const (
	Discard Consequence = "discard" // the event is lost for the receiver
	Pause   Consequence = "pause"   // the endpoint gets nothing until something happens
	Disable Consequence = "disable"
	Delete  Consequence = "delete"
	Notify  Consequence = "notify" // somebody is told, or an event is sent
)

// UnmarshalText reads a consequence.
func (c *Consequence) UnmarshalText(text []byte) error {
	return oneOf(c, text, []Consequence{Discard, Pause, Disable, Delete, Notify})
}

// A FilterRule says whether an endpoint chooses its events.
type FilterRule string

// The filter rules.
const (
	FilterNone     FilterRule = "none"     // it gets all
	FilterOptional FilterRule = "optional" // it gets all unless it chooses
	FilterRequired FilterRule = "required" // it must choose
)

// UnmarshalText reads a filter rule.
func (r *FilterRule) UnmarshalText(text []byte) error {
	return oneOf(r, text, []FilterRule{FilterNone, FilterOptional, FilterRequired})
}

// A Ternary is yes, no, or not known.
type Ternary string

// The values of a Ternary; "" is unknown too.
const (
	Yes     Ternary = "yes"
	No      Ternary = "no"
	Unknown Ternary = "unknown"
)

// UnmarshalText reads a Ternary.
func (t *Ternary) UnmarshalText(text []byte) error {
	return oneOf(t, text, []Ternary{Yes, No, Unknown})
}

// A Status says how a rule is known.
type Status string

// The statuses of rules.
const (
	Documented Status = "documented" // the provider says so
	Announced  Status = "announced"  // the provider says it will be so
	Observed   Status = "observed"   // software that works with it says so
	Assumed    Status = "assumed"    // nothing says so; it can be overridden
	Configured Status = "configured" // the user says so
)

// UnmarshalText reads what a profile may claim.
func (s *Status) UnmarshalText(text []byte) error {
	return oneOf(s, text, []Status{Documented, Announced, Observed, Assumed})
}

// A Duration is a length of time: 500ms, 15s, 5m, 48h, 5d, or "any" for no limit.
type Duration time.Duration

// AnyDuration is a limit that is none.
const AnyDuration = Duration(1<<63 - 1)

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	word := string(text)
	if word == "any" {
		*d = AnyDuration
		return nil
	}
	if days, ok := strings.CutSuffix(word, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 12); err == nil {
			*d = Duration(time.Duration(n) * 24 * time.Hour)
			return nil
		}
	}
	parsed, err := time.ParseDuration(word)
	if err != nil || parsed < 0 {
		return fmt.Errorf("want a duration such as 15s, 5m, 48h or 5d, got %q", word)
	}
	*d = Duration(parsed)
	return nil
}

// String is the duration as profiles write it: "5m", "48h", "any".
func (d Duration) String() string {
	if d == AnyDuration {
		return "any"
	}
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// A Decimal is a number that need not be whole.
type Decimal float64

// UnmarshalText reads a number that is not negative.
func (d *Decimal) UnmarshalText(text []byte) error {
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(n >= 0 && n < 1e9) {
		return fmt.Errorf("want a number such as 1.5, got %q", text)
	}
	*d = Decimal(n)
	return nil
}

// A StatusRange is a range of HTTP statuses, both ends in it: 200, 2xx, 500..599.
type StatusRange struct{ Low, High int }

// UnmarshalText reads a range.
func (r *StatusRange) UnmarshalText(text []byte) error {
	word := string(text)
	low, high, ok := strings.Cut(word, "..")
	if !ok {
		low, high = strings.ReplaceAll(word, "xx", "00"), strings.ReplaceAll(word, "xx", "99")
	}
	a, errLow := strconv.Atoi(low)
	b, errHigh := strconv.Atoi(high)
	if errLow != nil || errHigh != nil || a < 100 || b > 599 || a > b {
		return fmt.Errorf("want a status such as 200, 2xx or 500..599, got %q", word)
	}
	*r = StatusRange{a, b}
	return nil
}

// String is the range as profiles write it.
func (r StatusRange) String() string {
	switch {
	case r.Low == r.High:
		return strconv.Itoa(r.Low)
	case r.Low%100 == 0 && r.High == r.Low+99:
		return strconv.Itoa(r.Low/100) + "xx"
	}
	return fmt.Sprintf("%d..%d", r.Low, r.High)
}

// Has reports whether status is in the range.
func (r StatusRange) Has(status int) bool { return status >= r.Low && status <= r.High }

// A Glob is a text in which * is any characters and ? is one.
type Glob string

// UnmarshalText takes any text.
func (g *Glob) UnmarshalText(text []byte) error {
	*g = Glob(text)
	return nil
}

// Match reports whether the glob fits all of text.
func (g Glob) Match(text string) bool { return g == "*" || hook.Glob(string(g), text) }

// oneOf gives to the word of words that text is.
func oneOf[T ~string](to *T, text []byte, words []T) error {
	names := make([]string, len(words))
	for i, word := range words {
		if names[i] = string(word); names[i] == string(text) {
			*to = word
			return nil
		}
	}
	hint := ""
	if near := suggest.Nearest(string(text), names); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("want one of %s, got %q%s", strings.Join(names, ", "), text, hint)
}
