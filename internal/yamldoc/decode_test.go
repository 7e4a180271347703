package yamldoc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A file has one field of each kind that Decode fills.
type file struct {
	Name   string            `yaml:"name"`
	Count  int               `yaml:"count"`
	On     bool              `yaml:"on"`
	Color  color             `yaml:"color"`
	Tags   []string          `yaml:"tags"`
	Colors []color           `yaml:"colors"`
	Inner  *inner            `yaml:"inner"`
	Items  []inner           `yaml:"items"`
	Pairs  []pair            `yaml:"pairs"`
	Named  []named           `yaml:"named"`
	Any    [][]pair          `yaml:"any"`
	Free   map[string]string `yaml:"free"`
	Node   yamldoc.Node      `yaml:"node"`
	Secret string            // not for files
}

type inner struct {
	Depth int    `yaml:"depth"`
	Word  string `yaml:"word"`
	Deep  *inner `yaml:"deep"`
}

type pair struct {
	Key   string `yaml:",key"`
	Value string `yaml:",value"`
}

type named struct {
	Name  string `yaml:",key"`
	Depth int    `yaml:"depth"`
}

type color string

func (c *color) UnmarshalText(text []byte) error {
	if text := string(text); text != "red" && text != "green" {
		return fmt.Errorf("want red or green, got %q", text)
	}
	*c = color(text)
	return nil
}

func decode(text string) (*file, *yamldoc.Document, error) {
	f := &file{}
	d, err := yamldoc.Parse("a.yaml", []byte(text))
	if err != nil {
		return f, nil, err
	}
	return f, d, d.Decode(f)
}

