package cli

import (
	"strings"
	"testing"
)

func TestSettingsGoWhereTheyBelong(t *testing.T) {
	s := &eventSettings{set: []string{"policy.retry=announced", "data.id=5", "policyholder=x", "rule:event.new_id=uuid", "body:policy.id=7", "policy=x"}}
	rules, edits, err := s.split()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rules, " "); got != "policy.retry=announced event.new_id=uuid policy=x" {
		t.Errorf("rules: %s", got)
	}
	var paths []string
	for _, e := range edits {
		paths = append(paths, e.text+"="+string(e.value))
	}
	if got := strings.Join(paths, " "); got != `data.id=5 policyholder="x" policy.id=7` {
		t.Errorf("edits: %s", got)
	}
}

func TestValuesAreTyped(t *testing.T) {
	for text, want := range map[string]string{
		"5": "5", "1.50": "1.50", "-1e3": "-1e3", "true": "true", "null": "null", `"5"`: `"5"`, `{"a": 1}`: `{"a": 1}`, "[1]": "[1]", " 7 ": "7",
		"": `""`, "007": `"007"`, "1.": `"1."`, "True": `"True"`, "a\"b": `"a\"b"`, "a=b": `"a=b"`, "é": `"é"`, "a\nb": `"a\nb"`,
	} {
		got, err := typedValue(text)
		if err != nil || string(got) != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"{a: 1}", "[draft", `"open`} {
		if got, err := typedValue(text); err == nil {
			t.Errorf("%q: %s, want an error", text, got)
		}
	}
}

func TestEditsLeaveTheRestAsItIs(t *testing.T) {
	const body = "{ \"n\": 1.0,\n  \"data\": {\"id\": 4, \"list\": [1, 2]}, \"text\": \"a\" }"
	for _, test := range []struct {
		name       string
		set, unset []string
		want       string
	}{
		{"a value", []string{"data.id=5"}, nil, strings.Replace(body, "4", "5", 1)},
		{"text", []string{"data.id=x"}, nil, strings.Replace(body, "4", `"x"`, 1)},
		{"an item", []string{"data.list[0]=9"}, nil, strings.Replace(body, "[1,", "[9,", 1)},
		{"the item after the last", []string{"data.list[2]=3"}, nil, strings.Replace(body, "[1, 2]", "[1, 2,3]", 1)},
		{"the first item", []string{"data.list[0]=3"}, []string{"data.list[1]", "data.list[0]"}, strings.Replace(body, "[1, 2]", "[3]", 1)},
		{"new members", []string{"data.a.b=1"}, nil, strings.Replace(body, `{"id"`, `{"a":{"b":1},"id"`, 1)},
		{"out", nil, []string{"data.list"}, strings.Replace(body, `, "list": [1, 2]`, "", 1)},
		{"another in its place", []string{"data.x=1"}, []string{"data"}, "{\"data\":{\"x\":1}, \"n\": 1.0, \"text\": \"a\" }"},
		{"a key with a dot", []string{`data["a.b"]=x=y`, `["c=d"].e=1`}, nil, "{\"c=d\":{\"e\":1}," + strings.Replace(body, `{"id"`, `{"a.b":"x=y","id"`, 1)[1:]},
		{"nothing", nil, nil, body},
	} {
		t.Run(test.name, func(t *testing.T) {
			edits, err := parseBodyEdits(test.set, test.unset)
			if err != nil {
				t.Fatal(err)
			}
			got, err := editBody([]byte(body), edits)
			if err != nil || string(got) != test.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestEditsSayWhatIsThere(t *testing.T) {
	const body = `{"data":{"id":4,"list":[1,2],"none":null},"text":"a"}`
	for _, test := range []struct{ body, set, unset, want string }{
		{body, "text.a=1", "", "--set text.a: text is a string, not an object"},
		{body, "data.id.x=1", "", "--set data.id.x: data.id is a number, not an object"},
		{body, "data.none.x=1", "", "--set data.none.x: data.none is null, not an object"},
		{body, "data[0]=1", "", "--set data[0]: data is an object with id, list, none, not an array"},
		{body, "data.list[3]=1", "", "--set data.list[3]: data.list is an array of 2 items"},
		{body, "data.list[2].a=1", "", "--set data.list[2].a: data.list is an array of 2 items"},
		{body, "new[0]=1", "", "--set new[0]: the body has no item 0"},
		{body, "", "data.x", "--unset data.x: nothing is there: data is an object with id, list, none"},
		{body, "", "data.list[2]", "--unset data.list[2]: nothing is there: data.list is an array of 2 items"},
		{body, "", "a.b.c", "--unset a.b.c: nothing is there: the body is an object with data, text"},
		{"a=1", "a=1", "", "--set a: the body is not JSON"},
		{body, "a", "", `--set: want PATH=VALUE, such as data.items[0].id=5, got "a"`},
		{body, "=1", "", "--set: the path is missing, such as data.items[0].id"},
		{body, "a..b=1", "", `--set a..b: want a path such as data.items[0].id, got "a..b"`},
		{body, "a={x", "", "--set a: the value is not JSON: invalid character 'x' looking for beginning of object key string"},
	} {
		var set, unset []string
		if test.set != "" {
			set = []string{test.set}
		}
		if test.unset != "" {
			unset = []string{test.unset}
		}
		edits, err := parseBodyEdits(set, unset)
		if err == nil {
			_, err = editBody([]byte(test.body), edits)
		}
		if err == nil || err.Error() != test.want {
			t.Errorf("%s%s: got %v, want %s", test.set, test.unset, err, test.want)
		}
	}
}
