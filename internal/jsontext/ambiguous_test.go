package jsontext_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/jsontext"
)

func TestAmbiguous(t *testing.T) {
	for _, test := range []struct{ text, path, key string }{
		{`{"a":1,"b":{"a":2},"c":["a","a"]}`, "a", ""},
		{`{"a":1,"a":1}`, "a", "a"},
		{`{"a":1,"\u0061":1}`, "a", "a"},
		{`{"a":1,"A":2}`, "a", "A"},
		{`{"A":2}`, "a", "A"},
		{`{"key":1,"ſey":2,"\u212aey":3}`, "key", "\u212aey"},
		{`{"b":1,"b":2}`, "a", ""},
		{` {"a": {"b": 1, "b": 2}}`, "a.b", "b"},
		{`{"a":{"b":1},"a":{"b":1}}`, "a.b", "a"},
		{`{"a":[{"b":1,"B":1},{"b":1}]}`, "a[1].b", ""},
		{`{"a":[{"b":1},{"b":1,"B":1}]}`, "a[1].b", "B"},
		{`{"a":[]}`, "a[1].b", ""},
		{`[]`, "a", ""},
		{``, "a", ""},
	} {
		path, err := jsontext.ParsePath(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if key, found := jsontext.Ambiguous([]byte(test.text), path); key != test.key || found != (test.key != "") {
			t.Errorf("%s in %s: want %q, got %q, %t", test.path, test.text, test.key, key, found)
		}
	}
}
