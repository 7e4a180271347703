package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
)

// fieldsOf are the fields of a schema, one to a line.
func fieldsOf(t *testing.T, files map[string]string) string {
	t.Helper()
	c, err := catalog.Load(folder(files), "acme/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	fields, err := c.Fields(&c.Events[0], "")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Pointer + " " + strings.Join(f.Types, "|"))
		if f.Required {
			b.WriteString(" required")
		}
		if f.Nullable {
			b.WriteString(" null")
		}
		if f.Open {
			b.WriteString(" open")
		}
		for _, text := range []string{strings.Join(f.Enum, ","), f.Format, f.Pattern, f.Description} {
			if text != "" {
				b.WriteString("; " + text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestFields(t *testing.T) {
	for name, test := range map[string]struct{ schema, want string }{
		"an open enum":             {`{"properties": {"a": {"type": "string", "x-extensible-enum": ["x", "y"]}}}`, "/a string open; \"x\",\"y\"\n"},
		"values with signs":        {`{"properties": {"a": {"enum": ["<a> & b"]}}}`, "/a ; \"<a> & b\"\n"},
		"in the order of the file": {`{"properties": {"b": {"type": "string"}, "a": {"type": ["integer", "null"]}}, "required": ["b"]}`, "/b string required\n/a integer null\n"},
		"facts":                    {`{"properties": {"a": {"enum": ["x", 1, null]}, "b": {"const": true}, "c": {"format": "date-time", "pattern": "^x", "description": "When."}}}`, "/a ; \"x\",1,null\n/b ; true\n/c ; date-time; ^x; When.\n"},
		"items":                    {`{"items": {"properties": {"a": {"type": "array", "items": {"type": "string"}}}}}`, "/* \n/*/a array\n/*/a/* string\n"},
		"any other name":           {`{"additionalProperties": {"type": "integer"}}`, "/* integer\n"},
		"names with signs":         {`{"properties": {"a/b~c": {}}}`, "/a~1b~0c \n"},
		"what is referred to comes first": {`{"allOf": [{"$ref": "#/$defs/e"}], "properties": {"b": {"type": "string"}}, "$defs": {"e": {"properties": {"a": {"type": "string"}}, "required": ["a", "b"]}}}`,
			"/a string required\n/b string required\n"},
		"beside a reference":      {`{"properties": {"a": {"$ref": "#/$defs/e", "description": "Mine."}}, "$defs": {"e": {"type": "string", "description": "Theirs."}}}`, "/a string; Mine.\n"},
		"alternatives":            {`{"oneOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}, {"properties": {"a": {"type": "integer"}, "b": {}}}]}`, "/a string|integer\n/b \n"},
		"asked for alone":         {`{"required": ["zz", "a", "y/z"], "properties": {"a": {"type": "string"}}}`, "/a string required\n/zz  required\n/y~1z  required\n"},
		"asked for in a map":      {`{"required": ["zz"], "additionalProperties": {"type": "integer"}}`, "/zz integer required\n/* integer\n"},
		"asked for in one case":   {`{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}`, "/a \n/b \n"},
		"asked for elsewhere":     {`{"allOf": [{"required": ["b"]}], "properties": {"b": {"type": "string"}}}`, "/b string required\n"},
		"goes round":              {`{"properties": {"next": {"$ref": "#"}, "id": {"type": "string"}}}`, "/next \n/id string\n"},
		"leads nowhere":           {`{"properties": {"a": {"$ref": "gone.json"}, "b": {"$ref": "#/x"}, "c": {"$ref": "../../etc/passwd"}, "d": {"$ref": "https://acme.example/x"}}}`, "/a \n/b \n/c \n/d \n"},
		"true and false":          {`{"properties": {"a": true, "b": false}, "items": false, "additionalProperties": true}`, "/a \n/b \n"},
		"not an object":           {`true`, ""},
		"keywords of other kinds": {`{"properties": {"a": {"type": 1, "enum": {}, "required": "x", "$ref": 7, "allOf": {}}}, "required": {}}`, "/a \n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, fieldsOf(t, map[string]string{"anvil.schema.json": test.schema})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFieldsOfOtherFiles(t *testing.T) {
	got := fieldsOf(t, map[string]string{
		"anvil.schema.json": `{"properties": {"a": {"$ref": "parts/a.json#/$defs/x%20y"}, "b": {"$ref": "https://github.com/hookctl/hookctl/schemas/acme/parts/a.json"}}}`,
		"parts/a.json":      `{"type": "array", "$defs": {"x y": {"$ref": "b.json"}}}`,
		"parts/b.json":      `{"type": "string"}`,
	})
	if want := "/a string\n/b array\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A schema can be made so that what it describes is without end, or grows with each step.
func TestFieldsAreBounded(t *testing.T) {
	deep := strings.Repeat(`{"properties": {"a": `, 60) + `{}` + strings.Repeat(`}}`, 60)
	if n := strings.Count(fieldsOf(t, map[string]string{"anvil.schema.json": deep}), "\n"); n > 30 {
		t.Errorf("deep: %d fields", n)
	}
	double := `{"$ref": "#/$defs/d0", "$defs": {`
	for i := range 40 {
		double += `"d` + string(rune('0'+i/10)) + string(rune('0'+i%10)) + `": {},`
	}
	double = strings.TrimSuffix(double, ",") + `}}`
	fieldsOf(t, map[string]string{"anvil.schema.json": double})
	var wide strings.Builder
	wide.WriteString(`{"$ref": "#/$defs/d0", "$defs": {"last": {"type": "string"}`)
	for i := range 30 {
		next := "last"
		if i < 29 {
			next = "d" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10))
		}
		name := "d" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		if i == 0 {
			name = "d0"
		}
		wide.WriteString(`, "` + name + `": {"allOf": [{"$ref": "#/$defs/` + next + `"}, {"$ref": "#/$defs/` + next + `"}]}`)
	}
	wide.WriteString(`}}`)
	fieldsOf(t, map[string]string{"anvil.schema.json": wide.String()})
}
