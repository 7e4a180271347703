package schema_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

const home = "https://github.com/hookctl/hookctl/schemas/"

// mustCompile compiles a schema as recharge/order.schema.json.
func mustCompile(t testing.TB, text string, o schema.Options) *schema.Schema {
	t.Helper()
	s, err := schema.Compile(home+"recharge/order.schema.json", []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// faultsOf are the faults of a text, one line each.
func faultsOf(t testing.TB, schemaText, text string) string {
	t.Helper()
	v := mustCompile(t, schemaText, schema.Options{}).Check([]byte(text))
	return lines(v)
}

func lines(v hook.Validation) string {
	var all []string
	for _, f := range v.Faults {
		all = append(all, fmt.Sprintf("%s %s %q: %s", f.Kind, f.Class, f.Pointer, f.Message))
	}
	return strings.Join(all, "\n")
}

// verdict is the outcome and the kinds of the faults.
func verdict(v hook.Validation) string {
	all := []string{string(v.Outcome)}
	for _, f := range v.Faults {
		all = append(all, f.Kind)
	}
	return strings.Join(all, " ")
}

// files serves schemas by what follows home.
func files(texts map[string]string) func(string) ([]byte, error) {
	return func(url string) ([]byte, error) {
		if text, ok := texts[strings.TrimPrefix(url, home)]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("there is no such file")
	}
}
