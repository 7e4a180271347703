package schema_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/schema"
)

// What is equal is so by JSON Schema, not by how it is written.
func TestValuesAreComparedByWhatTheyAre(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		equal bool
	}{
		{`1`, `1.0`, true}, {`1`, `10e-1`, true}, {`100`, `1E+2`, true}, {`0`, `-0.00e5`, true}, {`-1`, `1`, false}, {`0.1`, `1e-1`, true}, {`10`, `1`, false},
		{`1.5`, `15e-1`, true}, {`123456789012345678901`, `123456789012345678902`, false}, {`1e400`, `10e399`, true}, {`1`, `"1"`, false}, {`1`, `true`, false},
		{`null`, `false`, false}, {`null`, `null`, true}, {`""`, `null`, false}, {`"a"`, `"\u0061"`, true}, {`"a"`, `"A"`, false}, {`[]`, `{}`, false},
		{`[1,"a"]`, `[1.0,"a"]`, true}, {`[1,2]`, `[2,1]`, false}, {`["a","b"]`, `["ab"]`, false}, {`[["a"],"b"]`, `["a",["b"]]`, false}, {`["s1:a"]`, `["a"]`, false},
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1}`, true}, {`{"a":1}`, `{"a":1,"b":2}`, false}, {`{"a":"b"}`, `{"b":"a"}`, false}, {`[12]`, `[1,2]`, false},
	} {
		want := map[bool]string{true: "valid", false: "invalid"}[test.equal]
		for _, keyword := range []string{`{"const":` + test.a + `}`, `{"enum":["other",` + test.a + `,{"x":0}]}`, `{"not":{"enum":[7]},"enum":[` + test.a + `]}`} {
			if got := mustCompile(t, keyword, schema.Options{}).Check([]byte(test.b)); string(got.Outcome) != want {
				t.Errorf("%s against %s: %s", test.b, keyword, lines(got))
			}
		}
		both := mustCompile(t, `{"not":{"uniqueItems":true}}`, schema.Options{}).Check([]byte("[0.5," + test.a + "," + test.b + "]"))
		if string(both.Outcome) != want {
			t.Errorf("items %s and %s: %s", test.a, test.b, lines(both))
		}
	}
}
