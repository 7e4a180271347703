package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

func TestPatternsOfECMAThatGoRefuses(t *testing.T) {
	for _, test := range []struct{ pattern, fits, not string }{
		{`^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$`, "12.50", "+-"}, // every decimal of Pydantic
		{`^(?=.*[a-z])(?=.*\d).+$`, "a1", "a"},
		{`(?<=\$)\d+`, "$12", "12"},
		{`^\u0041$`, "A", "u0041"},
		{`^\cA$`, "\x01", "cA"},
		{`^a{1,2048}$`, "aaa", ""},
		{`^(?<q>['"]).*\k<q>$`, "'a'", `'a"`},
		{`^(?!x)[a-z]+$`, "abc", "abc\n"},
		{`^(?!x)\d$`, "1", "١"},
		{`^(?!x).$`, "\U0001f600", "ab"},
		{`^[^]$`, "\n", ""},
	} {
		s := mustCompile(t, `{"pattern":`+quote(test.pattern)+`}`, schema.Options{})
		if v := s.Check([]byte(quote(test.fits))); v.Outcome != hook.Valid {
			t.Errorf("%s: %q is refused: %s", test.pattern, test.fits, lines(v))
		}
		v := s.Check([]byte(quote(test.not)))
		if verdict(v) != "invalid pattern" || v.Faults[0].Rule != "recharge/order.schema.json#/pattern" || !strings.HasPrefix(v.Faults[0].Message, "want a match of ") {
			t.Errorf("%s: %q: %s", test.pattern, test.not, lines(v))
		}
		if v := s.Check([]byte(`12`)); v.Outcome != hook.Valid {
			t.Errorf("%s: a number: %s", test.pattern, lines(v))
		}
	}
}

// Go has these as well, and means something else.
func TestPatternsMeanWhatECMASays(t *testing.T) {
	for _, test := range []struct{ pattern, fits, not string }{
		{`^\\s$`, "\u00a0", "\u200b"}, {`^\\s$`, "\ufeff", "x"}, {`^\\s$`, "\u2028", ""}, {`^\\s$`, "\v", "\x1c"}, {`^\\s$`, "\u3000", "\u0085"},
		{`^\\S$`, "x", "\u00a0"}, {`^[\\S\\n]$`, "\n", "\ufeff"}, {`^[\\S]$`, "\U0001f600", "\u2029"}, {`^[^\\s]$`, "\u200b", "\u1680"}, {`^[a\\s]$`, "\u202f", "s"},
		{`^.$`, "\U0001f600", "\r"}, {`^.$`, "\u0085", "\u2028"}, {`^[.]$`, ".", "x"}, {`^\\.$`, ".", "x"}, {`^\\\\.$`, "\\x", "."},
		{`^(?!y)\\s.$`, "\u00a0x", " \r"}, {`^(?=[\\S])[^]$`, "\u200b", "\ufeff"},
		{`^[[:alpha:]]$`, "a]", "b"}, {`^[]$|^a$`, "a", ""}, {`^a[^]b$`, "a\nb", "ab"},
		{`^\\p{Script=Greek}$`, "α", "a"}, {`^\\p{sc=Greek}\\P{gc=Lu}$`, "αα", "αΑ"}, {`^[\\p{General_Category=Nd}x]$`, "x", "y"}, {`^\\p{Letter}$`, "é", "1"},
		{`^(?!x)\\p{Script=Greek}$`, "α", "a"},
	} {
		s := mustCompile(t, `{"pattern":"`+test.pattern+`","patternProperties":{"`+test.pattern+`":{"type":"null"}}}`, schema.Options{})
		if v := s.Check(asJSON(t, test.fits)); v.Outcome != hook.Valid {
			t.Errorf("%s: %q is refused: %s", test.pattern, test.fits, lines(v))
		}
		if v := s.Check(asJSON(t, test.not)); verdict(v) != "invalid pattern" {
			t.Errorf("%s: %q: %s", test.pattern, test.not, lines(v))
		}
		if v := s.Check(asJSON(t, map[string]int{test.fits: 1, test.not: 1})); verdict(v) != "invalid type" || v.Faults[0].Pointer != "/"+strings.ReplaceAll(test.fits, "/", "~1") {
			t.Errorf("%s as a key: %s", test.pattern, lines(v))
		}
	}
}

