package render

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/provider"
)

// A ProviderRow is one provider in a list. Secret is "" where none could be expected.
type ProviderRow struct{ Name, Title, Signature, Secret, Source string }

// A ProviderTable lists providers, one to a row.
type ProviderTable struct{ table }

// ProviderTable begins a list of providers. Nothing is written before the first row.
func (p *Printer) ProviderTable() *ProviderTable {
	return &ProviderTable{table{printer: p, columns: []column{
		{head: "NAME", width: 17}, {head: "TITLE", width: 17}, {head: "SIGNATURE", width: 17},
		{head: "SECRET", width: 10}, {head: "SOURCE"},
	}}}
}

// Row writes r.
func (t *ProviderTable) Row(r ProviderRow) error {
	p := t.printer
	secret := span{Safe(r.Secret), p.theme.good}
	if r.Secret == "" {
		secret = span{"-", p.theme.faint}
	}
	return t.row([]span{
		{Safe(r.Name), p.theme.strong}, {Safe(r.Title), p.theme.plain}, {Safe(r.Signature), p.theme.plain},
		secret, {Safe(r.Source), p.theme.faint},
	})
}

const (
	// statusColumns fits "documented" and "configured".
	statusColumns = 10
	// maxRuleValue bounds the column of values; longer ones stand out of it.
	maxRuleValue = 44
	// minRuleText is what values and notes together need to stand side by side.
	minRuleText = 48
)

// A ruleLine is one rule of a profile with all its text safe.
type ruleLine struct {
	section                   string
	path, value, status, note string
	from                      string // numbers of sources
	style                     lipgloss.Style
}

// ShowProfile writes what is known of a provider: every rule with its value, how it
// is known and from where, then the sources.
func (p *Printer) ShowProfile(profile *provider.Profile) error {
	var b bytes.Buffer
	p.writeFacts(&b, []Fact{
		{"provider", profile.Name}, {"title", profile.Title}, {"about", profile.About},
		{"aliases", strings.Join(profile.Aliases, ", ")}, {"like", profile.Like}, {"file", profile.File()},
	})
	lines, sources := p.ruleLines(profile.Rules())
	if len(lines) > 0 {
		p.writeRules(&b, lines)
	}
	for i, source := range sources {
		if i == 0 {
			b.WriteByte('\n')
		}
		mark := "[" + strconv.Itoa(i+1) + "]"
		for j, part := range p.wrapped(Safe(source), len(mark)+2) {
			if j > 0 {
				mark = strings.Repeat(" ", len(mark))
			}
			writeLine(&b, mark, part)
		}
	}
	return p.write(b.Bytes())
}

// wrapped is text in lines that fit beside used columns of the terminal.
func (p *Printer) wrapped(text string, used int) []string {
	if p.options.Width == 0 {
		return []string{text}
	}
	return wrap(text, max(minTarget, p.options.Width-used))
}

// ruleLines are the rules, and the sources that they name by number.
func (p *Printer) ruleLines(rules []provider.Rule) ([]ruleLine, []string) {
	var lines []ruleLine
	var sources []string
	for _, r := range rules {
		var numbers []string
		for _, source := range r.Sources {
			i := slices.Index(sources, source)
			if i < 0 {
				i = len(sources)
				sources = append(sources, source)
			}
			numbers = append(numbers, strconv.Itoa(i+1))
		}
		line := ruleLine{path: Safe(r.Path), value: Safe(r.Value), status: string(r.Status), note: Safe(r.Note), style: p.ruleStatus(r.Status)}
		line.section, _, _ = strings.Cut(r.Path, ".")
		if r.Value == "" {
			line.value = "(nothing)"
		}
		if r.Status == "" {
			line.status = "unknown"
		}
		if len(numbers) > 0 {
			line.from = "[" + strings.Join(numbers, ",") + "]"
		}
		if r.Inherited != "" {
			line.note = joinedBy("; ", "from "+Safe(r.Inherited), line.note)
		}
		lines = append(lines, line)
	}
	return lines, sources
}

