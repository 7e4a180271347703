package render

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// ellipsis stands where text was cut. It is ASCII because it is written off
// terminals too.
const ellipsis = "..."

// condition is how wide characters are counted: alike everywhere, whatever the
// locale in the environment, which runewidth's own default would ask.
func condition() *runewidth.Condition {
	return &runewidth.Condition{StrictEmojiNeutral: true}
}

// columns is how many columns the safe text s takes on a terminal.
func columns(s string) int {
	if plainPrefix(s, false) == len(s) {
		return len(s)
	}
	return condition().StringWidth(s)
}

// fold cuts the safe text s to at most width columns, the ellipsis included.
// A width of 0 or less cuts nothing.
func fold(s string, width int) string {
	if width <= 0 || columns(s) <= width {
		return s
	}
	return condition().Truncate(s, width, ellipsis[:min(width, len(ellipsis))])
}

// foldStart is fold from the other end: it cuts the beginning of s.
func foldStart(s string, width int) string {
	if width <= 0 || columns(s) <= width {
		return s
	}
	mark := ellipsis[:min(width, len(ellipsis))]
	return condition().TruncateLeft(s, columns(s)-width+len(mark), mark)
}

// minPath is how much is left of the path of a URL that is cut; where there is less room
// the host is cut.
const minPath = 6

// foldPlace cuts the name of an endpoint, or a URL: of that http:// goes first of all, then
// the query, then the beginning of the path. The host goes last.
func foldPlace(s string, width int) string {
	if width <= 0 || columns(s) <= width {
		return s
	}
	if !strings.Contains(s, "://") {
		return fold(s, width)
	}
	s = strings.TrimPrefix(s, "http://")
	if columns(s) <= width {
		return s
	}
	s, query, _ := strings.Cut(s, "?")
	if query != "" && columns(s)+len("?"+ellipsis) <= width {
		return s + "?" + ellipsis
	}
	from := strings.Index(s, "://") + 1
	if from > 0 {
		from += len("//")
	}
	if slash := strings.IndexByte(s[from:], '/'); slash >= 0 {
		host, path := s[:from+slash], s[from+slash:]
		if room := width - columns(host); room >= minPath {
			return host + foldStart(path, room)
		}
	}
	return foldStart(s, width)
}

// padding is the space that fills s up to width columns.
func padding(s string, width int) string {
	return strings.Repeat(" ", max(0, width-columns(s)))
}

// wrap is the safe text s in lines of at most width columns, broken between words
// where that can be. A width of 0 or less breaks nothing.
func wrap(s string, width int) []string {
	if width <= 0 || columns(s) <= width {
		return []string{s}
	}
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		if line != "" && columns(line)+1+columns(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for columns(word) > width {
			head := condition().Truncate(word, width, "")
			if head == "" {
				break // not even one character fits
			}
			lines, word = append(lines, head), word[len(head):]
		}
		line = word
	}
	return append(lines, line)
}
