package signature

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// renamedHeaders looks whether the message holds with its headers' names as they
// were before a gateway rewrote them.
func (e *explainer) renamedHeaders() *Cause {
	m := plainCopy(e.message)
	m.Header = slices.Clone(m.Header)
	changed := false
	for i, f := range m.Header {
		name := strings.ReplaceAll(strings.TrimPrefix(f.Name, "HTTP_"), "_", "-")
		changed = changed || name != f.Name
		m.Header[i].Name = name
	}
	if !changed || !e.meter.spend(len(m.Body)) || !holds(e.verifier.Verify(m, e.given.Now)) {
		return nil
	}
	return &Cause{
		ID: "header-names", What: "matches if the headers have their names back: HTTP_X_NAME is X-Name",
		Why: "CGI, WSGI, Rack and PHP hand over headers under names of their own",
		Fix: "look the headers up by the names that your framework gives them, and pass them on by their real names",
	}
}

// misplaced looks for the signature in other headers, where it is not in its own.
func (e *explainer) misplaced() *Cause {
	const mostHeaders, shortest, longest = 24, 16, 4096
	_, missing := e.verifier.split(e.message)
	tried := 0
	for _, s := range missing {
		if s.Codec != "" || s.PerItem() || s.Algorithm.Token() {
			continue
		}
		for _, f := range e.message.Header[:min(len(e.message.Header), mostHeaders)] {
			if len(f.Value) < shortest || len(f.Value) > longest {
				continue
			}
			h := newHuntFor(e, s.Scheme, &provider.Scope{Message: plainCopy(e.message)}, f.Value)
			if h == nil {
				continue
			}
			tried++
			h.inherent = append([]mistake{renamedHeader(f.Name, s.Scheme)}, h.inherent...)
			if found := h.attempt(trial{text: e.message.Body}); found != nil {
				return found
			}
		}
	}
	e.rule(counted(tried, "other header read as the signature", "other headers read as the signature"))
	return nil
}

func renamedHeader(name string, s *provider.Scheme) mistake {
	return mistake{
		id: "signature-elsewhere", condition: "the signature is that of header " + shortName(name) + ", where " + s.In[0].Words() + " is expected",
		why: "a gateway or a test script gave the header another name, or the profile looks in the wrong place",
		fix: "send it as " + s.In[0].Words() + ", or set where the profile looks for it",
	}
}

// otherProfiles are all profiles but the one that the message is said to be of.
func (e *explainer) otherProfiles() []*provider.Profile {
	var all []*provider.Profile
	add := func(p *provider.Profile) {
		if p != nil && p.Name != e.profile.Name && !slices.ContainsFunc(all, func(known *provider.Profile) bool { return known.Name == p.Name }) {
			all = append(all, p)
		}
	}
	for _, o := range e.given.Others {
		add(o.Profile)
	}
	for _, p := range e.given.Profiles {
		add(p)
	}
	// One that signs like another is not named in its place.
	own := func(p *provider.Profile) bool { return p.Like == "" }
	return slices.Concat(filter(all, own), filter(all, func(p *provider.Profile) bool { return !own(p) }))
}

