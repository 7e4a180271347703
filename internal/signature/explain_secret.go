package signature

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/provider"
)

// A keyForm is a secret in one of the forms in which it may have been used.
type keyForm struct {
	mistakes []mistake
	text     []byte // as it was given: for tokens
	secret   []byte // as an HMAC takes it
	made     *key   // where the scheme is asymmetric, or is code
}

// keyForms returns the secrets as the scheme takes them, and then as they may have
// been used by mistake.
func keyForms(p *provider.Profile, s *provider.Scheme, c Case) (base, others []keyForm) {
	const most = 8
	seen := map[string]bool{}
	add := func(to *[]keyForm, f keyForm, ok bool) {
		id := string(f.secret)
		if f.made != nil {
			id = string(f.text)
		}
		if ok && !seen[id] {
			seen[id] = true
			*to = append(*to, f)
		}
	}
	keys := c.Keys[:min(len(c.Keys), most)]
	for _, k := range keys {
		f, ok := keyForm{}.by(k, s, s.Key)
		add(&base, f, ok)
	}
	var rare []keyForm
	for _, k := range keys {
		common, more := formsOf(p, s, k)
		rare = append(rare, more...)
		for _, f := range common {
			add(&others, f, true)
		}
	}
	for _, o := range c.Others[:min(len(c.Others), 4*most)] {
		for _, f := range otherSecret(s, o) {
			add(&others, f, true)
		}
	}
	for _, f := range rare {
		add(&others, f, true)
	}
	for _, k := range keys {
		for _, f := range placeholders(s, k) {
			add(&others, f, true)
		}
	}
	return base, others
}

// by is f with the key that k is by a rule.
func (f keyForm) by(k Key, s *provider.Scheme, rule provider.KeyRule) (keyForm, bool) {
	f.text = []byte(k.Secret)
	if s.Codec != "" || s.Algorithm.Asymmetric() {
		made, err := newVerifyingKey(k, s)
		f.made = made
		return f, err == nil
	}
	secret, err := decodeSecret(k.Secret, rule)
	f.secret = secret
	return f, err == nil
}

// formsOf are the forms of one secret: other ways to make a key of it, and other
// ways to clean its text; and, more rarely, both.
func formsOf(p *provider.Profile, s *provider.Scheme, k Key) (common, rare []keyForm) {
	common = decodedForms(s, cleaned{text: k.Secret})
	for _, t := range cleanings(p, s, k.Secret) {
		if f, ok := t.form().by(Key{k.Name, t.text}, s, s.Key); ok {
			common = append(common, f)
		}
		rare = append(rare, decodedForms(s, t)...)
	}
	if s.Algorithm.Asymmetric() {
		common = append(common, publicHalf(s, k)...)
	}
	return common, rare
}

// A cleaned text is a secret without what does not belong to it.
type cleaned struct {
	text     string
	mistakes []mistake
}

func (c cleaned) form() keyForm { return keyForm{mistakes: c.mistakes} }

// cleanings are the texts that a secret may have been before it was spoiled, or
// after.
func cleanings(p *provider.Profile, s *provider.Scheme, secret string) []cleaned {
	var all []cleaned
	add := func(text string, m mistake) {
		if text != secret && text != "" {
			all = append(all, cleaned{text, []mistake{m}})
		}
	}
	trimmed := strings.TrimSpace(secret)
	add(trimmed, secretSpace())
	add(strings.Trim(trimmed, "\"'`"), secretQuoted())
	add(assigned(trimmed), secretAssigned())
	add(secret+"\n", secretLineEnd())
	for _, prefix := range knownPrefixes(p, s) {
		if rest, ok := strings.CutPrefix(trimmed, prefix); ok {
			add(rest, secretPrefixKept(prefix))
		}
	}
	if prefix := regexp.MustCompile(`^[A-Za-z]{2,12}_((live|test)_)?`).FindString(trimmed); prefix != "" {
		add(trimmed[len(prefix):], secretPrefixKept(prefix))
	}
	for _, prefix := range knownPrefixes(p, s) {
		if !strings.HasPrefix(trimmed, prefix) {
			add(prefix+trimmed, secretPrefixMissing(prefix))
		}
	}
	if plain, err := url.PathUnescape(trimmed); err == nil {
		add(plain, secretURLEncoded())
	}
	if strings.Contains(trimmed, `\`) {
		if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(trimmed, `"`, `\"`) + `"`); err == nil {
			add(plain, secretEscaped())
		}
	}
	add(visible(secret), secretInvisible())
	add(strings.ToLower(trimmed), secretCase("lower"))
	add(strings.ToUpper(trimmed), secretCase("upper"))
	add(secret+"\r\n", secretLineEnd())
	return all
}

// assigned is the value of a line that sets a variable.
func assigned(text string) string {
	found := regexp.MustCompile(`^(?:export\s+|set\s+|\$env:)?[A-Za-z_][A-Za-z0-9_]*\s*[=:]\s*(.+)$`).FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return strings.Trim(strings.TrimSpace(found[1]), "\"'`;")
}

// visible is text without the characters that nobody sees.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7e && !unicode.IsGraphic(r) || r == '\u00a0' || r < ' ' {
			return -1
		}
		return r
	}, text)
}

