package signature

import (
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/provider"
)

// A signatureReading is what the text of a signature's place may mean.
type signatureReading struct {
	part    func(string) (string, bool)
	targets []target
}

// A written signature is one text of it, and what is wrong with how it is written.
type written struct {
	text     string
	mistakes []mistake
}

// readSignature takes the text of a signature's place apart in every way that makes
// a signature of it.
func readSignature(s *provider.Scheme, text string) signatureReading {
	var r signatureReading
	var found []written
	text = text[:min(len(text), maxValue)]
	whole := false // the parts are those that stand beside a signature
	for _, repair := range repairs(s, text) {
		parsed, err := parseValue(s, repair.text)
		if err != nil {
			continue
		}
		if readable := anyDecodes(s, parsed.signatures); len(parsed.parts) > 0 && (r.part == nil || readable && !whole) {
			r.part, whole = parsed.part, readable
		}
		for _, signature := range parsed.signatures {
			found = append(found, written{signature, repair.mistakes})
		}
		found = append(found, otherElements(s, &parsed, repair.mistakes)...)
	}
	if s.Algorithm.Token() {
		found = append(found, bareTokens(found)...)
	}
	found = append(found, looseSignatures(text)...)
	for _, w := range found {
		if bytes, err := decode(nil, s.Encoding, w.text); err == nil && s.Encoding != provider.Raw {
			r.add(target{text: bytes, mistakes: w.mistakes})
		}
		r.add(target{text: []byte(w.text), raw: true, mistakes: w.mistakes})
	}
	for _, w := range found {
		r.addOtherEncodings(s, w)
	}
	return r
}

// anyDecodes reports whether one of signatures is encoded as it should be, and is
// not something short that happens to look so.
func anyDecodes(s *provider.Scheme, signatures []string) bool {
	for _, text := range signatures {
		if b, err := decode(nil, s.Encoding, text); err == nil && len(b) >= leastCut {
			return true
		}
	}
	return false
}

// add takes in a target that is not known yet.
func (r *signatureReading) add(t target) {
	const most = 256
	if len(t.text) == 0 || len(r.targets) >= most {
		return
	}
	for i := range r.targets {
		if r.targets[i].raw == t.raw && string(r.targets[i].text) == string(t.text) {
			return
		}
	}
	r.targets = append(r.targets, t)
}

// addOtherEncodings takes in what a signature is when it is not encoded as it should be.
func (r *signatureReading) addOtherEncodings(s *provider.Scheme, w written) {
	for _, d := range decodings(w.text) {
		if d.encoding == s.Encoding {
			continue
		}
		m := otherEncoding(s.Encoding, d.encoding)
		if d.encoding == unpadded || onlyUnpadded(s, d.encoding, w.text) {
			m = paddingLost()
		}
		r.add(target{text: d.bytes, mistakes: with(w.mistakes, m)})
	}
	// An encoding of an encoding: base64 of the hexadecimal text, and the like.
	for _, outer := range decodings(w.text) {
		if !isPlainText(outer.bytes) {
			continue
		}
		for _, inner := range decodings(string(outer.bytes)) {
			r.add(target{text: inner.bytes, mistakes: with(w.mistakes, encodedTwice(outer.encoding, inner.encoding))})
		}
	}
	if s.Algorithm == provider.ECDSAP256 {
		for _, d := range decodings(w.text) {
			if der, ok := joinedToASN1(d.bytes); ok {
				r.add(target{text: der, mistakes: with(w.mistakes, joined())})
			}
		}
	}
}

// onlyUnpadded reports whether nothing but the padding parts a text in base64url from
// the base64 that is expected.
func onlyUnpadded(s *provider.Scheme, e provider.Encoding, text string) bool {
	return s.Encoding == provider.Base64 && e == provider.Base64URL && !strings.ContainsAny(text, "-_")
}

func with(mistakes []mistake, m mistake) []mistake {
	return append(mistakes[:len(mistakes):len(mistakes)], m)
}

// unpadded is base64 that has lost its "=".
const unpadded provider.Encoding = "base64 without padding"

// A decoding is one way to read a text as bytes.
type decoding struct {
	encoding provider.Encoding
	bytes    []byte
}

func decodings(text string) []decoding {
	var all []decoding
	// Half a byte at the end is that of a text that was cut off.
	even := text
	if len(text)%2 == 1 {
		even = text[:len(text)-1]
	}
	if b, err := hex.DecodeString(even); err == nil {
		all = append(all, decoding{provider.Hex, b})
	}
	if b, err := base64.StdEncoding.DecodeString(text); err == nil {
		all = append(all, decoding{provider.Base64, b})
	}
	bare := strings.TrimRight(text, "=")
	if b, err := base64.RawURLEncoding.DecodeString(bare); err == nil {
		all = append(all, decoding{provider.Base64URL, b})
	}
	if b, err := base64.RawStdEncoding.DecodeString(bare); err == nil {
		all = append(all, decoding{unpadded, b})
	} else if len(bare)%4 == 1 {
		if b, err := base64.RawStdEncoding.DecodeString(bare[:len(bare)-1]); err == nil {
			all = append(all, decoding{unpadded, b})
		}
	}
	return all
}

