package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/schema"
)

const payments = `{"oneOf":[
	{"type":"object","required":["kind","number"],"properties":{"kind":{"const":"card"},"number":{"type":"string"},"x":{"type":"string"},"y":{"type":"string"}}},
	{"$ref":"#/$defs/bank"},
	{"type":"object","required":["kind"],"properties":{"kind":{"enum":["cash","coin"]}}},
	{"type":"null"}
],"$defs":{"bank":{"type":"object","required":["kind","iban"],"properties":{"kind":{"const":"bank"},"iban":{"type":"string","minLength":5}}}}}`

func TestTheNearestAlternativeIsTold(t *testing.T) {
	for _, test := range []struct{ name, schema, text, want string }{
		{"by its constant", payments, `{"kind":"card","number":1,"x":1,"y":1}`,
			`type wrong "/number": want string, got number 1 (by alternative 1 of 4, the nearest)
type wrong "/x": want string, got number 1 (by alternative 1 of 4, the nearest)
type wrong "/y": want string, got number 1 (by alternative 1 of 4, the nearest)`},
		{"by its constant, behind a reference", payments, `{"kind":"bank"}`, `required missing "": property "iban" is missing (by alternative 2 of 4, the nearest)`},
		{"with the fewest faults", payments, `{"kind":"gold"}`, `enum wrong "/kind": want one of "cash", "coin"; got "gold" (by alternative 3 of 4, the nearest)`},
		{"what is not null", `{"anyOf":[{"type":"null"},{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}]}`, `{"a":1,"b":2}`,
			`type wrong "/a": want string, got number 1 (by alternative 2 of 2, the nearest)
type wrong "/b": want string, got number 2 (by alternative 2 of 2, the nearest)`},
		{"the deepest of equals", `{"anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}]}`, `{"a":{"b":1}}`,
			`type wrong "/a/b": want string, got number 1 (by alternative 2 of 2, the nearest)`},
		{"all types at once", `{"anyOf":[{"type":"string"},{"type":["null","string"]},{"$ref":"#/$defs/n"}],"$defs":{"n":{"type":"integer"}}}`, `true`,
			`anyOf wrong "": want integer, null or string, got true`},
		{"all values at once", `{"oneOf":[{"const":"a"},{"const":"b"},{"enum":["c","d"]}]}`, `"e"`, `oneOf wrong "": want one of "a", "b", "c", "d"; got "e"`},
		{"one alternative is none", `{"anyOf":[{"type":"string"}]}`, `1`, `anyOf wrong "": want string, got number 1`},
		{"inside another", `{"anyOf":[{"type":"object","properties":{"p":` + payments[:strings.Index(payments, `,"$defs"`)] + `}}},{"type":"null"}],` + payments[strings.Index(payments, `"$defs"`):], `{"p":{"kind":"bank"}}`,
			`required missing "/p": property "iban" is missing (by alternative 2 of 4, the nearest)`},
		{"several fit", `{"oneOf":[{"type":"integer"},{"type":"string"},{"minimum":2}]}`, `3`, `oneOf wrong "": want exactly one of the 3 alternatives to fit, and 1 and 3 do`},
		{"as a name", `{"propertyNames":{"anyOf":[{"const":"a"},{"const":"b"}]}}`, `{"c":1}`, `propertyNames wrong "/c": as the name of a property: want one of "a", "b"; got "c"`},
	} {
		if got := faultsOf(t, test.schema, test.text); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// The catalog of octokit has an alternative for each of 66 events.
func TestManyAlternativesAreNotAllTold(t *testing.T) {
	var all []string
	for _, name := range strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x y z") {
		all = append(all, `{"required":["event","n1","n2","n3"],"properties":{"event":{"const":"`+name+`"},"`+name+`":{"type":"string"}}}`)
	}
	v := mustCompile(t, `{"oneOf":[`+strings.Join(all, ",")+`]}`, schema.Options{}).Check([]byte(`{"event":"q","n1":1,"n2":2,"q":7}`))
	want := `required missing "": property "n3" is missing (by alternative 17 of 26, the nearest)
type wrong "/q": want string, got number 7 (by alternative 17 of 26, the nearest)`
	if got := lines(v); got != want {
		t.Errorf("got %s", got)
	}
}
