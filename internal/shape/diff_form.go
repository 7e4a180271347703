package shape

import (
	"fmt"
	"math/big"
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
			target, plain := f.digester.behind(s)
			if !plain {
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
	return into, f.settle(into)
}

// settle takes apart what need not be alternatives, and notes what follows of the rest.
func (f *folder) settle(into *form) error {
	for i := 0; i < len(into.groups) && i < maxReferences; {
		done, err := f.simplify(into, i)
		if err != nil {
			return err
		}
		if !done {
			i++
		}
	}
	into.end()
	if into.enum == nil {
		return nil
	}
	var seen types
	for _, value := range into.enum {
		seen |= typeOf(value)
	}
	into.types &= seen
	return nil
}

// end turns items: false, which ends a list, into the number of items that it leaves.
func (into *form) end() {
	if !never(into.items) {
		return
	}
	into.items, into.ended = nil, true
	most := big.NewRat(int64(len(into.prefix)), 1)
	if old := into.limits["maxItems"]; old == nil || old.Cmp(most) > 0 {
		into.limits["maxItems"] = most
	}
}

// branch is what in says with one alternative of its group at i.
func (f *folder) branch(in *form, i int, schema any) (*form, error) {
	into, null := in.copy(), in.types&typeNull
	into.groups = slices.Delete(into.groups, i, i+1)
	if into.around == nil {
		into.around = in
	}
	f.depth++
	defer func() { f.depth-- }()
	if err := f.add(into, schema, 0); err != nil {
		return nil, err
	}
	if err := f.settle(into); err != nil {
		return nil, err
	}
	into.nullable(null)
	return into, nil
}

// nullable lets null be, where it is given.
func (into *form) nullable(null types) {
	into.types |= null
	if null != 0 && into.enum != nil && !slices.Contains(into.enum, nil) {
		into.enum = append(into.enum, nil)
	}
}

// simplify takes a group apart of which only one alternative is other than null. What is
// there twice is one.
func (f *folder) simplify(into *form, i int) (bool, error) {
	var others []any
	var union types
	seen := map[string]bool{}
	for _, schema := range into.groups[i].schemas {
		alternative, err := f.formOf([]any{schema})
		if err != nil {
			return false, err
		}
		union |= alternative.types
		if text := f.digester.of(schema); alternative.types&^typeNull != 0 && !seen[text] {
			seen[text], others = true, append(others, schema)
		}
	}
	if into.groups[i].null {
		union |= typeNull
	}
	null := into.types & union & typeNull
	if into.enum != nil && !slices.Contains(into.enum, nil) {
		null = 0
	}
	if into.types &= union; len(others) != 1 {
		into.groups[i].schemas = others
		return false, nil
	}
	into.groups = slices.Delete(into.groups, i, i+1)
	before := len(into.groups)
	if err := f.add(into, others[0], 0); err != nil {
		return false, err
	}
	for i := before; i < len(into.groups); i++ {
		into.groups[i].null = null != 0
	}
	into.nullable(null)
	return true, nil
}