// knownPrefixes are what secrets of providers begin with.
func knownPrefixes(p *provider.Profile, s *provider.Scheme) []string {
	var all []string
	for _, prefix := range append(append([]string{p.Secret.Prefix}, s.Key.Prefixes...), "whsec_", "whsk_", "whpk_", "shpss_", "shpat_", "pdl_ntfset_", "sk_", "v1,whsec_") {
		all = appendNew(all, prefix)
	}
	return all
}

// decodedForms are the keys that a text is by other rules than that of the scheme.
func decodedForms(s *provider.Scheme, t cleaned) []keyForm {
	if s.Codec != "" || s.Algorithm.Asymmetric() {
		return nil
	}
	var forms []keyForm
	add := func(secret []byte, m mistake) {
		if len(secret) > 0 {
			forms = append(forms, keyForm{mistakes: with(t.mistakes, m), text: []byte(t.text), secret: secret})
		}
	}
	bare := trimPrefixes(t.text, s.Key.Prefixes)
	if bare != t.text {
		add([]byte(t.text), secretPrefixUsed(s))
	}
	if s.Key.Encoding != provider.KeyUTF8 {
		add([]byte(bare), secretUndecoded(s.Key.Encoding))
	}
	if b, err := decodeBase64(bare); err == nil && s.Key.Encoding != provider.KeyBase64 {
		add(b, secretDecoded("base64"))
	}
	if b, err := hex.DecodeString(bare); err == nil && s.Key.Encoding != provider.KeyHex {
		add(b, secretDecoded("hex"))
	}
	if b, err := decodeSecret(t.text, s.Key); err == nil {
		add([]byte(hex.EncodeToString(b)), secretEncoded("hex"))
		add([]byte(base64.StdEncoding.EncodeToString(b)), secretEncoded("base64"))
		sum := sha256.Sum256(b)
		add(sum[:], secretHashed())
		add([]byte(hex.EncodeToString(sum[:])), secretHashed())
	}
	return forms
}

// otherSecret are the forms of a secret that is meant for something else.
func otherSecret(s *provider.Scheme, o Candidate) []keyForm {
	m := mistake{
		id: "secret-of-other", condition: "the secret " + o.Key.Name + " is used",
		why: "the message was signed with another of your secrets: of another endpoint, another account, or test in the place of live",
		fix: "use the secret of the endpoint that this message was sent to",
	}
	rules := []provider.KeyRule{s.Key, {Encoding: provider.KeyUTF8}}
	if o.Profile != nil {
		m.condition = "the secret " + o.Key.Name + " of " + o.Profile.Name + " is used"
		for i := range o.Profile.Signatures.Schemes {
			rules = append(rules, o.Profile.Signatures.Schemes[i].Key)
		}
	}
	var forms []keyForm
	for _, rule := range rules {
		if f, ok := (keyForm{mistakes: []mistake{m}}).by(o.Key, s, rule); ok && rule.Encoding != provider.KeyPair || f.made != nil {
			forms = append(forms, f)
		}
	}
	return forms
}

// placeholders are the words that stand where a secret should have been.
func placeholders(s *provider.Scheme, k Key) []keyForm {
	if s.Codec != "" || s.Algorithm.Asymmetric() || s.Algorithm.Token() {
		return nil
	}
	var forms []keyForm
	add := func(word, said string) {
		forms = append(forms, keyForm{text: []byte(word), secret: []byte(word), mistakes: []mistake{{
			id: "secret-placeholder", condition: "the secret is " + said,
			why: "whatever signed this had no secret: its variable was not set, or was not expanded",
			fix: "set the variable where the message is signed; never accept messages signed so: anybody can make them",
		}}})
	}
	add("", "empty")
	for _, word := range []string{"undefined", "null", "None", "nil", "secret", "your-secret", "changeme"} {
		add(word, "the word "+word)
	}
	name := "WEBHOOK_SECRET"
	if env, ok := strings.CutPrefix(k.Name, "env:"); ok && env != "" {
		name = env
	}
	for _, form := range []string{"$" + name, "${" + name + "}", name, "%" + name + "%", "process.env." + name, "{{" + name + "}}"} {
		add(form, "the name of the variable, "+form+", in the place of its value")
	}
	return forms
}

