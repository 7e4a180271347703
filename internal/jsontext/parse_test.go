package jsontext_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/jsontext"
)

func TestParseAndWrite(t *testing.T) {
	for text, want := range map[string]string{
		` {"b":1.0,"a":[1e2,-0,12345678901234567890]} `: `{"b":1.0,"a":[1e2,-0,12345678901234567890]}`,
		`{"a":1,"b":2,"a":{"c":3}}`:                     `{"a":{"c":3},"b":2}`, // the last counts, at the place of the first
		`{"<é\u0007>":"\u200b&\u003c"}`:                 `{"<é\u0007>":"\u200b&<"}`,
		`[[],{},"",null,true,false]`:                    `[[],{},"",null,true,false]`,
		`7`:                                             `7`,
	} {
		value, err := jsontext.Parse([]byte(text), jsontext.Limits{Depth: 3})
		if got := string(jsontext.Compact(value)); err != nil || got != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
		if got, err := jsontext.Marshal(map[string]any{"in": value}); err != nil || string(got) != `{"in":`+want+`}` {
			t.Errorf("%s: inside of another value: got %s, %v", text, got, err)
		}
	}
}

func TestIndented(t *testing.T) {
	want := `{
  "a": [
    1,
    {
      "b": null
    }
  ],
  "none": {},
  "empty": []
}
`
	if got := string(jsontext.Indented(parsed(t, `{"a":[1,{"b":null}],"none":{},"empty":[]}`))); got != want {
		t.Errorf("got %s", got)
	}
	if got := string(jsontext.Indented("x")); got != "\"x\"\n" {
		t.Errorf("got %q", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		``: io.ErrUnexpectedEOF, ` `: io.ErrUnexpectedEOF, `{"a":`: io.ErrUnexpectedEOF, `{"a"`: io.ErrUnexpectedEOF, `[1,`: io.ErrUnexpectedEOF,
		`"a`: io.ErrUnexpectedEOF, `{"a":1`: io.ErrUnexpectedEOF, `[`: io.ErrUnexpectedEOF,
		`[[[[]]]]`: jsontext.TooDeepError(3), `{"a":{"a":{"a":{}}}}`: jsontext.TooDeepError(3),
		`[1,2,3,4,5]`: jsontext.TooManyError(5), `{"a":1,"b":2,"c":[1,2]}`: jsontext.TooManyError(5),
	} {
		limits := jsontext.Limits{Depth: 3, Values: 5}
		if _, err := jsontext.Parse([]byte(text), limits); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", text, err, want)
		}
		if _, _, err := jsontext.ParseAll([]byte(text), limits); !errors.Is(err, want) {
			t.Errorf("all of %s: got %v, want %v", text, err, want)
		}
	}
	for _, text := range []string{`1 2`, `{} x`, `[]]`} {
		if _, err := jsontext.Parse([]byte(text), jsontext.Limits{Depth: 3}); err == nil || err.Error() != "more than one JSON value" {
			t.Errorf("%s: got %v", text, err)
		}
	}
	if _, err := jsontext.Parse([]byte(`[[[1]],2,3,4]`), jsontext.Limits{Depth: 3}); err != nil {
		t.Errorf("up to the limit: %v", err)
	}
}

func TestParseTellsWhereATextIsNotJSON(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
	}{{"{\n]", 3}, {`{"a" 1}`, 6}, {`[1 2]`, 4}, {`{"a":tru}`, 9}, {`["\x"]`, 4}, {"[]\n{\"a\":01}", 10}} {
		_, _, err := jsontext.ParseAll([]byte(test.text), jsontext.Limits{Depth: 3})
		var syntax *jsontext.SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset < test.offset-2 || syntax.Offset > test.offset {
			t.Errorf("%s: got %#v", test.text, err)
		}
	}
}

func TestParseAll(t *testing.T) {
	for _, test := range []struct{ text, want, repeated string }{
		{"1", "[1]", ""},
		{"{}\n{\"b\":[]}\n\n", `[{},{"b":[]}]`, ""},
		{`{"a":1}[{"c":{"b":1,"a":2,"b":3},"c":4}]`, `[{"a":1},[{"c":4}]]`, "b"},
	} {
		values, repeated, err := jsontext.ParseAll([]byte(test.text), jsontext.Limits{Depth: 5})
		if got := string(jsontext.Compact(values)); err != nil || got != test.want || repeated != test.repeated {
			t.Errorf("%s: got %s, %q, %v", test.text, got, repeated, err)
		}
	}
}

// FuzzParse: what is parsed is what the standard library reads, and so is what is written
// of it, in whichever form.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"b":[1.0,{"a":"\u2028<","a":null}],"":true}`, `[[[[]]]]`, `{"a":1}{`, "\"\xff\"", `[1,]`, `{"a" 1}`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := jsontext.Parse(text, jsontext.Limits{Depth: 20, Values: 1000})
		if err != nil {
			return
		}
		want := decoded(t, text)
		for _, written := range [][]byte{jsontext.Compact(value), jsontext.Indented(value)} {
			if got := decoded(t, written); !reflect.DeepEqual(got, want) {
				t.Errorf("%q became %q", text, written)
			}
		}
		if values, _, err := jsontext.ParseAll(text, jsontext.Limits{Depth: 20}); err != nil || !reflect.DeepEqual(values, []any{value}) {
			t.Errorf("%q is %d values: %v", text, len(values), err)
		}
	})
}

func decoded(t *testing.T, text []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return value
}

func BenchmarkParse(b *testing.B) {
	text := []byte(`[` + strings.Repeat(`{"id": 12, "name": "Jane Doe", "tags": ["a", "b"], "price": 19.90, "note": null},`, 50) + `0]`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsontext.Parse(text, jsontext.Limits{Depth: 20}); err != nil {
			b.Fatal(err)
		}
	}
}
