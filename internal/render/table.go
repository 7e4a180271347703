package render

import "bytes"

// A column of a table. Widths are fixed rather than measured so that rows can be
// written as they are read, however many there are.
type column struct {
	head  string
	width int
	right bool // aligned to the right
	// least is the width to which it is cut on a narrow terminal, 0 where it is not cut.
	least int
	// leaves says in which turn it is left out on one that is too narrow still, 1 first; 0
	// is never.
	leaves int
	gone   bool
	// place says that it has names of endpoints, or URLs.
	place bool
}

// fitted are columns as wide as the width of a terminal has room for, where it has one. The
// last, without a width, is the first to be cut.
func fitted(columns []column, width int) []column {
	if width <= 0 {
		return columns
	}
	spare := width - narrowest(columns)
	for turn := 1; spare < 0 && turn <= len(columns); turn++ {
		for i := range columns {
			columns[i].gone = columns[i].gone || columns[i].leaves == turn
		}
		spare = width - narrowest(columns)
	}
	for i := range columns {
		c := &columns[i]
		if c.gone || c.least == 0 || c.width == 0 {
			continue
		}
		more := max(0, min(spare, c.width-c.least))
		c.width, spare = c.least+more, spare-more
	}
	return columns
}

// narrowest is how wide columns are at least, with two spaces between.
func narrowest(columns []column) int {
	all := -2
	for _, c := range columns {
		switch {
		case c.gone:
		case c.least > 0:
			all += c.least + 2
		default:
			all += c.width + 2
		}
	}
	return all
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
	parts, used := make([]string, 0, len(cells)), 0
	for i, cell := range cells {
		if t.columns[i].gone {
			continue
		}
		parts = append(parts, t.cell(t.columns[i], cell, used))
		used += t.columns[i].width + 2
	}
	writeLine(b, parts...)
}

// cell is one cell in its column, which begins after used columns.
func (t *table) cell(c column, cell span, used int) string {
	text := cell.text
	if c.width == 0 {
		return t.printer.paint(cell.style, t.foldLast(c, text, used))
	}
	if t.printer.options.Width > 0 {
		text = c.fold(text, c.width)
	}
	if c.right {
		return padding(text, c.width) + t.printer.paint(cell.style, text)
	}
	return t.printer.paint(cell.style, text) + padding(text, c.width)
}

func (t *table) foldLast(c column, text string, used int) string {
	if t.printer.options.Width == 0 {
		return text
	}
	least := c.least
	if least == 0 {
		least = minTarget
	}
	return c.fold(text, max(least, t.printer.options.Width-used))
}

// fold cuts what is in the column.
func (c *column) fold(text string, width int) string {
	if c.place {
		return foldPlace(text, width)
	}
	return fold(text, width)
}
