// Package signature signs messages as a provider does, verifies them, and explains
// why a signature does not hold. How is said by the profile; what is here are the
// algorithms. It is pure: keys, message and time are arguments.
//
// A verification has three outcomes. Without a secret, or without a scheme, a
// message is not checked, and that is never taken for verified.
package signature

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// The reasons of a hook.Verification: stable words.
const (
	Mismatch   = "mismatch"   // it was made of something else, or with another secret
	Missing    = "missing"    // the message has none
	Malformed  = "malformed"  // it cannot be read
	Duplicate  = "duplicate"  // it, or something it covers, is there more than once
	Stale      = "stale"      // it holds, but is older than tolerated
	Future     = "future"     // it holds, but is of a time to come
	Incomplete = "incomplete" // something is missing that the signature covers
	BadDigest  = "digest"     // it holds, but the body is not the one it covers
	Uncovered  = "uncovered"  // it holds, but does not cover what it must
	NoSecret   = "no_secret"  // there is nothing to check with
	BadSecret  = "bad_secret" // no secret is one for the scheme
	Unsigned   = "unsigned"   // the provider does not sign
	NoScheme   = "no_scheme"  // no scheme of the provider applies to the message
)

// A Verifier checks the messages of one provider. It is safe for concurrent use.
type Verifier struct {
	profile *provider.Profile
	schemes []*scheme
	keyed   bool // there is at least one key
	// tolerance overrides that of the profile where it is not nil.
	tolerance *time.Duration
}

// A scheme is a provider.Scheme with the keys that fit it.
type scheme struct {
	*provider.Scheme
	keys   []*key
	faults []error // of the secrets that do not fit
	shared bool    // another scheme has its signature in the same place
	// assumed says that the provider does not describe the scheme, or not all of it.
	assumed bool
	// reads are the places that decide; inBody are those of them in a JSON body that no
	// signature of the whole body protects. Most schemes have none.
	reads, inBody []provider.Place
}

// Options change how a Verifier judges.
type Options struct {
	// Tolerance, where it is not nil, is the greatest age and time ahead of a signature.
	Tolerance *time.Duration
}

// NewVerifier returns a Verifier of p that takes a message as verified when one of
// keys verifies it.
func NewVerifier(p *provider.Profile, keys []Key, o Options) *Verifier {
	v := &Verifier{profile: p, keyed: len(keys) > 0, tolerance: o.Tolerance}
	for i := range p.Signatures.Schemes {
		s := &scheme{Scheme: &p.Signatures.Schemes[i]}
		s.shared = shared(p, s.Scheme)
		s.reads, s.inBody = slices.Collect(s.Reads()), inBody(s.Scheme)
		s.assumed = p.Status("signatures.schemes."+s.Name) == provider.Assumed
		for _, k := range keys {
			made, err := newVerifyingKey(k, s.Scheme)
			if err != nil {
				s.faults = append(s.faults, err)
				continue
			}
			s.keys = append(s.keys, made)
		}
		v.schemes = append(v.schemes, s)
	}
	return v
}

// Verify checks the signature of m at the time now.
func (v *Verifier) Verify(m *provider.Message, now time.Time) hook.Verification {
	if len(v.schemes) == 0 {
		return notChecked(Unsigned, orElse(v.profile.Signatures.None, v.profile.Name+" does not say how it signs"))
	}
	if why, ok := v.unsigned(m); ok {
		return notChecked(Unsigned, why)
	}
	if !v.keyed {
		return notChecked(NoSecret, v.keyless())
	}
	present, missing := v.split(m)
	if len(present) == 0 {
		if len(missing) == 0 {
			return failed(NoScheme, "no scheme of "+v.profile.Name+" applies to this message: it is not signed")
		}
		return absent(missing, m)
	}
	if v.profile.Signatures.Rule == provider.AllOf {
		if missing = slices.DeleteFunc(missing, isLegacy); len(missing) > 0 {
			return absent(missing, m)
		}
	}
	return v.combine(present, m, now)
}