func TestDecode(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want file
	}{
		"empty":                {"", file{}},
		"only a comment":       {"# nothing\n", file{}},
		"null":                 {"~\n", file{}},
		"flow style":           {"{name: a, count: 1}\n", file{Name: "a", Count: 1}},
		"byte order mark":      {"\ufeffname: a\n", file{Name: "a"}},
		"Windows line ends":    {"name: a\r\ncount: 2\r\n", file{Name: "a", Count: 2}},
		"document marks":       {"---\nname: a\n...\n", file{Name: "a"}},
		"quotes undone":        {"name: 'it''s'\n", file{Name: "it's"}},
		"escapes undone":       {`name: "\x41\n"`, file{Name: "A\n"}},
		"text in lines":        {"name: |\n  a\n  b\n", file{Name: "a\nb\n"}},
		"a number as text":     {"name: 007\n", file{Name: "007"}},
		"a truth as text":      {"name: true\n", file{Name: "true"}},
		"yes is a text":        {"name: yes\n", file{Name: "yes"}},
		"a date as text":       {"name: 2021-11\n", file{Name: "2021-11"}},
		"truth":                {"on: true\n", file{On: true}},
		"minus":                {"count: -3\n", file{Count: -3}},
		"word":                 {"color: red\n", file{Color: "red"}},
		"list":                 {"tags: [a, b]\n", file{Tags: []string{"a", "b"}}},
		"list in lines":        {"tags:\n- a\n- b\n", file{Tags: []string{"a", "b"}}},
		"empty list":           {"tags: []\n", file{Tags: []string{}}},
		"list as its one item": {"tags: a\n", file{Tags: []string{"a"}}},
		"words as one":         {"colors: green\n", file{Colors: []color{"green"}}},
		"pointer":              {"inner: {depth: 1, deep: {word: b}}\n", file{Inner: &inner{Depth: 1, Deep: &inner{Word: "b"}}}},
		"list of mappings":     {"items: [{depth: 1}, {depth: 2}]\n", file{Items: []inner{{Depth: 1}, {Depth: 2}}}},
		"one mapping of a list": {
			"items: {depth: 1}\n", file{Items: []inner{{Depth: 1}}},
		},
		"mapping in its order": {
			"pairs:\n  z: 1\n  a: 2\n  m: 3\n", file{Pairs: []pair{{"z", "1"}, {"a", "2"}, {"m", "3"}}},
		},
		"mapping of structs": {
			"named:\n  z: {depth: 1}\n  a: {depth: 2}\n", file{Named: []named{{"z", 1}, {"a", 2}}},
		},
		"odd keys": {
			"pairs: {\"\": 1, a.b: 2, 3: 4, true: 5, \"q: r\": 6}\n",
			file{Pairs: []pair{{"", "1"}, {"a.b", "2"}, {"3", "4"}, {"true", "5"}, {"q: r", "6"}}},
		},
		"list of mappings in order": {
			"any: [{b: 1, a: 2}, {c: 3}]\n", file{Any: [][]pair{{{"b", "1"}, {"a", "2"}}, {{"c", "3"}}}},
		},
		"one of a list of mappings in order": {
			"any: {b: 1}\n", file{Any: [][]pair{{{"b", "1"}}}},
		},
		"colons in words": {
			"{tags: [env:A, file:C:/b, http://x:80/], name: header:X, count: 1}\n",
			file{Tags: []string{"env:A", "file:C:/b", "http://x:80/"}, Name: "header:X", Count: 1},
		},
		"map": {"free: {a: b, c: 1}\n", file{Free: map[string]string{"a": "b", "c": "1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := decode(test.text)
			if err != nil {
				t.Fatal(err)
			}
			got.Node = yamldoc.Node{}
			if diff := cmp.Diff(test.want, *got, cmp.Comparer(func(a, b yamldoc.Node) bool { return true })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestErrorsNameThePlaceAndTheMeans(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"unknown key":           {"name: a\ncuont: 1\n", `a.yaml:2:1: unknown key "cuont", did you mean "count"?`},
		"unknown key below":     {"inner:\n  dept: 1\n", `a.yaml:2:3: unknown key "dept" under inner, did you mean "depth"?`},
		"nothing like it":       {"inner:\n  zzzzzz: 1\n", `a.yaml:2:3: unknown key "zzzzzz" under inner; known here: depth, word, deep`},
		"in a list":             {"items:\n- depth: 1\n- dpeth: 1\n", `a.yaml:3:3: unknown key "dpeth" under items.1, did you mean "depth"?`},
		"below a name":          {"named:\n  x:\n    dpth: 1\n", `a.yaml:3:5: unknown key "dpth" under named.x, did you mean "depth"?`},
		"a field for no file":   {"Secret: a\n", `a.yaml:1:1: unknown key "Secret"`},
		"a tag for no file":     {"named: {x: {\",key\": 1}}\n", `unknown key ",key" under named.x`},
		"bad word":              {"color:   blue\n", `a.yaml:1:10: color: want red or green, got "blue"`},
		"bad word of a list":    {"colors:\n  - red\n  - blue\n", `a.yaml:3:5: colors: want red or green, got "blue"`},
		"no number":             {"count: many\n", `a.yaml:1:8: count: want a whole number, got "many"`},
		"no whole number":       {"count: 1.5\n", `a.yaml:1:8: count: want a whole number, got "1.5"`},
		"too large":             {"count: 99999999999\n", `count: want a whole number, got "99999999999"`},
		"no truth":              {"on: yes\n", `a.yaml:1:5: on: want true or false, got "yes"`},
		"nothing for a text":    {"name:\n", `a.yaml:1:7: name: want one value, got nothing`},
		"nothing for a list":    {"tags:\n", `a.yaml:1:7: tags: want a list, got nothing`},
		"nothing for a struct":  {"inner:\n", `inner: want a mapping, got nothing`},
		"list for a text":       {"name: [a]\n", `a.yaml:1:7: name: want one value, got a list`},
		"mapping for a text":    {"name: {a: b}\n", `a.yaml:1:7: name: want one value, got a mapping`},
		"mapping for words":     {"tags: {a: b}\n", `a.yaml:1:7: tags: want one value, got a mapping`},
		"mapping among words":   {"tags: [a, {a: b}]\n", `tags: want one value, got a mapping`},
		"a pair among words":    {"{tags: [a: b]}\n", `a.yaml:1:9: tags: want one value, got a mapping`},
		"a quoted pair":         {"{tags: [\"a\":b]}\n", `tags: want one value, got a mapping`},
		"a list in a word":      {"{tags: [a:[b]]}\n", `tags: want one value, got a mapping`},
		"list in a list":        {"tags: [a, [b]]\n", `a.yaml:1:11: tags: want one value, got a list`},
		"text for a mapping":    {"inner: 5\n", `a.yaml:1:8: inner: want a mapping, got "5"`},
		"text for names":        {"pairs: x\n", `a.yaml:1:8: pairs: want a mapping, got "x"`},
		"list for names":        {"pairs: [a: b]\n", `a.yaml:1:8: pairs: want a mapping, got a list`},
		"text for a map":        {"free: x\n", `a.yaml:1:7: free: want a mapping, got "x"`},
		"list as a document":    {"- a\n", `a.yaml:1:1: want a mapping, got a list`},
		"text as a document":    {"a\n", `a.yaml:1:1: want a mapping, got "a"`},
		"two documents":         {"name: a\n---\nname: b\n", `want one document, got a second`},
		"key twice":             {"name: a\nname: b\n", `a.yaml:2:1: mapping key "name" already defined`},
		"key twice below":       {"inner:\n  word: a\n  word: b\n", `a.yaml:3:3: mapping key "word" already defined`},
		"open bracket":          {"tags: [a\n", `a.yaml:1:`},
		"tab":                   {"inner:\n\tword: a\n", `a.yaml:2:`},
		"anchor":                {"name: &a b\n", `a.yaml:1:7: anchors, aliases and merge keys are not read here`},
		"alias":                 {"name: *a\n", `a.yaml:1:7: anchors, aliases and merge keys are not read here`},
		"anchor as a key":       {"pairs:\n  &a b: c\n", `a.yaml:2:3: anchors, aliases`},
		"merge key":             {"inner:\n  <<: {word: a}\n", `a.yaml:2:3: anchors, aliases and merge keys`},
		"tag":                   {"name: !!str 1\n", `a.yaml:1:7: tags are not read here`},
		"own tag":               {"pairs:\n  !x a: b\n", `a.yaml:2:3: tags are not read here`},
		"question mark":         {"pairs:\n  ? a\n  : b\n", `a.yaml:2:3: keys after a question mark`},
		"list as a key":         {"[a]: b\n", `a.yaml:1:`},
		"not UTF-8":             {"name: \xff\n", `a.yaml: want text in UTF-8`},
		"too large a file":      {"# " + strings.Repeat("x", 1<<20) + "\n", `a.yaml: want at most 1048576 bytes`},
		"too deep in brackets":  {"name: " + strings.Repeat("[", 100), `want lists and mappings nested at most 64 deep`},
		"closers do not help":   {"name: " + strings.Repeat(`["]",`, 100), `nested at most 64 deep`},
		"too deep in dashes":    {"name:\n  " + strings.Repeat("- ", 100) + "a\n", `a.yaml:2:131: want lists and mappings nested at most 64 deep`},
		"too many of all":       {"tags: [" + strings.Repeat("a, ", 30_000) + "]\n", `want at most 40000 words and signs`},
		"too many empty lines":  {"name: |\n x\n" + strings.Repeat(" \n", 300), `a.yaml:203:1: want at most 200 empty lines in a row`},
		"too many keys":         {strings.Repeat("k: 1\n", 20_000), `a.yaml:13334:2: want at most 40000 words and signs`},
		"a key on its own line": {"inner: {depth: x,\n  word: b}\n", `a.yaml:1:16: depth: want a whole number, got "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := decode(test.text)
			if err == nil {
				t.Fatal("accepted")
			}
			var at *yamldoc.Error
			if !errors.As(err, &at) || at.File != "a.yaml" {
				t.Errorf("got %#v, want an Error of a.yaml", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}

func TestADocumentKnowsItsPlaces(t *testing.T) {
	_, d, err := decode("name: a\ninner:\n  deep:\n    word: b\npairs:\n  x: 1\ntags: [a, b]\n")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"name":            "a.yaml:1:1: so",
		"inner.deep.word": "a.yaml:4:5: so",
		"inner.deep.gone": "a.yaml:3:3: so", // the nearest thing around it
		"pairs.x":         "a.yaml:6:3: so",
		"":                "a.yaml:1:1: so",
		"nowhere":         "a.yaml:1:1: so",
	} {
		if err := d.Errorf(path, "so"); err.Error() != want {
			t.Errorf("%s: got %s, want %s", path, err, want)
		}
	}
	for path, want := range map[string]bool{"name": true, "inner.deep": true, "inner.deep.depth": false, "count": false, "pairs.x": true} {
		if d.Has(path) != want {
			t.Errorf("Has(%q) is %t", path, !want)
		}
	}
	want := []yamldoc.Leaf{{"name", "a"}, {"inner.deep.word", "b"}, {"pairs.x", "1"}, {"tags", "a, b"}}
	if diff := cmp.Diff(want, d.Leaves()); diff != "" {
		t.Errorf("leaves (-want +got)\n%s", diff)
	}
	if d.File() != "a.yaml" {
		t.Error(d.File())
	}
}

func TestAnEmptyDocumentHasNoPlace(t *testing.T) {
	d, err := yamldoc.Parse("a.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Errorf("name", "is missing"); err.Error() != "a.yaml: is missing" {
		t.Error(err)
	}
	if d.Root() != nil || d.Leaves() != nil {
		t.Error("there is something in it")
	}
}

func TestSet(t *testing.T) {
	for name, test := range map[string]struct {
		path, value string
		want        func(*file)
		leaves      []yamldoc.Leaf
	}{
		"text":             {"name", "b", func(f *file) { f.Name = "b" }, []yamldoc.Leaf{{"name", "b"}}},
		"quoted":           {"name", `"b: c"`, func(f *file) { f.Name = "b: c" }, []yamldoc.Leaf{{"name", "b: c"}}},
		"number":           {"count", "7", func(f *file) { f.Count = 7 }, []yamldoc.Leaf{{"count", "7"}}},
		"list":             {"tags", "[x, y]", func(f *file) { f.Tags = []string{"x", "y"} }, []yamldoc.Leaf{{"tags", "x, y"}}},
		"list as one":      {"tags", "x", func(f *file) { f.Tags = []string{"x"} }, []yamldoc.Leaf{{"tags", "x"}}},
		"in a struct":      {"inner.depth", "2", func(f *file) { f.Inner.Depth = 2 }, []yamldoc.Leaf{{"inner.depth", "2"}}},
		"under nil":        {"inner.deep.word", "w", func(f *file) { f.Inner.Deep = &inner{Word: "w"} }, []yamldoc.Leaf{{"inner.deep.word", "w"}}},
		"a whole struct":   {"inner", "{word: w}", func(f *file) { f.Inner = &inner{Word: "w"} }, []yamldoc.Leaf{{"inner.word", "w"}}},
		"by name":          {"pairs.b", "9", func(f *file) { f.Pairs[1].Value = "9" }, []yamldoc.Leaf{{"pairs.b", "9"}}},
		"field by name":    {"named.n.depth", "9", func(f *file) { f.Named[0].Depth = 9 }, []yamldoc.Leaf{{"named.n.depth", "9"}}},
		"by number":        {"items.1.depth", "9", func(f *file) { f.Items[1].Depth = 9 }, []yamldoc.Leaf{{"items.1.depth", "9"}}},
		"a name with dots": {"named.n.o..p.depth", "9", func(f *file) { f.Named[1].Depth = 9 }, []yamldoc.Leaf{{"named.n.o..p.depth", "9"}}},
		"all of the names": {"pairs", "{c: 3}", func(f *file) { f.Pairs = []pair{{"c", "3"}} }, []yamldoc.Leaf{{"pairs.c", "3"}}},
	} {
		t.Run(name, func(t *testing.T) {
			const before = "name: a\ntags: [t]\ninner: {depth: 1}\npairs: {a: 1, b: 2}\nnamed: {n: {depth: 1}, n.o..p: {depth: 2}}\nitems: [{depth: 1}, {depth: 2}]\n"
			got, _, err := decode(before)
			if err != nil {
				t.Fatal(err)
			}
			want, _, _ := decode(before)
			test.want(want)
			value, err := yamldoc.ParseValue("--set", test.value)
			if err != nil {
				t.Fatal(err)
			}
			leaves, err := yamldoc.Set(got, test.path, value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b yamldoc.Node) bool { return true })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.leaves, leaves); diff != "" {
				t.Errorf("leaves (-want +got)\n%s", diff)
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	for name, test := range map[string]struct{ path, value, want string }{
		"unknown":         {"nmae", "b", `--set: there is no "nmae" in the rule "nmae", did you mean "name"?`},
		"unknown below":   {"inner.depht", "1", `--set: there is no "depht" in the rule "inner.depht", did you mean "depth"?`},
		"unknown name":    {"pairs.zzz", "1", `--set: there is no "zzz" in the rule "pairs.zzz"; known here: a, b`},
		"below a text":    {"name.x", "1", `--set: there is no "x" in the rule "name.x"`},
		"beyond the list": {"items.7.depth", "1", `--set: there is no "7" in the rule "items.7.depth"`},
		"a tag":           {"pairs.a.,key", "1", `--set: there is no ",key" in the rule`},
		"nothing":         {"", "1", `--set: there is no "" in the rule ""`},
		"bad value":       {"count", "x", `--set: count: want a whole number, got "x"`},
		"bad word":        {"color", "blue", `--set: color: want red or green, got "blue"`},
		"unknown inside":  {"inner", "{dept: 1}", `--set: unknown key "dept" under inner, did you mean "depth"?`},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, err := decode("name: a\npairs: {a: 1, b: 2}\nitems: [{depth: 1}]\n")
			if err != nil {
				t.Fatal(err)
			}
			value, err := yamldoc.ParseValue("--set", test.value)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = yamldoc.Set(f, test.path, value); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestParseValueRefuses(t *testing.T) {
	for _, text := range []string{"a: b", "1\nb: 2", "[", "{", "&a b", "!!str x", "a\n---\nb"} {
		if _, err := yamldoc.ParseValue("--set", text); err == nil || !strings.Contains(err.Error(), "--set: want one YAML value, such as 10s or [200, 204], got ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNodes(t *testing.T) {
	d, err := yamldoc.Parse("a.yaml", []byte("b: [1, x]\na: {c: d}\ne:\nf: 'g'\n"))
	if err != nil {
		t.Fatal(err)
	}
	root := d.Root()
	var keys []string
	for _, entry := range root {
		keys = append(keys, entry.Key)
	}
	if diff := cmp.Diff([]string{"b", "a", "e", "f"}, keys); diff != "" {
		t.Fatal(diff)
	}
	items, ok := root[0].Value.Items()
	if text, isText := items[1].Text(); !ok || len(items) != 2 || !isText || text != "x" {
		t.Errorf("%v, %t", items, ok)
	}
	if entries, ok := root[1].Value.Entries(); !ok || len(entries) != 1 || entries[0].Errorf("here").Error() != "a.yaml:2:5: here" {
		t.Errorf("%v, %t", entries, ok)
	}
	if !root[2].Value.IsNull() || root[3].Value.IsNull() {
		t.Error("what is nothing is not known")
	}
	if err := root[3].Value.Errorf("there"); err.Error() != "a.yaml:4:4: there" {
		t.Error(err)
	}
	for i, want := range []string{"a list", "a mapping", "nothing", `"g"`} {
		if got := root[i].Value.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	var tags []string
	if err := root[0].Value.Decode(&tags, "b"); err != nil || !cmp.Equal(tags, []string{"1", "x"}) {
		t.Error(tags, err)
	}
	var n int
	if err := root[3].Value.Decode(&n, "f"); err == nil || err.Error() != `a.yaml:4:4: f: want a whole number, got "g"` {
		t.Error(err)
	}
}

// Whatever the file says, it is read or refused, with a place that lies in it.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		"", "name: a\ncount: 1\non: true\n", "tags: [a, b]\n", "pairs:\n  a: 1\n", "any: [{a: b}, {c: d}]\n", "inner: {deep: {word: |\n x\n}}\n",
		"items:\n- depth: 1\n  word: 'x'\n", "node: {a: [1, {b: c}]}\n", "- - - a\n", "? a\n: b\n", "a: &b c\nd: *b\n", "<<: {a: b}\n", "a: !!x y\n", "---\n...\n---\n", "\ufeffa: b",
		"free: {a: \"\\u0000\"}\n", "name: >-\n  a\n\n  b\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := yamldoc.Parse("a.yaml", text)
		if err == nil {
			err = d.Decode(&file{})
		}
		if err != nil {
			var at *yamldoc.Error
			if !errors.As(err, &at) {
				t.Fatalf("%T: %v", err, err)
			}
			// A parser may put its place one line behind the end.
			if lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + 2; at.Line < 0 || at.Line > lines || at.Column < 0 {
				t.Fatalf("%d:%d is no place in %q", at.Line, at.Column, text)
			}
			return
		}
		if _, err := yamldoc.Set(&file{}, "name", root(d)); err != nil && err.Error() == "" {
			t.Fatal("an error that says nothing")
		}
	})
}

// root is the first value of d, or a node of its own.
func root(d *yamldoc.Document) yamldoc.Node {
	if entries := d.Root(); len(entries) > 0 {
		return entries[0].Value
	}
	node, _ := yamldoc.ParseValue("none", "x")
	return node
}
