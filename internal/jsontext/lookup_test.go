package jsontext_test

import (
	"encoding/json"
	"testing"

	"github.com/hookctl/hookctl/internal/jsontext"
	"pgregory.net/rapid"
)

func TestLookup(t *testing.T) {
	const text = ` {"a": {"b": [10, {"c": "x\u00e9\"}"}]}, "n": 1.50, "e": "", "z": null, "a\u0062": true, "d": 1, "d": 2} `
	for path, want := range map[string]string{
		"":            `{"a": {"b": [10, {"c": "x\u00e9\"}"}]}, "n": 1.50, "e": "", "z": null, "a\u0062": true, "d": 1, "d": 2}`,
		"a.b[0]":      `10`,
		"a.b[1].c":    `"x\u00e9\"}"`,
		"n":           `1.50`,
		"e":           `""`,
		"z":           `null`,
		"ab":          `true`,
		"d":           `2`, // the last, as parsers have it
		"a.b[2]":      ``,
		"a.x":         ``,
		"n.x":         ``,
		"a.b.c":       ``,
		"[0]":         ``,
		"a[0]":        ``,
		"missing.a.b": ``,
	} {
		parsed, err := jsontext.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := jsontext.Lookup([]byte(text), parsed); string(got) != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", path, got, ok, want)
		}
		if got, _ := jsontext.MembersOf([]byte(text)).Lookup(parsed); path != "" && string(got) != want {
			t.Errorf("%q among the members: got %q, want %q", path, got, want)
		}
	}
	for _, bad := range []string{".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[0]b", "[0].[1]"} {
		if path, err := jsontext.ParsePath(bad); err == nil {
			t.Errorf("%q is read as %v", bad, path)
		}
	}
}

// Of what encoding/json writes, a lookup finds what encoding/json reads there.
func TestLookupAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOf(rapid.String(), rapid.OneOf(
			rapid.String().AsAny(), rapid.Int().AsAny(), rapid.SliceOf(rapid.String()).AsAny(), rapid.MapOf(rapid.String(), rapid.Bool()).AsAny(),
		)).Draw(t, "object")
		text, err := json.MarshalIndent(object, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		for key, want := range members {
			if key == "" {
				continue // a path has no name for it
			}
			if got, ok := jsontext.Lookup(text, jsontext.Path{{Key: key}}); !ok || string(got) != string(want) {
				t.Fatalf("%q in %s: got %q, want %q", key, text, got, want)
			}
		}
	})
}

// Whatever the text, a lookup ends, and finds only what is in it.
func FuzzLookup(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":"\\\""}]}`, `{"a"`, `{"a":}`, `[[[[`, `{"a":"`, `{"a\`, `{"":{"":1}}`, ` `} {
		f.Add([]byte(text), "a[1].b", "x")
	}
	f.Fuzz(func(t *testing.T, text []byte, at, value string) {
		path, err := jsontext.ParsePath(at)
		if err != nil {
			return
		}
		found, ok := jsontext.Lookup(text, path)
		if ok && (len(found) == 0 || len(found) > len(text)) {
			t.Errorf("%q in %q: %q", at, text, found)
		}
		jsontext.Plain(found)
		jsontext.Items(text)
		jsontext.FirstKey(text)
		set, err := jsontext.SetText(text, path, value)
		if err != nil || !json.Valid(text) {
			return
		}
		if !json.Valid(set) {
			t.Errorf("%q set in %q: %q", at, text, set)
		}
	})
}