func TestWhatOnlyGoHasInPatternsIsWarnedOf(t *testing.T) {
	for pattern, want := range map[string]string{
		`(?i)^abc$`: `"(?i)"`, `^(?P<n>a)`: `"(?P<"`, `\\Aabc\\z`: `"\\A"`, `^abc$`: "", `(?i:abc)`: "", `(?<n>a)`: "", `(?:a)[(?i)]`: "", `\\(?i\\)`: "",
	} {
		s := mustCompile(t, `{"pattern":"`+pattern+`"}`, schema.Options{})
		if got := strings.Join(s.Warnings, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", pattern, got)
		}
		if v := s.Check([]byte(`"abc"`)); want != "" && v.Outcome != hook.Valid {
			t.Errorf("%s: %s", pattern, lines(v))
		}
	}
}

func TestReferencesThroughMarkedKeywords(t *testing.T) {
	for _, text := range []string{
		`{"properties":{"b":{"$ref":"#/patternProperties/%5Ex(%3F=y)"}},"patternProperties":{"^x(?=y)":{"type":"string"}}}`,
		`{"patternProperties":{"^x(?=y)":{"type":"string"},"^b":{"$ref":"#/patternProperties/%5Ex(%3F=y)"}}}`,
		`{"properties":{"b":{"$ref":"#/additionalProperties"}},"patternProperties":{"^x(?=y)":true},"additionalProperties":{"type":"string"}}`,
		`{"allOf":[{"properties":{"b":{"$ref":"#/$defs/d~1/patternProperties/%5Ex(%3F=y)/items"}}}],"$defs":{"d/":{"patternProperties":{"^x(?=y)":{"items":{"type":"string"}}}}}}`,
		`{"properties":{"b":{"$ref":"a.json#/patternProperties/%5Ex(%3F=y)"}}}`,
		`{"properties":{"b":{"$ref":"#/patternProperties/%5Cs"}},"patternProperties":{"\\s":{"type":"string"}}}`,
	} {
		load := files(map[string]string{"recharge/a.json": `{"patternProperties":{"^x(?=y)":{"type":"string"}}}`})
		s, err := schema.Compile(home+"recharge/order.schema.json", []byte(text), schema.Options{Load: load})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		v := s.Check([]byte(`{"b":1}`))
		if verdict(v) != "invalid type" || v.Faults[0].Pointer != "/b" || strings.ContainsRune(v.Faults[0].Rule, 0x10fffd) {
			t.Errorf("%s: %s", text, lines(v))
		}
	}
}

func TestPatternPropertiesOfECMA(t *testing.T) {
	const ecma, both, additional = `"patternProperties":{"^x(?=y)":{"type":"string"}}`, `"patternProperties":{"^x(?=y)":{"type":"string"},"^n_":{"type":"number"}}`, `"properties":{"a":true,"xy~/":{"minLength":2}}`
	for _, test := range []struct{ schema, text, want string }{
		{`{` + ecma + `}`, `{"xy":"a","xz":1}`, ""},
		{`{` + ecma + `}`, `{"xy":1}`, "type /xy #/patternProperties/^x(?=y)/type"},
		{`{` + ecma + `,` + additional + `}`, `{"xy~/":"1"}`, "minLength /xy~0~1 #/properties/xy~0~1/minLength"},
		{`{` + ecma + `,` + additional + `,"additionalProperties":false}`, `{"a":1,"xyz":"","b":1,"c":1}`, "additionalProperties /b #/additionalProperties, additionalProperties /c #/additionalProperties"},
		{`{` + both + `,"additionalProperties":{"type":"null"}}`, `{"n_1":1,"xy":"","z":null}`, ""},
		{`{` + both + `,"additionalProperties":{"type":"null"}}`, `{"n_1":"1","z":1}`, "type /n_1 #/patternProperties/^n_/type, type /z #/additionalProperties/type"},
		{`{` + both + `,"unevaluatedProperties":false}`, `{"n_1":1,"xy":"","z":null}`, "unevaluatedProperties /z #/unevaluatedProperties"},
		{`{"allOf":[{` + both + `}],"unevaluatedProperties":false}`, `{"n_1":1,"xy":"","z":null}`, "unevaluatedProperties /z #/unevaluatedProperties"},
		{`{"allOf":[{` + both + `,"additionalProperties":true}],"unevaluatedProperties":false}`, `{"n_1":1,"xy":"","z":null}`, ""},
		{`{"patternProperties":{"^x(?=y)":false}}`, `{"xy":1}`, "false /xy #/patternProperties/^x(?=y)"},
		{`{"patternProperties":{"^(?!_)":{"$ref":"#/$defs/s"}},"$defs":{"s":{"type":"string"}}}`, `{"_":1,"b":1}`, "type /b #/$defs/s/type"},
		{`{"propertyNames":{"pattern":"^(?!_)"}}`, `{"_":1,"b":1}`, "propertyNames /_ #/propertyNames/pattern"},
	} {
		v := mustCompile(t, test.schema, schema.Options{}).Check([]byte(test.text))
		var got []string
		for _, f := range v.Faults {
			got = append(got, f.Kind+" "+f.Pointer+" "+strings.TrimPrefix(f.Rule, "recharge/order.schema.json"))
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s\n%s: %s", test.schema, test.text, strings.Join(got, ", "))
		}
	}
}

