package shape

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

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
	OpenValueAdded     = "open_enum_value_added" // to a list of values beside which others may come
	OpenValueRemoved   = "open_enum_value_removed"
	RuleDropped        = "rule_dropped" // of a keyword, such as format or pattern
	RuleLoosened       = "rule_loosened"
	RuleChanged        = "rule_changed" // to one that cannot be compared
	RuleAdded          = "rule_added"
	RuleTightened      = "rule_tightened"
	AlternativeAdded   = "alternative_added" // to anyOf or oneOf
	AlternativeRemoved = "alternative_removed"
	ObjectOpened       = "object_opened" // properties may come that have no names yet
	ObjectClosed       = "object_closed"
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
	return &folder{
		library: library, left: maxFolded, forms: map[*jsontext.Object]*form{},
		digester: &digester{library: library, made: map[*jsontext.Object]string{}, left: maxFolded},
	}, root, err
}

// What is told of one schema at most. No breaking change is ever left out for a safe one.
const (
	maxSafe     = 1000
	maxBreaking = 10000
	// maxCompared is how many pairs of schemas are compared at each of the places where
	// they are. Beyond it each pair is compared once.
	maxCompared = 1 << 17
)

// Diff tells in what two schemas say something else, the breaking changes first, sorted
// by pointer. Descriptions, titles and examples are not compared. There are at least
// so many more as the number says.
func Diff(before, after Source) (changes []Change, more int, err error) {
	d := &comparison{into: newChanges(), verdicts: map[string]verdict{}}
	var was, now any
	if d.before, was, err = before.open(); err != nil {
		return nil, 0, err
	}
	if d.after, now, err = after.open(); err != nil {
		return nil, 0, err
	}
	if err := d.compare([]any{was}, []any{now}); err != nil {
		return nil, 0, err
	}
	return sortedChanges(d.into.found), d.into.more, nil
}

// sortedChanges are the keys, the breaking changes first.
func sortedChanges[V any](found map[Change]V) []Change {
	return slices.SortedFunc(maps.Keys(found), func(a, b Change) int {
		if a.Breaking != b.Breaking {
			return map[bool]int{true: -1, false: 1}[a.Breaking]
		}
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Was, b.Was), cmp.Compare(a.Now, b.Now), cmp.Compare(a.Message, b.Message))
	})
}

// A verdict is what the comparison of two schemas has shown so far.
type verdict uint8

const (
	unseen    verdict = iota
	unchanged         // or being compared: a schema within itself says nothing new
	harmless
	harmful
)

// Changes are those that were found, each once, within bounds.
type changes struct {
	found          map[Change]struct{}
	safe, breaking int
	more           int
}

func newChanges() *changes { return &changes{found: map[Change]struct{}{}} }

func (c *changes) add(one Change) {
	if _, known := c.found[one]; known {
		return
	}
	count, most := &c.safe, maxSafe
	if one.Breaking {
		count, most = &c.breaking, maxBreaking
	}
	if *count >= most {
		c.more++
		return
	}
	*count++
	c.found[one] = struct{}{}
}

// A comparison goes through two schemas side by side.
type comparison struct {
	before, after *folder
	path          []string
	into          *changes
	// verdicts are those of pairs of schemas, and worst is that of the pair at hand.
	verdicts map[string]verdict
	worst    verdict
	pair     string // what names the pair at hand
	compared int
	spreads  int // alternatives that were compared as if they were all
	tried    int // pairs of alternatives
	// trials and partly say that only the verdict counts, and that what is compared is one
	// alternative of what comes.
	trials, partly int
}

func (d *comparison) report(kind string, breaks bool, was, now, message string, args ...any) {
	d.worst = max(d.worst, harmless)
	if breaks {
		d.worst = harmful
	}
	if d.trials == 0 {
		d.into.add(Change{kind, jsontext.Pointer(d.path...), was, now, breaks, fmt.Sprintf(message, args...)})
	}
}

// here does what is one step further.
func (d *comparison) here(step string, do func()) {
	d.path = append(d.path, step)
	do()
	d.path = d.path[:len(d.path)-1]
}

// at compares what is one step further.
func (d *comparison) at(step string, was, now []any) (err error) {
	d.here(step, func() { err = d.compare(was, now) })
	return err
}

func (d *comparison) compare(was, now []any) error { return d.compareIn(nil, nil, was, now) }

// compareIn compares alternatives of the forms a and b; nil stands for none.
func (d *comparison) compareIn(a, b *form, was, now []any) error {
	if len(d.path) > maxValueDepth || len(was)+len(now) == 0 {
		return nil
	}
	pair := targetsOf(d.before, was) + targetsOf(d.after, now)
	key, around := pair, d.pair
	if a != nil {
		key = around + "> " + pair
	}
	known := d.verdicts[key]
	if known == unchanged || known != unseen && d.skips(known) {
		d.worst = max(d.worst, known)
		return nil
	}
	d.compared++
	outer := d.worst
	d.verdicts[key], d.worst, d.pair = unchanged, unchanged, pair
	err := d.formsOf(a, b, was, now)
	d.verdicts[key], d.pair = d.worst, around
	d.worst = max(d.worst, outer)
	return err
}

// skips reports whether the changes of a pair that has a verdict need not be told at one
// more place.
func (d *comparison) skips(known verdict) bool {
	if d.trials > 0 {
		return true
	}
	full := d.compared >= maxCompared || d.into.safe >= maxSafe && (known == harmless || d.into.breaking >= maxBreaking)
	if full {
		d.into.more++
	}
	return full
}

// trial is what a comparison would show.
func (d *comparison) trial(compare func() error) (verdict, error) {
	outer := d.worst
	d.worst = unchanged
	d.trials++
	err := compare()
	d.trials--
	shown := d.worst
	d.worst = outer
	return shown, err
}

func (d *comparison) formsOf(a, b *form, was, now []any) error {
	one, err := d.before.formOf(was)
	if err != nil {
		return err
	}
	other, err := d.after.formOf(now)
	if err != nil {
		return err
	}
	if a != nil {
		one, other = one.in(a), other.in(b)
	}
	d.types(one.types, other.types)
	return d.inside(one, other)
}

// in is f as an alternative of another form.
func (f *form) in(around *form) *form {
	one := *f
	one.around = cmp.Or(around.around, around)
	return &one
}
