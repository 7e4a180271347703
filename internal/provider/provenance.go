package provider

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A RuleProvenance says how a rule, or all rules below a path, is known.
type RuleProvenance struct {
	// Rule is a path, such as "policy.ack".
	Rule   string `yaml:",key"`
	Status Status `yaml:"is"`
	// From are short names of Sources.
	From []string `yaml:"from"`
	Note string   `yaml:"note"`
}

// A Rule is one rule of a profile, as a person reads it.
type Rule struct {
	Path, Value string
	Status      Status // "" where the profile does not say
	// Sources are addresses or titles.
	Sources []string
	Note    string
	// Inherited is the name of the profile that the rule comes from, where it is another.
	Inherited string
}

// Rules are all rules of p in the order of its file, then those that it has from
// the profile that it is like. A rule that was overridden has its new value.
func (p *Profile) Rules() []Rule { return p.withOverrides(p.written()) }

// written are the rules as the files have them.
func (p *Profile) written() []Rule {
	var rules []Rule
	for _, leaf := range p.doc.Leaves() {
		if section, _, _ := strings.Cut(leaf.Path, "."); !about(section) {
			rules = append(rules, p.rule(leaf))
		}
	}
	if p.base == nil {
		return rules
	}
	for _, rule := range p.base.written() {
		if section, _, _ := strings.Cut(rule.Path, "."); p.doc.Has(section) {
			continue
		}
		if rule.Inherited == "" {
			rule.Inherited = p.base.Name
		}
		if own, ok := p.stated(rule.Path); ok {
			rule.Status, rule.Note, rule.Sources = own.Status, own.Note, p.sources(own.From)
		}
		rules = append(rules, rule)
	}
	return rules
}

func (p *Profile) rule(leaf yamldoc.Leaf) Rule {
	r := Rule{Path: leaf.Path, Value: leaf.Value}
	if known, ok := p.stated(leaf.Path); ok {
		r.Status, r.Note, r.Sources = known.Status, known.Note, p.sources(known.From)
	}
	return r
}

// An override is a value that was set from outside. It is known as the user's own, but for
// one that the profile itself offers by a name: that is known as the profile says.
type override struct {
	Rule
	// of is the name of the variant or reading.
	of string
}

// noteOverride remembers that the rule at path was set, and to what.
func (p *Profile) noteOverride(path string, values []override) {
	p.Overridden = append(p.Overridden, path)
	p.overriding = slices.DeleteFunc(p.overriding, func(o override) bool { return within(o.Path, path) })
	p.overriding = append(p.overriding, values...)
}

// own are values that the user has made up.
func own(leaves []yamldoc.Leaf) []override {
	var values []override
	for _, l := range leaves {
		values = append(values, override{Rule: Rule{Path: l.Path, Value: l.Value, Status: Configured}})
	}
	return values
}

// offered are the values that the profile has by a name below the path from, as they stand
// below the path to once they are chosen.
func (p *Profile) offered(from, name, to string) []override {
	var values []override
	from += "." + name
	for _, r := range p.written() {
		if within(r.Path, from) {
			r.Path = to + r.Path[len(from):]
			values = append(values, override{r, name})
		}
	}
	return values
}

// Chosen is the name of the variant or reading that was chosen for the rule at path, "" for
// none.
func (p *Profile) Chosen(path string) string {
	for _, o := range p.overriding {
		if o.of != "" && within(o.Path, path) {
			return o.of
		}
	}
	return ""
}

// Configures reports whether the user has made up something of the rule at path, or of what
// is below it.
func (p *Profile) Configures(path string) bool {
	return slices.ContainsFunc(p.overriding, func(o override) bool {
		return o.Status == Configured && (within(o.Path, path) || within(path, o.Path))
	}) || slices.Contains(p.Overridden, path) && p.Chosen(path) == ""
}

// withOverrides puts the overridden rules in the place of what was written.
func (p *Profile) withOverrides(written []Rule) []Rule {
	var rules []Rule
	left := slices.Clone(p.overriding)
	take := func(path string) {
		for _, o := range left {
			if within(o.Path, path) {
				rules = append(rules, configured(o, written))
			}
		}
		left = slices.DeleteFunc(left, func(o override) bool { return within(o.Path, path) })
	}
	for _, r := range written {
		if i := slices.IndexFunc(p.Overridden, func(path string) bool { return within(r.Path, path) }); i >= 0 {
			take(p.Overridden[i])
			continue
		}
		rules = append(rules, r)
	}
	for _, o := range left { // rules that nobody wrote: at the end of their section
		section, _, _ := strings.Cut(o.Path, ".")
		at := len(rules)
		for i, r := range rules {
			if within(r.Path, section) {
				at = i + 1
			}
		}
		rules = slices.Insert(rules, at, configured(o, written))
	}
	return rules
}

// configured is a rule that the user has set.
func configured(o override, written []Rule) Rule {
	var parts []string
	if o.of != "" {
		parts = append(parts, o.of)
	}
	if i := slices.IndexFunc(written, func(w Rule) bool { return w.Path == o.Path }); i >= 0 {
		parts = append(parts, "in the place of "+written[i].Value)
	}
	r, words := o.Rule, strings.Join(parts, ", ")
	if r.Note = words; o.Note != "" {
		r.Note = words + ": " + o.Note
	}
	return r
}

// Status says how the rule at path is known; "" where nothing says.
func (p *Profile) Status(path string) Status {
	for _, o := range p.overriding {
		if o.of != "" && (o.Path == path || within(path, o.Path)) {
			return o.Status
		}
	}
	for _, over := range p.Overridden {
		if within(path, over) {
			return Configured
		}
	}
	if known, ok := p.stated(path); ok {
		return known.Status
	}
	if section, _, _ := strings.Cut(path, "."); p.base != nil && !p.doc.Has(section) {
		return p.base.Status(path)
	}
	return ""
}

// stated returns what the profile itself says of the rule at path, by the longest
// path that it is below.
func (p *Profile) stated(path string) (RuleProvenance, bool) {
	best, found := RuleProvenance{}, false
	for _, known := range p.Provenance {
		if within(path, known.Rule) && (!found || len(known.Rule) > len(best.Rule)) {
			best, found = known, true
		}
	}
	return best, found
}

// within reports whether path is that of a rule or below it.
func within(path, rule string) bool {
	rest, ok := strings.CutPrefix(path, rule)
	return ok && (rest == "" || rest[0] == '.')
}

// sources are the texts behind short names.
func (p *Profile) sources(names []string) []string {
	var texts []string
	for _, name := range names {
		if i := slices.IndexFunc(p.Sources, func(s Named) bool { return s.Name == name }); i >= 0 {
			texts = append(texts, p.Sources[i].Text)
		}
	}
	return texts
}
