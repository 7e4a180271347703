package jsontext_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/jsontext"
)

func TestPathsWithKeysInQuotes(t *testing.T) {
	for text, want := range map[string]jsontext.Path{
		`["a.b"]`:            {{Key: "a.b"}},
		`data["a.b"].c`:      {{Key: "data"}, {Key: "a.b"}, {Key: "c"}},
		`data["a.b"][2]`:     {{Key: "data"}, {Key: "a.b"}, {Index: 2}},
		`["a"]["b]\"."].c`:   {{Key: "a"}, {Key: `b]".`}, {Key: "c"}},
		`["\u0061=1"]`:       {{Key: "a=1"}},
		`data.items[0].name`: {{Key: "data"}, {Key: "items"}, {Index: 0}, {Key: "name"}},
	} {
		path, err := jsontext.ParsePath(text)
		if diff := cmp.Diff(want, path); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
		again, err := jsontext.ParsePath(path.String())
		if diff := cmp.Diff(want, again); diff != "" || err != nil {
			t.Errorf("%s is written as %s: %v\n%s", text, path, err, diff)
		}
	}
	for _, bad := range []string{`[""]`, `["a`, `["a"`, `["a"]b`, `["a"].`, `["a\q"]`, `a..["b"]`, `a.["b"]`, `a.[0]`, `[a.b]`} {
		if path, err := jsontext.ParsePath(bad); err == nil {
			t.Errorf("%s is taken for %v", bad, path)
		}
	}
}

func TestCutPath(t *testing.T) {
	for text, want := range map[string][2]string{
		"a.b=1":         {"a.b", "1"},
		`["a=b"].c=d=e`: {`["a=b"].c`, "d=e"},
		`["a=b=c`:       {`["a`, "b=c"},
		"=1":            {"", "1"},
	} {
		path, rest, found := jsontext.CutPath(text, "=")
		if !found || path != want[0] || rest != want[1] {
			t.Errorf("%s: %q, %q, %t", text, path, rest, found)
		}
	}
	if path, _, found := jsontext.CutPath(`["="]`, "="); found || path != `["="]` {
		t.Errorf("%q, %t", path, found)
	}
}

func TestAKeyWithADotIsSetAndUnset(t *testing.T) {
	path, err := jsontext.ParsePath(`meta["order.id"]`)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jsontext.Set([]byte(`{"meta": {"order.id": 1, "order": {"id": 2}}}`), path, []byte("3"))
	if err != nil || string(text) != `{"meta": {"order.id": 3, "order": {"id": 2}}}` {
		t.Errorf("%s, %v", text, err)
	}
	if text, ok := jsontext.Unset(text, path); !ok || string(text) != `{"meta": {"order": {"id": 2}}}` {
		t.Errorf("%s", text)
	}
}