// publicHalf is the public key of a private one that was given in its place.
func publicHalf(s *provider.Scheme, k Key) []keyForm {
	made, err := newSigningKey(k, s)
	if err != nil {
		return nil
	}
	made.private = nil
	return []keyForm{{made: made, text: bytes.Clone([]byte("public half of " + k.Secret)), mistakes: []mistake{{
		id: "secret-private-key", condition: "the public key that belongs to the private key given is used",
		why: "a signature is checked with the public key; the private one is for whoever signs, and should be nowhere else",
		fix: "give the public key, and keep the private one out of the receiver",
	}}}}
}

func secretSpace() mistake {
	return mistake{
		id: "secret-whitespace", condition: "the white space around the secret is left out",
		why: "the secret was pasted with a space, or read from a file that ends in a new line",
		fix: "remove it: printf %s \"$SECRET\" > file, or .trim() when it is read",
	}
}

func secretLineEnd() mistake {
	return mistake{
		id: "secret-newline-added", condition: "a new line belongs to the secret",
		why: "whatever signed this read the secret from a file, or from echo without -n, and kept the new line",
		fix: "remove the new line where the message is signed: echo -n, printf %s, .trim()",
	}
}

func secretQuoted() mistake {
	return mistake{
		id: "secret-quoted", condition: "the quotes around the secret are left out",
		why: "docker run --env-file and many loaders of .env files keep quotes as part of the value",
		fix: "write NAME=value without quotes",
	}
}

func secretAssigned() mistake {
	return mistake{
		id: "secret-assignment", condition: "only what follows the \"=\" of the secret is used",
		why: "the whole line NAME=value was pasted as the secret", fix: "give the value alone",
	}
}

func secretPrefixKept(prefix string) mistake {
	return mistake{
		id: "secret-prefix-extra", condition: "the secret is used without its " + prefix,
		why: "whatever signed this cut off the prefix", fix: "use the secret as this provider does: whole, with its prefix",
	}
}

func secretPrefixMissing(prefix string) mistake {
	return mistake{
		id: "secret-prefix-missing", condition: prefix + " is put before the secret",
		why: "the prefix belongs to the secret, and was not copied with it", fix: "copy the secret whole, from its " + prefix + " on",
	}
}

func secretPrefixUsed(s *provider.Scheme) mistake {
	return mistake{
		id: "secret-prefix-kept", condition: "the secret is used as text with its prefix, where the prefix is cut off and the rest is " + string(s.Key.Encoding),
		why: "whatever signed this took the secret as it is copied",
		fix: "cut off the prefix and decode the rest, or use the provider's library, which does both",
	}
}

func secretUndecoded(e provider.KeyEncoding) mistake {
	return mistake{
		id: "secret-not-decoded", condition: "the secret is used as text, where it is to be decoded from " + string(e),
		why: "whatever signed this took the characters of the secret for the key",
		fix: "decode it: Buffer.from(secret, '" + string(e) + "') in Node.js, " + pythonDecoder(e) + " in Python",
	}
}

func pythonDecoder(e provider.KeyEncoding) string {
	if e == provider.KeyHex {
		return "bytes.fromhex(secret)"
	}
	return "base64.b64decode(secret)"
}

func secretDecoded(from string) mistake {
	return mistake{
		id: "secret-" + from, condition: "the secret is decoded from " + from,
		why: "whatever signed this took the secret for " + from + ", as other providers' secrets are",
		fix: "use the characters of the secret as they are",
	}
}

func secretEncoded(as string) mistake {
	return mistake{
		id: "secret-" + as + "-encoded", condition: "the secret is written as " + as + " once more",
		why: "whatever signed this encoded the key before using it", fix: "use the key itself",
	}
}

func secretHashed() mistake {
	return mistake{
		id: "secret-hashed", condition: "the SHA-256 of the secret is used as the key",
		why: "whatever signed this hashed the secret first", fix: "use the secret itself",
	}
}

func secretURLEncoded() mistake {
	return mistake{
		id: "secret-url-encoded", condition: "the secret is URL-decoded",
		why: "the secret was copied from a URL, where some characters stand as %XX", fix: "give the secret as the provider shows it",
	}
}

func secretEscaped() mistake {
	return mistake{
		id: "secret-escaped", condition: "the escapes in the secret, such as \\n, are undone",
		why: "the secret was copied from a JSON file or a string in a program", fix: "give the secret as the provider shows it",
	}
}

func secretInvisible() mistake {
	return mistake{
		id: "secret-invisible", condition: "the invisible characters in the secret are left out",
		why: "a no-break space, a byte order mark or the like was copied with it", fix: "type the secret, or copy it from the provider's page again",
	}
}

func secretCase(which string) mistake {
	return mistake{
		id: "secret-case", condition: "the secret is written in " + which + " case",
		why: "something changed the case of the secret", fix: "use the secret exactly as the provider shows it",
	}
}
