package render

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
)

// A CatalogRow is one catalog in a list.
type CatalogRow struct {
	Name, Title string
	Events      int
	Versions    []string
	Source      string
}

// Catalogs lists catalogs, one to a row.
func (p *Printer) Catalogs(rows []CatalogRow) error {
	g := grid{heads: []string{"NAME", "TITLE", "EVENTS", "API VERSIONS", "SOURCE"}}
	for _, r := range rows {
		versions := span{Safe(strings.Join(r.Versions, ", ")), p.theme.plain}
		if versions.text == "" {
			versions = span{"-", p.theme.faint}
		}
		g.rows = append(g.rows, gridRow{cells: []span{
			{Safe(r.Name), p.theme.strong}, {Safe(r.Title), p.theme.plain}, {strconv.Itoa(r.Events), p.theme.plain},
			versions, {Safe(r.Source), p.theme.faint},
		}})
	}
	var b bytes.Buffer
	p.writeGrid(&b, g)
	return p.write(b.Bytes())
}

// Events lists the events of a catalog as an API version has them.
func (p *Printer) Events(c *catalog.Catalog, version string) error {
	var b bytes.Buffer
	p.writeGrid(&b, p.eventGrid("TYPE", c.Events, version, nil))
	return p.write(b.Bytes())
}

// eventGrid is the grid of events, with the numbers of sources where there are any. head
// is what their names are.
func (p *Printer) eventGrid(head string, events []catalog.Event, version string, sources []string) grid {
	g := grid{heads: []string{head, "COVERAGE", "STATUS", "ABOUT"}}
	if sources != nil {
		g.heads = slices.Insert(g.heads, 3, "FROM")
	}
	for i := range events {
		e := &events[i]
		about := e.About
		if e.Deprecated {
			about = joinedBy(" ", "(deprecated)", about)
		}
		coverage := e.CoverageAt(version)
		cells := []span{
			{Safe(e.Type), p.theme.strong}, {string(coverage), p.coverage(coverage)}, {statusWord(e.Status), p.ruleStatus(e.Status)},
			{Safe(about), p.theme.plain},
		}
		if sources != nil {
			cells = slices.Insert(cells, 3, span{sourceNumbers(e.From, sources), p.theme.faint})
		}
		g.rows = append(g.rows, gridRow{section: e.Group, cells: cells})
	}
	return g
}

func statusWord(s provider.Status) string {
	if s == "" {
		return string(provider.Unknown)
	}
	return string(s)
}

func (p *Printer) coverage(c catalog.Coverage) lipgloss.Style {
	switch c {
	case catalog.Full:
		return p.theme.good
	case catalog.Partial:
		return p.theme.aside
	}
	return p.theme.warn
}

// sourceNumbers are the numbers of names among all, from 1 and ascending, as "[1,3]".
func sourceNumbers(names, all []string) string {
	var numbers []string
	for i, name := range all {
		if slices.Contains(names, name) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	if len(numbers) == 0 {
		return ""
	}
	return "[" + strings.Join(numbers, ",") + "]"
}

// ShowCatalog writes what is known of a provider's events as an API version has them:
// the catalog, each event and each family of events with how it is known, then the
// sources. origin says where the
// catalog is.
func (p *Printer) ShowCatalog(c *catalog.Catalog, version, origin string) error {
	var b bytes.Buffer
	p.writeFacts(&b, []Fact{
		{"provider", c.Name}, {"title", c.Title}, {"about", c.About}, {"catalog", origin},
		{"API version", versionFact(c, version)}, {"events", strconv.Itoa(len(c.Events))},
	})
	b.WriteByte('\n')
	names := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		names[i] = s.Name
	}
	p.writeGrid(&b, p.eventGrid("TYPE", c.Events, version, names))
	if len(c.Families) > 0 {
		b.WriteByte('\n')
		families := p.eventGrid("FAMILY", c.Families, version, names)
		for i := range families.rows {
			families.rows[i].section = ""
		}
		p.writeGrid(&b, families)
	}
	p.writeSources(&b, c.Sources)
	return p.write(b.Bytes())
}

// versionFact says which API version is meant, and which others there are.
func versionFact(c *catalog.Catalog, version string) string {
	others := slices.DeleteFunc(slices.Clone(c.Versions), func(v string) bool { return v == version })
	if len(others) == 0 {
		return version
	}
	return version + " (others: " + strings.Join(others, ", ") + ")"
}

// writeSources writes sources with their numbers.
func (p *Printer) writeSources(b *bytes.Buffer, sources []provider.Named) {
	for i, source := range sources {
		if i == 0 {
			b.WriteByte('\n')
		}
		mark := "[" + strconv.Itoa(i+1) + "]"
		for j, line := range p.wrapped(Safe(source.Text), len(mark)+2) {
			if j > 0 {
				mark = strings.Repeat(" ", len(mark))
			}
			writeLine(b, mark, line)
		}
	}
}
