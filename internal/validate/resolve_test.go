package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/validate"
)

const profile = `
name: %[1]s
title: W
about: x
detect: {any: [{"header:X-%[1]s-Topic": "*"}, {"json:%[1]s_id": "*"}]}
event: {type: ["{header:X-%[1]s-Topic}", "{json:type}"]}
secret: {name: key, form: hex}
body: {kind: json, content_type: application/json}
signatures:
  schemes:
    s: {algorithm: hmac-sha256, content: "constant", in: "header:X-S", encoding: hex}
provenance: {}
`

const events = `
name: acme
title: W
about: x
api_versions: ["1", "2"]
api_version: "2"
aliases: {order: order/updated}
families:
  parcel: {schema: "{version}.schema.json", coverage: partial}
events:
  order/created: {schema: "{version}.schema.json", coverage: full}
  order/updated: {schema: "{version}.schema.json", coverage: envelope}
`

// known is two providers, of which beta has no catalog and gamma a broken one, and a
// note of what was asked for.
type known struct {
	mu    sync.Mutex
	asked []string
}

func (k *known) note(what string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, what)
}

func (k *known) Names() ([]string, error) {
	k.note("names")
	return []string{"acme", "batch", "beta", "gamma"}, nil
}

func (k *known) Catalog(name string) (*catalog.Catalog, string, error) {
	k.note("catalog " + name)
	switch name {
	case "beta":
		return nil, "", fmt.Errorf("%w of beta", validate.ErrNoCatalog)
	case "gamma":
		return nil, "", fmt.Errorf("catalog.yaml:1:1: broken")
	}
	c, err := catalog.Load(fstest.MapFS{
		"catalog.yaml":  {Data: []byte(events)},
		"1.schema.json": {Data: []byte(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["one"]}`)},
		"2.schema.json": {Data: []byte(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["two"]}`)},
	}, "acme/catalog.yaml")
	return c, "", err
}

func (k *known) Profile(name string) (*provider.Profile, error) {
	k.note("profile " + name)
	text := fmt.Sprintf(profile, name)
	if name == "batch" {
		text = strings.NewReplacer("body: {", "body: {items: list, ", "json:type", "item:type").Replace(text)
	}
	return provider.NewLibrary(fstest.MapFS{}).Parse("provider.yaml", []byte(text))
}

