package render

import "bytes"

// A grid is a table that is known as a whole before it is written, so that its columns
// are as wide as what is in them.
type grid struct {
	heads []string
	rows  []gridRow
}

// A gridRow is one row. Its last cell takes what the others leave. Between rows of
// different sections there is an empty line.
type gridRow struct {
	section string
	cells   []span
}

// minLast is how many columns the last cells need to stand beside the others.
const minLast = 24

// writeGrid writes the grid in columns where they fit, else each row on lines of its own.
func (p *Printer) writeGrid(b *bytes.Buffer, g grid) {
	if len(g.rows) == 0 {
		return
	}
	last := len(g.heads) - 1
	widths := make([]int, last+1)
	used := 0
	for i, head := range g.heads[:last] {
		widths[i] = columns(head)
		for _, row := range g.rows {
			widths[i] = max(widths[i], columns(row.cells[i].text))
		}
		used += widths[i] + 2
	}
	section := g.rows[0].section
	if p.options.Width > 0 && p.options.Width-used < minLast {
		for _, row := range g.rows {
			p.breakSection(b, &section, row.section)
			p.writeStack(b, row.cells)
		}
		return
	}
	widths[last] = max(0, p.options.Width-used)
	heads := make([]span, len(g.heads))
	for i, head := range g.heads {
		heads[i] = span{head, p.theme.faint}
	}
	p.writeCells(b, widths, heads)
	for _, row := range g.rows {
		p.breakSection(b, &section, row.section)
		p.writeCells(b, widths, row.cells)
	}
}

// writeStack writes the first cell, below it those between, and then the last, for a
// narrow terminal.
func (p *Printer) writeStack(b *bytes.Buffer, cells []span) {
	const indent = "    "
	last := len(cells) - 1
	for _, part := range p.wrapped(cells[0].text, 0) {
		writeLine(b, p.paint(cells[0].style, part))
	}
	var middle []string
	for _, cell := range cells[1:last] {
		middle = append(middle, p.paint(cell.style, cell.text))
	}
	if line := joinedBy("  ", middle...); line != "" {
		writeLine(b, indent+line)
	}
	if cells[last].text == "" {
		return
	}
	for _, part := range p.wrapped(cells[last].text, len(indent)) {
		writeLine(b, indent+p.paint(cells[last].style, part))
	}
}
