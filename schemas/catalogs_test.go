package schemas_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/hookctl/hookctl/schemas"
)

const (
	catalogSchema = "catalog.schema.json"
	// negatives is the folder of a body for each schema that the schema must refuse.
	negatives = "../testdata/catalogs"
)

func bundledCatalog(t testing.TB, name string) *catalog.Catalog {
	t.Helper()
	folder, err := fs.Sub(schemas.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(folder, name+"/"+catalog.FileName)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func bundledNames(t testing.TB) []string {
	t.Helper()
	names, err := catalog.Names(schemas.Files())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What is known of each provider is all there: the counts are those of the sources.
func TestBundledCatalogsHaveAllEvents(t *testing.T) {
	got := map[string]int{}
	for _, name := range bundledNames(t) {
		got[name] = len(bundledCatalog(t, name).Events)
	}
	want := map[string]int{"techrar": 7, "retm": 8, "recharge": 53, "machnet-paas": 27, "machnet-raas": 11, "svix": 14}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Of the events of Machnet PaaS the page lists 14, a customer's handler knows 12 more, and
// one is in the provider's own example alone.
func TestMachnetEventsSayHowTheyAreKnown(t *testing.T) {
	got := map[string]int{}
	c := bundledCatalog(t, "machnet-paas")
	for i := range c.Events {
		e := &c.Events[i]
		got[string(e.Status)+" "+e.From[0]]++
	}
	want := map[string]int{"documented events": 14, "observed handler": 12, "documented integration": 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Lint has nothing to say: schemas compile, examples fit, each file is named, and of each
// event it is said how it is known.
func TestBundledCatalogsAreSound(t *testing.T) {
	for _, name := range bundledNames(t) {
		folder, err := fs.Sub(schemas.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		c, findings, err := catalog.Lint(folder, name+"/"+catalog.FileName)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Error(f.At)
		}
		if c.Name != name {
			t.Errorf("the catalog in %s is that of %s", name, c.Name)
		}
	}
}

// Every schema says where it is, and no two say the same.
func TestBundledSchemasHaveTheirOwnID(t *testing.T) {
	seen := map[string]string{}
	for _, file := range schemaFiles(t) {
		var s struct {
			Draft string         `json:"$schema"`
			ID    string         `json:"$id"`
			Title string         `json:"title"`
			About string         `json:"description"`
			Defs  map[string]any `json:"$defs"`
		}
		text, err := fs.ReadFile(schemas.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if s.ID != base+file || seen[s.ID] != "" {
			t.Errorf("%s: has the $id %q", file, s.ID)
		}
		if s.Draft != "https://json-schema.org/draft/2020-12/schema" || s.Title == "" || !strings.HasSuffix(s.About, ".") {
			t.Errorf("%s: want $schema 2020-12, title and description, got %q, %q, %q", file, s.Draft, s.Title, s.About)
		}
		seen[s.ID] = file
		for name := range s.Defs {
			if !refersTo(t, path.Dir(file), "#/$defs/"+name+`"`) {
				t.Errorf("%s: nothing uses the definition %s", file, name)
			}
		}
	}
}

func schemaFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(schemas.Files(), ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".schema.json") {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d schemas: %v", len(files), err)
	}
	return files
}

// refersTo reports whether a schema in a folder has the end of a reference.
func refersTo(t testing.TB, folder, end string) bool {
	t.Helper()
	files, err := fs.Glob(schemas.Files(), folder+"/*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := fs.ReadFile(schemas.Files(), file)
		return err == nil && strings.Contains(string(text), end)
	})
}

// Each schema refuses the body that was made for it, for the reason that was meant.
func TestBundledSchemasRefuse(t *testing.T) {
	wanted := negativeFaults(t)
	for _, name := range bundledNames(t) {
		c := bundledCatalog(t, name)
		for _, e := range slices.Concat(pointers(c.Families), pointers(c.Events)) {
			for _, version := range versionsOf(c) {
				at := path.Join(name, strings.TrimSuffix(c.File(e.Schema, version), ".schema.json"))
				want, ok := wanted[at]
				if !ok {
					t.Errorf("%s.invalid.json is not in faults.txt: what does the schema refuse?", at)
					continue
				}
				want.used = true
				if want.checked {
					continue
				}
				want.checked = true
				checkRefusal(t, c, e, version, at, want)
			}
		}
	}
	for at, want := range wanted {
		if !want.used {
			t.Errorf("faults.txt has %s, which is the schema of no event", at)
		}
	}
}

// versionsOf are the API versions of a catalog, "" alone where it has none.
func versionsOf(c *catalog.Catalog) []string {
	if len(c.Versions) == 0 {
		return []string{""}
	}
	return c.Versions
}

func pointers(events []catalog.Event) []*catalog.Event {
	all := make([]*catalog.Event, len(events))
	for i := range events {
		all[i] = &events[i]
	}
	return all
}

func checkRefusal(t *testing.T, c *catalog.Catalog, e *catalog.Event, version, at string, want *refusal) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(negatives, filepath.FromSlash(at)+".invalid.json"))
	if err != nil {
		t.Error(err)
		return
	}
	v := c.Validate(e.Type, version, body)
	if v.Outcome != hook.Invalid || len(v.Faults) != 1 || v.Faults[0].Pointer != want.pointer || v.Faults[0].Kind != want.kind {
		t.Errorf("%s: got %s %+v, want %q at %q", at, v.Outcome, v.Faults, want.kind, want.pointer)
	}
}

// A refusal is the one fault that a body has.
type refusal struct {
	pointer, kind string
	used, checked bool
}

func negativeFaults(t *testing.T) map[string]*refusal {
	t.Helper()
	file, err := os.Open(filepath.Join(negatives, "faults.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	faults := map[string]*refusal{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if words := strings.Fields(lines.Text()); !strings.HasPrefix(lines.Text(), "#") {
			faults[words[0]] = &refusal{pointer: strings.Trim(words[1], `"`), kind: words[2]}
		}
	}
	return faults
}

// Where a body names its event, the profile finds the name that the catalog has. Recharge
// tells the topic in a header that is not documented; without it the family is found,
// which takes whatever any topic has.
func TestProfilesFindTheEventsOfExamples(t *testing.T) {
	library := provider.NewLibrary(schemas.Files())
	for _, name := range bundledNames(t) {
		c := bundledCatalog(t, name)
		profile, err := library.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Events {
			e := &c.Events[i]
			for _, version := range versionsOf(c) {
				for _, example := range e.Examples {
					body, err := c.Read(c.File(example, version))
					if err != nil {
						t.Fatal(err)
					}
					got := profile.EventOf(&provider.Message{Method: "POST", Body: body}).Type
					switch v := c.Validate(got, version, body); {
					case name != "recharge" && got != e.Type:
						t.Errorf("%s/%s: the profile says %q, want %q", name, example, got, e.Type)
					case !v.Outcome.Passed():
						t.Errorf("%s/%s in %s: as %q it is %s: %s %+v", name, example, version, got, v.Outcome, v.Reason, v.Faults)
					}
				}
			}
		}
	}
}

// A message without the topic is taken for any event of its resource, also for that of
// one that is gone, and yet a value that no topic has is found.
func TestRechargeFamiliesTakeAnyTopic(t *testing.T) {
	c := bundledCatalog(t, "recharge")
	resources := map[string]bool{}
	for i := range c.Events {
		if c.Events[i].Group != "recharge" {
			resources[c.Events[i].Group] = true
		}
	}
	if len(c.Families) != len(resources) {
		t.Errorf("%d families for the resources %v", len(c.Families), resources)
	}
	for _, family := range pointers(c.Families) {
		if !resources[family.Type] {
			t.Errorf("no event is of %s", family.Type)
		}
		for _, version := range c.Versions {
			bare := []byte(`{"` + family.Type + `": {}}`)
			_, err := c.Event(family.Type + "/deleted")
			if v := c.Validate(family.Type, version, bare); err == nil && !v.Outcome.Passed() {
				t.Errorf("%s of %s: %s %+v", bare, version, v.Outcome, v.Faults)
			}
			wrong := []byte(`{"` + family.Type + `": "gone"}`)
			if v := c.Validate(family.Type, version, wrong); v.Outcome.Passed() && family.CoverageAt(version) != catalog.Envelope {
				t.Errorf("%s of %s: %s", wrong, version, v.Outcome)
			}
		}
	}
}

// What the provider's objects are documented or seen to have is no fault.
func TestRealPayloadsAreNotRefused(t *testing.T) {
	for _, test := range []struct{ catalog, event, version, body string }{
		{"recharge", "order/created", "2021-11", `{"order": {"id": 1}}`},
		{"recharge", "charge/paid", "2021-11", `{"charge": {"id": 1}}`},
		{"recharge", "subscription/created", "2021-11", `{"subscription": {"id": 1}}`},
		{"recharge", "subscription/created", "2021-01", `{"subscription": {"id": 1, "status": "ONETIME"}}`},
		{"recharge", "order/created", "2021-11", `{"order": {"id": 1, "shipping_lines": [{"taxable": "true", "price": 5}, {"taxable": false, "price": "5.00"}]}}`},
		{"recharge", "charge/created", "2021-11", `{"charge": {"id": 1, "total_line_items_price": 22.5, "total_price": 22, "subtotal_price": null, "total_tax": 0}}`},
		{"recharge", "order/created", "2021-11", `{"order": {"id": 1, "line_items": [{"purchase_item_id": null, "unit_price": 5, "tax_lines": null}, {}]}}`},
		{"recharge", "order/created", "2021-11", `{"order": {"id": 1, "billing_address": null, "shipping_address": null, "external_order_id": null, "client_details": null, "charge": null, "customer": null, "discounts": null, "order_attributes": null}}`},
		{"recharge", "charge/created", "2021-11", `{"charge": {"id": 1, "billing_address": null, "shipping_address": null, "external_order_id": null, "client_details": null, "external_transaction_id": null, "customer": null, "discounts": null, "order_attributes": null}}`},
		{"recharge", "charge/created", "2021-11", `{"charge": {"id": 1, "status": "disputed", "type": "manual"}}`},
		{"recharge", "order/created", "2021-11", `{"order": {"id": 1, "order_attributes": [{"name": "gift", "value": true}]}}`},
		{"recharge", "plan/created", "2021-11", `{"plan": {"id": 1, "type": "prepaid_v3"}}`},
		{"svix", "background_task.finished", "", `{"type": "background_task.finished", "data": {"taskId": "qtask_1", "task": "app.export", "status": "cancelled", "data": {}}}`},
		{"svix", "endpoint.disabled", "", `{"type": "endpoint.disabled", "data": {"appId": "app_1", "endpointId": "ep_1", "trigger": "quota"}}`},
		{"retm", "order.refunded", "", `{"event": "order.refunded"}`},
		{"machnet-paas", "transaction_completed", "", `{"id": "1", "event_name": "transaction_completed", "resource_id": "2", "subscription_id": "3", "timestamp": "2017-07-02T22:88:12.120Z"}`},
	} {
		if v := bundledCatalog(t, test.catalog).Validate(test.event, test.version, []byte(test.body)); !v.Outcome.Passed() {
			t.Errorf("%s %s: %s is %s: %+v", test.event, test.version, test.body, v.Outcome, v.Faults)
		}
	}
}

// A list of values that a provider may add to is an open one: a new value is drift, and
// no fault. Closed are the names of events, and 0 and 1 that stand for a truth value.
func TestBundledEnumsAreOpen(t *testing.T) {
	for _, file := range schemaFiles(t) {
		text, err := fs.ReadFile(schemas.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		var root any
		if err := json.Unmarshal(text, &root); err != nil {
			t.Fatal(err)
		}
		eachObject(root, "", func(at string, o map[string]any) {
			values, closed := o["enum"].([]any)
			if flag := reflect.DeepEqual(values, []any{0.0, 1.0}); closed && !flag && at != "/properties/type" {
				t.Errorf("%s#%s: %v makes a new value a fault", file, at, values)
			}
		})
	}
	c := bundledCatalog(t, "svix")
	differ, err := c.Differ("background_task.finished", "")
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"type": "background_task.finished", "data": map[string]any{"taskId": "qtask_1", "task": "app.export", "status": "failed", "data": nil}}
	want := []shape.Difference{{Kind: shape.NewEnumValue, Pointer: "/data/task", Detail: `"app.export"`}}
	if got := differ.Differences(body); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// eachObject visits the objects of a JSON value with their pointers.
func eachObject(value any, at string, visit func(at string, o map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		visit(at, v)
		for key, member := range v {
			eachObject(member, at+"/"+key, visit)
		}
	case []any:
		for _, item := range v {
			eachObject(item, at, visit)
		}
	}
}

// The payloads of two API versions are told apart, and it is said which one they are of.
func TestRechargeVersionsDiffer(t *testing.T) {
	c := bundledCatalog(t, "recharge")
	for _, event := range []string{"subscription/created", "charge/paid", "order/created", "order"} {
		e, err := c.Event(event)
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range c.Versions {
			body, err := c.Read(c.File(e.Examples[0], version))
			if err != nil {
				t.Fatal(err)
			}
			for _, against := range c.Versions {
				got := c.Validate(event, against, body)
				want := hook.Validation{Outcome: hook.Valid}
				if against != version {
					want = hook.Validation{Outcome: hook.Invalid, Fits: version, Reason: "it fits API version " + version + ", not " + against + ": set api_version"}
				}
				if got.Outcome != want.Outcome || got.Fits != want.Fits || got.Reason != want.Reason {
					t.Errorf("%s of %s against %s: got %+v, want %+v", event, version, against, got, want)
				}
			}
		}
	}
}

func TestBundledFilesAreSmall(t *testing.T) {
	const most = 600_000
	size := int64(0)
	err := fs.WalkDir(schemas.Files(), ".", func(_ string, entry fs.DirEntry, err error) error {
		if info, e := entry.Info(); e == nil && !entry.IsDir() {
			size += info.Size()
		}
		return err
	})
	if err != nil || size > most {
		t.Errorf("%d bytes, want at most %d: %v", size, most, err)
	}
}

// What the loader reads and what the schema of catalog.yaml describes is the same.
func TestTheCatalogSchemaDescribesCatalogs(t *testing.T) {
	text, err := os.ReadFile(catalogSchema)
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, used: map[string]bool{}}
	if err := json.Unmarshal(text, &w.root); err != nil {
		t.Fatal(err)
	}
	w.compare(reflect.TypeFor[catalog.Catalog](), w.root, "")
	compiled, err := schema.Compile(base+catalogSchema, text, schema.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range bundledNames(t) {
		file, err := fs.ReadFile(schemas.Files(), name+"/"+catalog.FileName)
		if err != nil {
			t.Fatal(err)
		}
		made, err := json.Marshal(jsonOf(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if v := compiled.Check(made); v.Outcome != hook.Valid {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
