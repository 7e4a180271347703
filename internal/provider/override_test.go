package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

const overridable = `name: acme
like: svix
sources: {page: https://acme.example}
event: {type: ["{json:type}"], named: {a.b: {"json:x": "1"}, a: {"json:y": "1"}}}
headers: {X-Id: "{id}", X-Event: "{event}"}
signatures:
  schemes:
    v1: {algorithm: hmac-sha256, content: "{timestamp}.{body}", in: header:X-Sig, encoding: hex, timestamp: {from: header:X-Time, tolerance: 5m}}
policy:
  ack:
    statuses: [2xx]
    deadline: 5s
    readings: {strict: ["200"]}
  actions: {"410": {do: disable}, 500..502: {do: repeat, every: 1m}}
  retry: {attempts: 3, delays: [1s, 2s]}
  variants: {sandbox: {attempts: 2, delays: [1m], jitter: 5}}
provenance:
  event: {is: observed, from: [page]}
  headers: {is: observed, from: [page]}
  signatures: {is: documented, from: [page]}
  policy: {is: documented, from: [page], note: of the page}
`

// ruleOf is the rule at a path as provider show has it, nil where there is none.
func ruleOf(p *provider.Profile, path string) *provider.Rule {
	rules := p.Rules()
	if i := slices.IndexFunc(rules, func(r provider.Rule) bool { return r.Path == path }); i >= 0 {
		return &rules[i]
	}
	return nil
}

