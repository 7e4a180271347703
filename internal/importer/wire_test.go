package importer_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/importer"
)

// A hookDoc is one webhook of a made-up OpenAPI document.
type hookDoc struct {
	header, example string // of a parameter
	fixed           bool   // the example is the only value
	url             string
	schema          string
}

func openAPI(t *testing.T, hooks map[string]hookDoc) string {
	t.Helper()
	webhooks := map[string]any{}
	for name, h := range hooks {
		op := map[string]any{}
		if h.header != "" {
			parameter := map[string]any{"in": "header", "name": h.header, "schema": map[string]any{"type": "string"}, "example": h.example}
			if h.fixed {
				parameter["schema"] = map[string]any{"const": h.example}
			}
			op["parameters"] = []any{parameter}
		}
		if h.url != "" {
			op["externalDocs"] = map[string]any{"url": h.url}
		}
		if h.schema != "" {
			op["requestBody"] = map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": json.RawMessage(h.schema)}}}
		}
		webhooks[name] = map[string]any{"post": op}
	}
	text, err := json.Marshal(map[string]any{"openapi": "3.1.0", "webhooks": webhooks})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func action(values ...string) string {
	text, _ := json.Marshal(map[string]any{"type": "object", "properties": map[string]any{"action": map[string]any{"enum": values}}})
	return string(text)
}

// xero is a list of events of the categories.
func xero(categories ...string) string {
	text, _ := json.Marshal(categories)
	return `{"properties":{"events":{"type":"array","items":{"properties":{"eventCategory":{"enum":` + string(text) + `},"eventType":{"oneOf":[{"const":"CREATE"},{"const":"UPDATE"}]}}}}}}`
}

// Names on the wire are those that the profile takes from messages as the source has them.
func TestWire(t *testing.T) {
	const header = "X-GitHub-Event"
	constant := func(name, value string) string {
		return `{"type":"object","properties":{"` + name + `":{"const":"` + value + `"}}}`
	}
	for name, test := range map[string]struct {
		profile string
		hooks   map[string]hookDoc
		want    string // event=wire or event=alias|alias, sorted
	}{
		"header and body": {"github", map[string]hookDoc{
			"issues-opened": {header, "issues", true, "", action("opened")}, "push": {header, "push", true, "", "{}"},
		}, "issues-opened=issues.opened push="},
		"examples that differ": {"github", map[string]hookDoc{
			"a": {header, "issues", false, "", action("opened")}, "b": {header, "star", false, "", action("created")},
		}, "a=issues.opened b=star.created"},
		"one example for all": {"github", map[string]hookDoc{
			"issues-opened":     {header, "issues", false, "", action("opened")},
			"check-run-opened":  {header, "issues", false, "https://docs.example.com/x#check_run", action("opened")},
			"team-add":          {header, "issues", false, "", `{}`},
			"sub-issues-opened": {header, "issues", false, "https://docs.example.com/x#sub-issues", action("opened")},
			"push":              {header, "issues", false, "", `{}`},
		}, "check-run-opened=check_run.opened issues-opened=issues.opened push= sub-issues-opened= team-add="},
		"several actions": {"github", map[string]hookDoc{"stars": {header, "star", true, "", action("created", "deleted")}}, "stars=star.created|star.deleted"},
		"branches": {"github", map[string]hookDoc{
			"x": {header, "pr", true, "", `{"oneOf":[` + action("asked") + `,` + action("asked") + `]}`},
			"y": {header, "pr", true, "", `{"oneOf":[` + action("gone") + `,{"type":"object","properties":{"action":{"type":"string"}}}]}`},
		}, "x=pr.asked y="},
		"any action":    {"github", map[string]hookDoc{"dispatch": {header, "repository_dispatch", true, "", `{"properties":{"action":{"type":"string"}}}`}}, "dispatch="},
		"the body says": {"svix", map[string]hookDoc{"made": {"", "", false, "", constant("type", "thing.made")}, "gone": {"", "", false, "", `{"allOf":[` + constant("eventType", "thing.gone") + `]}`}}, "gone=thing.gone made=thing.made"},
		"items of a list": {"hubspot", map[string]hookDoc{
			"new": {"", "", false, "", `{"type":"array","items":{"properties":{"subscriptionType":{"enum":["contact.creation"]}}}}`},
		}, "new=contact.creation"},
		"two of a name": {"svix", map[string]hookDoc{"a": {"", "", false, "", constant("type", "x")}, "b": {"", "", false, "", constant("type", "x")}}, "a=x b="},
		"one schema for many": {"xero", map[string]hookDoc{
			"contacts": {schema: xero("CONTACT", "INVOICE", "CREDITNOTE")}, "invoices": {schema: xero("CONTACT", "INVOICE", "CREDITNOTE")}, "misc": {schema: xero("CONTACT", "INVOICE", "CREDITNOTE")},
			"creditNotes": {schema: `{"allOf":[` + xero("CONTACT", "INVOICE", "CREDITNOTE") + `,` + xero("CREDITNOTE") + `]}`},
		}, "contacts=CONTACT.CREATE|CONTACT.UPDATE creditNotes=CREDITNOTE.CREATE|CREDITNOTE.UPDATE invoices=INVOICE.CREATE|INVOICE.UPDATE misc="},
		"another event": {"svix", map[string]hookDoc{"a": {"", "", false, "", constant("type", "b")}, "b": {"", "", false, "", "{}"}}, "a= b="},
	} {
		t.Run(name, func(t *testing.T) {
			im := readOne(t, "api.json", openAPI(t, test.hooks), importer.Options{Name: "acme", Profile: profile(t, test.profile)})
			var got []string
			for _, e := range im.Events {
				got = append(got, e.Type+"="+strings.Join(append(e.Aliases, slices.DeleteFunc([]string{e.Wire}, func(s string) bool { return s == "" })...), "|"))
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// An example of a header that is the same with every event is told of none.
func TestHeadersOfEvents(t *testing.T) {
	im := readOne(t, "api.json", openAPI(t, map[string]hookDoc{
		"issues-opened": {"X-GitHub-Event", "issues", false, "", action("opened")},
		"what-opened":   {"X-GitHub-Event", "issues", false, "", action("opened", "closed")},
		"delivery":      {"X-GitHub-Delivery", "0b989ba4", false, "", "{}"},
		"signed":        {"X-Hub-Signature-256", "sha256=00", false, "", "{}"},
		"bad":           {"X-Bad", "a\r\nb: c", false, "", "{}"},
		"other":         {"X-Other", "o", false, "", "{}"},
	}), importer.Options{Name: "acme", Profile: profile(t, "github")})
	got := map[string]string{}
	for _, e := range im.Events {
		for _, h := range e.Header {
			got[e.Type] += h.Name + ": " + h.Text
		}
	}
	if diff := cmp.Diff(map[string]string{"issues-opened": "X-GitHub-Event: issues", "other": "X-Other: o"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func readOne(t *testing.T, name, text string, o importer.Options) *importer.Import {
	t.Helper()
	im, err := importer.Read(context.Background(), []importer.Source{{Name: name, Text: []byte(text)}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return im
}
