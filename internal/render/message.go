package render

import "strings"

// messageColumns bounds a message that quotes something long.
const messageColumns = 2000

// Status writes "hookctl: text", unless the printer is quiet.
func (p *Printer) Status(text string) {
	if !p.options.Quiet {
		p.line("hookctl: " + oneLine(text))
	}
}

// Warn writes "hookctl: warning: text".
func (p *Printer) Warn(text string) {
	p.line("hookctl: " + p.paint(p.theme.warn, "warning:") + " " + oneLine(text))
}

// Error writes "hookctl: " and what failed, on one line whatever the error's text holds.
func (p *Printer) Error(what error) {
	p.line(p.paint(p.theme.alarm, "hookctl:") + " " + oneLine(what.Error()))
}

// Hint writes "hookctl: hint: text", unless the printer is quiet: what to do about
// the error before it.
func (p *Printer) Hint(text string) {
	if !p.options.Quiet {
		p.line("hookctl: " + p.paint(p.theme.strong, "hint:") + " " + oneLine(text))
	}
}

// oneLine joins the lines of text, such as those of errors.Join, and makes it safe.
func oneLine(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	return fold(Safe(strings.Join(lines, "; ")), messageColumns)
}
