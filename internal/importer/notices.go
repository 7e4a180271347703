package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	// maxNotices is how many warnings there are.
	maxNotices = 20
	// maxWords is how many names one of them lists.
	maxWords = 12
	// maxKeywords is how many keywords are kept that were left out.
	maxKeywords = 1000
)

// notices are warnings, each once.
type notices struct {
	lines []string
	more  int
	// keywords are those that were left out.
	keywords map[string]bool
}

func newNotices() *notices { return &notices{keywords: map[string]bool{}} }

// add notes a sentence, unless it was noted.
func (n *notices) add(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	switch {
	case slices.Contains(n.lines, line):
	case len(n.lines) == maxNotices:
		n.more++
	default:
		n.lines = append(n.lines, line)
	}
}

// foreign notes a keyword that was left out.
func (n *notices) foreign(keyword string) {
	if len(n.keywords) < maxKeywords {
		n.keywords[shorten(keyword, 40)] = true
	}
}

// all returns the warnings, with one for all keywords.
func (n *notices) all() []string {
	lines := slices.Clone(n.lines)
	if n.more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more of the kind", n.more))
	}
	if len(n.keywords) > 0 {
		lines = append(lines, "left out, since JSON Schema does not know it: "+some(slices.Sorted(maps.Keys(n.keywords))))
	}
	return lines
}

// some joins the first of words, and says how many more there are.
func some(words []string) string {
	if len(words) > maxWords {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:maxWords], ", "), len(words)-maxWords)
	}
	return strings.Join(words, ", ")
}
