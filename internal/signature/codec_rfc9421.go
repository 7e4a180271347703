package signature

import (
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A messageSignature is one signature of a request (RFC 9421).
type messageSignature struct {
	label   string
	covered []component
	// params is the member of Signature-Input as it is written: it is signed too.
	params string
	// alg, created and expires are parameters; nil where they are not there.
	alg              string
	created, expires *int64
	signature        []byte
}

// judgeMessageSignatures checks m by the signatures it has: one that holds will do.
// Of those that do not, the fault of the one that comes closest is returned. The
// error is a *fault.
func (v *Verifier) judgeMessageSignatures(s *scheme, m *provider.Message, now time.Time) error {
	inputs, err := dictionaryOf(m.Header, "Signature-Input")
	if err != nil {
		return err
	}
	signatures, err := dictionaryOf(m.Header, "Signature")
	if err != nil {
		return err
	}
	var closest error
	for i := range inputs {
		err := v.judgeLabel(s, m, &inputs[i], signatures, now)
		if err == nil {
			return nil
		}
		if closest == nil || progress(err) > progress(closest) {
			closest = err
		}
	}
	return closest
}

// dictionaryOf reads all header lines called name as one dictionary that is not
// empty. The error is a *fault.
func dictionaryOf(h hook.Header, name string) ([]fieldMember, error) {
	values := h.Values(name)
	if values == nil {
		return nil, faultf(Missing, "there is no header %s", name)
	}
	members, err := parseDictionary(strings.Join(values, ", "))
	if err != nil {
		return nil, faultf(Malformed, "header %s: %v", name, err)
	}
	if len(members) == 0 {
		return nil, faultf(Malformed, "header %s is empty", name)
	}
	return members, nil
}

// progress tells how far a signature came before the fault.
func progress(err error) int {
	why, ok := err.(*fault)
	if !ok {
		return 0
	}
	return slices.Index([]string{Malformed, Duplicate, Incomplete, Mismatch, Uncovered, BadDigest, Missing, Future, Stale}, why.reason)
}

// judgeLabel checks one signature. The error is a *fault.
func (v *Verifier) judgeLabel(s *scheme, m *provider.Message, input *fieldMember, signatures []fieldMember, now time.Time) error {
	sig, err := newMessageSignature(input, signatures)
	if err != nil {
		return err
	}
	if sig.alg != "" && sig.alg != registered(s.Algorithm) {
		return faultf(Mismatch, "%s says that it is made by %s, want %s", sig.label, shorten(sig.alg), registered(s.Algorithm))
	}
	if s.Algorithm == provider.ECDSAP256 {
		if sig.signature, err = ecdsaToASN1(sig.signature); err != nil {
			return err
		}
	}
	if err := s.holdsFor(&sig, m); err != nil {
		return err
	}
	if err := sig.checkCoverage(s.Components, m.Body); err != nil {
		return err
	}
	if sig.covers(&component{name: contentDigest}) {
		if err := checkContentDigest(m.Header, m.Body); err != nil {
			return err
		}
	}
	return v.checkLife(s.Scheme, &sig, now)
}

// registered is the name of an algorithm in the registry of RFC 9421, 6.2.2.
func registered(a provider.Algorithm) string {
	if a == provider.RSASHA256 {
		return "rsa-v1_5-sha256"
	}
	return string(a)
}

// newMessageSignature puts a member of Signature-Input and that of Signature of the
// same label together. The error is a *fault.
func newMessageSignature(input *fieldMember, signatures []fieldMember) (messageSignature, error) {
	sig := messageSignature{label: input.key, params: input.raw}
	if !input.isList {
		return sig, faultf(Malformed, "header Signature-Input: %s is no list of components", sig.label)
	}
	value, ok := memberOf(signatures, sig.label)
	if !ok {
		return sig, faultf(Malformed, "header Signature has no %s, which Signature-Input describes", sig.label)
	}
	if value.isList || value.item.kind != fieldBytes {
		return sig, faultf(Malformed, "header Signature: want %s to be a byte sequence between colons", sig.label)
	}
	sig.signature = []byte(value.item.text)
	for i := range input.list {
		c, err := newComponent(&input.list[i])
		if err != nil {
			return sig, err
		}
		if sig.covers(&c) {
			return sig, faultf(Malformed, "header Signature-Input: %s covers %s twice", sig.label, shorten(c.name))
		}
		sig.covered = append(sig.covered, c)
	}
	return sig, sig.setParams(input.params)
}

// setParams takes in the parameters that are looked at. The key is not chosen by
// keyid: all are tried.
func (sig *messageSignature) setParams(params []fieldParam) error {
	for i := range params {
		p := &params[i]
		want := fieldString
		switch p.name {
		case "created":
			sig.created, want = &p.value.number, fieldInteger
		case "expires":
			sig.expires, want = &p.value.number, fieldInteger
		case "alg":
			sig.alg = p.value.text
		case "keyid", "nonce", "tag":
		default:
			continue
		}
		if p.value.kind != want {
			return faultf(Malformed, "header Signature-Input: want %s to be %s, got %s", p.name, want, p.value.kind)
		}
	}
	return nil
}

func (sig *messageSignature) covers(c *component) bool {
	return slices.ContainsFunc(sig.covered, func(other component) bool { return other.same(c) })
}

// base is the text that is signed (RFC 9421, 2.5). The error is a *fault.
func (sig *messageSignature) base(m *provider.Message) (string, error) {
	var b strings.Builder
	for i := range sig.covered {
		c := &sig.covered[i]
		value, err := c.value(m)
		if err != nil {
			return "", err
		}
		b.WriteString(c.written + ": " + value + "\n")
	}
	return b.String() + `"@signature-params": ` + sig.params, nil
}

// holdsFor reports, as nil, that sig is that of a key for m, under one of the ways
// to write its URL where that is covered. The error is a *fault.
func (s *scheme) holdsFor(sig *messageSignature, m *provider.Message) error {
	urls := []string{m.URL}
	if slices.ContainsFunc(sig.covered, func(c component) bool { return c.guessed() }) {
		urls = append(urls, m.URLForms()...)
	}
	for _, url := range urls {
		sent := *m // others may be looking at m
		sent.URL = url
		base, err := sig.base(&sent)
		if err != nil {
			return err
		}
		if s.anyHolds(plain(base), sig.signature) {
			return nil
		}
	}
	return faultf(Mismatch, "%s", s.mismatch())
}

// checkCoverage refuses a signature that leaves out what must be covered. A body
// that is not there need not be. The error is a *fault.
func (sig *messageSignature) checkCoverage(components []string, body []byte) error {
	for _, text := range components {
		c, err := parseComponent(text)
		if err != nil {
			return err
		}
		if !sig.covers(&c) && (c.name != contentDigest || len(body) > 0) {
			return faultf(Uncovered, "the signature holds, but does not cover %s", text)
		}
	}
	return nil
}

// checkLife refuses a signature of another time: by created where the scheme has a
// rule for it, and by expires in any case but that of a caller who tolerates any
// age. The error is a *fault.
func (v *Verifier) checkLife(s *provider.Scheme, sig *messageSignature, now time.Time) error {
	anyAge := v.tolerance != nil && *v.tolerance == time.Duration(provider.AnyDuration)
	if sig.expires != nil && !anyAge && now.Unix() > *sig.expires {
		return faultf(Stale, "the signature holds, but expired %s ago", inWords(now.Sub(time.Unix(*sig.expires, 0))))
	}
	if s.Timestamp == nil {
		return nil
	}
	if sig.created == nil {
		return faultf(Missing, "there is no created in Signature-Input, the time of the signature")
	}
	return v.checkAge(s, time.Unix(*sig.created, 0), now)
}

// signMessage adds a signature with each key, and before that a Content-Digest where
// it is covered and not there yet.
func signMessage(s *provider.Scheme, m *provider.Message, d Draft, keys []*key) error {
	sig := messageSignature{}
	var written []string
	for _, text := range s.Components {
		c, err := parseComponent(text)
		if err != nil {
			return err
		}
		sig.covered, written = append(sig.covered, c), append(written, c.written)
	}
	if sig.covers(&component{name: contentDigest}) && !m.Header.Has(contentDigest) && !d.Header.Has(contentDigest) {
		m.Header = append(m.Header, hook.Field{Name: "Content-Digest", Value: newContentDigest(m.Body)})
	}
	created, err := createdAt(d)
	if err != nil {
		return err
	}
	sig.params = "(" + strings.Join(written, " ") + ");created=" + created
	if s.Key.ID != "" {
		sig.params += ";keyid=" + quoteField(s.Key.ID)
	}
	base, err := sig.base(asSent(m, d.Header))
	if err != nil {
		return err
	}
	var inputs, signatures []string
	for i, k := range keys {
		signature, err := signBase(k, base)
		if err != nil {
			return err
		}
		label := fmt.Sprintf("sig%d", i+1)
		inputs = append(inputs, label+"="+sig.params)
		signatures = append(signatures, label+"=:"+base64.StdEncoding.EncodeToString(signature)+":")
	}
	m.Header = append(m.Header,
		hook.Field{Name: "Signature-Input", Value: strings.Join(inputs, ", ")},
		hook.Field{Name: "Signature", Value: strings.Join(signatures, ", ")})
	return nil
}

// createdAt is the time of the signature that d asks for.
func createdAt(d Draft) (string, error) {
	if d.Timestamp == "" {
		return strconv.FormatInt(d.At.Unix(), 10), nil
	}
	r := &fieldReader{text: d.Timestamp}
	if _, err := r.integer(); err != nil || !r.ended() {
		return "", fmt.Errorf("want seconds since 1970 for the time of an HTTP message signature, got %s", shorten(d.Timestamp))
	}
	return d.Timestamp, nil
}

// asSent is m with the fields that are yet to come: those of the draft, and those
// that sending adds.
func asSent(m *provider.Message, fields hook.Header) *provider.Message {
	sent := *m
	override(&sent, fields)
	if !sent.Header.Has("Content-Length") {
		sent.Header = append(sent.Header, hook.Field{Name: "Content-Length", Value: strconv.Itoa(len(m.Body))})
	}
	if host := splitURL(m).authority; host != "" && !sent.Header.Has("Host") {
		sent.Header = append(sent.Header, hook.Field{Name: "Host", Value: host})
	}
	return &sent
}

func signBase(k *key, base string) ([]byte, error) {
	signature, err := k.sign(plain(base))
	if err != nil || k.algorithm != provider.ECDSAP256 {
		return signature, err
	}
	return ecdsaFromASN1(signature)
}

// ecdsaHalf is the size of r and of s in bytes.
const ecdsaHalf = 32

// ecdsaToASN1 writes r and s, which RFC 9421, 3.3.4 has one after the other, as
// others do. The error is a *fault.
func ecdsaToASN1(signature []byte) ([]byte, error) {
	if len(signature) != 2*ecdsaHalf {
		return nil, faultf(Malformed, "the signature has %d bytes, want %d: r and s, not in ASN.1", len(signature), 2*ecdsaHalf)
	}
	r, s := new(big.Int).SetBytes(signature[:ecdsaHalf]), new(big.Int).SetBytes(signature[ecdsaHalf:])
	return asn1.Marshal(struct{ R, S *big.Int }{r, s})
}

func ecdsaFromASN1(signature []byte) ([]byte, error) {
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(signature, &pair); err != nil {
		return nil, err
	}
	both := make([]byte, 2*ecdsaHalf)
	pair.R.FillBytes(both[:ecdsaHalf])
	pair.S.FillBytes(both[ecdsaHalf:])
	return both, nil
}
