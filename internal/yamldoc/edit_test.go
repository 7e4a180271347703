package yamldoc_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"pgregory.net/rapid"
)

// set and drop are changes in a few letters.
func set(path string, v yamldoc.Value) yamldoc.Change {
	return yamldoc.Change{Path: strings.Split(path, "/"), Value: v}
}

func drop(path string) yamldoc.Change { return set(path, nil) }

func TestEdit(t *testing.T) {
	entry := yamldoc.Mapping{{Key: "url", Value: yamldoc.Text("http://x:1/")}, {Key: "events", Value: yamldoc.List{"order/*", "*"}}}
	for name, test := range map[string]struct {
		before string
		change yamldoc.Change
		want   string
	}{
		"an empty file":                {"", set("a/b", entry), "a:\n  b:\n    url: http://x:1/\n    events: [order/*, \"*\"]\n"},
		"only a comment":               {"# hello\n", set("a", yamldoc.Text("1")), "# hello\n\na: \"1\"\n"},
		"a new section":                {"x: 1 # one\n", set("a/b/c", yamldoc.Text("d")), "x: 1 # one\na:\n  b:\n    c: d\n"},
		"sections stand apart":         {"x: 1\n\ny: 2\n", set("a", yamldoc.Text("d")), "x: 1\n\ny: 2\n\na: d\n"},
		"a section with nothing":       {"a:\nx: 1\n", set("a/b", entry), "a:\n  b:\n    url: http://x:1/\n    events: [order/*, \"*\"]\nx: 1\n"},
		"nothing, and a comment":       {"a: # none\n  # yet\n\nx: 1\n", set("a/b/c", yamldoc.Text("d")), "a: # none\n  # yet\n  b:\n    c: d\n\nx: 1\n"},
		"another entry":                {"a:\n    b:\n        c: d # e\n\n# x\nx: 1\n", set("a/f/c", yamldoc.Text("g")), "a:\n    b:\n        c: d # e\n    f:\n        c: g\n\n# x\nx: 1\n"},
		"entries stand apart":          {"a:\n  b: 1\n\n  c: 2\nx: 1\n", set("a/d", yamldoc.Text("e")), "a:\n  b: 1\n\n  c: 2\n\n  d: e\nx: 1\n"},
		"a value":                      {"a:\n  b: c   # why\n", set("a/b", yamldoc.Text("d: e")), "a:\n  b: \"d: e\"   # why\n"},
		"a value in quotes":            {"a: \"b # c\" # d\n", set("a", yamldoc.Text("e")), "a: e # d\n"},
		"a value in other quotes":      {"a: 'it''s # c'\n", set("a", yamldoc.Text("e")), "a: e\n"},
		"nothing becomes something":    {"a: # c\nb: 1\n", set("a", yamldoc.Text("e")), "a: e # c\nb: 1\n"},
		"a list becomes another":       {"a: [b, c] # d\n", set("a", yamldoc.List{"e"}), "a: [e] # d\n"},
		"a list over lines":            {"a: [b,\n  c] # d\nx: 1\n", set("a", yamldoc.List{"e"}), "a: [e] # d\nx: 1\n"},
		"items keep their lines":       {"a:\n- b # b\n# c\n- 'd' # d\n- e\nx: 1\n", set("a", yamldoc.List{"b", "m", "e", "o"}), "a:\n- b # b\n# c\n- m\n- e\n- o\nx: 1\n"},
		"items of another order":       {"a:\n  - b\n  - c", set("a", yamldoc.List{"c", "b"}), "a:\n  - c\n  - b\n"},
		"a list on lines to a word":    {"a: # l\n  - b\n  - c\n\nx: 1\n", set("a", yamldoc.Text("d")), "a: d # l\n\nx: 1\n"},
		"a text in lines":              {"a: |\n  # no comment\n\n  x: 1\n# one\nb: 1\n", set("a", yamldoc.Text("d")), "a: d\n# one\nb: 1\n"},
		"a word over lines":            {"a: b\n  c\n  d\nx: 1\n", set("a", yamldoc.Text("e")), "a: e\nx: 1\n"},
		"a mapping to a word":          {"a:\n  b: 1\n  c:\n    - d\nx: 1\n", set("a", yamldoc.Text("e")), "a: e\nx: 1\n"},
		"another key":                  {"a:\n  b: 1\n  c:\n    - d\nx: 1\n", set("a/e", yamldoc.Plain("[1, 2]")), "a:\n  b: 1\n  c:\n    - d\n  e: [1, 2]\nx: 1\n"},
		"a key taken away":             {"a:\n  b: 1\n  c: 2 # two\n  d: 3\n", drop("a/c"), "a:\n  b: 1\n  d: 3\n"},
		"an entry taken away":          {"a:\n  # b\n  b:\n    c: 1\n    # d\n    d: 2\n\n  e: 1\n", drop("a/b"), "a:\n  e: 1\n"},
		"a comment that goes along":    {"a:\n  b: 1\n  # c\n  # d\n  c: 2\n  e: 1\n", drop("a/c"), "a:\n  b: 1\n  e: 1\n"},
		"a comment that stands apart":  {"a:\n  # of all\n\n  b: 1\n\n  # of more\n\n  # c\n  c: 2\n", drop("a/c"), "a:\n  # of all\n\n  b: 1\n\n  # of more\n"},
		"the file's own comment":       {"# mine\na: 1\nb: 2\n", drop("a"), "# mine\nb: 2\n"},
		"a comment of the one before":  {"a:\n  b:\n    - c\n    # d\n  e: 1\n", drop("a/e"), "a:\n  b:\n    - c\n    # d\n"},
		"no two empty lines":           {"a: 1\n\nb: 1\n\nc: 1\n", drop("b"), "a: 1\n\nc: 1\n"},
		"the last of all":              {"a: 1\n\nb:\n  c: 1\n", drop("b"), "a: 1\n"},
		"the only one":                 {"a:\n  b: 1\nx: 1\n", drop("a/b"), "a:\nx: 1\n"},
		"what is not there":            {"a: 1\n", drop("b/c"), "a: 1\n"},
		"what is so already":           {"a: 'b'\n", set("a", yamldoc.Text("b")), "a: 'b'\n"},
		"no line's end":                {"a:\n  b: 1", set("a/c", yamldoc.Text("d")), "a:\n  b: 1\n  c: d"},
		"no line's end, and away":      {"a: 1\nb: 1", drop("b"), "a: 1"},
		"Windows":                      {"a:\r\n  b: 1 # c\r\n", set("a/c/d", yamldoc.Text("e")), "a:\r\n  b: 1 # c\r\n  c:\r\n    d: e\r\n"},
		"Windows, a value":             {"a: b # c\r\nd: 1\r\n", set("a", yamldoc.Text("e")), "a: e # c\r\nd: 1\r\n"},
		"Windows, away":                {"a: b # c\r\n\r\nd: 1\r\n", drop("d"), "a: b # c\r\n"},
		"a mark at the begin":          {"\ufeffa: 1\n", set("a", yamldoc.Text("b")), "\ufeffa: b\n"},
		"document marks":               {"# c\n---\na: 1\n...\n", set("b", yamldoc.Text("c")), "# c\n---\na: 1\nb: c\n...\n"},
		"braces":                       {"a: {b: {c: d, e: [f]}, g: h} # i\n", set("a/b/e", yamldoc.List{"j"}), "a: {b: {c: d, e: [j]}, g: h} # i\n"},
		"braces, another key":          {"a: {b: {c: d}}\n", set("a/b/u", yamldoc.Text("http://x:1/")), "a: {b: {c: d, u: \"http://x:1/\"}}\n"},
		"braces, another entry":        {"a: {b: {c: d}}\n", set("a/e", yamldoc.Mapping{{Key: "f", Value: yamldoc.Text("g")}}), "a: {b: {c: d}, e: {f: g}}\n"},
		"braces, first":                {"a: {b: 1, c: 2}\n", drop("a/b"), "a: {c: 2}\n"},
		"braces, last":                 {"a: {b: 1, c: 2}\n", drop("a/c"), "a: {b: 1}\n"},
		"braces, only":                 {"a: {b: 1}\n", drop("a/b"), "a: {}\n"},
		"braces with nothing":          {"a: {}\n", set("a/b", yamldoc.Text("c")), "a: {b: c}\n"},
		"braces over lines":            {"a: {\n  b: 1, # one\n  c: 2, # two\n}\nx: 1\n", set("a/d", yamldoc.Text("e")), "a: {\n  b: 1, # one\n  c: 2, d: e, # two\n}\nx: 1\n"},
		"braces over lines, away":      {"a: {\n  b: 1, # one\n  c: 2 # two\n}\n", drop("a/c"), "a: {\n  b: 1 # one\n   # two\n}\n"},
		"braces below the key":         {"a:\n  {b: 1}\n", set("a/c", yamldoc.Text("d")), "a:\n  {b: 1, c: d}\n"},
		"all in braces":                {"{a: env:B, 'c': \"x:y\"}\n", set("c", yamldoc.Text("z")), "{a: env:B, 'c': z}\n"},
		"a key in quotes":              {"\"a b\": 1 # c\n", set("a b", yamldoc.Text("d")), "\"a b\": d # c\n"},
		"an odd new key":               {"a: 1\n", set("true", yamldoc.Text("d")), "a: 1\n\"true\": d\n"},
		"a key with dots":              {"a:\n  policy.ack.deadline: 10s\n", set("a/policy.ack.deadline", yamldoc.Plain("5s")), "a:\n  policy.ack.deadline: 5s\n"},
		"words that need quotes":       {"a: 1\n", set("b", yamldoc.List{"*", "", "yes", "12", "1:30", "a b", "a, b", "a #b", "é", "- a", "[", "5/s", "2021-11-21", "0x1f", "a:"}), "a: 1\nb: [\"*\", \"\", \"yes\", \"12\", \"1:30\", a b, \"a, b\", \"a #b\", \"é\", \"- a\", \"[\", 5/s, \"2021-11-21\", \"0x1f\", \"a:\"]\n"},
		"lines that look like keys":    {"a: |\n  b: 1\nc: \"d:\n e: f\" # g\nb: 2\n", set("b", yamldoc.Text("h")), "a: |\n  b: 1\nc: \"d:\n e: f\" # g\nb: h\n"},
		"a comment deeper than a list": {"a:\n  b:\n    - c\n    # d\n  e: 1\n", set("a/b", yamldoc.List{"c", "f"}), "a:\n  b:\n    - c\n    - f\n    # d\n  e: 1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := yamldoc.Edit("a.yaml", []byte(test.before), test.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestEditRefuses(t *testing.T) {
	text := yamldoc.Text("x")
	for name, test := range map[string]struct {
		before string
		change yamldoc.Change
		want   string
	}{
		"anchors":                {"a: &b {c: 1}\nd: *b\n", set("a/c", text), "a.yaml:1:4: anchors, aliases and merge keys are not read here"},
		"tabs":                   {"a:\n\tb: 1\n", set("a/b", text), "a.yaml:2:"},
		"a word on the way":      {"a: b\n", set("a/b", text), `a.yaml: want a mapping around "b"`},
		"a list on the way":      {"a: [b]\n", set("a/b", text), `a.yaml: want a mapping around "b"`},
		"old line ends":          {"a: b\rc: d\r", set("a", text), "a.yaml: this file cannot be changed from here (its lines end in carriage returns alone): change it in an editor"},
		"a document on its mark": {"--- {a: b}\n", set("a", text), "there is something behind its ---"},
		"an indented file":       {"  a: b\n  c: d\n", set("a", text), "its lines are not understood"},
		"no value":               {"a: b\n", set("a", yamldoc.Plain("[")), "want one YAML value"},
		"two values":             {"a: b\n", set("a", yamldoc.Plain("b\nc: d")), "want one YAML value"},
		"a comment in a list":    {"a: [b, # why\n  c]\n", set("a", yamldoc.List{"b"}), "a.yaml: this file cannot be changed from here (comments inside of a value would be lost): change it in an editor"},
		"a comment in a mapping": {"a:\n  b: 1 # why\n", set("a", text), "comments inside of a value would be lost"},
		"a comment in braces":    {"a: {b: [c, # why\n  d]}\n", set("a/b", text), "comments inside of a value would be lost"},
		"items of many lines":    {"a:\n  - b: 1 # why\n    c: 2\n", set("a", yamldoc.List{"b"}), "comments inside of a value would be lost"},
		"not YAML":               {"a: [\n", set("a", text), "a.yaml:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := yamldoc.Edit("a.yaml", []byte(test.before), test.change)
			if err == nil {
				t.Fatalf("accepted: %q", got)
			}
			if !errors.As(err, new(*yamldoc.Error)) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}

// Whatever a file looks like, a change leaves every line as it was that it does not touch,
// and says what it should.
func TestEditKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, keys := drawFile(t)
		section := rapid.SampledFrom([]string{"endpoints", "listen", "new"}).Draw(t, "section")
		name := rapid.SampledFrom(append(keys, "fresh")).Draw(t, "name")
		change := set(section+"/"+name, yamldoc.Text("changed: # value"))
		if rapid.Bool().Draw(t, "drop") {
			change.Value = nil
		}
		after, err := yamldoc.Edit("a.yaml", []byte(before), change)
		if err != nil {
			if strings.HasSuffix(before, "b: c") && strings.Contains(err.Error(), "something else in it would change") {
				return // the end of the line would become part of the text in lines
			}
			if change.Value != nil && strings.Contains(before, "# c") && strings.Contains(err.Error(), "comments inside of a value would be lost") {
				return
			}
			t.Fatalf("%v\n%s", err, before)
		}
		old, made := strings.SplitAfter(before, "\n"), strings.SplitAfter(string(after), "\n")
		if !oneHunk(old, made) {
			t.Fatalf("more than one place changed:\n%s\n---\n%s", before, after)
		}
		for i, line := range old { // comments go with a value at most, and one right above a key with that
			if change.Value == nil && i+1 < len(old) && isKey(old[i+1], name) {
				continue
			}
			if strings.Contains(line, "# stays") && !slices.Contains(trimmed(made), strings.TrimRight(line, "\r\n")) {
				t.Fatalf("lost %q:\n%s\n---\n%s", line, before, after)
			}
		}
		again, err := yamldoc.Edit("a.yaml", after, change)
		if err != nil || string(again) != string(after) {
			t.Fatalf("the second time something changes: %v\n%s\n---\n%s", err, after, again)
		}
	})
}

// isKey reports whether a line has the key called name.
func isKey(line, name string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \""), name)
	return ok && strings.HasPrefix(strings.TrimLeft(rest, "\" "), ":")
}

