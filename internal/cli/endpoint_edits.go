package cli

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

// The sections of an endpoint of which single keys can be changed.
const (
	headersKey = "headers"
	setKey     = "set"
)

// An entryEdit is the changes to the entry of an endpoint.
type entryEdit struct {
	before *knownEndpoint
	// unset are the keys that --unset takes away: whole ones, names of headers, and paths
	// of rules, as the file has them.
	unset   []string
	headers []string
	rules   [][]string
	changes []yamldoc.Change
}

// edits are the changes that the flags ask for. What is taken away and given anew has what
// was given.
func (o *endpointOptions) edits(cmd *cobra.Command, a *app, before *knownEndpoint, unset []string) ([]yamldoc.Change, error) {
	e := &entryEdit{before: before}
	for _, key := range unset {
		if err := e.take(key); err != nil {
			return nil, err
		}
	}
	fields, err := o.changes(a, cmd)
	if err != nil {
		return nil, err
	}
	var rules yamldoc.Mapping
	for _, f := range fields {
		switch f.Key {
		case headersKey: // below, with those that are taken away
		case setKey:
			rules = f.Value.(yamldoc.Mapping)
		default:
			e.change([]string{f.Key}, f.Value)
		}
	}
	for _, key := range e.unset {
		given := slices.ContainsFunc(fields, func(f yamldoc.Field) bool { return f.Key == key })
		if key != headersKey && (!given || key == setKey) {
			e.change([]string{key}, nil)
		}
	}
	e.changeRules(rules)
	e.changeHeaders(hook.Header(o.header))
	return e.changes, nil
}

func (e *entryEdit) change(path []string, v yamldoc.Value) {
	e.changes = append(e.changes, yamldoc.Change{Path: append([]string{endpointsKey, e.before.Name}, path...), Value: v})
}

// take notes one key that --unset names.
func (e *entryEdit) take(key string) error {
	section, below, nested := strings.Cut(key, ".")
	known := keysOf(e.before.entry.Value)
	if nested && !slices.Contains(known, section) {
		known = nil
	}
	switch {
	case key == "url":
		return usage("hookctl endpoint remove "+e.before.Name+" takes the endpoint away", "--unset: an endpoint needs its url")
	case !nested && slices.Contains(known, key):
		e.unset = append(e.unset, key)
		return nil
	case nested && section == headersKey && e.before.Header.Has(below):
		e.headers = append(e.headers, below)
		return nil
	case nested && section == setKey:
		if path := rulePath(e.section(setKey), below); path != nil {
			e.rules = append(e.rules, path)
			return nil
		}
	}
	hint, word := "", key
	switch {
	case nested && section == headersKey:
		known, word = nil, below
		for _, f := range e.before.Header {
			known = append(known, f.Name)
		}
	case nested && section == setKey:
		known, word = nil, below
		for _, path := range leaves(e.section(setKey)) {
			known = append(known, strings.Join(path, "."))
		}
	}
	if near := suggest.Nearest(word, known); near != "" {
		hint = "did you mean " + strings.TrimSuffix(key, word) + near + "?"
	}
	return usage(hint, "--unset: endpoint %s has no %s", e.before.Name, key)
}

// section is the value of a key of the entry; nothing where it has none.
func (e *entryEdit) section(key string) yamldoc.Node {
	if !has(e.before.entry, key) {
		return yamldoc.Node{}
	}
	return below(e.before.entry, key)
}

