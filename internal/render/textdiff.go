package render

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// diffContext is how many lines that are the same stand around a difference.
const diffContext = 3

// TextDiff writes how two versions of a file differ, as patch(1) reads it. before is nil
// for a file that there was not.
func (p *Printer) TextDiff(name string, before, after []byte) error {
	if bytes.Equal(before, after) {
		return nil
	}
	a, b := slices.Collect(strings.Lines(string(before))), slices.Collect(strings.Lines(string(after)))
	start, same := 0, 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	for same < min(len(a), len(b))-start && a[len(a)-1-same] == b[len(b)-1-same] {
		same++
	}
	lead := min(start, diffContext)
	tail := min(same, diffContext)
	from := "a/" + name
	if before == nil {
		from = "/dev/null"
	}
	var out bytes.Buffer
	writeLine(&out, p.paint(p.theme.strong, "--- "+Safe(from)))
	writeLine(&out, p.paint(p.theme.strong, "+++ "+Safe("b/"+name)))
	first := start - lead
	removed, added := a[first:len(a)-same+tail], b[first:len(b)-same+tail]
	writeLine(&out, p.paint(p.theme.faint, fmt.Sprintf("@@ -%s +%s @@", hunk(first, len(removed)), hunk(first, len(added)))))
	for _, line := range a[first:start] {
		p.diffLine(&out, " ", line)
	}
	p.diffLines(&out, a[start:len(a)-same], b[start:len(b)-same])
	for _, line := range a[len(a)-same : len(a)-same+tail] {
		p.diffLine(&out, " ", line)
	}
	return p.write(out.Bytes())
}

// hunk is the place of some lines: the number of the first, from 1, and how many.
func hunk(first, n int) string {
	if n > 0 {
		first++
	}
	return strconv.Itoa(first) + "," + strconv.Itoa(n)
}

// diffLines writes lines that differ somewhere, along what both have in common.
func (p *Printer) diffLines(out *bytes.Buffer, a, b []string) {
	if len(a) > maxLines || len(b) > maxLines {
		for _, line := range a {
			p.diffLine(out, "-", line)
		}
		for _, line := range b {
			p.diffLine(out, "+", line)
		}
		return
	}
	common := commonSuffixes(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			p.diffLine(out, " ", a[i])
			i++
			j++
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			p.diffLine(out, "-", a[i])
			i++
		default:
			p.diffLine(out, "+", b[j])
			j++
		}
	}
}

func (p *Printer) diffLine(out *bytes.Buffer, sign, line string) {
	style := p.theme.plain
	switch sign {
	case "+":
		style = p.theme.good
	case "-":
		style = p.theme.alarm
	}
	text, ended := strings.CutSuffix(line, "\n")
	out.WriteString(p.paint(style, sign+Safe(strings.TrimSuffix(text, "\r"))) + "\n")
	if !ended {
		writeLine(out, p.paint(p.theme.faint, `\ No newline at end of file`))
	}
}
