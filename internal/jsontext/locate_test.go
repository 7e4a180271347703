package jsontext_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/jsontext"
)

func TestLocate(t *testing.T) {
	for _, test := range []struct {
		text, pointer string
		key, value    int
	}{
		{` {"a": 1}`, "", -1, 1},
		{`{"a": 1}`, "/a", 1, 6},
		{`{"a":{"b":[1, {"c":2}]}}`, "/a/b/1/c", 15, 19},
		{`{"a":{"b":[1, {"c":2}]}}`, "/a/b/0", -1, 11},
		{`{"a":1}`, "/b", -1, -1},
		{`[1]`, "/1", -1, -1},
		{`[1]`, "/00", -1, -1},
		{`1`, "/a", -1, -1},
		{`{"":{"":7}}`, "/", 1, 4},
		{`{"":{"":7}}`, "//", 5, 8},
		{`{"a/b":{"m~n":7}}`, "/a~1b/m~0n", 8, 14},
		{`{"\u0061\"":7}`, `/a"`, 1, 12},
		{`{"é %":7}`, "/é %", 1, 8},
		{`{"a":1,"a":{"b":2},"a":3}`, "/a", 19, 23},
		{`{"a":{"b":2},"a":{"c":3}}`, "/a/b", -1, -1}, // the last a has no b
		{`{"a":{"b":2},"\u0061":{"c":3}}`, "/a/c", 23, 27},
		{`{"0":[5]}`, "/0/0", -1, 6},
	} {
		got := jsontext.Locate([]byte(test.text), []*jsontext.Place{jsontext.PlaceAt(test.pointer)})[0]
		if got.Key != test.key || got.Value != test.value {
			t.Errorf("%s in %s: got %+v, want %d and %d", test.pointer, test.text, got, test.key, test.value)
		}
	}
}

func TestLocateManyInOnePass(t *testing.T) {
	var text strings.Builder
	var pointers []string
	text.WriteString("[")
	for i := range 50_000 {
		fmt.Fprintf(&text, `{"n":{"deep":%d}},`, i)
		pointers = append(pointers, fmt.Sprintf("/%d/n/deep", i), fmt.Sprintf("/%d", i))
	}
	text.WriteString("0]")
	places := make([]*jsontext.Place, len(pointers))
	for i, pointer := range pointers {
		places[i] = jsontext.PlaceAt(pointer)
	}
	for i, spot := range jsontext.Locate([]byte(text.String()), places) {
		want := fmt.Sprint(i / 2)
		if i%2 == 1 {
			want = `{"n"`
		}
		if !strings.HasPrefix(text.String()[spot.Value:], want) {
			t.Fatalf("%s is at %d", pointers[i], spot.Value)
		}
	}
}

func TestRuler(t *testing.T) {
	text := []byte("é\t\"a\"\r\n\xff漢,\n\nend")
	for _, test := range []struct{ offset, line, column int }{
		{0, 1, 1}, {2, 1, 2}, {3, 1, 3}, {6, 1, 6}, {8, 2, 1}, {9, 2, 2}, {12, 2, 3}, {13, 2, 4}, {14, 3, 1}, {15, 4, 1}, {18, 4, 4}, {99, 4, 4}, {-1, 1, 1},
	} {
		if line, column := jsontext.NewRuler(text).At(test.offset); line != test.line || column != test.column {
			t.Errorf("%d: %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
	ruler := jsontext.NewRuler(text)
	for _, offset := range []int{12, 3, 15, 2} {
		line, column := jsontext.NewRuler(text).At(offset)
		if l, c := ruler.At(offset); l != line || c != column {
			t.Errorf("%d: %d:%d after others, %d:%d alone", offset, l, c, line, column)
		}
	}
}

func TestPointersAndTokens(t *testing.T) {
	for pointer, tokens := range map[string][]string{
		"": nil, "/": {""}, "/a": {"a"}, "/a~1b/~0/~01": {"a/b", "~", "~1"}, "//0": {"", "0"},
	} {
		if got := jsontext.Tokens(pointer); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tokens) {
			t.Errorf("%q: %q", pointer, got)
		}
		if got := jsontext.Pointer(tokens...); got != pointer {
			t.Errorf("%q: %q", tokens, got)
		}
	}
}

// FuzzLocate holds it against what the standard library reads.
func FuzzLocate(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":2}],"a":{"b":[]}}`), "/a/b")
	f.Add([]byte(`[[],{"":"\u0000"}]`), "/1/")
	f.Fuzz(func(t *testing.T, text []byte, pointer string) {
		if pointer != "" && pointer[0] != '/' {
			return
		}
		spot := jsontext.Locate(text, []*jsontext.Place{jsontext.PlaceAt(pointer)})[0]
		if spot.Value >= len(text) || spot.Key >= len(text) {
			t.Fatalf("outside: %+v", spot)
		}
		var value any
		if json.Unmarshal(text, &value) != nil {
			return
		}
		found := true
		for _, token := range jsontext.Tokens(pointer) {
			switch inner := value.(type) {
			case map[string]any:
				value, found = inner[token]
			case []any:
				found = false
				for i := range inner {
					if fmt.Sprint(i) == token {
						value, found = inner[i], true
						break
					}
				}
			default:
				found = false
			}
			if !found {
				break
			}
		}
		if found != (spot.Value >= 0) {
			t.Fatalf("%q: found %t, at %+v", pointer, found, spot)
		}
		if found {
			var again any
			if err := json.NewDecoder(strings.NewReader(string(text[spot.Value:]))).Decode(&again); err != nil || fmt.Sprint(again) != fmt.Sprint(value) {
				t.Errorf("%q is at %d: %v, %v, want %v", pointer, spot.Value, again, err, value)
			}
		}
	})
}
