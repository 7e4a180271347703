package render

import "bytes"

// A Fact is one line of a summary: what it is, and its value.
type Fact struct{ Label, Value string }

// Facts writes facts one to a line, the values below each other. Facts without a
// value are left out.
func (p *Printer) Facts(facts ...Fact) error {
	var b bytes.Buffer
	p.writeFacts(&b, facts)
	return p.write(b.Bytes())
}

func (p *Printer) writeFacts(b *bytes.Buffer, facts []Fact) {
	widest := 0
	for _, f := range facts {
		if f.Value != "" {
			widest = max(widest, columns(f.Label))
		}
	}
	for _, f := range facts {
		if f.Value != "" {
			writeLine(b, p.paint(p.theme.faint, f.Label)+padding(f.Label, widest), Safe(f.Value))
		}
	}
}
