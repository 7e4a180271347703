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

// padding is the space that fills s up to width columns.
func padding(s string, width int) string {
	return strings.Repeat(" ", max(0, width-columns(s)))
}