// changeHeaders has the headers be without those that are taken away, and with those given.
// A mapping is changed key by key, so that the others keep their lines.
func (e *entryEdit) changeHeaders(given hook.Header) {
	whole := slices.Contains(e.unset, headersKey)
	if !whole && len(e.headers) == 0 && len(given) == 0 {
		return
	}
	gone := func(name string) bool {
		return whole || slices.ContainsFunc(e.headers, func(other string) bool { return strings.EqualFold(other, name) })
	}
	all := append(e.before.Header.Without(gone).Without(given.Has), given...)
	_, asList := e.section(headersKey).Items()
	switch {
	case len(all) == 0:
		e.change([]string{headersKey}, nil)
		return
	case asList || !unique(all):
		e.change([]string{headersKey}, headerLines(all))
		return
	}
	keys := keysOf(e.section(headersKey))
	for _, f := range given {
		name := f.Name
		if i := slices.IndexFunc(keys, func(key string) bool { return strings.EqualFold(key, f.Name) }); i >= 0 {
			name = keys[i]
		}
		e.change([]string{headersKey, name}, yamldoc.Text(f.Value))
	}
	for _, key := range keys {
		if !all.Has(key) {
			e.change([]string{headersKey, key}, nil)
		}
	}
}

// unique reports whether no name is there twice: a mapping cannot have that.
func unique(header hook.Header) bool {
	seen := hook.NameSet{}
	for _, f := range header {
		if seen.Has(f.Name) {
			return false
		}
		seen[strings.ToLower(f.Name)] = true
	}
	return true
}

// headerLines are headers as a list.
func headerLines(header hook.Header) yamldoc.List {
	var items yamldoc.List
	for _, f := range header {
		items = append(items, f.Name+": "+f.Value)
	}
	return items
}

// changeRules sets those given, where the file has them, and takes others away; a mapping
// that would have nothing left goes as a whole.
func (e *entryEdit) changeRules(given yamldoc.Mapping) {
	var left [][]string
	whole := slices.Contains(e.unset, setKey)
	for _, rule := range given {
		path := rulePath(e.section(setKey), rule.Key)
		if path == nil || whole {
			path = []string{rule.Key}
		}
		left = append(left, path)
		e.change(append([]string{setKey}, path...), rule.Value)
	}
	if whole {
		return
	}
	for _, path := range leaves(e.section(setKey)) {
		if !leadsTo(e.rules, path) {
			left = append(left, path)
		}
	}
	var gone [][]string
	for _, path := range e.rules {
		for len(path) > 0 && !reaches(left, path[:len(path)-1]) {
			path = path[:len(path)-1]
		}
		if leadsTo(gone, path) || leadsTo(left, path) {
			continue
		}
		gone = append(gone, path)
		e.change(append([]string{setKey}, path...), nil)
	}
}

// rulePath is where a mapping has a rule, whose name may stand in one key or in several;
// nil where it has none.
func rulePath(node yamldoc.Node, rule string) []string {
	entries, _ := node.Entries()
	for _, entry := range entries {
		if entry.Key == rule {
			return []string{rule}
		}
		if rest, ok := strings.CutPrefix(rule, entry.Key+"."); ok {
			if path := rulePath(entry.Value, rest); path != nil {
				return append([]string{entry.Key}, path...)
			}
		}
	}
	return nil
}

// leaves are the paths of what stands in a mapping and those in it.
func leaves(node yamldoc.Node) [][]string {
	var all [][]string
	entries, _ := node.Entries()
	for _, entry := range entries {
		below := leaves(entry.Value)
		if len(below) == 0 {
			below = [][]string{nil}
		}
		for _, path := range below {
			all = append(all, append([]string{entry.Key}, path...))
		}
	}
	return all
}

// leadsTo reports whether one of the paths is path, or leads there.
func leadsTo(paths [][]string, path []string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(p) <= len(path) && slices.Equal(p, path[:len(p)]) })
}

// reaches reports whether path leads to one of the paths.
func reaches(paths [][]string, path []string) bool {
	return slices.ContainsFunc(paths, func(p []string) bool { return len(path) <= len(p) && slices.Equal(path, p[:len(path)]) })
}

// keysOf are the keys of a mapping.
func keysOf(node yamldoc.Node) []string {
	entries, _ := node.Entries()
	keys := make([]string, len(entries))
	for i, entry := range entries {
		keys[i] = entry.Key
	}
	return keys
}
