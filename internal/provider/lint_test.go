package provider_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/provider"
)

// lint returns what is said of a profile, notes marked.
func lint(t *testing.T, p *provider.Profile) []string {
	t.Helper()
	var said []string
	for _, f := range library().Lint(p) {
		text := f.At.Error()
		if f.Note {
			text = "note " + text
		}
		said = append(said, strings.ReplaceAll(text, "acme/provider.yaml:", ""))
	}
	return said
}

const clean = `name: acme
title: Acme
about: Anvils.
sources: {page: https://acme.example}
secret: {form: hex}
detect: {any: [{"header:X-Acme": "*"}]}
event: {type: ["{json:type}"], example: a.b, new_id: uuid}
headers: {X-Acme-Id: "{id}"}
signatures:
  schemes:
    v1: {algorithm: hmac-sha256, content: "{body}", in: header:X-Acme, encoding: hex}
policy: {ack: {statuses: [2xx]}}
provenance:
  secret: {is: assumed}
  detect: {is: documented, from: [page]}
  event: {is: assumed}
  headers: {is: assumed}
  signatures: {is: assumed}
  policy: {is: assumed}
`

func TestLint(t *testing.T) {
	for name, test := range map[string]struct {
		change []string // old and new
		want   []string
	}{
		"nothing":     {nil, nil},
		"no title":    {[]string{"title: Acme\n", ""}, []string{"note 1:1: title is missing: the name as people write it"}},
		"no about":    {[]string{"about: Anvils.\n", ""}, []string{"note 1:1: about is missing: one sentence on what it sends webhooks about"}},
		"taken name":  {[]string{"name: acme", "name: stripe"}, []string{`note 1:1: "stripe" is the name of the bundled profile stripe: --provider stripe means that one`}},
		"alias":       {[]string{"about:", "aliases: [acme, b, b, B, stripe]\nabout:"}, []string{`3:1: the alias "acme" is the name itself`, `3:1: the alias "b" is there twice`, `3:1: an alias is like a name: want lower-case letters, digits and single hyphens, got "B"`, `3:1: the alias "stripe" is that of the bundled profile stripe`}},
		"one rule":    {[]string{"  headers: {is: assumed}\n", "", "  policy: {is: assumed}", "  policy.ack.statuses: {is: assumed}", "[2xx]}", "[2xx], deadline: 1s}"}, []string{"8:1: nothing says how the rules under headers are known: provenance has no entry headers", "12:33: nothing says how the rule policy.ack.deadline is known: provenance has no entry for it"}},
		"no proof":    {[]string{"  event: {is: assumed}", "  event: {is: observed}"}, []string{"16:3: event is observed, but from names no source that says so"}},
		"twice from":  {[]string{"[page]", "[page, page]"}, []string{`15:3: the source "page" is there twice`}},
		"unused":      {[]string{"{page:", "{other: b, page:"}, []string{`note 4:11: no rule is known from the source "other"`}},
		"empty":       {[]string{"{page: https://acme.example}", "{page: \"\"}"}, []string{`4:11: the source "page" says nothing: want an address or a title`}},
		"no detect":   {[]string{`detect: {any: [{"header:X-Acme": "*"}]}` + "\n", "", "  detect: {is: documented, from: [page]}\n", "", "secret: {is: assumed}", "secret: {is: assumed, from: [page]}"}, []string{"note 1:1: no request is known to be of acme by itself: only --provider acme or the path /acme says so"}},
		"strength":    {[]string{`{any: [{"header:X-Acme": "*"}]}`, "{strength: generic}"}, []string{"6:10: strength tells nothing without any: there is no rule to detect by"}},
		"no type":     {[]string{`type: ["{json:type}"], `, ""}, []string{"note 7:1: type is missing: where a message says what has happened"}},
		"no example":  {[]string{"example: a.b, ", ""}, []string{"note 7:1: example is missing: the type of a test event where none is asked for"}},
		"no new id":   {[]string{", new_id: uuid", ""}, []string{"note 7:1: new_id is missing: a header has {id}, but nothing says what an id looks like"}},
		"no form":     {[]string{"secret: {form: hex}", "secret: {prefix: a_}"}, []string{"note 5:1: form is missing: what hookctl secret generate is to make, such as hex"}},
		"prefix":      {[]string{"secret: {form: hex}", "secret: {form: base64, prefix: w_}", "encoding: hex}", "encoding: hex, key: {encoding: base64}}"}, []string{`5:24: the scheme v1 cannot read a secret that begins with "w_": its key.prefixes does not have it`}},
		"no signing":  {[]string{"signatures:\n  schemes:\n    v1: {algorithm: hmac-sha256, content: \"{body}\", in: header:X-Acme, encoding: hex}\n", "", "  signatures: {is: assumed}\n", ""}, []string{"note 1:1: neither schemes nor none: nothing says whether messages are signed"}},
		"token":       {[]string{`algorithm: hmac-sha256, content: "{body}", in: header:X-Acme, encoding: hex`, "algorithm: token, in: header:X-Acme"}, []string{"note 11:5: the signature does not cover the body: whoever has seen one message can send any other"}},
		"no digest":   {[]string{`algorithm: hmac-sha256, content: "{body}", in: header:X-Acme, encoding: hex`, `codec: http-message-signatures, algorithm: hmac-sha256, components: ["@method"]`}, []string{"note 11:5: the signature does not cover the body: whoever has seen one message can send any other"}},
		"some fields": {[]string{`"{body}"`, `"{json:id}"`}, []string{"note 11:5: the signature covers some fields of the body, not all of it: what else is there can be forged"}},
		"names twice": {[]string{"encoding: hex}", `encoding: hex, grammar: {list: ",", pair: "=", names: [v1, v1]}}`}, []string{`11:119: the name "v1" is there twice`}},
		"lost part":   {[]string{`"{body}"`, `"{part:n}.{body}"`}, []string{"11:34: {part:n} is never filled: grammar.pair does not say how an element has a name"}},
		"lost stamp":  {[]string{`"{body}"`, `"{timestamp}.{body}"`, "encoding: hex}", `encoding: hex, timestamp: {from: "part:t"}}`}, []string{"11:111: the timestamp is never found: grammar.pair does not say how an element has a name"}},
		"two headers": {[]string{`X-Acme-Id: "{id}"`, `X-Acme-Id: "{id}", x-acme-id: a, x-ACME: b`}, []string{"8:30: the header x-acme-id is there twice: it is one of headers, in other case", "8:44: the header x-ACME is there twice: it is the signature of the scheme v1"}},
		"no ack":      {[]string{"policy: {ack: {statuses: [2xx]}}", "policy: {restamp: yes}"}, []string{"note 12:1: ack.statuses is missing: which answers count as an acknowledgement, such as [2xx]"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := clean
			for i := 0; i < len(test.change); i += 2 {
				changed := strings.Replace(text, test.change[i], test.change[i+1], 1)
				if changed == text {
					t.Fatalf("there is no %q", test.change[i])
				}
				text = changed
			}
			if diff := cmp.Diff(test.want, lint(t, mustParse(t, text))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What comes from another profile is that one's to answer for.
func TestLintLooksAtTheProfileAlone(t *testing.T) {
	p := mustParse(t, "name: acme\ntitle: Acme\nabout: Anvils.\nlike: svix\n")
	if diff := cmp.Diff([]string(nil), lint(t, p)); diff != "" {
		t.Error(diff)
	}
}

func TestBundledProfilesAreWithoutFault(t *testing.T) {
	all, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, f := range library().Lint(p) {
			if !f.Note {
				t.Error(f.At)
			}
		}
	}
}
