package provider

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// FileName is the file of a profile in the folder that bears its name.
const FileName = "provider.yaml"

// A Library finds profiles by name. It reads a file when it is asked for it.
type Library struct{ files fs.FS }

// NewLibrary returns the library of the folders in files.
func NewLibrary(files fs.FS) *Library { return &Library{files} }

// An UnknownError says that there is no profile of a name.
type UnknownError struct {
	Name string
	// Near is a name that may have been meant, or "".
	Near string
}

func (e *UnknownError) Error() string { return fmt.Sprintf("there is no provider %q", e.Name) }

// Names are the names of all profiles, sorted.
func (l *Library) Names() ([]string, error) {
	found, err := fs.Glob(l.files, "*/"+FileName)
	if err != nil {
		return nil, err
	}
	for i, name := range found {
		found[i] = path.Dir(name)
	}
	slices.Sort(found)
	return found, nil
}

// Load returns the profile of a name or alias, in any case. Each call reads it
// anew: the caller may change what it gets. Errors are a *UnknownError, or a
// *yamldoc.Error for a file that is not as it should be.
func (l *Library) Load(name string) (*Profile, error) {
	folder, err := l.folder(strings.ToLower(name))
	if err != nil {
		return nil, err
	}
	file := path.Join(folder, FileName)
	text, err := fs.ReadFile(l.files, file)
	if err != nil {
		return nil, err
	}
	p, err := l.Parse(file, text)
	if err == nil && p.Name != folder {
		err = p.doc.Errorf("name", "want %q, as the folder is called, got %q", folder, p.Name)
	}
	return p, err
}

// folder is the folder of the profile that has name as its name or alias.
func (l *Library) folder(name string) (string, error) {
	names, err := l.Names()
	if err != nil || slices.Contains(names, name) {
		return name, err
	}
	aliases := regexp.MustCompile(`(?m)^aliases: *\[(.*)\]`)
	known := names
	for _, folder := range names {
		text, err := fs.ReadFile(l.files, path.Join(folder, FileName))
		if err != nil {
			return "", err
		}
		if found := aliases.FindSubmatch(text); found != nil {
			for alias := range bytes.SplitSeq(found[1], []byte(",")) {
				alias := string(bytes.TrimSpace(alias))
				if alias == name {
					return folder, nil
				}
				known = append(known, alias)
			}
		}
	}
	return "", &UnknownError{Name: name, Near: suggest.Nearest(name, known)}
}

// All returns all profiles, sorted by name, and the faults of those that cannot
// be loaded.
func (l *Library) All() ([]*Profile, error) {
	names, err := l.Names()
	if err != nil {
		return nil, err
	}
	var all []*Profile
	var faults []error
	for _, name := range names {
		p, err := l.Load(name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, p)
	}
	return all, errors.Join(faults...)
}

// maxLikeness is how many profiles may stand behind one another by Like.
const maxLikeness = 4

// Parse reads a profile from the text of a file. What it is like is looked for in
// the library. The error is a *yamldoc.Error.
func (l *Library) Parse(file string, text []byte) (*Profile, error) { return l.parse(file, text, 0) }

func (l *Library) parse(file string, text []byte, depth int) (*Profile, error) {
	doc, err := yamldoc.Parse(file, text)
	if err != nil {
		return nil, err
	}
	p := &Profile{doc: doc, text: text}
	if err := doc.Decode(p); err != nil {
		return nil, err
	}
	if p.Like != "" {
		if err := l.inherit(p, depth); err != nil {
			return nil, err
		}
	}
	p.complete()
	return p, p.check()
}

// inherit takes the sections that p lacks from the profile that it is like.
func (l *Library) inherit(p *Profile, depth int) error {
	if depth == maxLikeness {
		return p.doc.Errorf("like", "want at most %d profiles behind one another", maxLikeness)
	}
	folder, err := l.folder(strings.ToLower(p.Like))
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return p.doc.Errorf("like", "%v", unknown)
	}
	if err != nil {
		return err
	}
	file := path.Join(folder, FileName)
	text, err := fs.ReadFile(l.files, file)
	if err != nil {
		return err
	}
	base, err := l.parse(file, text, depth+1)
	if err != nil {
		return err
	}
	p.base = base
	own, theirs := reflect.ValueOf(p).Elem(), reflect.ValueOf(base).Elem()
	for i := range own.NumField() {
		key := own.Type().Field(i).Tag.Get("yaml")
		if key != "" && !about(key) && !p.doc.Has(key) {
			own.Field(i).Set(theirs.Field(i))
		}
	}
	return nil
}

// about reports whether a key of a profile tells of the profile itself and is no rule.
func about(key string) bool {
	switch key {
	case "name", "title", "about", "aliases", "like", "sources", "provenance":
		return true
	}
	return false
}

// complete fills in what goes without saying.
func (p *Profile) complete() {
	if p.Body.Kind == "" {
		p.Body.Kind = BodyJSON
	}
	if p.Signatures.Rule == "" {
		p.Signatures.Rule = Prefer
	}
	for i := range p.Signatures.Schemes {
		p.Signatures.Schemes[i].complete()
	}
}

func (s *Scheme) complete() {
	if s.Key.Encoding == "" {
		s.Key.Encoding = KeyUTF8
		if s.Algorithm.Asymmetric() {
			s.Key.Encoding = KeyPair
		}
	}
	if s.Encoding == "" && s.Algorithm.Token() {
		s.Encoding = Raw
	}
	if t := s.Timestamp; t != nil {
		if s.Codec != "" && len(t.From) == 0 {
			from, unit := s.Codec.timestamp()
			place, _ := ParsePlace(from)
			t.From, t.Unit = []Place{place}, cmp.Or(t.Unit, unit)
		}
		if t.Unit == "" {
			t.Unit = Seconds
		}
		if t.Tolerance == 0 {
			t.Tolerance = AnyDuration
		}
		if t.Future == 0 {
			t.Future = t.Tolerance
		}
	}
}

