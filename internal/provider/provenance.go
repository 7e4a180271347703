package provider

import (
	"slices"
	"strings"
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
// the profile that it is like.
func (p *Profile) Rules() []Rule {
	var rules []Rule
	for _, leaf := range p.doc.Leaves() {
		if section, _, _ := strings.Cut(leaf.Path, "."); !about(section) {
			rules = append(rules, p.rule(leaf.Path, leaf.Value))
		}
	}
	if p.base == nil {
		return rules
	}
	for _, rule := range p.base.Rules() {
		if section, _, _ := strings.Cut(rule.Path, "."); p.doc.Has(section) {
			continue
		}
		if rule.Inherited == "" {
			rule.Inherited = p.base.Name
		}
		if own, ok := p.stated(rule.Path); ok {
			rule.Status, rule.Note, rule.Sources = own.Status, own.Note, p.sources(own.From)
		}
		rules = append(rules, p.override(rule))
	}
	return rules
}

func (p *Profile) rule(path, value string) Rule {
	r := Rule{Path: path, Value: value}
	if known, ok := p.stated(path); ok {
		r.Status, r.Note, r.Sources = known.Status, known.Note, p.sources(known.From)
	}
	return p.override(r)
}

func (p *Profile) override(r Rule) Rule {
	for _, path := range p.Overridden {
		if within(r.Path, path) {
			r.Status, r.Note = Configured, "overridden"
		}
	}
	return r
}

// Status says how the rule at path is known; "" where nothing says.
func (p *Profile) Status(path string) Status {
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