// isLegacy reports whether s is not sent any more, so that nobody can ask for it.
func isLegacy(s *scheme) bool { return s.Legacy }

// absent is the verdict on a message that has none of the signatures of missing. A
// header may be there all the same, with signatures of other kinds.
func absent(missing []*scheme, m *provider.Message) hook.Verification {
	header := ""
	var names []string
	for _, s := range missing {
		if name := headerOf(s, m.Header); name != "" && (header == "" || header == name) {
			header, names = name, append(names, s.Grammar.Names...)
		}
	}
	if header == "" {
		return failed(Missing, "there is no "+wanted(missing))
	}
	if text := m.Header.Get(header); strings.TrimSpace(text) == "" {
		return failed(Malformed, "header "+header+" is empty")
	}
	return failed(Malformed, "header "+header+" has no "+strings.Join(names, " or "))
}

// headerOf is the header that the signature of s is looked for in, "" where it is not
// there. It is as the profile writes it.
func headerOf(s *scheme, h hook.Header) string {
	for i := range s.In {
		for _, name := range s.In[i].Names() {
			if h.Has(name) {
				return name
			}
		}
	}
	return ""
}

// keyless says which key is wanted where that is not plain.
func (v *Verifier) keyless() string {
	for _, s := range v.schemes {
		if hint := codecKey(s.Codec); hint != "" {
			return "no secret is known for " + v.profile.Name + ": " + hint
		}
	}
	return "" // the reason says it all, and is kept with every such capture
}

// unsigned says why m needs no signature, where it is of such a kind and has none: one
// that is there is judged, whatever else the message claims.
func (v *Verifier) unsigned(m *provider.Message) (string, bool) {
	scope := &provider.Scope{Message: m}
	for _, rule := range v.profile.Signatures.Unsigned {
		if rule.When.Hold(scope) {
			present, _ := v.split(m)
			return rule.About, len(present) == 0
		}
	}
	return "", false
}

// combine judges by the schemes whose signature is there.
func (v *Verifier) combine(present []*scheme, m *provider.Message, now time.Time) hook.Verification {
	var last hook.Verification
	for i, s := range present {
		verdict := v.judge(s, m, now)
		holds := verdict.Outcome == hook.Verified
		switch v.profile.Signatures.Rule {
		case provider.AnyOf:
			if holds {
				return verdict
			}
		case provider.AllOf:
			if !holds {
				return verdict
			}
		default:
			return verdict
		}
		// The verdict on the scheme that the secret fits tells more.
		if i == 0 || last.Reason == BadSecret || holds {
			last = verdict
		}
	}
	return last
}

// split returns the schemes that apply to m: those whose signature is there, and
// those whose is not.
func (v *Verifier) split(m *provider.Message) (present, missing []*scheme) {
	scope := &provider.Scope{Message: m}
	for _, s := range v.schemes {
		switch {
		case !s.When.Hold(scope):
		case s.isPresent(v.profile, m):
			present = append(present, s)
		default:
			missing = append(missing, s)
		}
	}
	return present, missing
}

// isPresent reports whether m has a signature of s. Of schemes that share a header,
// one is there when an element has one of its names.
func (s *scheme) isPresent(p *provider.Profile, m *provider.Message) bool {
	if s.Codec != "" {
		return codecPresent(s.Codec, m)
	}
	text, _, ok := s.find(scopeOf(p, s.Scheme, m))
	if !ok || len(s.Grammar.Names) == 0 || !s.shared {
		return ok
	}
	parsed, err := parseValue(s.Scheme, text)
	return err != nil || len(parsed.signatures) > 0
}

// shared reports whether another scheme of p has its signature in the same place.
func shared(p *provider.Profile, s *provider.Scheme) bool {
	for i := range p.Signatures.Schemes {
		other := &p.Signatures.Schemes[i]
		if other != s && len(other.In) > 0 && len(s.In) > 0 && other.In[0].String() == s.In[0].String() {
			return true
		}
	}
	return false
}

