package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// targetsOf names the schemas that references lead to, so that recursive ones are known
// again.
func targetsOf(f *folder, schemas []any) string {
	var b strings.Builder
	for _, schema := range schemas {
		for range maxReferences {
			s, _ := schema.(*jsontext.Object)
			if s == nil || s.Len() > 1 || s.Text("$ref") == "" {
				break
			}
			target, err := f.library.resolve(s, s.Text("$ref"))
			if err != nil {
				break
			}
			schema = target
		}
		fmt.Fprintf(&b, "%p ", schema)
	}
	return b.String() + "; "
}

// formOf is the form of schemas, in which null or another schema is that schema with
// null, and types are those that alternatives and enumerations leave.
func (f *folder) formOf(schemas []any) (*form, error) {
	var key *jsontext.Object // where the form may be kept
	if len(schemas) == 1 {
		key, _ = schemas[0].(*jsontext.Object)
	}
	if made := f.forms[key]; made != nil {
		return made, nil
	}
	f.depth++
	made, err := f.makeForm(schemas)
	f.depth--
	if err == nil && key != nil {
		f.forms[key] = made
	}
	return made, err
}

func (f *folder) makeForm(schemas []any) (*form, error) {
	into, err := f.fold(schemas...)
	if err != nil || f.depth > maxReferences {
		return into, err
	}
	for i := 0; i < len(into.groups) && i < maxReferences; {
		done, err := f.simplify(into, i)
		if err != nil {
			return nil, err
		}
		if !done {
			i++
		}
	}
	if into.enum == nil {
		return into, nil
	}
	var seen types
	for _, value := range into.enum {
		seen |= typeOf(value)
	}
	into.types &= seen
	return into, nil
}

// simplify takes a group apart of which only one alternative is other than null.
func (f *folder) simplify(into *form, i int) (bool, error) {
	var others []any
	var union types
	for _, schema := range into.groups[i].schemas {
		alternative, err := f.formOf([]any{schema})
		if err != nil {
			return false, err
		}
		union |= alternative.types
		if alternative.types&^typeNull != 0 {
			others = append(others, schema)
		}
	}
	null := into.types & union & typeNull
	if into.types &= union; len(others) != 1 {
		into.groups[i].schemas = others
		return false, nil
	}
	into.groups = slices.Delete(into.groups, i, i+1)
	if err := f.add(into, others[0], 0); err != nil {
		return false, err
	}
	into.types |= null
	if null != 0 && into.enum != nil && !slices.Contains(into.enum, nil) {
		into.enum = append(into.enum, nil)
	}
	return true, nil
}
