package shape

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// object makes an object: its properties in the order of the schema, then those that
// are only required.
func (g *generator) object(f *form) (any, error) {
	defer g.enterValue()()
	wanted := g.wanted(f)
	made := &jsontext.Object{}
	for _, key := range append(slices.Clone(f.keys), f.required...) {
		if made.Has(key) || !wanted[key] {
			continue
		}
		value, err := g.make(f.property(key)...)
		switch {
		case err == nil:
			made.Set(key, value)
		case slices.Contains(f.required, key):
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return made, g.fill(f, made)
}

// enterValue notes that what is made is within a value, until leave is called.
func (g *generator) enterValue() (leave func()) {
	before := g.inside
	g.inside = true
	return func() { g.inside = before }
}

// wanted are the properties to make.
func (g *generator) wanted(f *form) map[string]bool {
	wanted := map[string]bool{}
	for _, key := range f.required {
		wanted[key] = true
	}
	room := f.count("maxProperties", len(f.keys)+len(f.required)) - len(wanted)
	for _, key := range f.keys {
		if g.options.All && !wanted[key] && room > 0 && !f.forbids(key) {
			wanted[key] = true
			room--
		}
	}
	for _, s := range f.cases {
		for _, key := range words(s.Object("if").List("required")) {
			wanted[key] = wanted[key] || len(f.props[key]) > 0 && g.options.All
		}
	}
	return wanted
}

// forbids reports whether a property must not be there, as not with required says.
func (f *form) forbids(key string) bool {
	return slices.ContainsFunc(f.nots, func(not *jsontext.Object) bool {
		names := words(not.List("required"))
		return not.Len() == 1 && len(names) == 1 && names[0] == key
	})
}

// property are the schemas of a property.
func (f *form) property(key string) []any {
	schemas := slices.Clone(f.props[key])
	for _, p := range f.patterned {
		if matches(p.pattern, key) {
			schemas = append(schemas, p.schemas...)
		}
	}
	if len(schemas) == 0 {
		schemas = f.additional
	}
	if len(schemas) == 0 && f.closed {
		return []any{false}
	}
	return schemas
}

// fill adds properties until there are as many as there must be. With all, a map has
// one.
func (g *generator) fill(f *form, made *jsontext.Object) error {
	least := f.count("minProperties", 0)
	if g.options.All && least == 0 && len(f.keys) == 0 && len(f.additional)+len(f.patterned)+len(f.names) > 0 {
		least = f.count("maxProperties", 1)
	}
	candidates := slices.Clone(f.keys)
	for _, p := range f.patterned {
		if key, err := fromPattern(p.pattern, 1, maxText); err == nil {
			candidates = append(candidates, key)
		}
	}
	for i := 1; made.Len() < min(least, maxListed); i++ {
		key := ""
		if i <= len(candidates) {
			key = candidates[i-1]
		} else if i > len(candidates)+least {
			return UnworkableError("it needs more properties than it can have")
		} else if key = g.name(f, i); key == "" {
			continue
		}
		if made.Has(key) || f.forbids(key) {
			continue
		}
		if value, err := g.make(f.property(key)...); err == nil {
			made.Set(key, value)
		}
	}
	return nil
}

// name is the i-th name that a property may have without one of its own, from 1 on; ""
// where there is none.
func (g *generator) name(f *form, i int) string {
	if len(f.names) == 0 {
		return "key" + strconv.Itoa(i)
	}
	before := g.variant
	defer func() { g.variant = before }()
	g.variant = i - 1
	text := &jsontext.Object{}
	text.Set("type", "string")
	value, err := g.make(append(slices.Clone(f.names), text)...)
	if name, ok := value.(string); ok && err == nil {
		return name
	}
	return ""
}

// array makes an array: as many items as there must be, and with all at least one.
func (g *generator) array(f *form) (any, error) {
	least, most := min(f.count("minItems", 0), maxListed), f.count("maxItems", maxListed)
	wanted := least
	if g.options.All {
		wanted = min(max(least, len(f.prefix), min(1, len(f.items))), most)
	}
	defer g.enterValue()()
	before := g.variant
	defer func() { g.variant = before }()
	list := []any{}
	for i := range f.count("minContains", 1) {
		if len(f.contains) == 0 || i >= maxListed {
			break
		}
		value, err := g.make(append(slices.Clone(f.contains), f.item(i)...)...)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	for len(list) < wanted {
		g.variant = before
		if f.unique {
			g.variant += len(list)
		}
		value, err := g.make(f.item(len(list))...)
		if err != nil && len(list) >= least {
			break
		} else if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

// item are the schemas of the item at an index.
func (f *form) item(i int) []any {
	if i < len(f.prefix) {
		return f.prefix[i]
	}
	return f.items
}

// count is a limit on how many there are, otherwise where there is none.
func (f *form) count(keyword string, otherwise int) int {
	limit := f.limits[keyword]
	if limit == nil {
		return otherwise
	}
	n := ceil(limit)
	if !n.IsInt64() || n.Int64() > 1<<20 || n.Sign() < 0 {
		return 1 << 20
	}
	return int(n.Int64())
}

// ceil is the smallest whole number that is not less than r.
func ceil(r *big.Rat) *big.Int {
	n, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	return n
}

// copy is a form that can be added to without a change to f.
func (f *form) copy() *form {
	c := *f
	c.enum, c.listed, c.samples, c.required = slices.Clone(f.enum), slices.Clone(f.listed), slices.Clone(f.samples), slices.Clone(f.required)
	c.keys, c.props = slices.Clone(f.keys), maps.Clone(f.props)
	for key, schemas := range c.props {
		c.props[key] = slices.Clip(schemas)
	}
	c.patterned, c.additional = slices.Clone(f.patterned), slices.Clone(f.additional)
	c.prefix = slices.Clone(f.prefix)
	for i := range c.prefix {
		c.prefix[i] = slices.Clip(c.prefix[i])
	}
	c.items, c.contains = slices.Clone(f.items), slices.Clone(f.contains)
	c.limits = maps.Clone(f.limits)
	c.patterns, c.formats = slices.Clone(f.patterns), slices.Clone(f.formats)
	c.groups, c.cases, c.nots, c.names = slices.Clone(f.groups), slices.Clone(f.cases), slices.Clone(f.nots), slices.Clone(f.names)
	c.rest = maps.Clone(f.rest)
	for keyword, values := range c.rest {
		c.rest[keyword] = slices.Clip(values)
	}
	c.targets = slices.Clone(f.targets)
	return &c
}