// drawFile makes a file of sections with entries in many forms, and the names of these.
func drawFile(t *rapid.T) (text string, keys []string) {
	var b strings.Builder
	eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "eol")
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+eol, args...) }
	step := strings.Repeat(" ", rapid.IntRange(1, 4).Draw(t, "step"))
	for _, section := range []string{"listen", "endpoints", "other"} {
		if rapid.Bool().Draw(t, "apart") {
			line("")
			line("# stays: %s", section)
		}
		n := rapid.IntRange(0, 4).Draw(t, "entries")
		if rapid.IntRange(0, 3).Draw(t, "style") == 0 {
			var items []string
			for i := range n {
				items = append(items, fmt.Sprintf("%s%d: %s", section, i, rapid.SampledFrom([]string{"1", "env:A", "'it''s, a }'", "[a, {b: c}]", "{b: c}"}).Draw(t, "value")))
				keys = append(keys, fmt.Sprintf("%s%d", section, i))
			}
			line("%s: {%s} # c", section, strings.Join(items, ", "))
			continue
		}
		line("%s:", section)
		for i := range n {
			key := fmt.Sprintf("%s%d", section, i)
			keys = append(keys, key)
			switch rapid.IntRange(0, 6).Draw(t, "form") {
			case 0:
				line("%s%s: word # c", step, key)
			case 1:
				line("%s%s:", step, key)
				line("%s%surl: http://x:1/ # c", step, step)
				line("%s%s# c", step, step)
			case 2:
				line("%s%s: |", step, key)
				line("%s%s# text", step, step)
				line("%s%sb: c", step, step)
			case 3:
				line("%s%s:", step, key)
				line("%s- a", step)
				line("%s- b", step)
			case 4:
				line("%s\"%s\": {a: \"b # c\",", step, key)
				line("%s%sc: d} # c", step, step)
			case 5:
				line("%s%s : 'a #b' # c", step, key)
			case 6:
				line("%s%s:", step, key)
			}
			if rapid.Bool().Draw(t, "blank") {
				line("")
			}
			if rapid.Bool().Draw(t, "comment") {
				line("%s# stays: behind %s", step, key)
			}
		}
	}
	text = b.String()
	if rapid.Bool().Draw(t, "cut") {
		text = strings.TrimSuffix(text, eol)
	}
	return text, append(keys, "word")
}

