package catalog

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// Lint finds what is wrong or missing in the catalog in a folder. file is what its
// catalog.yaml is called; the other files are named beside it. A fault is what cannot be
// used, or leaves open how something is known; whatever else is worth a thought is a
// note. They come by file and line. The error is that of Load.
func Lint(folder fs.FS, file string) (*Catalog, []yamldoc.Finding, error) {
	c, err := Load(folder, file)
	if err != nil {
		return nil, nil, err
	}
	r := &review{c: c, dir: path.Dir(file), looked: map[string]bool{}, told: map[yamldoc.Error]bool{}}
	for _, step := range []func(){r.head, r.sources, r.events, r.names, r.schemas, r.coverage, r.examples, r.unnamed} {
		step()
	}
	slices.SortStableFunc(r.findings, func(a, b yamldoc.Finding) int {
		return cmp.Or(r.byFile(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return c, r.findings, nil
}

// A review gathers findings.
type review struct {
	c        *Catalog
	dir      string // that the files are named in
	looked   map[string]bool
	told     map[yamldoc.Error]bool
	findings []yamldoc.Finding
}

func (r *review) fault(path, format string, args ...any) { r.add(false, path, format, args...) }
func (r *review) note(path, format string, args ...any)  { r.add(true, path, format, args...) }

// add adds a finding in catalog.yaml.
func (r *review) add(note bool, path, format string, args ...any) {
	r.tell(r.c.doc.Find(note, path, format, args...))
}

// tell adds a finding, once: several events share a file.
func (r *review) tell(f yamldoc.Finding) {
	if !r.told[*f.At] {
		r.told[*f.At] = true
		r.findings = append(r.findings, f)
	}
}

// byFile orders catalog.yaml before the other files, and these by name.
func (r *review) byFile(a, b string) int {
	own := r.c.doc.File()
	if (a == own) != (b == own) {
		if a == own {
			return -1
		}
		return 1
	}
	return cmp.Compare(a, b)
}

func (r *review) head() {
	c := r.c
	if c.Title == "" {
		r.note("name", "title is missing: the name as people write it")
	}
	if c.About == "" {
		r.note("name", "about is missing: one sentence on what the catalog has")
	}
	for i, version := range c.Versions {
		if slices.Contains(c.Versions[:i], version) {
			r.fault("api_versions", "the API version %q is there twice", version)
		}
	}
}

func (r *review) sources() {
	for _, s := range r.c.Sources {
		used := false
		for e := range r.c.all() {
			used = used || slices.Contains(e.From, s.Name)
		}
		if !used {
			r.note("sources."+s.Name, "no event is known from the source %q", s.Name)
		}
		if s.Text == "" {
			r.fault("sources."+s.Name, "the source %q says nothing: want an address or a title", s.Name)
		}
	}
}

// events looks at what catalog.yaml itself says of each event.
func (r *review) events() {
	for e := range r.c.all() {
		at := r.c.place(e)
		if e.About == "" {
			r.note(at, "about is missing: one sentence on when %s comes", e.Type)
		}
		switch {
		case e.Status == "" && len(e.From) > 0:
			r.fault(at+".from", "from names sources, but is does not say how they know %s: want documented, announced, observed or assumed", e.Type)
		case e.Status == "":
			r.note(at, "nothing says how %s is known: is and from are missing", e.Type)
		case e.Status != provider.Assumed && len(e.From) == 0:
			r.fault(at, "%s is %s, but from names no source that says so", e.Type, e.Status)
		}
		for j, from := range e.From {
			if slices.Contains(e.From[:j], from) {
				r.fault(at+".from", "the source %q is there twice", from)
			}
		}
		for _, in := range e.CoverageIn {
			if in.Coverage == e.Coverage {
				r.note(at+".coverage_in."+in.Version, "coverage says so already: %s", in.Coverage)
			}
		}
	}
}

// names looks for names that could be taken for one another.
func (r *review) names() {
	written := map[string]string{} // a type in small letters: as it is written
	wires := map[string]*Event{}
	for i := range r.c.Events {
		e := &r.c.Events[i]
		small := strings.ToLower(e.Type)
		if other := written[small]; other != "" {
			r.note("events."+e.Type, "%s differs from %s in case alone", e.Type, other)
		}
		written[small] = e.Type
	}
	for i := range r.c.Events {
		e := &r.c.Events[i]
		if e.Wire == "" {
			continue
		}
		at := "events." + e.Type + ".wire"
		switch other := r.c.byName[e.Wire]; {
		case e.Wire == e.Type:
			r.note(at, "wire is the type itself")
		case other != e && other.Type == e.Wire:
			r.fault(at, "%q is the type of another event, which is meant by it", e.Wire)
		case wires[e.Wire] != nil && wires[e.Wire].Schema != e.Schema:
			r.fault(at, "%q is the wire name of %s too, whose schema is another: the first is taken", e.Wire, wires[e.Wire].Type)
		}
		if wires[e.Wire] == nil {
			wires[e.Wire] = e
		}
	}
}

// coverage looks for events that say of one schema that it covers more and less.
func (r *review) coverage() {
	fuller := map[string]*Event{}
	eachSchema(r.c, func(e *Event, version, file string) {
		if e.CoverageAt(version) != Envelope {
			fuller[file] = e
		}
	})
	eachSchema(r.c, func(e *Event, version, file string) {
		if other := fuller[file]; e.CoverageAt(version) == Envelope && other != nil {
			r.fault(r.c.place(e)+".coverage", "the coverage is envelope, but %s covers more of %s", other.Type, file)
		}
	})
}

// eachSchema calls visit for each family and event in each API version that it is in.
func eachSchema(c *Catalog, visit func(e *Event, version, file string)) {
	for e := range c.all() {
		for _, version := range c.versionsOf(e) {
			visit(e, version, c.File(e.Schema, version))
		}
	}
}

// versionsOf are the API versions that e is in, "" alone where there are none.
func (c *Catalog) versionsOf(e *Event) []string {
	switch {
	case len(e.Versions) > 0:
		return e.Versions
	case len(c.Versions) > 0:
		return c.Versions
	}
	return []string{""}
}