func isPlainText(b []byte) bool {
	for _, c := range b {
		if c < '+' || c > 'z' {
			return false
		}
	}
	return len(b) >= 2*leastCut
}

// joinedToASN1 turns the two numbers of an ECDSA signature that stand side by side
// (as in JSON Web Signatures) into the form that is expected.
func joinedToASN1(b []byte) ([]byte, bool) {
	if len(b) != 64 {
		return nil, false
	}
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(b[:32]), new(big.Int).SetBytes(b[32:])})
	return der, err == nil
}

func encodingWords(e provider.Encoding) string {
	if e == provider.Hex {
		return "hexadecimal"
	}
	return string(e)
}

func otherEncoding(want, got provider.Encoding) mistake {
	return mistake{
		id:        "signature-" + string(got),
		condition: "the signature is read as " + encodingWords(got) + ", where " + encodingWords(want) + " is expected",
		why:       "it was written by something that is not the provider, or for another provider: the bytes are right, their form is not",
		fix:       "write the signature as " + encodingWords(want) + ": digest('" + string(want) + "') in Node.js, " + pythonFor(want) + " in Python",
	}
}

func pythonFor(e provider.Encoding) string {
	switch e {
	case provider.Hex:
		return "hexdigest()"
	case provider.Base64URL:
		return "base64.urlsafe_b64encode(mac.digest())"
	}
	return "base64.b64encode(mac.digest())"
}

func encodedTwice(outer, inner provider.Encoding) mistake {
	return mistake{
		id:        "signature-" + string(outer) + "-of-" + string(inner),
		condition: "the signature is read as the " + encodingWords(outer) + " of its " + encodingWords(inner) + " text",
		why:       "the digest was encoded twice: hexadecimal text was taken for the bytes",
		fix:       "encode the bytes of the digest once: base64.b64encode(mac.digest()), not of hexdigest(); in PHP hash_hmac(…, true)",
	}
}

func paddingLost() mistake {
	return mistake{
		id: "signature-padding", condition: "the \"=\" at the end of the signature is put back",
		why: "something took the base64 apart at its \"=\", such as a parser of name=value pairs, or wrote it without padding",
		fix: "split the value at the first \"=\" only, and write base64 with its padding",
	}
}

func joined() mistake {
	return mistake{
		id: "signature-p1363", condition: "the signature is read as two numbers side by side, where ASN.1 is expected",
		why: "it was made by a library for JSON Web Signatures, or by WebCrypto",
		fix: "write the signature as ASN.1 (DER)",
	}
}

// repairs returns text as it is, and then what it may have been before it was spoiled.
func repairs(s *provider.Scheme, text string) []written {
	all := []written{{text: text}}
	add := func(repaired string, m mistake) {
		if repaired != text && repaired != "" {
			all = append(all, written{repaired, []mistake{m}})
		}
	}
	inner := strings.TrimSpace(text)
	add(inner, quoted())
	add(strings.Trim(inner, `"'`), quoted())
	if otherwise := separate(s, inner); otherwise != "" {
		add(otherwise, separators(s))
	}
	for _, lead := range leads(s) {
		add(lead+inner, prefixMissing(lead))
	}
	for _, rest := range afterLead(inner, 2*leastCut) {
		add(rest, prefixExtra(s))
		for _, lead := range leads(s) {
			add(lead+rest, prefixExtra(s))
		}
	}
	if plain, err := url.PathUnescape(inner); err == nil {
		add(plain, urlEncoded())
	}
	if s.Encoding == provider.Base64 {
		add(strings.ReplaceAll(inner, " ", "+"), plusLost())
	}
	return all
}

