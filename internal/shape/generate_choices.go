package shape

import (
	"errors"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// choose makes a value of f, by the first workable one of each group of alternatives.
func (g *generator) choose(f *form) (any, error) {
	if value, ok := g.given(f); ok {
		return value, nil
	}
	return g.decide(f, f.choices(0, 0))
}

// choices are the groups of alternatives of f, without the first ones; a condition is
// one between what holds with then, and else.
func (f *form) choices(groups, cases int) [][]any {
	var all [][]any
	for _, one := range f.groups[groups:] {
		all = append(all, one.schemas)
	}
	for _, s := range f.cases[cases:] {
		met := &jsontext.Object{}
		met.Set("allOf", []any{s.Get("if"), orTrue(s, "then")})
		all = append(all, []any{met, orTrue(s, "else")})
	}
	return all
}

func orTrue(s *jsontext.Object, keyword string) any {
	if !s.Has(keyword) {
		return true
	}
	return s.Get(keyword)
}

// decide takes one alternative of each group, and of the groups that they bring.
func (g *generator) decide(f *form, groups [][]any) (any, error) {
	if len(groups) == 0 {
		return g.plain(f)
	}
	first := errors.New("there is no alternative")
	for i, one := range g.ordered(groups[0]) {
		value, err := g.take(f, one, groups[1:])
		if err == nil {
			return value, nil
		}
		if i == 0 {
			first = err
		}
	}
	return nil, first
}

// ordered are alternatives in the order to try them: those that are only null come last.
func (g *generator) ordered(group []any) []any {
	var first, last []any
	for i := range group {
		one := group[(i+g.options.Branch)%len(group)]
		s, _ := one.(*jsontext.Object)
		if s.Text("type") == "null" || s.Has("const") && s.Get("const") == nil {
			last = append(last, one)
		} else {
			first = append(first, one)
		}
	}
	return append(first, last...)
}

// take makes a value of f in which an alternative holds as well.
func (g *generator) take(f *form, alternative any, others [][]any) (any, error) {
	into := f.copy()
	if err := g.folder.add(into, alternative, 0); err != nil {
		return nil, err
	}
	leave, err := g.enter(into.targets[len(f.targets):])
	if err != nil {
		return nil, err
	}
	defer leave()
	if into.types == 0 {
		return nil, UnworkableError("the alternatives allow nothing together")
	}
	return g.decide(into, append(slices.Clip(others), into.choices(len(f.groups), len(f.cases))...))
}
