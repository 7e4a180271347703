package yamldoc_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

func TestToJSON(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing":             {"", `null`},
		"a comment":           {"# x\n", `null`},
		"order":               {"b: 1\na: 2\n", `{"b":1,"a":2}`},
		"scalars":             {"[a, 'b', \"c\\td\", 1, -2.50, 1e3, true, false, null, ~, ]", `["a","b","c\td",1,-2.50,1e3,true,false,null,null]`},
		"numbers in quotes":   {"['1', \"1e3\", !!str 1e3]", `["1","1e3","1e3"]`},
		"odd numbers":         {"[0x1F, 0o17, .5, +3, -.5e3, 1., 00.50, .inf, .nan, -]", `[31,15,0.5,3,-0.5e3,1.0,0.50,".inf",".nan","-"]`},
		"numbers of YAML 1.1": {"[012, -007, 1_000, 0b11, 1_0.5, 0x, 0xg, 1:30, '012']", `[12,-7,"1_000","0b11","1_0.5","0x","0xg","1:30","012"]`},
		"large numbers":       {"[123456789012345678901234567890, 1.50]", `[123456789012345678901234567890,1.50]`},
		"words":               {"[yes, no, on, 2020-01-01, 1.2.3, 12:30]", `["yes","no","on","2020-01-01","1.2.3","12:30"]`},
		"keys":                {"200: a\ntrue: b\n'x y': c\n\"\\u00e9\": d\n$ref: e\n", `{"200":"a","true":"b","x y":"c","é":"d","$ref":"e"}`},
		"blocks":              {"a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		"nested":              {"a:\n  - b: 1\n    c: [d, {e: f}]\n  - - 1\n    - 2\n", `{"a":[{"b":1,"c":["d",{"e":"f"}]},[1,2]]}`},
		"empty values":        {"a:\nb: {}\nc: []\nd: ''\n", `{"a":null,"b":{},"c":[],"d":""}`},
		"colons":              {"a: [repo:push, x:y]\nb: http://x/y\nc: {d: e:f}\n", `{"a":["repo:push","x:y"],"b":"http://x/y","c":{"d":"e:f"}}`},
		"JSON":                {`{"a":1,"b":[{"c":"d"}],"e":"f:g"}`, `{"a":1,"b":[{"c":"d"}],"e":"f:g"}`},
		"an anchor":           {"a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", `{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}`},
		"an anchor again":     {"a: &x 1\nb: *x\nc: &x 2\nd: *x\n", `{"a":1,"b":1,"c":2,"d":2}`},
		"merge":               {"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", `{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}`},
		"merge several":       {"a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]\n", `{"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}}`},
		"merge of a merge":    {"a: &x {b: 1}\nc: &y\n  <<: *x\n  d: 2\ne:\n  <<: *y\n", `{"a":{"b":1},"c":{"d":2,"b":1},"e":{"d":2,"b":1}}`},
		"tags":                {"a: !!str 12\nb: !!int 3\nc: !!map {d: e}\n", `{"a":"12","b":3,"c":{"d":"e"}}`},
		"a document mark":     {"---\na: 1\n...\n", `{"a":1}`},
		"a byte order mark":   {"\ufeffa: 1\n", `{"a":1}`},
		"CRLF":                {"a: 1\r\nb:\r\n  - 2\r\n", `{"a":1,"b":[2]}`},
		"a list at the top":   {"- a: 1\n- b\n", `[{"a":1},"b"]`},
		"what JSON escapes":   {"a: \"\\u0000\\\"\\\\\"\n", `{"a":"\u0000\"\\"}`},
		"comments everywhere": {"# a\na: # b\n  # c\n  - 1 # d\n  # e\n", `{"a":[1]}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := yamldoc.ToJSON("a.yaml", []byte(test.text))
			if err != nil || string(got) != test.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestToJSONRefuses(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		alias := fmt.Sprintf("*a%d, ", i)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(alias, 10), ", "))
	}
	merges := "a0: &a0 {}\n"
	for i := range 40 {
		merges += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d]}\n", i+1, i+1, i, i)
	}
	var keys strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	for name, test := range map[string]struct{ text, want string }{
		"a key twice":         {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: "},
		"a key twice in flow": {"a: {b: 1, b: 2}\n", "a.yaml:1:"},
		"two documents":       {"a: 1\n---\nb: 2\n", "a.yaml:3:1: want one document, got a second"},
		"no anchor":           {"a: *x\n", "a.yaml:1:4: "},
		"an anchor of itself": {"a: &x [*x]\n", "a.yaml:1:"},
		"many aliases":        {bomb, "with all its aliases the file has more than 16 MB"},
		"many merges":         {merges, "want at most 100000 mappings that are merged into others"},
		"a tag of its own":    {"a: !Ref x\n", "a.yaml:1:4: the tag !Ref is not read here"},
		"a key that is a map": {"? {a: b}\n: c\n", "a.yaml:2:1: "},
		"a merge of a text":   {"a:\n  <<: x\n", "a.yaml:2:"},
		"many keys":           {keys.String(), "a.yaml:20001:7: want at most 20000 keys in a mapping"},
		"deep in brackets":    {"a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "nested at most 200 deep"},
		"deep in dashes":      {strings.Repeat("- ", 300) + "a", "nested at most 200 deep"},
		"too large":           {"a: " + strings.Repeat("x", 17<<20), "want at most 16 MB of YAML"},
		"not UTF-8":           {"a: \xff", "want text in UTF-8"},
		"syntax":              {"a: [\n", "a.yaml:1:"},
		"empty lines":         {"a: 1\n" + strings.Repeat("\n", 1000), "empty lines in a row"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := yamldoc.ToJSON("a.yaml", []byte(test.text))
			var at *yamldoc.Error
			if !errors.As(err, &at) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// Whatever the file says, it becomes JSON or is refused.
func FuzzToJSON(f *testing.F) {
	for _, text := range []string{
		"a: 1\n", "- a\n- {b: c}\n", "a: &x {b: 1}\nc: {<<: *x, d: *x}\n", "a: |\n x\n", "? a\n: b\n", "!!str 1\n", "a: !x y\n", "{\"a\": [1, .5, 0x1]}",
		"a: [b:c]\n", "---\na\n...\n", "a: 'b\n\n c'\n", "&x [*x]\n", "\ufeffa: b", "<<: {a: b}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out, err := yamldoc.ToJSON("a.yaml", text)
		if err != nil {
			var at *yamldoc.Error
			if !errors.As(err, &at) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if !json.Valid(out) {
			t.Fatalf("%q became %q", text, out)
		}
	})
}
