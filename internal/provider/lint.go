package provider

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// Lint finds what is wrong or missing in a profile although it loads. A fault is
// what cannot be meant, or leaves open how something is known; whatever else is
// worth a thought is a note. They come in the order of the file.
func (l *Library) Lint(p *Profile) []yamldoc.Finding {
	r := &review{p: p, library: l}
	for _, step := range []func(){r.names, r.provenance, r.sources, r.detection, r.event, r.secret, r.schemes, r.headers, r.policy} {
		step()
	}
	slices.SortStableFunc(r.findings, func(a, b yamldoc.Finding) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return r.findings
}

// A review gathers findings.
type review struct {
	p        *Profile
	library  *Library
	findings []yamldoc.Finding
}

func (r *review) fault(path, format string, args ...any) { r.add(false, path, format, args...) }
func (r *review) note(path, format string, args ...any)  { r.add(true, path, format, args...) }

func (r *review) add(note bool, path, format string, args ...any) {
	r.findings = append(r.findings, r.p.doc.Find(note, path, format, args...))
}

// own reports whether the section at the head of path is the profile's and not that
// of the one that it is like.
func (r *review) own(path string) bool {
	section, _, _ := strings.Cut(path, ".")
	return r.p.base == nil || r.p.doc.Has(section)
}

func (r *review) names() {
	p := r.p
	if p.Title == "" {
		r.note("name", "title is missing: the name as people write it")
	}
	if p.About == "" {
		r.note("name", "about is missing: one sentence on what it sends webhooks about")
	}
	text, err := fs.ReadFile(r.library.files, path.Join(p.Name, FileName))
	bundled := err == nil && bytes.Equal(text, p.text)
	if folder, err := r.library.folder(p.Name); err == nil && !bundled {
		r.note("name", "%q is the name of the bundled profile %s: --provider %s means that one", p.Name, folder, p.Name)
	}
	for i, alias := range p.Aliases {
		switch folder, err := r.library.folder(alias); {
		case alias == p.Name:
			r.fault("aliases", "the alias %q is the name itself", alias)
		case slices.Contains(p.Aliases[:i], alias):
			r.fault("aliases", "the alias %q is there twice", alias)
		case CheckName(alias) != nil:
			r.fault("aliases", "an alias is like a name: %v", CheckName(alias))
		case err == nil && (folder != p.Name || !bundled):
			r.fault("aliases", "the alias %q is that of the bundled profile %s", alias, folder)
		case err != nil && bundled:
			r.fault("aliases", "the alias %q is not found: aliases are to be written on one line, as [a, b]", alias)
		}
	}
}

// provenance looks for rules of which nothing says how they are known: where that
// is so for all of a section, once.
func (r *review) provenance() {
	own := slices.ContainsFunc(r.p.written(), func(rule Rule) bool { return rule.Inherited == "" })
	if own && len(r.p.Provenance) == 0 {
		r.note("", "there is no provenance: nothing says how the rules are known")
		return
	}
	open, told := map[string]int{}, map[string]int{}
	for _, rule := range r.p.written() {
		section, _, _ := strings.Cut(rule.Path, ".")
		if rule.Inherited == "" && rule.Status == "" {
			open[section]++
		} else {
			told[section]++
		}
	}
	for _, rule := range r.p.written() {
		section, _, _ := strings.Cut(rule.Path, ".")
		switch {
		case rule.Inherited != "" || rule.Status != "":
		case told[section] > 0:
			r.fault(rule.Path, "nothing says how the rule %s is known: provenance has no entry for it", rule.Path)
		case open[section] > 0:
			r.fault(section, "nothing says how the rules under %s are known: provenance has no entry %s", section, section)
			open[section] = 0
		}
	}
	for _, known := range r.p.Provenance {
		at := "provenance." + known.Rule
		if known.Status != Assumed && len(known.From) == 0 {
			r.fault(at, "%s is %s, but from names no source that says so", known.Rule, known.Status)
		}
		for i, from := range known.From {
			if slices.Contains(known.From[:i], from) {
				r.fault(at, "the source %q is there twice", from)
			}
		}
	}
}

func (r *review) sources() {
	for _, s := range r.p.Sources {
		used := slices.ContainsFunc(r.p.Provenance, func(known RuleProvenance) bool { return slices.Contains(known.From, s.Name) })
		if !used {
			r.note("sources."+s.Name, "no rule is known from the source %q", s.Name)
		}
		if s.Text == "" {
			r.fault("sources."+s.Name, "the source %q says nothing: want an address or a title", s.Name)
		}
	}
}

func (r *review) detection() {
	d := r.p.Detect
	switch {
	case !r.own("detect"):
	case len(d.Any) == 0 && d.Strength != "":
		r.fault("detect.strength", "strength tells nothing without any: there is no rule to detect by")
	case len(d.Any) == 0:
		r.note("detect", "no request is known to be of %s by itself: only --provider %s or the path /%s says so", r.p.Name, r.p.Name, r.p.Name)
	}
}

func (r *review) event() {
	e := r.p.Event
	if len(e.Type) == 0 && len(e.Named) == 0 {
		r.note("event", "type is missing: where a message says what has happened")
	}
	if e.Example == "" {
		r.note("event", "example is missing: the type of a test event where none is asked for")
	}
	if e.NewID == "" && r.own("headers") && slices.ContainsFunc(r.p.Headers, func(h HeaderRule) bool { return fills(h.Value, PlaceID) }) {
		r.note("event", "new_id is missing: a header has {id}, but nothing says what an id looks like")
	}
}

func fills(t Template, kind PlaceKind) bool {
	for place := range t.Places() {
		if place.Kind == kind {
			return true
		}
	}
	return false
}

func (r *review) secret() {
	schemes := r.p.Signatures.Schemes
	if len(schemes) == 0 {
		return
	}
	s := r.p.Secret
	if s.Form == "" {
		r.note("secret", "form is missing: what hookctl secret generate is to make, such as hex")
	}
	for i := range schemes {
		key := schemes[i].Key
		if s.Prefix != "" && key.Encoding != KeyUTF8 && !slices.Contains(key.Prefixes, s.Prefix) && r.own("secret") && i == 0 {
			r.fault("secret.prefix", "the scheme %s cannot read a secret that begins with %q: its key.prefixes does not have it", schemes[i].Name, s.Prefix)
		}
	}
}

func (r *review) schemes() {
	s := &r.p.Signatures
	if !r.own("signatures") {
		return
	}
	if len(s.Schemes) == 0 && s.None == "" {
		r.note("signatures", "neither schemes nor none: nothing says whether messages are signed")
	}
	for i := range s.Schemes {
		path := "signatures.schemes." + s.Schemes[i].Name
		r.scheme(path, &s.Schemes[i])
		for j := range s.Schemes[:i] {
			if keysMix(&s.Schemes[i], &s.Schemes[j]) {
				r.fault(path, "a public key could be taken for the secret of %s: key.required and key.refused tell their secrets apart", s.Schemes[j].Name)
			}
		}
	}
}

// keysMix reports whether of two schemes in one place the key that anybody may know of
// the one could be taken for the secret of the other.
func keysMix(a, b *Scheme) bool {
	if a.Algorithm.Asymmetric() == b.Algorithm.Asymmetric() || len(a.In) == 0 || len(b.In) == 0 || a.In[0].String() != b.In[0].String() {
		return false
	}
	pair, shared := a, b
	if b.Algorithm.Asymmetric() {
		pair, shared = b, a
	}
	apart := pair.Key.Required
	for _, prefix := range pair.Key.Prefixes {
		apart = apart && slices.Contains(shared.Key.Refused, prefix)
	}
	return !apart
}

func (r *review) scheme(path string, s *Scheme) {
	switch s.Binding() {
	case CoversFields:
		r.note(path, "the signature covers some fields of the body, not all of it: what else is there can be forged")
	case CoversNone:
		r.note(path, "the signature does not cover the body: whoever has seen one message can send any other")
	}
	for i, name := range s.Grammar.Names {
		if slices.Contains(s.Grammar.Names[:i], name) {
			r.fault(path+".grammar.names", "the name %q is there twice", name)
		}
	}
	if s.Grammar.Pair != "" || s.Codec != "" {
		return
	}
	for place := range s.Content.Places() {
		if place.Kind == PlacePart {
			r.fault(path+".content", "{%s} is never filled: grammar.pair does not say how an element has a name", place)
		}
	}
	if s.Timestamp != nil && slices.ContainsFunc(s.Timestamp.From, func(p Place) bool { return p.Kind == PlacePart }) {
		r.fault(path+".timestamp.from", "the timestamp is never found: grammar.pair does not say how an element has a name")
	}
}

// headers looks for what would be sent twice.
func (r *review) headers() {
	if !r.own("headers") {
		return
	}
	taken := map[string]string{}
	for i := range r.p.Signatures.Schemes {
		if s := &r.p.Signatures.Schemes[i]; len(s.In) > 0 && s.In[0].Kind == PlaceHeader {
			taken[strings.ToLower(s.In[0].Names()[0])] = fmt.Sprintf("the signature of the scheme %s", s.Name)
		}
	}
	for _, h := range r.p.Headers {
		name := strings.ToLower(h.Name)
		if what := taken[name]; what != "" {
			r.fault("headers."+h.Name, "the header %s is there twice: it is %s", h.Name, what)
		}
		taken[name] = "one of headers, in other case"
	}
}

func (r *review) policy() {
	if len(r.p.Policy.Ack.Statuses) == 0 {
		r.note("policy", "ack.statuses is missing: which answers count as an acknowledgement, such as [2xx]")
	}
}