// scopeOf is where the places of s are looked for: in the first item where each
// item is signed.
func scopeOf(p *provider.Profile, s *provider.Scheme, m *provider.Message) *provider.Scope {
	scope := &provider.Scope{Message: m}
	if s.PerItem() {
		if items := p.ItemsOf(m); len(items) > 0 {
			scope.Item = items[0]
		}
	}
	return scope
}

// find returns the text of the signature's place, and which place that is.
func (s *scheme) find(scope *provider.Scope) (string, *provider.Place, bool) {
	for i := range s.In {
		if text, ok := scope.Text(&s.In[i]); ok {
			return text, &s.In[i], true
		}
	}
	return "", nil, false
}

// judge checks m by one scheme whose signature is there.
func (v *Verifier) judge(s *scheme, m *provider.Message, now time.Time) hook.Verification {
	verdict := hook.Verification{Scheme: s.Name}
	err := v.check(s, m, now)
	if err == nil {
		verdict.Outcome = hook.Verified
		verdict.Unbound = s.Binding() == provider.CoversNone || s.Binding() == provider.CoversFields
		if s.assumed {
			verdict.Detail = "the profile assumes this scheme"
		}
		return verdict
	}
	verdict.Outcome = hook.Failed
	var why *fault
	if errors.As(err, &why) {
		verdict.Reason, verdict.Detail = why.reason, why.detail
	} else {
		verdict.Reason, verdict.Detail = Incomplete, err.Error()
	}
	if s.assumed {
		verdict.Detail += "; the profile assumes this scheme, and --set signatures.schemes." + s.Name + ".RULE=VALUE overrides it"
	}
	return verdict
}

// check is judge with the fault as an error.
func (v *Verifier) check(s *scheme, m *provider.Message, now time.Time) error {
	if len(s.keys) == 0 {
		return &fault{BadSecret, faultsInWords(s.faults)}
	}
	if err := checkBody(v.profile, s, m); err != nil {
		return err
	}
	switch {
	case s.Codec != "":
		return v.judgeCodec(s, m, now)
	case s.PerItem():
		return v.judgeItems(s, m, now)
	}
	return v.judgeOne(s, &provider.Scope{Message: m}, now)
}

// A fault is why a signature does not hold.
type fault struct{ reason, detail string }

func (f *fault) Error() string { return f.detail }

func faultf(reason, format string, args ...any) error {
	return &fault{reason, fmt.Sprintf(format, args...)}
}

func (v *Verifier) judgeItems(s *scheme, m *provider.Message, now time.Time) error {
	items := v.profile.ItemsOf(m)
	for i, item := range items {
		if err := v.judgeOne(s, &provider.Scope{Message: m, Item: item}, now); err != nil {
			var why *fault
			if errors.As(err, &why) && len(items) > 1 {
				return faultf(why.reason, "item %d: %s", i+1, why.detail)
			}
			return err
		}
	}
	return nil
}

// judgeOne checks one signature. The error is a *fault, or says what is missing.
func (v *Verifier) judgeOne(s *scheme, scope *provider.Scope, now time.Time) error {
	if _, _, ok := s.find(scope); !ok {
		return faultf(Missing, "there is no %s", s.In[0].Words())
	}
	if name, twice := s.repeated(scope.Message.Header); twice {
		return faultf(Duplicate, "header %s is there more than once: receivers differ in which one they read", name)
	}
	if name, empty := emptied(s.Scheme, scope.Message.Header); empty {
		return faultf(Malformed, "header %s is empty", name)
	}
	parsed, err := s.read(scope)
	if err != nil {
		return err
	}
	scope.Part = parsed.part
	at, err := timestampOf(s.Scheme, scope)
	if err != nil {
		return err
	}
	if err := s.match(scope, parsed.signatures); err != nil {
		return err
	}
	if err := checkDigest(s.Scheme, scope); err != nil {
		return err
	}
	return v.checkAge(s.Scheme, at, now)
}

