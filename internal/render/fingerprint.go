package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/hookctl/hookctl/internal/validate"
)

// A digest stands for texts of any length.
type digest [sha256.Size / 2]byte

// digestOf is the digest of a finding by what it is about, without the line. The payloads
// of one file are told apart by their texts.
func digestOf(r *validate.Report, kind, pointer, rule, message string) digest {
	h := sha256.New()
	for _, part := range []string{kind, pointer, rule, message} {
		fmt.Fprintf(h, "%d %s ", len(part), part)
	}
	fmt.Fprintf(h, "%d ", r.Entry)
	if r.Line > 0 {
		h.Write(r.Text)
	}
	return digest(h.Sum(nil))
}

// maxAlike bounds how many findings of one file are kept to tell those apart that are
// alike.
const maxAlike = 100_000

// fingerprints are the names of findings by which services know them again in another
// run. They stay the same where only lines are moved.
type fingerprints struct {
	file string
	seen map[digest]int // how often, in this file
}

// of returns the fingerprint of the next finding, which is in file. Those that are alike,
// as of lines that are, are counted; behind very many it goes by the line.
func (p *fingerprints) of(file string, f *finding) string {
	if p.seen == nil || p.file != file {
		p.file, p.seen = file, map[digest]int{}
	}
	nth, known := p.seen[f.about]
	if !known && len(p.seen) == maxAlike {
		nth = -f.line
	} else {
		p.seen[f.about]++
	}
	sum := sha256.Sum256(fmt.Appendf(f.about[:], "%d %s", nth, file))
	return hex.EncodeToString(sum[:16])
}
