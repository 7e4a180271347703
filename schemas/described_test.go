package schemas_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outputSchemas are the schemas of what commands print; the others beside them are those of
// files that people write.
func outputSchemas(t *testing.T) map[string]map[string]any {
	t.Helper()
	paths, err := filepath.Glob("*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var schema map[string]any
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if path != "catalog.schema.json" && path != "config.schema.json" && path != "provider.schema.json" {
			all[path] = schema
		}
	}
	return all
}

// Who reads the schema of an output learns of each property what it means.
func TestEveryPropertyIsDescribed(t *testing.T) {
	all, n := outputSchemas(t), 0
	for file, schema := range all {
		eachProperty(schema, "", func(path string, property any) {
			n++
			if !described(all, file, property) {
				t.Errorf("%s: %s has no description, nor has what it refers to", file, path)
			}
		})
	}
	if n < 300 {
		t.Errorf("%d properties were looked at", n)
	}
}

// eachProperty calls visit for the properties of every object in a schema, but for those that
// an "if" only asks about.
func eachProperty(schema any, path string, visit func(path string, property any)) {
	switch schema := schema.(type) {
	case []any:
		for _, one := range schema {
			eachProperty(one, path, visit)
		}
	case map[string]any:
		for key, value := range schema {
			switch key {
			case "if", "const", "enum":
			case "properties":
				for name, property := range value.(map[string]any) {
					visit(path+"/"+name, property)
					eachProperty(property, path+"/"+name, visit)
				}
			default:
				eachProperty(value, path+"/"+key, visit)
			}
		}
	}
}

func described(all map[string]map[string]any, file string, property any) bool {
	object, is := property.(map[string]any)
	if !is {
		return false
	}
	if text, _ := object["description"].(string); text != "" {
		return strings.HasSuffix(text, ".")
	}
	ref, is := object["$ref"].(string)
	if !is {
		return false
	}
	target, pointer, _ := strings.Cut(ref, "#")
	if target == "" {
		target = file
	}
	var place any = all[target]
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if at, is := place.(map[string]any); is && pointer != "" {
			place = at[token]
		}
	}
	return described(all, target, place)
}
