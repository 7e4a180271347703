package jsontext_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/jsontext"
)

func bounds() jsontext.Bounds {
	return jsontext.Bounds{Depth: 3, Number: 5, Exponent: 40, Oddities: 10}
}

func at(pointer string) *jsontext.Place { return jsontext.PlaceAt(pointer) }

func TestScanTellsOfOddities(t *testing.T) {
	for _, test := range []struct {
		text string
		want []jsontext.Oddity
	}{
		{`{"a":[1,{"b":null}],"c":"é\n\"\\"}`, nil},
		{`[[[]]]`, nil},
		{`[[[[]],[[]]]]`, []jsontext.Oddity{{jsontext.TooDeep, at("/0/0/0"), 3, ""}}},
		{`{"a":{"b":[0,{}]}}`, []jsontext.Oddity{{jsontext.TooDeep, at("/a/b/1"), 13, ""}}},
		{`[12345,-1234,123456]`, []jsontext.Oddity{{jsontext.LongNumber, at("/2"), 13, "123456"}}},
		{`[1e40,1E-40,1e+41]`, []jsontext.Oddity{{jsontext.BigExponent, at("/2"), 12, "1e+41"}}},
		{`[1e040,1e99]`, []jsontext.Oddity{{jsontext.BigExponent, at("/1"), 7, "1e99"}}},
		{`{"a":1,"b":2,"a":3,"\u0061":4}`, []jsontext.Oddity{{jsontext.RepeatedKey, at("/a"), 13, "a"}, {jsontext.RepeatedKey, at("/a"), 19, "a"}}},
		{`[{"a":1},{"a":{"a":2}}]`, nil},
		{`{"x":[{"~/":1,"~/":2}]}`, []jsontext.Oddity{{jsontext.RepeatedKey, at("/x/0/~0~1"), 14, "~/"}}},
		{`{"x":{"k":0},"y":[0,{"k":0,"k":1}]}`, []jsontext.Oddity{{jsontext.RepeatedKey, at("/y/1/k"), 27, "k"}}},
		{`{"\ud800":1,"\udfff":2}`, []jsontext.Oddity{ // both are U+FFFD to most readers
			{jsontext.HalfPair, at("/\ufffd"), 2, `\ud800`}, {jsontext.RepeatedKey, at("/\ufffd"), 12, "\ufffd"}, {jsontext.HalfPair, at("/\ufffd"), 13, `\udfff`},
		}},
		{`["\ud83d\ude00","\\ud800","\ud83d\\ude00"]`, []jsontext.Oddity{{jsontext.HalfPair, at("/2"), 27, `\ud83d`}}},
		{"[\"\xff\",\"ok\"]", []jsontext.Oddity{{jsontext.NotUTF8, at("/0"), 2, "\xff"}}},
		{"{\"a\":{\"\xc3\":1}}", []jsontext.Oddity{{jsontext.NotUTF8, at("/a/\ufffd"), 7, "\xc3"}}},
		{`"\ud800"`, []jsontext.Oddity{{jsontext.HalfPair, at(""), 1, `\ud800`}}},
	} {
		got := jsontext.ScanText([]byte(test.text), bounds())
		if diff := cmp.Diff(test.want, got.Oddities); diff != "" {
			t.Errorf("%s:\n%s", test.text, diff)
		}
	}
}

func TestScanCountsValuesAndDepth(t *testing.T) {
	for text, want := range map[string][2]int{
		`1`: {1, 0}, `[]`: {1, 1}, ` [1, "a" ,true,{"k":null}] `: {6, 2}, `{"a":"a","b":[[]]}`: {4, 3},
	} {
		if got := jsontext.ScanText([]byte(text), bounds()); got.Values != want[0] || got.Depth != want[1] {
			t.Errorf("%s: %d values, %d deep, want %v", text, got.Values, got.Depth, want)
		}
	}
}

func TestScanKeepsWhatCannotBeReadBesideManyDoubts(t *testing.T) {
	text := "{" + strings.Repeat(`"a":0,`, 100) + `"b":1e99}`
	got := jsontext.ScanText([]byte(text), bounds())
	last := got.Oddities[len(got.Oddities)-1]
	if last.Kind != jsontext.BigExponent || len(got.Oddities) != 11 || got.More != 89 {
		t.Errorf("%d kept, %d more, the last is %+v", len(got.Oddities), got.More, last)
	}
}

func TestScanFindsRepeatedKeysOfLargeObjects(t *testing.T) {
	for _, size := range []int{23, 24, 25, 26, 1000} {
		var members []string
		for i := range size {
			members = append(members, fmt.Sprintf(`"k%d":0`, i))
		}
		members = append(members, `"k7":1`)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		text := "{" + strings.Join(members, ",") + "}"
		got := jsontext.ScanText([]byte(text), bounds())
		if len(got.Oddities) != 1 || got.Oddities[0].Place.Pointer() != "/k7" || got.Oddities[0].Offset != strings.LastIndex(text, `"k7":`) {
			t.Errorf("%d: %+v", size, got.Oddities)
		}
	}
}

// FuzzScan: whatever the text, the scan ends, and stays inside. Of JSON, it counts what
// the standard library reads.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"a":2,"a":3}],"\ud800":"\ud83d\ude00"}`, "[\"\xff\"", `{"a`, `\`, `]]}}`, `[1e999999]`, `"\u12`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := jsontext.ScanText(text, bounds())
		if !slices.IsSortedFunc(got.Oddities, func(a, b jsontext.Oddity) int { return a.Offset - b.Offset }) {
			t.Errorf("out of order: %+v", got.Oddities)
		}
		for _, odd := range got.Oddities {
			if odd.Offset < 0 || odd.Offset >= len(text) {
				t.Errorf("outside: %+v", odd)
			}
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var value any
		if !json.Valid(text) || dec.Decode(&value) != nil {
			return
		}
		repeated := slices.ContainsFunc(got.Oddities, func(odd jsontext.Oddity) bool { return odd.Kind == jsontext.RepeatedKey })
		if n := countValues(value); got.Values != n && (!repeated || got.Values < n) && got.More == 0 {
			t.Errorf("%d values, want %d", got.Values, n)
		}
		for _, odd := range got.Oddities {
			if !repeated && jsontext.Locate(text, []*jsontext.Place{odd.Place})[0].Value < 0 {
				t.Errorf("%q leads nowhere", odd.Place.Pointer())
			}
		}
	})
}

func countValues(value any) int {
	n := 1
	switch value := value.(type) {
	case []any:
		for _, inner := range value {
			n += countValues(inner)
		}
	case map[string]any:
		for _, inner := range value {
			n += countValues(inner)
		}
	}
	return n
}

func BenchmarkScanText(b *testing.B) {
	text := []byte(`[` + strings.Repeat(`{"id": 12, "name": "Jane Doe", "tags": ["a", "b"], "price": 19.90, "note": null},`, 50) + `0]`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		jsontext.ScanText(text, bounds())
	}
}