// read takes apart the signature that is there, or, where each place has one, all that
// can be read. The error is a *fault.
func (s *scheme) read(scope *provider.Scope) (value, error) {
	if !s.Each {
		text, place, _ := s.find(scope)
		return readAt(s.Scheme, place, text)
	}
	var all value
	var fault error
	for i := range s.In {
		text, ok := scope.Text(&s.In[i])
		if !ok {
			continue
		}
		one, err := readAt(s.Scheme, &s.In[i], text)
		if err != nil && fault == nil {
			fault = err
		}
		all.signatures, all.parts = append(all.signatures, one.signatures...), append(all.parts, one.parts...)
	}
	if len(all.signatures) > 0 {
		return all, nil
	}
	return all, fault
}

// readAt takes apart the signature that is at place. The error is a *fault.
func readAt(s *provider.Scheme, place *provider.Place, text string) (value, error) {
	if strings.TrimSpace(text) == "" {
		return value{}, faultf(Malformed, "%s is empty", place.Words())
	}
	parsed, err := parseValue(s, text)
	if err != nil {
		return value{}, faultf(Malformed, "%s: %v", place.Words(), err)
	}
	if len(parsed.signatures) == 0 {
		return value{}, faultf(Malformed, "%s has no %s", place.Words(), strings.Join(s.Grammar.Names, " or "))
	}
	return parsed, nil
}

// repeated returns a header that s reads and that is there more than once, or, where it
// goes by several names, under two of them with two values.
func (s *scheme) repeated(h hook.Header) (string, bool) {
	for _, place := range s.reads {
		first := -1
		for _, name := range place.Names() {
			at, twice := indexOf(h, name)
			switch {
			case twice, at >= 0 && first >= 0 && h[at].Value != h[first].Value:
				return name, true
			case first < 0:
				first = at
			}
		}
	}
	return "", false
}

// indexOf is where the header called name is, -1 where it is not, and says whether it
// is there more than once.
func indexOf(h hook.Header, name string) (at int, twice bool) {
	at = -1
	for i := range h {
		if !strings.EqualFold(h[i].Name, name) {
			continue
		}
		if at >= 0 {
			return at, true
		}
		at = i
	}
	return at, false
}

// emptied returns a header that s signs and that is there with nothing in it: for some
// receivers it is not there.
func emptied(s *provider.Scheme, h hook.Header) (string, bool) {
	for place := range s.Content.Places() {
		for _, name := range place.Names() {
			if at, _ := indexOf(h, name); at >= 0 && strings.TrimSpace(h[at].Value) == "" {
				return name, true
			}
		}
	}
	return "", false
}

// timestampOf finds the timestamp of a signature and puts its text into scope.
func timestampOf(s *provider.Scheme, scope *provider.Scope) (time.Time, error) {
	if s.Timestamp == nil {
		return time.Time{}, nil
	}
	for i := range s.Timestamp.From {
		from := &s.Timestamp.From[i]
		text, ok := scope.Text(from)
		if !ok {
			continue
		}
		scope.Timestamp = text
		at, err := provider.ParseTime(text, s.Timestamp.Unit)
		if err != nil {
			return at, faultf(Malformed, "%s: %v", from.Words(), err)
		}
		return at, nil
	}
	return time.Time{}, faultf(Missing, "there is no %s, the time of the signature", s.Timestamp.From[0].Words())
}

// match reports, as nil, that one of signatures is that of a key.
func (s *scheme) match(scope *provider.Scope, signatures []string) error {
	var buf [128]byte
	readable := false
	for _, text := range signatures {
		signature, err := decode(buf[:0], s.Encoding, text)
		if err != nil {
			continue
		}
		readable = true
		for _, k := range s.keys {
			ok, err := s.holds(k, scope, signature)
			if err != nil {
				return err
			}
			if ok {
				return nil
			}
		}
	}
	if !readable {
		return faultf(Malformed, "the signature is not %s", s.Encoding)
	}
	return faultf(Mismatch, "%s", s.mismatch())
}