func filter(all []*provider.Profile, wanted func(*provider.Profile) bool) []*provider.Profile {
	var kept []*provider.Profile
	for _, p := range all {
		if wanted(p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// keysFor are the secrets with which a message may be p's.
func (e *explainer) keysFor(p *provider.Profile) []Key {
	keys := slices.Clone(e.given.Keys)
	for _, o := range e.given.Others {
		if o.Profile != nil && o.Profile.Name == p.Name {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

// elsewhere looks whether the signature is one of another scheme or provider, and
// says whether there is no more to look for.
func (e *explainer) elsewhere(hunts []*hunt) (found *Cause, over bool) {
	if found = e.foreignSchemes(hunts, e.profile); found != nil {
		return found, true
	}
	if s := e.schemeThatHolds(); s != nil {
		// Where the other signature cannot even be read, that is what to tell of.
		if e.verdict.Reason == Mismatch {
			found = e.otherSchemeHolds(s)
		}
		return found, true
	}
	others := e.otherProfiles()
	if found = e.otherProviders(others); found == nil {
		found = e.foreignSchemes(hunts, others...)
	}
	return found, found != nil
}

// schemeThatHolds is a scheme of the provider, other than that which decided, by
// which the message is signed rightly.
func (e *explainer) schemeThatHolds() *scheme {
	present, _ := e.verifier.split(e.message)
	for _, s := range present {
		if s.Name != e.verdict.Scheme && len(s.keys) > 0 && e.meter.spend(len(e.message.Body)) && holds(e.verifier.judge(s, e.message, e.given.Now)) {
			return s
		}
	}
	return nil
}

func (e *explainer) otherSchemeHolds(s *scheme) *Cause {
	return &Cause{
		ID: "scheme-other-holds", Scheme: s.Name,
		What: "the signature of the scheme " + s.Name + " holds, that of " + e.verdict.Scheme + " does not",
		Why:  "the signature of " + e.verdict.Scheme + " was altered on the way or made by somebody else",
		Fix:  "do not fall back to " + s.Name + ": one right signature does not make up for a wrong one; have the message sent again",
	}
}

// otherProviders looks whether the message is another provider's.
func (e *explainer) otherProviders(others []*provider.Profile) *Cause {
	asked := 0
	for _, p := range others {
		if !e.meter.spend(len(e.message.Body) + workOfTrial) {
			break
		}
		asked++
		v := NewVerifier(p, e.keysFor(p), e.verifier.options())
		if holds(v.Verify(plainCopy(e.message), e.given.Now)) {
			return &Cause{
				ID: "provider-other", What: "it verifies as a message of " + p.Name,
				Why: "the message is " + titleOf(p) + "'s, or made as theirs are, and not " + titleOf(e.profile) + "'s",
				Fix: "verify it as " + p.Name,
			}
		}
	}
	e.rule(counted(asked, "other provider, as whose message it does not verify either", "other providers, as whose message it does not verify either"))
	return nil
}

func titleOf(p *provider.Profile) string { return orElse(p.Title, p.Name) }

// options are those that v was made with.
func (v *Verifier) options() Options { return Options{Tolerance: v.tolerance} }

// foreignSchemes tries the signatures as those of other schemes of profiles.
func (e *explainer) foreignSchemes(hunts []*hunt, profiles ...*provider.Profile) *Cause {
	tried := 0
	for _, h := range hunts {
		seen := map[schemeKind]bool{schemeKindOf(h.scheme): true}
		for _, p := range profiles {
			for i := range p.Signatures.Schemes {
				s := &p.Signatures.Schemes[i]
				if s.Codec != "" || s.Algorithm.Token() || s.Algorithm.Asymmetric() || s.PerItem() || seen[schemeKindOf(s)] {
					continue
				}
				seen[schemeKindOf(s)] = true
				tried++
				if found := e.asForeign(h, p, s); found != nil {
					return found
				}
			}
		}
	}
	who := "of other providers"
	if slices.Contains(profiles, e.profile) {
		who = "of this provider"
	}
	e.rule(counted(tried, "other scheme "+who+" on this signature", "other schemes "+who+" on this signature"))
	return nil
}

// A schemeKind is what makes two schemes the same but for where they are written.
type schemeKind struct {
	algorithm provider.Algorithm
	content   string
	key       provider.KeyEncoding
	prefixes  string
}

func schemeKindOf(s *provider.Scheme) schemeKind {
	return schemeKind{s.Algorithm, s.Content.String(), s.Key.Encoding, strings.Join(s.Key.Prefixes, " ")}
}

// asForeign tries the signature of h as one of the scheme s of p.
func (e *explainer) asForeign(h *hunt, p *provider.Profile, s *provider.Scheme) *Cause {
	f := newHuntFor(e, s, &provider.Scope{Message: plainCopy(e.message)}, h.text)
	if f == nil {
		return nil
	}
	m := mistake{
		id: "scheme-of-other-provider", condition: "it is signed as " + p.Name + " signs",
		why: "whatever signed this follows the scheme of " + titleOf(p) + ", and not that of " + titleOf(e.profile),
		fix: "verify it as " + p.Name + ", or sign it as " + e.profile.Name + " does",
	}
	if p == e.profile {
		m = mistake{
			id: "scheme-other", condition: "it is signed by the provider's scheme " + s.Name,
			why: "the signature of one scheme stands in the header of another",
			fix: "check it by the scheme " + s.Name + ", or send it in " + s.In[0].Words(),
		}
	}
	// How the other scheme writes its signatures is of no matter: what it signs is.
	f.inherent = []mistake{m}
	f.targets = nil
	for _, t := range append(h.targets, readSignature(s, h.text).targets...) {
		f.targets = append(f.targets, target{text: t.text, raw: t.raw})
	}
	return f.attempt(trial{text: e.message.Body})
}

// signaturesHere are words on the headers of the message that are, or look like,
// signatures.
func (e *explainer) signaturesHere() []string {
	const most = 4
	var known, unknown []string
	for _, f := range e.message.Header {
		var names []string
		for _, p := range e.otherProfiles() {
			if signsIn(p, f.Name) {
				names = appendNew(names, titleOf(p))
			}
		}
		switch {
		case len(names) > most:
			known = appendNew(known, "there is "+f.Name+", which several providers send")
		case len(names) > 0:
			known = appendNew(known, "there is "+f.Name+": is this "+strings.Join(names, " or ")+"?")
		case looksLikeSignature(f):
			unknown = appendNew(unknown, "there is "+shortName(f.Name)+", which looks like a signature")
		}
	}
	all := append(known, unknown...)
	return all[:min(len(all), most)]
}

// signsIn reports whether p's signatures stand in the header called name.
func signsIn(p *provider.Profile, name string) bool {
	for i := range p.Signatures.Schemes {
		for _, place := range p.Signatures.Schemes[i].In {
			for _, known := range place.Names() {
				if strings.EqualFold(known, name) && !strings.EqualFold(name, "Authorization") {
					return true
				}
			}
		}
	}
	return false
}

func looksLikeSignature(f hook.Field) bool {
	name := strings.ToLower(f.Name)
	for _, word := range []string{"signature", "hmac", "sha256", "sha1", "x-sign", "webhook-auth"} {
		if strings.Contains(name, word) && len(f.Value) >= 2*leastCut {
			return true
		}
	}
	return false
}