// trimmed are lines without their ends.
func trimmed(lines []string) []string {
	var all []string
	for _, line := range lines {
		all = append(all, strings.TrimRight(line, "\r\n"))
	}
	return all
}

// oneHunk reports whether the lines differ in one run only.
func oneHunk(old, made []string) bool {
	a, b := trimmed(old), trimmed(made)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	const most = 9 // the longest entry, and empty lines around it
	return len(a) < most && len(b) < most
}

// Whatever the file is, it is changed as asked or refused, and what comes out can be read.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{
		"", "a: 1\n", "a:\n  b: 1\n", "a: {b: 1}\n", "a: [b]\n", "a: |\n  b\n", "{a: {b: c}}", "a:\n- b\n", "a: 'b\n\n  c'\n", "# c\n---\na:\n  b: \"c\" # d\n...\n", "a:\r\n  b:\r\n",
		"a: {b: 1,\n c: [2, # x\n 3]}\n", "\"a\" : b\n", "a: >-\n\n  b\n\n\nc: d\n", "a:\n  - b: c\n    d: e\n", "a: {b:0}",
	} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, drop bool) {
		change := set("a/b", yamldoc.Text("new"))
		if drop {
			change.Value = nil
		}
		made, err := yamldoc.Edit("a.yaml", text, change)
		if err != nil {
			if !errors.As(err, new(*yamldoc.Error)) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if _, err := yamldoc.Parse("a.yaml", made); err != nil {
			t.Fatalf("%q became %q: %v", text, made, err)
		}
	})
}
