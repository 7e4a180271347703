package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

func (d *comparison) types(was, now types) {
	added, removed := now&^was, was&^now
	wide, narrow := added&^typeNull, removed&^typeNull
	switch {
	case wide != 0 && was&now&^typeNull == 0 && was&^typeNull != 0 && d.partly == 0:
		d.report(TypeChanged, true, was.String(), now.String(), "the type was %s and is %s", was, now)
		return
	case wide != 0:
		d.report(TypeWidened, true, was.String(), now.String(), "the type was %s and may be %s", was, now)
		return
	case narrow != 0:
		d.report(TypeNarrowed, false, was.String(), now.String(), "the type may have been %s and is %s", was, now)
	}
	if added&typeNull != 0 {
		d.report(Nullable, true, was.String(), now.String(), "it may be null")
	} else if removed&typeNull != 0 && narrow == 0 {
		d.report(NotNullable, false, was.String(), now.String(), "it is null no longer")
	}
}

func (d *comparison) enums(a, b *form) {
	if a.enum == nil || b.enum == nil {
		d.openEnums(a, b)
	}
	switch {
	case a.enum == nil && b.enum == nil:
		return
	case a.enum == nil:
		d.report(EnumSet, false, "", listOf(b.enum), "it is one of %s", listOf(b.enum))
		return
	case b.enum == nil:
		d.report(EnumDropped, true, listOf(a.enum), "", "it may be any value, not only %s", listOf(a.enum))
		return
	}
	for _, value := range missing(b.enum, a.enum) {
		d.report(EnumValueAdded, true, "", value, "it may be %s", value)
	}
	for _, value := range missing(a.enum, b.enum) {
		d.report(EnumValueRemoved, false, value, "", "it is %s no longer", value)
	}
}

// missing are the values other than null that another list has not, as JSON.
func missing(values, other []any) []string {
	var texts []string
	for _, value := range values {
		if value != nil && !has(other, value) {
			texts = append(texts, string(jsontext.Compact(value)))
		}
	}
	return texts
}

func has(list []any, value any) bool {
	return slices.ContainsFunc(list, func(one any) bool { return same(value, one) })
}

// listOf are values for people, the first ones of many.
func listOf(values []any) string {
	const shown = 5
	var texts []string
	for i, value := range values {
		if i == shown {
			texts = append(texts, fmt.Sprintf("%d more", len(values)-shown))
			break
		}
		texts = append(texts, string(jsontext.Compact(value)))
	}
	return strings.Join(texts, ", ")
}