// Set overrides the rule at path, such as "policy.ack.deadline", with the value
// that text states as YAML. origin says in errors where it comes from.
func (p *Profile) Set(origin, path, text string) error {
	node, err := yamldoc.ParseValue(origin, text)
	if err != nil {
		return err
	}
	return p.SetNode(path, node)
}

// SetNode overrides the rule at path with a value of another document.
func (p *Profile) SetNode(path string, value yamldoc.Node) error {
	return p.SetAll([]Assignment{{path, value}})
}

// An Assignment is a value that the rule at a path is to have.
type Assignment struct {
	Path  string       `yaml:",key"`
	Value yamldoc.Node `yaml:",value"`
}

// SetAll overrides rules, one after the other, later ones over earlier ones. Only once all
// are set the profile has to hold: some rules, such as attempts and the delays between
// them, can only be changed together.
func (p *Profile) SetAll(all []Assignment) error {
	var blamed Assignment // the one from which on it does not hold
	var fault error
	for _, one := range all {
		if err := p.assign(one.Path, one.Value); err != nil {
			return err
		}
		held := fault == nil
		if fault = p.check(); fault != nil && held {
			blamed = one
		}
	}
	if fault != nil {
		return blamed.Value.Errorf("%s: with this value the profile does not hold: %s", blamed.Path, what(fault))
	}
	return nil
}

// assign gives the rule at path a value, and leaves the profile as a whole unchecked.
func (p *Profile) assign(path string, value yamldoc.Node) error {
	section, _, _ := strings.Cut(path, ".")
	if about(section) {
		return value.Errorf("%s is not a rule that can be set", path)
	}
	text, isText := value.Text()
	if isText {
		if err := p.checkName(path, text); err != nil {
			return value.Errorf("%s: %v", path, err)
		}
	}
	var values []override
	if variant, ok := p.variant(path, text); ok {
		p.Policy.Retry = variant
		values = p.offered("policy.variants", text, path)
	} else if statuses, ok := p.reading(path, text); ok {
		p.Policy.Ack.Statuses = statuses
		values = p.offered("policy.ack.readings", text, path)
	} else {
		leaves, err := yamldoc.Set(p, path, value)
		if err != nil {
			return err
		}
		values = own(leaves)
	}
	p.complete()
	p.noteOverride(path, values)
	return nil
}

// Equal reports whether p and q say the same.
func (p *Profile) Equal(q *Profile) bool {
	a, b := *p, *q
	a.doc, a.base, b.doc, b.base = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// variant returns the retry rule that text names, where path is that of the retry rule.
func (p *Profile) variant(path, text string) (RetryRule, bool) {
	for _, v := range p.Policy.Variants {
		if path == "policy.retry" && v.Name == text {
			return v.Retry, true
		}
	}
	return RetryRule{}, false
}

// checkName refuses a name that no variant or reading has, where path is that of a rule that
// is chosen by one.
func (p *Profile) checkName(path, name string) error {
	switch path {
	case "policy.retry":
		var names []string
		for _, v := range p.Policy.Variants {
			names = append(names, v.Name)
		}
		return nameAmong("want a mapping", name, names)
	case "policy.ack":
		if names := p.readingNames(); len(names) > 0 {
			return fmt.Errorf("want a mapping, got %q; policy.ack.statuses is chosen by one of %s", name, strings.Join(names, ", "))
		}
	case "policy.ack.statuses":
		if new(StatusRange).UnmarshalText([]byte(name)) != nil {
			return nameAmong("want statuses such as [200, 3xx]", name, p.readingNames())
		}
	}
	return nil
}

// Meant is the rule and the value, as RULE=VALUE, that a rule and a text which cannot be set
// were probably meant to be; "" where nothing is like them.
func (p *Profile) Meant(path, text string) string {
	if _, ok := p.reading("policy.ack.statuses", text); ok && path != "policy.ack.statuses" {
		return "policy.ack.statuses=" + text
	}
	if _, ok := p.variant("policy.retry", text); ok && path != "policy.retry" {
		return "policy.retry=" + text
	}
	if meant := yamldoc.Meant(p, path); meant != "" {
		return meant + "=" + text
	}
	return ""
}

func (p *Profile) readingNames() []string {
	var names []string
	for _, r := range p.Policy.Ack.Readings {
		names = append(names, r.Name)
	}
	return names
}

// nameAmong refuses name where it is none of names. want is what could stand there else.
func nameAmong(want, name string, names []string) error {
	if slices.Contains(names, name) {
		return nil
	}
	near := ""
	if len(names) > 0 {
		want += ", or one of " + strings.Join(names, ", ")
	}
	if found := suggest.Nearest(name, names); found != "" {
		near = "; did you mean " + found + "?"
	}
	return fmt.Errorf("%s, got %q%s", want, name, near)
}

// reading returns the statuses that text names, where path is that of those that acknowledge.
func (p *Profile) reading(path, text string) ([]StatusRange, bool) {
	for _, r := range p.Policy.Ack.Readings {
		if path == "policy.ack.statuses" && r.Name == text {
			return r.Statuses, true
		}
	}
	return nil, false
}

// what is an error without its place in the profile's file.
func what(err error) string {
	var at *yamldoc.Error
	if errors.As(err, &at) {
		return at.What
	}
	return err.Error()
}
