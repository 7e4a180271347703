package shape

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// Kinds of changes. Whether one is breaking depends on more than its kind.
const (
	PropertyRemoved    = "property_removed"
	PropertyAdded      = "property_added"
	PropertyOptional   = "property_optional" // was required
	PropertyRequired   = "property_required" // was optional
	Nullable           = "nullable"
	NotNullable        = "not_nullable"
	TypeChanged        = "type_changed" // to others altogether
	TypeWidened        = "type_widened"
	TypeNarrowed       = "type_narrowed"
	EnumValueAdded     = "enum_value_added"
	EnumValueRemoved   = "enum_value_removed"
	EnumDropped        = "enum_dropped" // any value now
	EnumSet            = "enum_set"
	RuleDropped        = "rule_dropped" // of a keyword, such as format or pattern
	RuleLoosened       = "rule_loosened"
	RuleChanged        = "rule_changed" // to one that cannot be compared
	RuleAdded          = "rule_added"
	RuleTightened      = "rule_tightened"
	AlternativeAdded   = "alternative_added" // to anyOf or oneOf
	AlternativeRemoved = "alternative_removed"
)

// A Change is one thing in which a schema says something else than it did before, as
// those see it who receive what it describes.
type Change struct {
	Kind string
	// Pointer is the JSON pointer of the value, with * for every item of an array and for
	// properties without names of their own.
	Pointer string
	// Was and Now are what the schema said and says, "" for nothing.
	Was, Now string
	// Breaking says that a handler that was right may now fail: it can get what could not
	// come before, or miss what always came.
	Breaking bool
	// Message says it in words.
	Message string
}

// A Source is a schema with what it refers to.
type Source struct {
	URL  string
	Text []byte
	Load Loader
}

func (s Source) open() (*folder, any, error) {
	library, root, err := openLibrary(s.URL, s.Text, s.Load)
	return &folder{library: library, left: maxFolded, forms: map[*jsontext.Object]*form{}}, root, err
}

// maxChanges is how many changes are told of one schema.
const maxChanges = 1000

// Diff tells in what two schemas say something else, the breaking changes first, sorted
// by pointer. Descriptions, titles and examples are not compared.
func Diff(before, after Source) ([]Change, error) {
	d := &comparison{found: map[Change]struct{}{}, settled: map[string]bool{}}
	var was, now any
	var err error
	if d.before, was, err = before.open(); err != nil {
		return nil, err
	}
	if d.after, now, err = after.open(); err != nil {
		return nil, err
	}
	if err := d.compare([]any{was}, []any{now}); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Keys(d.found), func(a, b Change) int {
		if a.Breaking != b.Breaking {
			return map[bool]int{true: -1, false: 1}[a.Breaking]
		}
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Was, b.Was), cmp.Compare(a.Now, b.Now), cmp.Compare(a.Message, b.Message))
	}), nil
}

// A comparison goes through two schemas side by side.
type comparison struct {
	before, after *folder
	path          []string
	// settled are pairs of schemas that are being compared, or are the same.
	settled map[string]bool
	found   map[Change]struct{}
	reports int
}

func (d *comparison) report(kind string, breaking bool, was, now, message string, args ...any) {
	d.reports++
	if len(d.found) < maxChanges {
		d.found[Change{kind, jsontext.Pointer(d.path...), was, now, breaking, fmt.Sprintf(message, args...)}] = struct{}{}
	}
}

// at compares what is one step further.
func (d *comparison) at(step string, was, now []any) error {
	d.path = append(d.path, step)
	err := d.compare(was, now)
	d.path = d.path[:len(d.path)-1]
	return err
}

func (d *comparison) compare(was, now []any) error {
	if len(d.path) > maxValueDepth || len(d.found) >= maxChanges || len(was)+len(now) == 0 {
		return nil
	}
	pair := targetsOf(d.before, was) + targetsOf(d.after, now)
	if d.settled[pair] {
		return nil
	}
	d.settled[pair] = true // a schema within itself says nothing new
	before := d.reports
	err := d.formsOf(was, now)
	d.settled[pair] = d.reports == before
	return err
}

func (d *comparison) formsOf(was, now []any) error {
	a, err := d.before.formOf(was)
	if err != nil {
		return err
	}
	b, err := d.after.formOf(now)
	if err != nil {
		return err
	}
	return d.forms(a, b)
}

// forms compares what two forms say.
func (d *comparison) forms(a, b *form) error {
	d.types(a.types, b.types)
	common := a.types & b.types
	if common&^typeNull == 0 {
		return nil
	}
	d.enums(a, b)
	d.rules(a, b)
	if common&typeObject != 0 {
		if err := d.properties(a, b); err != nil {
			return err
		}
	}
	if common&typeArray != 0 {
		if err := d.items(a, b); err != nil {
			return err
		}
	}
	return d.groups(a, b)
}

func (d *comparison) types(was, now types) {
	added, removed := now&^was, was&^now
	wide, narrow := added&^typeNull, removed&^typeNull
	switch {
	case wide != 0 && was&now&^typeNull == 0 && was&^typeNull != 0:
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
	has := func(list []any, value any) bool {
		return slices.ContainsFunc(list, func(other any) bool { return same(value, other) })
	}
	for _, value := range b.enum {
		if value != nil && !has(a.enum, value) {
			d.report(EnumValueAdded, true, "", string(jsontext.Compact(value)), "it may be %s", jsontext.Compact(value))
		}
	}
	for _, value := range a.enum {
		if value != nil && !has(b.enum, value) {
			d.report(EnumValueRemoved, false, string(jsontext.Compact(value)), "", "it is %s no longer", jsontext.Compact(value))
		}
	}
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
