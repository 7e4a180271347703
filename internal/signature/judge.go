package signature

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

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
