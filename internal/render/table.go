package render

import "bytes"

// A column of a table. Widths are fixed rather than measured so that rows can be
// written as they are read, however many there are.
type column struct {
	head  string
	width int
	right bool // aligned to the right
}

// A table writes rows of safe cells. The last column has no width: it takes what
// the terminal leaves.
type table struct {
	printer *Printer
	columns []column
	begun   bool
}

// row writes one row, before the first the heads.
func (t *table) row(cells []span) error {
	var b bytes.Buffer
	if !t.begun {
		t.begun = true
		heads := make([]span, len(t.columns))
		for i, c := range t.columns {
			heads[i] = span{c.head, t.printer.theme.faint}
		}
		t.write(&b, heads)
	}
	t.write(&b, cells)
	return t.printer.write(b.Bytes())
}

func (t *table) write(b *bytes.Buffer, cells []span) {
	parts, used := make([]string, len(cells)), 0
	for i, cell := range cells {
		parts[i] = t.cell(t.columns[i], cell, used)
		used += t.columns[i].width + 2
	}
	writeLine(b, parts...)
}

// cell is one cell in its column, which begins after used columns.
func (t *table) cell(c column, cell span, used int) string {
	text := cell.text
	if c.width == 0 {
		return t.printer.paint(cell.style, t.foldLast(text, used))
	}
	if t.printer.options.Width > 0 {
		text = fold(text, c.width)
	}
	if c.right {
		return padding(text, c.width) + t.printer.paint(cell.style, text)
	}
	return t.printer.paint(cell.style, text) + padding(text, c.width)
}

func (t *table) foldLast(text string, used int) string {
	if t.printer.options.Width == 0 {
		return text
	}
	return fold(text, max(minTarget, t.printer.options.Width-used))
}
