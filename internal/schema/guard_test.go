package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// jsonschema/v5 v5.3.1 panics on an exponent beyond a million in each of these places.
func TestHugeExponentsAreFaultsAndNoPanics(t *testing.T) {
	for _, text := range []string{
		`{"type":"integer"}`, `{"minimum":1}`, `{"maximum":1}`, `{"multipleOf":2}`, `{"enum":[1]}`, `{"const":1}`, `true`,
		`{"items":{"type":"integer"}}`, `{"uniqueItems":true}`,
	} {
		s := mustCompile(t, text, schema.Options{})
		for _, number := range []string{"1e1000001", "-1e-1000001", "1e99999999999999999999", "[2,2,1E+1000001]", "[1e401]"} {
			if got := verdict(s.Check([]byte(number))); got != "invalid number" {
				t.Errorf("%s against %s: %s", number, text, got)
			}
		}
		if got := s.Check([]byte("[1e400]")); strings.Contains(verdict(got), "number") {
			t.Errorf("1e400 against %s: %s", text, verdict(got))
		}
	}
}

func TestLongNumbersAreFaults(t *testing.T) {
	s := mustCompile(t, `{"items":{"type":"integer"}}`, schema.Options{})
	for length, want := range map[int]string{schema.MaxNumber: "valid", schema.MaxNumber + 1: "invalid number", 1 << 20: "invalid number"} {
		if got := verdict(s.Check([]byte("[" + strings.Repeat("9", length) + "]"))); got != want {
			t.Errorf("%d digits: %s, want %s", length, got, want)
		}
	}
}

func TestDeepTextsAreFaultsAndNotChecked(t *testing.T) {
	s := mustCompile(t, `{"type":"array","items":{"$ref":"#"}}`, schema.Options{})
	nested := func(depth int, leaf string) []byte {
		return []byte(strings.Repeat("[", depth) + leaf + strings.Repeat("]", depth))
	}
	for depth, want := range map[int]string{1: "valid", 100: "valid", 101: "invalid depth", 2_000: "invalid depth", 9_999: "invalid depth", 1_000_000: "invalid depth"} {
		v := s.Check(nested(depth, ""))
		if got := verdict(v); got != want {
			t.Errorf("%d deep: %s, want %s", depth, got, want)
		}
	}
	v := s.Check(nested(100, "1"))
	if verdict(v) != "invalid type" || v.Faults[0].Pointer != strings.Repeat("/0", 100) {
		t.Errorf("a wrong leaf: %s", lines(v))
	}
	if v := s.Check(nested(101, "")); v.Faults[0].Offset != 100 || v.Faults[0].Column != 101 {
		t.Errorf("the place is %+v", v.Faults[0])
	}
}

func TestRepeatedKeysAreDoubts(t *testing.T) {
	const text = "{\"id\": 1,\r\n \"a\": {\"x\": 1, \"x\": 2},\n\t\"\\u0069d\": \"2\"}"
	v := mustCompile(t, `{"properties":{"id":{"type":"string"}}}`, schema.Options{}).Check([]byte(text))
	if v.Outcome != hook.Valid { // the last id is a string, as encoding/json takes it
		t.Errorf("outcome %s", v.Outcome)
	}
	want := `duplicate_key doubt "/a/x": key "x" is there more than once: some readers take the first, some the last
duplicate_key doubt "/id": key "id" is there more than once: some readers take the first, some the last`
	if got := lines(v); got != want {
		t.Errorf("got %s", got)
	}
	if f := v.Faults[1]; f.Line != 3 || f.Column != 2 || text[f.Offset:f.Offset+4] != `"\u0` {
		t.Errorf("the place is %+v", f)
	}
	if v := mustCompile(t, `{"properties":{"id":{"type":"integer"}}}`, schema.Options{}).Check([]byte(text)); verdict(v) != "invalid duplicate_key duplicate_key type" {
		t.Errorf("against an integer: %s", verdict(v))
	}
}