// bareTokens are tokens without what may stand around them. They are as short as people
// make them, so that they are not found as signatures are.
func bareTokens(found []written) []written {
	var all []written
	for _, w := range found {
		inner := strings.TrimSpace(w.text)
		for _, text := range append([]string{inner}, afterLead(inner, 1)...) {
			mistakes := w.mistakes
			if text != inner {
				mistakes = with(mistakes, tokenLead())
			}
			bare := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`<>", r) })
			if bare != text || text == inner && inner != w.text {
				mistakes = with(mistakes, quoted())
			}
			if bare != w.text {
				all = append(all, written{bare, mistakes})
			}
		}
	}
	return all
}

func tokenLead() mistake {
	return mistake{
		id: "signature-prefix-extra", condition: "what stands before the token is left out",
		why: "a word such as Bearer, Token or the name of the variable was put there by hand, or put there twice",
		fix: "send the token alone, after nothing but what the provider puts before it",
	}
}

// leads are what a value of s begins with.
func leads(s *provider.Scheme) []string {
	var all []string
	if prefix := prefixOf(s); prefix != "" {
		all = append(all, prefix)
	}
	for _, name := range s.Grammar.Names {
		all = append(all, name+s.Grammar.Pair+prefixOf(s))
	}
	return all
}

// afterLead returns what follows a word that may stand before a signature: an
// algorithm, a version, the header's own name. What follows has at least so many bytes.
func afterLead(text string, least int) []string {
	var rests []string
	lead := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,39}(=|:|,| )[ ]*`)
	for range 2 {
		found := lead.FindString(text)
		if found == "" || len(text)-len(found) < least {
			break
		}
		text = text[len(found):]
		rests = append(rests, text)
	}
	return rests
}

// separate puts the separators of s in the place of others that are usual.
func separate(s *provider.Scheme, text string) string {
	if s.Grammar.Pair == "" {
		return ""
	}
	names := append([]string{"t"}, s.Grammar.Names...)
	for i := range names {
		names[i] = regexp.QuoteMeta(names[i])
	}
	element := regexp.MustCompile(`(^|[ ,;|&]+)(` + strings.Join(names, "|") + `)([=:,])\s*`)
	found := element.FindAllStringSubmatchIndex(text, -1)
	if len(found) == 0 {
		return ""
	}
	var elements []string
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		elements = append(elements, text[at[4]:at[5]]+s.Grammar.Pair+strings.TrimSpace(text[at[1]:end]))
	}
	return strings.Join(elements, orElse(s.Grammar.List, ","))
}

// otherElements are signatures whose name is not one of those that count.
func otherElements(s *provider.Scheme, v *value, mistakes []mistake) []written {
	var all []written
	for _, e := range v.parts {
		if slices.Contains(s.Grammar.Names, e.name) || len(e.text) < 2*leastCut {
			continue
		}
		all = append(all, written{e.text, with(mistakes, mistake{
			id:        "signature-other-element",
			condition: "the element " + shortName(e.name) + s.Grammar.Pair + " is taken as the signature, where " + strings.Join(s.Grammar.Names, " or ") + " is expected",
			why:       "the value was made for another version of the scheme, or by a test script",
			fix:       "write it as " + s.Grammar.Names[0] + s.Grammar.Pair + "…",
		})})
	}
	return all
}

// shortName is a name from outside, cut so that it is no more than a name.
func shortName(name string) string {
	const most = 24
	if len(name) > most {
		return name[:most] + "…"
	}
	return name
}

// looseSignatures are what stands in a text that cannot be taken apart otherwise.
func looseSignatures(text string) []written {
	const most = 16
	var all []written
	for _, token := range regexp.MustCompile(`[A-Za-z0-9+/_-]{20,}={0,2}`).FindAllString(text, most) {
		all = append(all, written{token, []mistake{{
			id: "signature-form", condition: "the signature is picked out of what stands around it in the header",
			why: "the header is not written as this provider writes it: another provider's form, or a test script",
			fix: "write the header exactly as the provider does",
		}}})
	}
	return all
}

func quoted() mistake {
	return mistake{
		id: "signature-quoted", condition: "the quotes or spaces around the signature are left out",
		why: "the value was copied with its quotes, or written as JSON",
		fix: "send the header's value without quotes",
	}
}

func prefixMissing(lead string) mistake {
	return mistake{
		id: "signature-prefix-missing", condition: "\"" + lead + "\" is put before the signature",
		why: "whoever made or passed on the header left out what stands before the signature",
		fix: "send the header's value as the provider does: " + lead + "…",
	}
}

func prefixExtra(s *provider.Scheme) mistake {
	m := mistake{
		id: "signature-prefix-extra", condition: "what stands before the signature in the header is left out",
		why: "this provider writes nothing before the signature; the value was made for another one, or has the header's name in it",
		fix: "send the signature alone",
	}
	if all := leads(s); len(all) > 0 {
		m.condition = "nothing but \"" + all[0] + "\" stands before the signature"
		m.why = "the value was made for another provider or scheme, or has its prefix twice"
		m.fix = "send the header's value as the provider does: " + all[0] + "…"
	}
	return m
}

func urlEncoded() mistake {
	return mistake{
		id: "signature-url-encoded", condition: "the signature is URL-decoded",
		why: "it went through a URL or a form on its way", fix: "decode it first, or send it as a header",
	}
}

func plusLost() mistake {
	return mistake{
		id: "signature-plus-lost", condition: "the spaces in the signature are \"+\" again",
		why: "base64 that goes through a URL or a form unescaped loses its \"+\"", fix: "escape it as %2B, or send it as a header",
	}
}

func separators(s *provider.Scheme) mistake {
	return mistake{
		id: "signature-separator", condition: "the parts of the header are parted as in " + s.Grammar.Names[0] + s.Grammar.Pair + "…",
		why: "the header was put together for another provider, or by a test script",
		fix: "write the header exactly as the provider does",
	}
}