func TestRulesAreOverridden(t *testing.T) {
	for _, test := range []struct {
		path, value string
		holds       func(*provider.Profile) bool
		rule        provider.Rule
	}{
		{"policy.ack.deadline", "10s", func(p *provider.Profile) bool { return p.Policy.Ack.Deadline.String() == "10s" }, provider.Rule{Value: "10s", Note: "in the place of 5s"}},
		{"policy.ack.connect", "1s", func(p *provider.Profile) bool { return p.Policy.Ack.Connect.String() == "1s" }, provider.Rule{Value: "1s"}},
		{"policy.ack.statuses", "[200, 204]", func(p *provider.Profile) bool { return len(p.Policy.Ack.Statuses) == 2 }, provider.Rule{Value: "200, 204", Note: "in the place of 2xx"}},
		{"policy.retry.jitter", "20", func(p *provider.Profile) bool { return p.Policy.Retry.Jitter == 20 }, provider.Rule{Value: "20"}},
		{"policy.restamp", "no", func(p *provider.Profile) bool { return p.Policy.Restamp == provider.No }, provider.Rule{Value: "no"}},
		{"policy.actions.410.do", "drop", func(p *provider.Profile) bool { return p.Policy.Actions[0].Do == provider.ActDrop }, provider.Rule{Value: "drop", Note: "in the place of disable"}},
		{"policy.actions.500..502.every", "2m", func(p *provider.Profile) bool { return p.Policy.Actions[1].Every.String() == "2m" }, provider.Rule{Value: "2m", Note: "in the place of 1m"}},
		{"signatures.rule", "all", func(p *provider.Profile) bool { return p.Signatures.Rule == provider.AllOf }, provider.Rule{Value: "all"}},
		{"signatures.schemes.v1.timestamp.tolerance", "any", func(p *provider.Profile) bool {
			return p.Signatures.Schemes[0].Timestamp.Tolerance == provider.AnyDuration
		}, provider.Rule{Value: "any", Note: "in the place of 5m"}},
		{"signatures.schemes.v1.key.encoding", "base64", func(p *provider.Profile) bool { return p.Signatures.Schemes[0].Key.Encoding == provider.KeyBase64 }, provider.Rule{Value: "base64"}},
		{"headers.X-Event", "{event:before .}", func(p *provider.Profile) bool { return p.Headers[1].Value.String() == "{event:before .}" }, provider.Rule{Value: "{event:before .}", Note: "in the place of {event}"}},
		{"event.type", "\"{json:kind}\"", func(p *provider.Profile) bool { return len(p.Event.Type) == 1 }, provider.Rule{Value: "{json:kind}", Note: "in the place of {json:type}"}},
		{"event.named.a.b", "{\"json:z\": \"2\"}", func(p *provider.Profile) bool {
			return p.Event.Named[0].When[0].Place.Arg == "z" && p.Event.Named[1].When[0].Place.Arg == "y"
		}, provider.Rule{}},
		{"secret.form", "hex", func(p *provider.Profile) bool { return p.Secret.Form == provider.SecretHex }, provider.Rule{Value: "hex", Note: "in the place of base64"}},
		{"endpoint.https", "true", func(p *provider.Profile) bool { return p.Endpoint.HTTPS }, provider.Rule{Value: "true"}},
		{"api_version", "2026-01", func(p *provider.Profile) bool { return p.APIVersion == "2026-01" }, provider.Rule{Value: "2026-01"}},
	} {
		t.Run(test.path+"="+test.value, func(t *testing.T) {
			p := mustParse(t, overridable)
			value := test.value
			if strings.Contains(value, "{event") {
				value = `"` + value + `"`
			}
			if err := p.Set("--set", test.path, value); err != nil {
				t.Fatal(err)
			}
			if !test.holds(p) {
				t.Errorf("it is not set: %+v", p)
			}
			if p.Status(test.path) != provider.Configured {
				t.Errorf("it is %q", p.Status(test.path))
			}
			if test.rule.Value == "" {
				return
			}
			test.rule.Path, test.rule.Status = test.path, provider.Configured
			if diff := cmp.Diff(&test.rule, ruleOf(p, test.path)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What the profile itself offers is known as it says there, also once it is chosen.
func TestAReadingIsKnownAsTheProfileSays(t *testing.T) {
	p := mustParse(t, overridable)
	if err := p.Set("--set", "policy.ack.statuses", "strict"); err != nil {
		t.Fatal(err)
	}
	want := &provider.Rule{
		Path: "policy.ack.statuses", Value: "200", Status: provider.Documented, Sources: []string{"https://acme.example"},
		Note: "strict, in the place of 2xx: of the page",
	}
	if diff := cmp.Diff(want, ruleOf(p, "policy.ack.statuses")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p.Policy.Ack.Statuses[0].String() != "200" || p.Chosen("policy.ack.statuses") != "strict" || p.Configures("policy.ack") {
		t.Errorf("%+v, chosen %q", p.Policy.Ack, p.Chosen("policy.ack.statuses"))
	}
	if err := p.Set("--set", "policy.ack.statuses", "[204]"); err != nil {
		t.Fatal(err)
	}
	if p.Chosen("policy.ack.statuses") != "" || !p.Configures("policy.ack.statuses") || p.Configures("policy.retry") {
		t.Error("a value of the user's is a choice of the profile's")
	}
}

func TestAVariantTakesThePlaceOfTheWholeRule(t *testing.T) {
	p := mustParse(t, overridable)
	if err := p.Set("--set", "policy.retry", "sandbox"); err != nil {
		t.Fatal(err)
	}
	if r := p.Policy.Retry; r.Attempts != 2 || len(r.Delays) != 1 || r.Jitter != 5 {
		t.Errorf("got %+v", r)
	}
	page := []string{"https://acme.example"}
	var got []provider.Rule
	for _, r := range p.Rules() {
		if strings.HasPrefix(r.Path, "policy.retry") {
			got = append(got, r)
		}
	}
	want := []provider.Rule{
		{Path: "policy.retry.attempts", Value: "2", Status: provider.Documented, Sources: page, Note: "sandbox, in the place of 3: of the page"},
		{Path: "policy.retry.delays", Value: "1m", Status: provider.Documented, Sources: page, Note: "sandbox, in the place of 1s, 2s: of the page"},
		{Path: "policy.retry.jitter", Value: "5", Status: provider.Documented, Sources: page, Note: "sandbox: of the page"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTheLastOverrideCounts(t *testing.T) {
	p := mustParse(t, overridable)
	for _, set := range [][2]string{{"policy.ack.deadline", "7s"}, {"policy.retry", "{attempts: 2, delays: [9s]}"}, {"policy.retry.jitter", "1"}, {"policy.ack.deadline", "8s"}, {"policy.retry.jitter", "2"}} {
		if err := p.Set("--set", set[0], set[1]); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, r := range p.Rules() {
		if r.Status == provider.Configured {
			got = append(got, r.Path+"="+r.Value)
		}
	}
	want := []string{"policy.ack.deadline=8s", "policy.retry.attempts=2", "policy.retry.delays=9s", "policy.retry.jitter=2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOverridesThatAreRefused(t *testing.T) {
	for path, test := range map[string]struct{ value, want string }{
		"policy.ack.dedline":          {"5s", `--set: there is no "dedline" in the rule "policy.ack.dedline", did you mean "deadline"?`},
		"policy.ack.deadline":         {"soon", `--set: deadline: want a duration such as 15s, 5m, 48h or 5d, got "soon"`},
		"polcy":                       {"{}", `--set: there is no "polcy" in the rule "polcy", did you mean "policy"?`},
		"policy.retry":                {"sandbocks", `--set: policy.retry: want a mapping, or one of sandbox, got "sandbocks"; did you mean sandbox?`},
		"policy.retry.attempts":       {"7", `--set: policy.retry.attempts: with this value the profile does not hold: 7 attempts have 6 delays between them, got 2`},
		"signatures.schemes.v2.in":    {"header:X", `--set: there is no "v2" in the rule "signatures.schemes.v2.in", did you mean "v1"?`},
		"signatures.schemes.v1.codec": {"sns", `--set: signatures.schemes.v1.codec: with this value the profile does not hold: the codec sns has a content of its own`},
		"headers":                     {"[a]", `--set: headers: want a mapping, got a list`},
		"name":                        {"other", `--set: name is not a rule that can be set`},
		"provenance.policy.is":        {"documented", `--set: provenance.policy.is is not a rule that can be set`},
		"":                            {"x", `--set: there is no "" in the rule ""`},
		"Overridden":                  {"x", `--set: there is no "Overridden" in the rule "Overridden"`},
	} {
		if err := mustParse(t, overridable).Set("--set", path, test.value); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s=%s:\ngot  %v\nwant %s", path, test.value, err, test.want)
		}
	}
}

// The longest path that a rule is below says how it is known.
func TestProvenanceOfTheLongestPathCounts(t *testing.T) {
	p := mustParse(t, `name: acme
sources: {a: one, b: two}
policy:
  ack: {statuses: [2xx], deadline: 5s}
  retry: {attempts: 1}
  restamp: yes
provenance:
  policy.ack: {is: observed, from: [b, a], note: of ack}
  policy: {is: documented, from: [a]}
  policy.ack.deadline: {is: assumed}
`)
	want := []provider.Rule{
		{Path: "policy.ack.statuses", Value: "2xx", Status: provider.Observed, Sources: []string{"two", "one"}, Note: "of ack"},
		{Path: "policy.ack.deadline", Value: "5s", Status: provider.Assumed},
		{Path: "policy.retry.attempts", Value: "1", Status: provider.Documented, Sources: []string{"one"}},
		{Path: "policy.restamp", Value: "yes", Status: provider.Documented, Sources: []string{"one"}},
	}
	if diff := cmp.Diff(want, p.Rules()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Rules that hold only together are set together, in any order.
func TestRulesThatHoldOnlyTogether(t *testing.T) {
	for _, test := range []struct {
		name, set, want string
	}{
		{"delays first", "policy.retry.delays=[2s, 3s, 4s] policy.retry.attempts=4", ""},
		{"attempts first", "policy.retry.attempts=4 policy.retry.delays=[2s, 3s, 4s]", ""},
		{"with another between", "policy.retry.attempts=4 policy.restamp=no policy.retry.delays=[2s, 3s, 4s]", ""},
		{"one is missing", "policy.retry.attempts=4 policy.restamp=no", "--set: policy.retry.attempts: with this value the profile does not hold: 4 attempts have 3 delays between them, got 2"},
		{"one attempt", "policy.retry.attempts=1", "--set: policy.retry.attempts: with this value the profile does not hold: 1 attempt has no delay after it, got 2"},
		{"two attempts", "policy.retry.attempts=2", "--set: policy.retry.attempts: with this value the profile does not hold: 2 attempts have 1 delay between them, got 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var all []provider.Assignment
			for one := range strings.SplitSeq(strings.ReplaceAll(test.set, ", ", ","), " ") {
				path, text, _ := strings.Cut(one, "=")
				value, err := yamldoc.ParseValue("--set", text)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, provider.Assignment{Path: path, Value: value})
			}
			got, p := "", mustParse(t, overridable)
			if err := p.SetAll(all); err != nil {
				got = err.Error()
			}
			if got != test.want || got == "" && (p.Policy.Retry.Attempts != 4 || len(p.Policy.Retry.Delays) != 3) {
				t.Errorf("got %q, %+v", got, p.Policy.Retry)
			}
		})
	}
}

// A name that is none says which there are, and where.
func TestReadingsAreTold(t *testing.T) {
	for path, want := range map[string]string{
		"policy.ack":          `--set: policy.ack: want a mapping, got "stric"; policy.ack.statuses is chosen by one of strict`,
		"policy.ack.statuses": `--set: policy.ack.statuses: want statuses such as [200, 3xx], or one of strict, got "stric"; did you mean strict?`,
	} {
		if err := mustParse(t, overridable).Set("--set", path, "stric"); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestWhatWasMeantToBeSet(t *testing.T) {
	for assignment, want := range map[string]string{
		"policy.retry.atempts=3":              "policy.retry.attempts=3",
		"polcy.ack.deadline=5s":               "policy.ack.deadline=5s",
		"policy.ack=strict":                   "policy.ack.statuses=strict",
		"policy.ack.readings=strict":          "policy.ack.statuses=strict",
		"policy.variants=sandbox":             "policy.retry=sandbox",
		"policy.retry.delays=[1s]":            "",
		"policy.ack=exactly-200":              "",
		"policy.retry.nothing-like-it.here=3": "",
	} {
		path, text, _ := strings.Cut(assignment, "=")
		if got := mustParse(t, overridable).Meant(path, text); got != want {
			t.Errorf("%s: %q, want %q", assignment, got, want)
		}
	}
}