func joinedBy(mark string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), mark)
}

func (p *Printer) ruleStatus(s provider.Status) lipgloss.Style {
	switch s {
	case provider.Documented, provider.Announced:
		return p.theme.good
	case provider.Observed:
		return p.theme.aside
	case provider.Assumed:
		return p.theme.warn
	case provider.Configured:
		return p.theme.strong
	}
	return p.theme.alarm
}

// writeRules writes rules in columns, where these fit, with an empty line between
// sections.
func (p *Printer) writeRules(b *bytes.Buffer, lines []ruleLine) {
	path, value, from := len("RULE"), len("VALUE"), len("FROM")
	for _, l := range lines {
		path, from = max(path, columns(l.path)), max(from, columns(l.from))
		value = max(value, min(maxRuleValue, columns(l.value)))
	}
	widths := []int{path, value, statusColumns, from, 0}
	section := ""
	if room := p.options.Width - path - statusColumns - from - 4*2; p.options.Width > 0 && room < minRuleText {
		for _, l := range lines {
			p.breakSection(b, &section, l.section)
			p.writeStacked(b, l)
		}
		return
	} else if p.options.Width > 0 {
		widths[1] = min(value, room*2/5)
		widths[4] = room - widths[1]
	}
	b.WriteByte('\n')
	faint := p.theme.faint
	p.writeCells(b, widths, []span{{"RULE", faint}, {"VALUE", faint}, {"STATUS", faint}, {"FROM", faint}, {"NOTE", faint}})
	section = lines[0].section
	for _, l := range lines {
		p.breakSection(b, &section, l.section)
		p.writeCells(b, widths, []span{{l.path, p.theme.plain}, {l.value, p.theme.strong}, {l.status, l.style}, {l.from, faint}, {l.note, p.theme.plain}})
	}
}

func (p *Printer) breakSection(b *bytes.Buffer, last *string, section string) {
	if section != *last {
		b.WriteByte('\n')
	}
	*last = section
}

// writeStacked writes a rule on lines of its own, for a narrow terminal.
func (p *Printer) writeStacked(b *bytes.Buffer, l ruleLine) {
	for i, part := range p.wrapped(l.path+" = "+l.value, 4) {
		if i == 0 {
			key, rest, cut := strings.Cut(part, " = ")
			if cut {
				part = key + " = " + p.paint(p.theme.strong, rest)
			}
			fmt.Fprintln(b, part)
			continue
		}
		fmt.Fprintln(b, "    "+p.paint(p.theme.strong, part))
	}
	how := joinedBy(" ", l.status, l.from)
	for i, part := range p.wrapped(joinedBy(": ", how, l.note), 4) {
		if rest, ok := strings.CutPrefix(part, l.status); i == 0 && ok {
			part = p.paint(l.style, l.status) + rest
		}
		fmt.Fprintln(b, "    "+part)
	}
}

// writeCells writes one row, the cells of which take as many lines as they need on
// a terminal. A width of 0 bounds nothing.
func (p *Printer) writeCells(b *bytes.Buffer, widths []int, cells []span) {
	texts, height := make([][]string, len(cells)), 1
	for i, cell := range cells {
		texts[i] = []string{cell.text}
		if p.options.Width > 0 {
			texts[i] = wrap(cell.text, widths[i])
		}
		height = max(height, len(texts[i]))
	}
	for line := range height {
		var row bytes.Buffer
		for i, cell := range cells {
			text := ""
			if line < len(texts[i]) {
				text = texts[i][line]
			}
			row.WriteString(p.paint(cell.style, text))
			if i < len(cells)-1 {
				row.WriteString(padding(text, widths[i]) + "  ")
			}
		}
		b.Write(bytes.TrimRight(row.Bytes(), " "))
		b.WriteByte('\n')
	}
}
