package jsontext

import "testing"

func TestUnsetTakesOnlyThat(t *testing.T) {
	for _, test := range []struct{ name, text, path, want string }{
		{"the only member", `{ "a": 1 }`, "a", `{  }`},
		{"the first member", `{ "a": 1, "b" : 2 }`, "a", `{ "b" : 2 }`},
		{"a member between", "{\n  \"a\": 1,\n  \"b\": [2],\n  \"c\": 3\n}", "b", "{\n  \"a\": 1,\n  \"c\": 3\n}"},
		{"the last member", `{"a":1, "b":2}`, "b", `{"a":1}`},
		{"below others", `{"data":{"id":5,"x":[1.0]},"n":1e3}`, "data.id", `{"data":{"x":[1.0]},"n":1e3}`},
		{"a repeated key", `{"a":1,"b":2,"a":3}`, "a", `{"b":2}`},
		{"an escaped key", `{"\u0061":1,"b":2}`, "a", `{"b":2}`},
		{"an item", `[1, 2, 3]`, "[1]", `[1, 3]`},
		{"the first item", `[1, 2]`, "[0]", `[2]`},
		{"the only item", `{"l":[ {"a":1} ]}`, "l[0]", `{"l":[  ]}`},
		{"within an item", `{"l":[{"a":1,"b":","}]}`, "l[0].a", `{"l":[{"b":","}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			path, err := ParsePath(test.path)
			if err != nil {
				t.Fatal(err)
			}
			was := test.text
			got, found := Unset([]byte(test.text), path)
			if !found || string(got) != test.want {
				t.Errorf("got %q, %v; want %q", got, found, test.want)
			}
			if test.text != was {
				t.Error("the text itself was changed")
			}
		})
	}
}

func TestUnsetFindsNothing(t *testing.T) {
	for _, test := range [][2]string{
		{`{"a":1}`, "b"}, {`{"a":1}`, "a.b"}, {`[1]`, "[1]"}, {`[1]`, "a"}, {`{"a":1}`, "[0]"}, {`no JSON`, "a"}, {``, "a"}, {`{"a":1}`, ""},
	} {
		path, err := ParsePath(test[1])
		if err != nil {
			t.Fatal(err)
		}
		if got, found := Unset([]byte(test[0]), path); found || string(got) != test[0] {
			t.Errorf("Unset(%q, %q) = %q, %v", test[0], test[1], got, found)
		}
	}
}
