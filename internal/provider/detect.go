package provider

import (
	"bytes"
	"slices"
	"strings"
)

// A Detector finds out by a message whose it is.
type Detector struct {
	rules []detection
	// What the rules are found by: a header's name in lower case, a key of the JSON
	// object that the body is, a key elsewhere as a JSON text has it, the name of a
	// query parameter; the rest is looked at every time.
	byHeader map[string][]int
	byMember map[string][]int
	byKey    []anchor
	byQuery  []anchor
	always   []int
}

// A detection is one rule of one profile.
type detection struct {
	profile    *Profile
	configured bool
	conditions Conditions
}

// An anchor is a text that is in a message for which its rule holds.
type anchor struct {
	text []byte
	rule int
}

// NewDetector returns a detector of profiles. Those of which configured tells yes
// are the ones that the user works with.
func NewDetector(profiles []*Profile, configured func(*Profile) bool) *Detector {
	d := &Detector{byHeader: map[string][]int{}, byMember: map[string][]int{}}
	for _, p := range profiles {
		known := configured(p)
		if p.Detect.Strength == WhenConfigured && !known {
			continue
		}
		for _, conditions := range p.Detect.Any {
			d.rules = append(d.rules, detection{p, known, conditions})
			d.anchor(len(d.rules)-1, conditions)
		}
	}
	return d
}

// anchor decides what the rule is found by: what is rarest in other messages.
func (d *Detector) anchor(rule int, conditions Conditions) {
	for i := range conditions {
		if p := &conditions[i].Place; p.Kind == PlaceHeader && !commonHeader(p.names[0]) {
			for _, name := range p.names {
				name = strings.ToLower(name)
				d.byHeader[name] = append(d.byHeader[name], rule)
			}
			return
		}
	}
	for i := range conditions {
		switch p := &conditions[i].Place; p.Kind {
		case PlaceJSON:
			n := len(p.path)
			if n > 0 && p.path[0].Key != "" {
				d.byMember[p.path[0].Key] = append(d.byMember[p.path[0].Key], rule)
				return
			}
			if n > 0 && p.path[n-1].Key != "" {
				d.byKey = append(d.byKey, anchor{[]byte(`"` + p.path[n-1].Key + `"`), rule})
				return
			}
		case PlaceQuery:
			d.byQuery = append(d.byQuery, anchor{[]byte(p.Arg), rule})
			return
		}
	}
	d.always = append(d.always, rule)
}

// commonHeader names what nearly every message has.
func commonHeader(name string) bool {
	switch strings.ToLower(name) {
	case "user-agent", "content-type", "authorization", "accept":
		return true
	}
	return false
}

// maxHeaderName is the longest header name that a rule can be found by.
const maxHeaderName = 64

// Detect returns the profile whose message m is, or, where nothing decides between
// several, all of them. What headers tell goes before what body and URL tell; then
// a profile that the user works with is preferred to others, and one of a provider
// to one of a family.
func (d *Detector) Detect(m *Message) []*Profile {
	var found []detection
	scope := Scope{Message: m}
	try := func(rules ...int) {
		for _, i := range rules {
			r := d.rules[i]
			if !slices.ContainsFunc(found, func(f detection) bool { return f.profile == r.profile }) && r.conditions.Hold(&scope) {
				found = append(found, r)
			}
		}
	}
	var lower [maxHeaderName]byte
	for i := range m.Header {
		if name := m.Header[i].Name; len(name) <= maxHeaderName {
			try(d.byHeader[string(toLower(lower[:len(name)], name))]...)
		}
	}
	if len(found) > 0 {
		return decide(found) // a body can say anything
	}
	for key := range m.object().Keys() {
		try(d.byMember[string(key)]...)
	}
	for _, a := range d.byKey {
		if bytes.Contains(m.Body, a.text) {
			try(a.rule)
		}
	}
	if query := strings.IndexByte(m.URL, '?'); query >= 0 {
		for _, a := range d.byQuery {
			if strings.Contains(m.URL[query:], string(a.text)) {
				try(a.rule)
			}
		}
	}
	try(d.always...)
	return decide(found)
}

func toLower(dst []byte, name string) []byte {
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst[i] = c
	}
	return dst
}

// decide keeps the best of what was found.
func decide(found []detection) []*Profile {
	best, profiles := -1, []*Profile(nil)
	for _, f := range found {
		rank := 0
		if f.configured {
			rank += configuredRank
		}
		if f.profile.Detect.Strength != Generic {
			rank++
		}
		if rank > best {
			best, profiles = rank, nil
		}
		if rank == best {
			profiles = append(profiles, f.profile)
		}
	}
	if best >= configuredRank && slices.ContainsFunc(found, func(f detection) bool { return f.configured && f.profile.Detect.Strength == WhenConfigured }) {
		return configuredOnes(found) // such a profile's messages look like those of others
	}
	return profiles
}

// configuredRank is that of a profile that the user works with, at least.
const configuredRank = 2

func configuredOnes(found []detection) []*Profile {
	var profiles []*Profile
	for _, f := range found {
		if f.configured {
			profiles = append(profiles, f.profile)
		}
	}
	return profiles
}
