// Package signature signs messages as a provider does, verifies them, and explains
// why a signature does not hold. How is said by the profile; what is here are the
// algorithms. It is pure: keys, message and time are arguments.
//
// A verification has three outcomes. Without a secret, or without a scheme, a
// message is not checked, and that is never taken for verified.
package signature

import (
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
		if !slices.Contains(places, words) {
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