func (k *known) Detector() (*provider.Detector, error) {
	k.note("detector")
	var all []*provider.Profile
	for _, name := range []string{"acme", "beta"} {
		p, err := provider.NewLibrary(fstest.MapFS{}).Parse("provider.yaml", fmt.Appendf(nil, profile, name))
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return provider.NewDetector(all, func(*provider.Profile) bool { return false }), nil
}

// recorded is a request that was recorded.
func recorded(target, header, value string) *hook.Capture {
	c := &hook.Capture{Method: "POST", Target: target}
	if header != "" {
		c.Header = hook.Header{{Name: header, Value: value}}
	}
	return c
}

func TestWhatAPayloadIsHeldAgainst(t *testing.T) {
	const two = `{"two":2,"type":"order/created"}`
	identified := recorded("/x", "", "")
	identified.Identity = &hook.Identity{Provider: "acme", Event: hook.Event{Type: "order/created"}}
	for name, c := range map[string]struct {
		flags   string // provider, event, version
		payload validate.Payload
		want    string
	}{
		"flags":                           {"acme order/created 1", validate.Payload{Path: "a.json", Text: []byte(`{"one":1}`)}, "acme order/created valid acme/1"},
		"flags before all else":           {"acme order/created 2", validate.Payload{Path: "beta/order/updated.1.json", Text: []byte(two)}, "acme order/created valid acme/2"},
		"an alias":                        {"acme order", validate.Payload{Path: "a.json", Text: []byte(two)}, "acme order/updated envelope acme/2"},
		"flags, and said otherwise":       {"acme order/updated", validate.Payload{Path: "a.json", Text: []byte(two)}, "acme order/updated envelope acme/2: event: --event says that it is order/updated, and it says itself that it is order/created"},
		"flags, and recorded otherwise":   {"acme order/updated", validate.Payload{Path: "cap_1", Text: []byte(`{"two":2}`), Capture: recorded("/x", "X-acme-Topic", "order/created")}, "acme order/updated envelope acme/2: event: --event says that it is order/updated, and it says itself that it is order/created"},
		"flags, and said what nobody is":  {"acme order/created", validate.Payload{Path: "a.json", Text: []byte(`{"two":2,"type":"order/create"}`)}, "acme order/created valid acme/2: event: --event says that it is order/created, and it says itself that it is order/create, which the catalog of acme does not have"},
		"flags, and the wrong key":        {"acme order/created", validate.Payload{Path: "a.json", Text: []byte(`{"x":{},"two":2,"type":"x"}`)}, "acme order/created valid acme/2"},
		"flags, and said by an alias":     {"acme order/created", validate.Payload{Path: "a.json", Text: []byte(`{"two":2,"type":"order"}`)}, "acme order/created valid acme/2"},
		"a family, and what is in it":     {"acme parcel", validate.Payload{Path: "a.json", Text: []byte(two)}, "acme parcel valid acme/2"},
		"folder and name":                 {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{"two":2}`)}, "acme order/created valid acme/2"},
		"a version in the path":           {"", validate.Payload{Path: "acme/1/order/created.json", Text: []byte(`{"one":2}`)}, "acme order/created valid acme/1"},
		"the flag before the path":        {". . 2", validate.Payload{Path: "acme/1/order/created.json", Text: []byte(`{"two":2}`)}, "acme order/created valid acme/2"},
		"folder, and the body":            {"", validate.Payload{Path: "acme/x.json", Text: []byte(two)}, "acme order/created valid acme/2"},
		"the body alone":                  {"", validate.Payload{Path: "x.json", Text: []byte(`{"acme_id":1,"two":2,"type":"order/created"}`)}, "acme order/created valid acme/2"},
		"of standard input":               {"", validate.Payload{Path: "-", Text: []byte(`{"acme_id":1,"two":2,"type":"order/created"}`)}, "acme order/created valid acme/2"},
		"headers before the path":         {"", validate.Payload{Path: "beta/order-updated.ndjson", Line: 1, Text: []byte(two), Capture: recorded("/x", "X-acme-Topic", "order/created")}, "acme order/created valid acme/2"},
		"as it was identified":            {"", validate.Payload{Path: "cap_1", Text: []byte(`{"two":2}`), Capture: identified}, "acme order/created valid acme/2"},
		"where it was sent to":            {"", validate.Payload{Path: "cap_1", Text: []byte(two), Capture: recorded("/acme/x", "", "")}, "acme order/created valid acme/2"},
		"filed and said otherwise":        {"", validate.Payload{Path: "acme/order-updated.json", Text: []byte(two)}, "acme order/updated envelope acme/2: event: it is filed as order/updated, and says that it is order/created"},
		"said by an alias":                {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{"two":2,"type":"order"}`)}, "acme order/created valid acme/2"},
		"a family":                        {"", validate.Payload{Path: "acme/x.json", Text: []byte(`{"two":2,"type":"parcel"}`)}, "acme parcel valid acme/2"},
		"filed as a family":               {"", validate.Payload{Path: "acme/parcel.json", Text: []byte(two)}, "acme parcel valid acme/2"},
		"said by a family":                {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{"two":2,"type":"parcel"}`)}, "acme order/created valid acme/2"},
		"said what nobody knows":          {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{"two":2,"type":"x"}`)}, "acme order/created no_schema it is filed as order/created, and says that it is x, which the catalog of acme does not have; --event TYPE says what it is"},
		"said by the wrong key":           {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{"x":{},"two":2,"type":"x"}`)}, "acme order/created valid acme/2"},
		"filed as what nobody knows":      {"", validate.Payload{Path: "acme/order/creatd.json", Text: []byte(`{"two":2}`)}, "acme  no_schema it is filed as order/creatd, which the catalog of acme does not have; --event TYPE says what it is"},
		"filed so, and said by an alias":  {"", validate.Payload{Path: "acme/parcel/lost.json", Text: []byte(`{"two":2,"type":"parcel"}`)}, "acme parcel no_schema it is filed as parcel/lost, which the catalog of acme does not have; --event TYPE says what it is"},
		"filed so, and said what it is":   {"", validate.Payload{Path: "acme/order/sample.json", Text: []byte(two)}, "acme order/created valid acme/2"},
		"no JSON, filed as nothing":       {"", validate.Payload{Path: "acme/order/creatd.json", Text: []byte(`{"a"`)}, "acme  not_json "},
		"invalid":                         {"", validate.Payload{Path: "acme/order-created.json", Text: []byte(`{}`)}, "acme order/created invalid acme/2"},
		"nobody's":                        {"", validate.Payload{Path: "x.json", Text: []byte(`{}`)}, "  no_schema no folder is named after a provider, and its body is not that of a known one; --provider NAME says whose it is"},
		"nobody's request":                {"", validate.Payload{Path: "cap_1", Text: []byte(`{}`), Capture: recorded("/x", "", "")}, "  no_schema neither its headers nor its body are those of a known provider; --provider NAME says whose it is"},
		"somebody's":                      {"", validate.Payload{Path: "x.json", Text: []byte(`{"acme_id":1,"beta_id":1}`)}, "  no_schema it may be of acme, beta; --provider NAME says whose it is"},
		"no event":                        {"", validate.Payload{Path: "acme/x.json", Text: []byte(`{}`)}, "acme  no_schema the event is not known: no event of acme is called like the file, and the body does not say it; --event TYPE says it"},
		"an event of nobody":              {"acme", validate.Payload{Path: "x.json", Text: []byte(`{"type":"order/crated"}`)}, `acme order/crated no_schema the catalog of acme has no event "order/crated"`},
		"no catalog":                      {"", validate.Payload{Path: "beta/x.json", Text: []byte(`{}`)}, "beta  no_schema there is no catalog of beta"},
		"a broken catalog":                {"", validate.Payload{Path: "gamma/x.json", Text: []byte(`{}`)}, "gamma  trouble catalog.yaml:1:1: broken"},
		"no JSON of nobody":               {"", validate.Payload{Path: "x.json", Text: []byte(`{"a"`)}, "  not_json "},
		"an event called like a provider": {"", validate.Payload{Path: "acme/beta/order-created.json", Text: []byte(`{"two":2}`)}, "acme order/created valid acme/2"},
		"the nearest that has a catalog":  {"", validate.Payload{Path: "acme/beta/x.json", Text: []byte(two)}, "acme order/created valid acme/2"},
		"the nearest of two that fit":     {"", validate.Payload{Path: "batch/acme/order-created.json", Text: []byte(two)}, "acme order/created valid acme/2"},
		"a batch":                         {"batch", validate.Payload{Path: "x.json", Text: []byte(`{"list":[{"type":"order/created"},{}]}`)}, "batch order/created no_schema it is a batch of 2 events, which are not told apart"},
		"a form of nobody":                {"", validate.Payload{Path: "cap_1", Text: []byte(`a=b`), Capture: recorded("/x", "Content-Type", "application/x-www-form-urlencoded; charset=utf-8")}, "  no_schema a body of the type application/x-www-form-urlencoded has no schema"},
		"what says that it is JSON":       {"", validate.Payload{Path: "cap_1", Text: []byte(`a=b`), Capture: recorded("/x", "Content-Type", "application/json")}, "  not_json "},
	} {
		r := validate.NewResolver(&known{})
		for i, flag := range strings.Fields(c.flags) {
			if flag != "." {
				*[]*string{&r.Provider, &r.Event, &r.Version}[i] = flag
			}
		}
		report := r.Check(&c.payload)
		got := fmt.Sprintf("%s %s %s %s%s", report.Provider, report.Event, report.Validation.Outcome, report.Validation.Schema, report.Validation.Reason)
		if report.Trouble != nil {
			got = fmt.Sprintf("%s %s trouble %v", report.Provider, report.Event, report.Trouble)
		}
		for _, fault := range report.Validation.Faults {
			if fault.Class == hook.ClassDoubt {
				got += ": " + fault.Kind + ": " + fault.Message
			}
		}
		if !strings.HasPrefix(got, c.want) || report.Validation.Outcome != hook.NotJSON && got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// Nothing is read that is not needed, and nothing twice, whoever asks at once.
func TestWhatIsLookedUp(t *testing.T) {
	for name, c := range map[string]struct {
		provider, event, path, want string
	}{
		"flags":    {"acme", "order/created", "x.json", "catalog acme, profile acme"},
		"provider": {"acme", "", "order-created.json", "catalog acme, profile acme"},
		"path":     {"", "", "acme/order-created.json", "names, catalog acme, profile acme"},
		"body":     {"", "", "x.json", "names, detector"},
	} {
		k := &known{}
		r := validate.NewResolver(k)
		r.Provider, r.Event = c.provider, c.event
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() { r.Check(&validate.Payload{Path: c.path, Text: []byte("{}")}) })
		}
		wait.Wait()
		if got := strings.Join(slices.Clone(k.asked), ", "); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
