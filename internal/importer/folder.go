package importer

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// schemas takes the events of a JSON Schema: the file is one, or it is a bundle of which
// each definition that the whole is one of is an event.
func (r *reader) schemas(doc *document) error {
	r.format = "schemas"
	if doc.files != nil && r.isShared(doc) {
		r.shared++
		return nil
	}
	if members := r.members(place{doc: doc}, map[place]bool{}); len(members) > 0 {
		if root, ok := doc.root().(*jsontext.Object); ok {
			r.title = cmp.Or(root.Text("title"), r.title)
		}
		for _, at := range members {
			r.events = append(r.events, r.definition(at, dotted(at.last())))
		}
		return nil
	}
	if root, ok := doc.root().(*jsontext.Object); ok && root.Has("definitions") != root.Has("$defs") && !hasRules(root) {
		return errors.New(doc.name + ": it has definitions, but nothing says which of them are events: want a oneOf of references to them")
	}
	r.events = append(r.events, r.definition(place{doc: doc}, r.fileEvent(doc)))
	return nil
}

// hasRules reports whether a schema says anything itself.
func hasRules(root *jsontext.Object) bool {
	return slices.ContainsFunc(root.Keys(), func(key string) bool {
		switch kindOf(key) {
		case naming, definitions, foreign:
			return false
		}
		return !isAnnotation(key)
	})
}

// members are the definitions in the same file that a schema is one of, and those that
// these are one of in turn; none where it is anything else. seen are those that were
// looked at.
func (r *reader) members(at place, seen map[place]bool) []place {
	var all []place
	hops := maxHops
	v, at, _ := r.lib.walk(at, &hops)
	o, _ := v.(*jsontext.Object)
	seen[at] = true
	branches := append(slices.Clone(o.List("oneOf")), o.List("anyOf")...)
	if len(branches) == 0 || !isUnion(o) || at.pointer == "" && !o.Has("definitions") && !o.Has("$defs") {
		return nil
	}
	for _, branch := range branches {
		inner, _ := branch.(*jsontext.Object)
		ref := refOf(branch)
		if !strings.HasPrefix(ref, "#/") || !onlyAnnotations(inner) {
			return nil
		}
		to, err := r.lib.resolve(at, ref)
		if err != nil {
			return nil
		}
		if seen[to] {
			continue
		}
		if inner := r.members(to, seen); len(inner) > 0 {
			all = append(all, inner...)
		} else {
			all = append(all, to)
		}
	}
	return all
}

// isUnion reports whether a schema is one of others and nothing besides.
func isUnion(o *jsontext.Object) bool {
	for _, key := range o.Keys() {
		switch kindOf(key) {
		case naming, definitions, foreign:
			continue
		}
		if key != "oneOf" && key != "anyOf" && !isAnnotation(key) {
			return false
		}
	}
	return true
}

// definition is the event of the schema at a place.
func (r *reader) definition(at place, name string) rawEvent {
	event := rawEvent{name: name, schema: &at, origin: at.doc.name}
	hops := maxHops
	v, _, _ := r.lib.walk(at, &hops)
	if o, ok := v.(*jsontext.Object); ok {
		event.about = sentence(o.Text("description"), o.Text("title"))
		event.deprecated = o.Truth("deprecated")
		event.words = []string{o.Text("title"), o.Text("description")}
	}
	return event
}

// fileEvent is the name of the event whose schema is a file: its $id, where that is a name
// as octokit writes it, else its path in the folder, parted by what the profile parts
// names with.
func (r *reader) fileEvent(doc *document) string {
	root, _ := doc.root().(*jsontext.Object)
	if id := cmp.Or(root.Text("$id"), root.Text("id")); strings.Contains(id, "$") && !strings.ContainsAny(id, "/:#") {
		return dotted(id)
	}
	if doc.path == "" {
		return stem(doc.label())
	}
	name := stem(path.Base(doc.path))
	if dir := path.Dir(doc.path); dir != "." {
		name = dir + "/" + name
	}
	return strings.ReplaceAll(name, "/", r.separator())
}

// separator is the mark between the parts of event types that have several places in the
// profile: "." for GitHub.
func (r *reader) separator() string {
	if r.options.Profile != nil {
		for _, t := range r.options.Profile.Event.Type {
			if _, after, ok := strings.Cut(t.String(), "}"); ok && strings.Contains(after, "{") {
				if mark, _, _ := strings.Cut(after, "{"); mark != "" {
					return mark
				}
			}
		}
	}
	return "/"
}

// isShared reports whether a file of a folder is for others to refer to: one of them does,
// or it is in a folder that says so by its name.
func (r *reader) isShared(doc *document) bool {
	if r.referred[doc.files] == nil {
		r.referred[doc.files] = r.lib.referred(doc.files)
	}
	if r.referred[doc.files][doc.path] {
		return true
	}
	for part := range strings.SplitSeq(path.Dir(doc.path), "/") {
		switch strings.ToLower(part) {
		case "common", "shared", "definitions", "defs", "components", "types":
			return true
		}
		if strings.HasPrefix(part, "_") {
			return true
		}
	}
	return strings.HasPrefix(path.Base(doc.path), "_")
}

// unread are the files of folders of schemas that are none, and that no other refers to.
func (r *reader) unread() []string {
	var names []string
	for f, referred := range r.referred {
		for _, name := range f.names {
			if doc := f.docs[name]; doc != nil && doc.format != Schemas && !referred[name] {
				names = append(names, doc.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// referred are the files of a folder that other files in it refer to.
func (lib *library) referred(f *folder) map[string]bool {
	found := map[string]bool{}
	for _, name := range f.names {
		doc := f.docs[name]
		if doc == nil || doc.format != Schemas {
			continue
		}
		tried := map[string]bool{}
		eachRef(doc.root(), func(ref string) {
			address, _, _ := strings.Cut(ref, "#")
			if address == "" || tried[address] {
				return
			}
			tried[address] = true
			if at, err := lib.document(place{doc: doc}, address); err == nil && at.doc != doc {
				found[at.doc.path] = true
			}
		})
	}
	return found
}

// eachRef goes over all references in v.
func eachRef(v any, do func(string)) {
	switch v := v.(type) {
	case *jsontext.Object:
		if ref := refOf(v); ref != "" {
			do(ref)
		}
		for _, inner := range v.All() {
			eachRef(inner, do)
		}
	case []any:
		for _, item := range v {
			eachRef(item, do)
		}
	}
}
