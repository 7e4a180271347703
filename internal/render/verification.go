package render

import (
	"bytes"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/hook"
)

// Verification writes how a verification ended, and below it facts about it.
func (p *Printer) Verification(provider string, v hook.Verification, facts ...Fact) error {
	var b bytes.Buffer
	writeLine(&b, p.paint(p.outcomeStyle(v.Outcome), Safe(provider+": "+verdictInWords(&v))))
	p.writeFacts(&b, facts)
	return p.write(b.Bytes())
}

func (p *Printer) outcomeStyle(o hook.Outcome) lipgloss.Style {
	switch o {
	case hook.Verified:
		return p.theme.good
	case hook.Failed:
		return p.theme.alarm
	}
	return p.theme.faint
}