func TestPatternsAreLeftAloneWhereTheyAreNone(t *testing.T) {
	s := mustCompile(t, `{
		"properties": {"pattern": {"type": "string"}, "patternProperties": {"type": "string"}, "e": {"enum": [{"pattern": "^(?!x)"}, {"patternProperties": {"(": 1}}]},
			"c": {"const": {"pattern": "("}}},
		"default": {"pattern": "("}, "examples": [{"pattern": "^(?!x)"}], "x-other": {"pattern": "("}, "pattern": "^(?!y)"
	}`, schema.Options{})
	for text, want := range map[string]string{
		`{"pattern":"y","e":{"pattern":"^(?!x)"},"c":{"pattern":"("}}`: "valid",
		`{"e":{"patternProperties":{"(":1}}}`:                          "valid",
		`{"pattern":1}`:                                                "invalid type", `{"c":{}}`: "invalid const", `"y"`: "invalid pattern",
	} {
		if got := verdict(s.Check([]byte(text))); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestAPatternThatNobodyKnowsIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		`{"properties":{"a":{"pattern":"^(?!x"}}}`:              `line 1, column 31, /properties/a/pattern: the pattern "^(?!x" is not a regular expression: `,
		`{"items":{"patternProperties":{"a":{},"[b":{}}}}`:      `line 1, column 44, /items/patternProperties/[b: the pattern "[b" is not a regular expression: `,
		`{"pattern":"\\Z"}`:                                     `line 1, column 12, /pattern: the pattern "\\Z" is not a regular expression: `,
		`{"pattern":"(?=` + strings.Repeat("a", 10_000) + `)"}`: `line 1, column 12, /pattern: the pattern "(?=` + strings.Repeat("a", 37) + `…" is not a regular expression: `,
	} {
		_, err := schema.Compile(home+"a/b.json", []byte(text), schema.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "schema a/b.json: "+want) {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestHostilePatternsEndInAFault(t *testing.T) {
	long := quote(strings.Repeat("a", 1<<20) + "!")
	backtracking := `{"pattern":"^(?=a)(a+)+$"}`
	for _, test := range []struct{ name, schema, text, want string }{
		{"a ReDoS that Go does not mind", `{"pattern":"^(a+)+$"}`, long, "invalid pattern"},
		{"a ReDoS of ECMA", backtracking, quote(strings.Repeat("a", 40) + "!"), "invalid deadline"},
		{"under not", `{"not":` + backtracking + `}`, quote(strings.Repeat("a", 40) + "!"), "invalid deadline"},
		{"in an alternative", `{"anyOf":[` + backtracking + `,true]}`, quote(strings.Repeat("a", 40) + "!"), "invalid deadline"},
		{"as a key", `{"patternProperties":{"^(?=a)(a+)+$":true}}`, `{` + quote(strings.Repeat("a", 40)+"!") + `:1}`, "invalid deadline"},
		{"many times", `{"items":` + backtracking + `}`, "[" + strings.Repeat(quote(strings.Repeat("a", 40)+"!")+",", 100) + "1]", "invalid deadline"},
		{"many states", `{"pattern":"^(x?y?){1000}$"}`, long, "invalid deadline"},
		{"many states, short text", `{"pattern":"^(x?y?){1000}$"}`, `"xy"`, "valid"},
	} {
		s := mustCompile(t, test.schema, schema.Options{})
		v := s.Check([]byte(test.text))
		if got := verdict(v); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
		if v := s.Check([]byte(`"b"`)); test.name == "a ReDoS of ECMA" && verdict(v) != "invalid pattern" {
			t.Errorf("%s, afterwards: %s", test.name, verdict(v))
		}
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\x01", `\u0001`).Replace(s) + `"`
}