// holds reports whether signature is that of k, for one of the forms of the URL
// where the URL is signed.
func (s *scheme) holds(k *key, scope *provider.Scope, signature []byte) (bool, error) {
	fill := func(secret []byte, emit func([]byte)) error {
		scope.Secret = secret
		return s.Content.Write(scope, emit)
	}
	ok, err := k.verify(fill, signature)
	if ok || err != nil || !signsURL(s.Scheme) {
		return ok, err
	}
	given := scope.Message.URL
	defer func() { scope.Message.URL = given }()
	for _, other := range scope.Message.URLForms() {
		scope.Message.URL = other
		if ok, err := k.verify(fill, signature); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func signsURL(s *provider.Scheme) bool {
	for place := range s.Content.Places() {
		if place.Kind == provider.PlaceURL {
			return true
		}
	}
	return false
}

func (s *scheme) mismatch() string {
	switch {
	case s.Algorithm.Token() && len(s.keys) == 1:
		return "the token is not that of " + s.keys[0].name
	case s.Algorithm.Token():
		return "the token is none of the secrets"
	case len(s.keys) == 1:
		return "the signature was not made of this with " + s.keys[0].name
	}
	return fmt.Sprintf("the signature was not made of this with any of %d secrets", len(s.keys))
}

// checkDigest compares the body with the digest of it that is signed.
func checkDigest(s *provider.Scheme, scope *provider.Scope) error {
	if s.Digest == nil {
		return nil
	}
	text, ok := scope.Text(&s.Digest.From)
	if !ok {
		return faultf(Uncovered, "there is no %s, the digest of the body", s.Digest.From.Words())
	}
	stated, err := decode(nil, s.Digest.Encoding, text)
	if err != nil {
		return faultf(Malformed, "%s is not %s", s.Digest.From.Words(), s.Digest.Encoding)
	}
	h := newHash(s.Digest.Algorithm, nil)
	h.Write(scope.Message.Body)
	if string(h.Sum(nil)) != string(stated) {
		return faultf(BadDigest, "the body is not the one whose digest is signed")
	}
	return nil
}

// checkAge refuses signatures that hold, but are of another time.
func (v *Verifier) checkAge(s *provider.Scheme, at, now time.Time) error {
	if s.Timestamp == nil {
		return nil
	}
	past, future := time.Duration(s.Timestamp.Tolerance), time.Duration(s.Timestamp.Future)
	if v.tolerance != nil {
		past, future = *v.tolerance, *v.tolerance
	}
	age, ahead := now.Sub(at), at.Sub(now) // not -age, which is wrong for times that are too far apart
	switch {
	case age > past:
		return faultf(Stale, "the signature holds, but is %s old, and %s is tolerated", inWords(age), provider.Duration(past))
	case ahead > future:
		return faultf(Future, "the signature holds, but is of a time %s ahead, and %s is tolerated", inWords(ahead), provider.Duration(future))
	}
	return nil
}

func failed(reason, detail string) hook.Verification {
	return hook.Verification{Outcome: hook.Failed, Reason: reason, Detail: detail}
}

func notChecked(reason, detail string) hook.Verification {
	return hook.Verification{Outcome: hook.NotChecked, Reason: reason, Detail: detail}
}

// inWords is a length of time to the second.
func inWords(d time.Duration) string { return provider.Duration(d.Round(time.Second)).String() }

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// wanted says where signatures were looked for.
func wanted(schemes []*scheme) string {
	var places []string
	for _, s := range schemes {
		words := codecPlace(s.Codec)
		if s.Codec == "" {
			words = s.In[0].Words()
		}
		if !contains(places, words) {
			places = append(places, words)
		}
	}
	return strings.Join(places, ", and no ")
}

func faultsInWords(faults []error) string {
	texts := make([]string, len(faults))
	for i, err := range faults {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}
