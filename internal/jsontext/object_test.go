package jsontext_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// parsed is the object that a text is.
func parsed(t *testing.T, text string) *jsontext.Object {
	t.Helper()
	value, err := jsontext.Parse([]byte(text), jsontext.Limits{Depth: 10})
	if err != nil {
		t.Fatal(err)
	}
	o, ok := value.(*jsontext.Object)
	if !ok {
		t.Fatalf("%s is %T", text, value)
	}
	return o
}

func TestObjectKeepsTheOrderOfItsKeys(t *testing.T) {
	o := parsed(t, `{"z":1,"a":2,"m":3}`)
	o.Set("b", true)
	o.Set("z", "x")
	if got := string(jsontext.Compact(o)); got != `{"z":"x","a":2,"m":3,"b":true}` {
		t.Errorf("got %s", got)
	}
	o.Drop("a", "b", "none")
	o.Set("a", nil)
	if got := strings.Join(o.Keys(), ""); got != "zma" || o.Len() != 3 || !o.Has("a") || o.Has("b") {
		t.Errorf("got %s", got)
	}
	for key := range o.All() {
		if key != "z" {
			t.Errorf("%s comes first", key)
		}
		break
	}
}

func TestMembersAreNothingWhereTheyAreOfAnotherKind(t *testing.T) {
	o := parsed(t, `{"o":{"k":0},"l":[1],"t":"x","b":true,"n":null}`)
	if o.Object("o").Len() != 1 || len(o.List("l")) != 1 || o.Text("t") != "x" || !o.Truth("b") || !o.Has("n") {
		t.Error("a member is not there")
	}
	for _, key := range []string{"o", "l", "t", "b", "n", "gone"} {
		if key != "o" && o.Object(key) != nil || key != "l" && o.List(key) != nil || key != "t" && o.Text(key) != "" || key != "b" && o.Truth(key) {
			t.Errorf("%s is of several kinds", key)
		}
	}
}

func TestNoObjectHasNoMembers(t *testing.T) {
	var o *jsontext.Object
	if o.Len() != 0 || o.Has("a") || o.Get("a") != nil || o.Object("a").Object("b") != nil || len(slices.Collect(slices.Values(o.Keys()))) != 0 {
		t.Error("it has members")
	}
	for key := range o.All() {
		t.Error(key)
	}
}

func TestAtFollowsPointers(t *testing.T) {
	o := parsed(t, `{"a":{"b/c":[1,{"~1":"deep"}],"":2},"n":null}`)
	for pointer, want := range map[string]string{
		"/a/b~1c/1/~01": `"deep"`, "/a/b~1c/0": `1`, "/a/": `2`, "/n": `null`, "/a/b~1c": `[1,{"~1":"deep"}]`,
		"/a/b~1c/2": "", "/a/b~1c/-": "", "/a/b~1c/-1": "", "/a/b": "", "/n/x": "", "/": "",
	} {
		got, ok := jsontext.At(o, pointer)
		if text := string(jsontext.Compact(got)); ok != (want != "") || ok && text != want {
			t.Errorf("%s: got %s, %t", pointer, text, ok)
		}
	}
	if got, ok := jsontext.At(o, ""); got != any(o) || !ok {
		t.Errorf("the whole is %v", got)
	}
}