func TestBadCharactersAreDoubts(t *testing.T) {
	s := mustCompile(t, `{"type":"object"}`, schema.Options{})
	for text, want := range map[string]string{
		"{\"a\":\"\xff\"}":             `encoding doubt "/a": byte 0xff is not UTF-8`,
		"{\"a\xc3\":1}":                "encoding doubt \"/a\ufffd\": byte 0xc3 is not UTF-8",
		`{"a":"\ud83d\u0041"}`:         `encoding doubt "/a": \ud83d is half a surrogate pair`,
		`{"a":"\ud83d\ude00 \\ud83d"}`: "",
		"{\"a\":\"\u00e9\U0001f600\"}": "",
	} {
		v := s.Check([]byte(text))
		if got := lines(v); got != want || v.Outcome != hook.Valid {
			t.Errorf("%q: %s %s", text, v.Outcome, got)
		}
	}
}

func TestWhatIsNotJSONSaysWhy(t *testing.T) {
	s := mustCompile(t, `true`, schema.Options{})
	for _, test := range []struct {
		text, reason string
		line, column int
	}{
		{"", "it is empty", 1, 1},
		{" \n ", "it has nothing but white space", 2, 2},
		{"\ufeff{}", "it begins with a byte order mark", 1, 1},
		{"{} x", "text follows the end of the JSON value", 1, 4},
		{"{}{}", "text follows the end of the JSON value", 1, 3},
		{"{\n \"é\": NaN}", "got NaN where a value has to be", 2, 7},
		{"[Infinity]", "got Infinity where a value has to be", 1, 2},
		{"[1,]", "got ']' where a value has to be", 1, 4},
		{`{"a":1,}`, "got '}' where a key in double quotes has to be", 1, 8},
		{"{'a':1}", `got '\'' where a key in double quotes has to be`, 1, 2},
		{`{"a" 1}`, "got '1' where a colon has to be", 1, 6},
		{`{"a":1 "b":2}`, "got '\"' where a comma or a closing brace has to be", 1, 8},
		{`[1 2]`, "got '2' where a comma or a closing bracket has to be", 1, 4},
		{"[\"a\nb\"]", `got '\n' in a string, where it must be escaped`, 1, 4},
		{`["\x"]`, `got 'x' after a backslash`, 1, 4},
		{`["\u12g4"]`, `got 'g' where a hexadecimal digit has to be`, 1, 7},
		{`[1.]`, `got ']' where a digit has to be`, 1, 4},
		{`[tru]`, `got ']' where "true" goes on`, 1, 5},
		{`[01]`, `got '1' where a comma or a closing bracket has to be`, 1, 3},
		{`{"a":`, "it ends in the middle of a value", 1, 6},
		{"[1,\n", "it ends in the middle of a value", 2, 1},
		{"<html>", "it begins as XML and HTML do", 1, 1},
		{"a=1&b=2", "got 'a' where a value has to be", 1, 1},
		{"é", "got 'é' where a value has to be", 1, 1},
		{"\xff\xfe{\x00", "got byte 0xff where a value has to be", 1, 1},
	} {
		v := s.Check([]byte(test.text))
		if v.Outcome != hook.NotJSON || v.Reason != "not JSON: "+test.reason || len(v.Faults) != 1 {
			t.Errorf("%q: %+v", test.text, v)
			continue
		}
		f := v.Faults[0]
		if f.Kind != schema.KindSyntax || f.Class != hook.ClassWrong || f.Line != test.line || f.Column != test.column || f.Offset > len(test.text) {
			t.Errorf("%q: %+v, want line %d, column %d", test.text, f, test.line, test.column)
		}
	}
}

func TestManyDoubtsHideNoDanger(t *testing.T) {
	text := "{" + strings.Repeat(`"a":0,`, 50_000) + `"b":1e1000001}`
	v := mustCompile(t, `{"properties":{"b":{"minimum":1}}}`, schema.Options{}).Check([]byte(text))
	if v.Outcome != hook.Invalid || len(v.Faults) != schema.MaxFaults || len(v.Faults)+v.More != 50_000 {
		t.Errorf("%s, %d faults and %d more", v.Outcome, len(v.Faults), v.More)
	}
}
