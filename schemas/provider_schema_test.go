package schemas_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

const profileSchema = "provider.schema.json"

func compileProfileSchema(t testing.TB, pointer string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(profileSchema)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(base+profileSchema, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(base + profileSchema + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// jsonOf is a YAML document as JSON has it.
func jsonOf(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	made, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back any
	if err := json.Unmarshal(made, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestBundledProfilesFitTheirSchema(t *testing.T) {
	schema := compileProfileSchema(t, "")
	files, err := fs.Glob(schemas.Files(), "*/"+provider.FileName)
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(schemas.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(jsonOf(t, text)); err != nil {
			t.Errorf("%s: %#v", file, err)
		}
	}
}

// What the loader reads and what the schema describes is the same language: each key
// of the Go types is in the schema and the other way round, with the same words.
func TestTheSchemaDescribesTheLanguage(t *testing.T) {
	text, err := os.ReadFile(profileSchema)
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, used: map[string]bool{}}
	if err := json.Unmarshal(text, &w.root); err != nil {
		t.Fatal(err)
	}
	w.compare(reflect.TypeFor[provider.Profile](), w.root, "")
	for name := range w.root["$defs"].(map[string]any) {
		if !w.used[name] && !strings.HasSuffix(name, "s") { // lists are looked into by their items
			t.Errorf("nothing uses the definition %s", name)
		}
	}
}

// A walk goes down the Go types and the schema side by side.
type walk struct {
	t    *testing.T
	root map[string]any
	used map[string]bool
}

type node = map[string]any

// resolve follows the reference of a schema.
func (w *walk) resolve(n node) node {
	for {
		ref, ok := n["$ref"].(string)
		if !ok {
			return n
		}
		name := strings.TrimPrefix(ref, "#/$defs/")
		w.used[name] = true
		target, ok := w.root["$defs"].(node)[name].(node)
		if !ok {
			w.t.Fatalf("there is no %s", ref)
		}
		n = target
	}
}

func (w *walk) compare(at reflect.Type, n node, path string) {
	n = w.resolve(n)
	for at.Kind() == reflect.Pointer {
		at = at.Elem()
	}
	if words := wordsOf(at); words != nil {
		w.sameWords(words, n, path)
		return
	}
	switch {
	case reflect.PointerTo(at).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) || at.Kind() == reflect.String:
		if n["enum"] != nil || n["properties"] != nil || n["items"] != nil {
			w.t.Errorf("%s: a text is described as %v", path, n)
		}
	case at.Kind() == reflect.Bool:
		w.wantType(n, "boolean", path)
	case at.Kind() == reflect.Int:
		w.wantType(n, "integer", path)
	case at.Kind() == reflect.Struct:
		w.compareStruct(at, n, path)
	case at.Kind() == reflect.Slice:
		w.compareList(at.Elem(), n, path)
	default:
		w.t.Errorf("%s: this test does not know %s", path, at)
	}
}

func (w *walk) wantType(n node, want, path string) {
	if n["type"] != want {
		w.t.Errorf("%s: is of type %v, want %s", path, n["type"], want)
	}
}

// sameWords compares the words of a type with the enum of a schema.
func (w *walk) sameWords(words []string, n node, path string) {
	var enum []string
	values, _ := n["enum"].([]any)
	for _, v := range values {
		enum = append(enum, v.(string))
	}
	slices.Sort(enum)
	slices.Sort(words)
	if !slices.Equal(enum, words) {
		w.t.Errorf("%s: the schema has the words %v, the language %v", path, enum, words)
	}
}

// wordsOf are the words that a type accepts, nil where it accepts more than a list
// of them. The type says so itself.
func wordsOf(at reflect.Type) []string {
	own, ok := reflect.New(at).Interface().(encoding.TextUnmarshaler)
	if !ok {
		return nil
	}
	err := own.UnmarshalText([]byte("\x00"))
	if err == nil {
		return nil
	}
	list, ok := strings.CutPrefix(err.Error(), "want one of ")
	if !ok {
		return nil
	}
	list, _, _ = strings.Cut(list, ", got ")
	return strings.Split(list, ", ")
}

func (w *walk) compareStruct(at reflect.Type, n node, path string) {
	w.wantType(n, "object", path)
	if n["additionalProperties"] != false {
		w.t.Errorf("%s: accepts keys that the language does not know", path)
	}
	properties, _ := n["properties"].(node)
	known := map[string]bool{}
	for i := range at.NumField() {
		field := at.Field(i)
		key := field.Tag.Get("yaml")
		if key == "" || key[0] == ',' {
			continue
		}
		known[key] = true
		property, ok := properties[key].(node)
		if !ok {
			w.t.Errorf("%s: the schema does not know %s", path, key)
			continue
		}
		if text, _ := property["description"].(string); !strings.HasSuffix(text, ".") {
			w.t.Errorf("%s.%s: has no description of its own", path, key)
		}
		w.compare(field.Type, property, path+"."+key)
	}
	for key := range properties {
		if !known[key] {
			w.t.Errorf("%s: the language does not know %s", path, key)
		}
	}
	required, _ := n["required"].([]any)
	for _, key := range required {
		if !known[key.(string)] {
			w.t.Errorf("%s: requires %s, which is not known", path, key)
		}
	}
}

// compareList compares lists, which may be written as their one item, and mappings
// that are read into lists.
func (w *walk) compareList(item reflect.Type, n node, path string) {
	key, value := -1, -1
	if item.Kind() == reflect.Struct {
		for i := range item.NumField() {
			switch item.Field(i).Tag.Get("yaml") {
			case ",key":
				key = i
			case ",value":
				value = i
			}
		}
	}
	if key < 0 {
		either, _ := n["anyOf"].([]any)
		if len(either) != 2 || w.resolve(either[1].(node))["type"] != "array" || !reflect.DeepEqual(either[1].(node)["items"], either[0]) {
			w.t.Errorf("%s: is not described as one item or a list of them", path)
			return
		}
		w.compare(item, either[0].(node), path+"[]")
		return
	}
	w.wantType(n, "object", path)
	below, ok := n["additionalProperties"].(node)
	if !ok {
		w.t.Errorf("%s: does not say what its keys have", path)
		return
	}
	names, _ := n["propertyNames"].(node)
	if words := wordsOf(item.Field(key).Type); words != nil {
		w.sameWords(words, names, path+" keys")
	} else if names != nil {
		w.compare(item.Field(key).Type, names, path+" keys")
	}
	if value >= 0 {
		item = item.Field(value).Type
	}
	w.compare(item, below, path+".*")
}

// The patterns of the schema and the readers of the language judge alike.
func TestPatternsJudgeAsTheLanguageDoes(t *testing.T) {
	for name, test := range map[string]struct {
		reader encoding.TextUnmarshaler
		texts  []string
	}{
		"place":        {new(provider.Place), places(t)},
		"duration":     {new(provider.Duration), []string{"5s", "1h30m", "500ms", "any", "5d", "0", "1.5h", ".5s", "5", "-5s", "5 s", "", "d", "s", "1w", "5D", "any "}},
		"status_range": {new(provider.StatusRange), []string{"200", "2xx", "500..599", "404..404", "2x", "20", "600", "099", "6xx", "2xx..3xx", "", "200..", "..200", "x"}},
	} {
		schema := compileProfileSchema(t, "#/$defs/"+name)
		for _, text := range test.texts {
			byLanguage, bySchema := test.reader.UnmarshalText([]byte(text)), schema.Validate(text)
			if (byLanguage == nil) != (bySchema == nil) {
				t.Errorf("%s %q: the language says %v, the schema %v", name, text, byLanguage, bySchema)
			}
		}
	}
	schema := compileProfileSchema(t, "#/properties/event/properties/new_id")
	for _, text := range []string{"uuid", "msg_ulid", "evt-hex", "digits", "uuids", "", "id"} {
		if byLanguage, bySchema := new(provider.IDForm).UnmarshalText([]byte(text)), schema.Validate(text); (byLanguage == nil) != (bySchema == nil) {
			t.Errorf("new_id %q: the language says %v, the schema %v", text, byLanguage, bySchema)
		}
	}
	schema = compileProfileSchema(t, "#/$defs/name")
	for _, text := range []string{"acme", "acme-pay", "a1", "1", "Acme", "a--b", "-a", "a-", "", "a_b", "a b", "a/b", ".."} {
		if byLanguage, bySchema := provider.CheckName(text), schema.Validate(text); (byLanguage == nil) != (bySchema == nil) {
			t.Errorf("name %q: the language says %v, the schema %v", text, byLanguage, bySchema)
		}
	}
}

// places are samples of each kind of place, which the language lists itself, and of
// what is none.
func places(t *testing.T) []string {
	t.Helper()
	_, err := provider.ParsePlace("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	_, list, ok := strings.Cut(err.Error(), "the kinds are ")
	if !ok {
		t.Fatalf("%q does not list the kinds", err)
	}
	texts := []string{"", ":", "header", "header:", "headr:X", "body:x", "json:a.b[0]", "header:A|B", "event:before .", "event:after", "event:x", "try:retry", "try:x", "url:decoded", "random:32", "random:0", "random:255", "random:256", "time:s", "time:x", "first:rfc3339", "sign:header:X"}
	for _, kind := range strings.Split(list, ", ") {
		texts = append(texts, kind, kind+":a", kind+":s", kind+":query:a")
	}
	return texts
}

// What the loader refuses for its form the schema refuses too.
func TestTheSchemaRefusesWhatTheLoaderRefuses(t *testing.T) {
	schema := compileProfileSchema(t, "")
	const sound = "name: acme\nsignatures:\n  schemes:\n    v1: {algorithm: hmac-sha256, content: \"{body}\", in: header:X-S, encoding: hex}\n"
	load := func(text string) error {
		_, err := provider.NewLibrary(schemas.Files()).Parse("acme/provider.yaml", []byte(text))
		return err
	}
	if err := load(sound); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(jsonOf(t, []byte(sound))); err != nil {
		t.Fatalf("%#v", err)
	}
	for _, more := range []string{
		"surprise: 1\n", "secret: {form: rot13}\n", "secret: hex\n", "body: [json]\n", "detect: {any: [{\"headr:X\": a}]}\n", "event: {agree: maybe}\n",
		"event: {new_id: serial}\n", "event: {stable_id: sometimes}\n", "policy: {ack: {statuses: [2yy]}}\n", "policy: {ack: {deadline: soon}}\n",
		"policy: {ack: {kept: many}}\n", "policy: {actions: {\"410\": {do: nothing}}}\n", "policy: {actions: {\"410\": {}}}\n", "policy: {retry: {jitter: 200}}\n",
		"policy: {retry: {exponential: {base: 1s}}}\n", "policy: {exhausted: [{do: cry}]}\n", "policy: {failing: {a: {attempt: 1}}}\n", "policy: {causes: {boredom: x}}\n",
		"endpoint: {https: 1}\n", "provenance: {signatures: {from: []}}\n", "provenance: {signatures: {is: rumoured}}\n", "handshakes: {a: {when: {key: b}, reply: {status: 700}}}\n",
		"handshakes: {a: {when: {key: b}, reply: {text: c}}}\n", "aliases: [Acme Pay]\n", "like: ../svix\n",
	} {
		text := sound + more
		if load(text) == nil {
			if strings.HasPrefix(more, "aliases") {
				continue // lint tells of it
			}
			t.Errorf("%q: the loader accepts it", more)
		}
		if schema.Validate(jsonOf(t, []byte(text))) == nil {
			t.Errorf("%q: the schema accepts it", more)
		}
	}
}
