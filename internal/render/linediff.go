package render

import (
	"slices"
	"strconv"
	"strings"
)

// maxLines bounds the lines that are compared with each other, once those that
// are alike at both ends are set aside: the cost is the square of their number.
const maxLines = 1000

// lines compares two bodies line by line and reports whether both are text that
// is not too long for it. Lines are numbered as in the body they stand in.
func (d *differences) lines(before, after []byte) bool {
	if !textual(before) || !textual(after) {
		return false
	}
	a, b := slices.Collect(strings.Lines(string(before))), slices.Collect(strings.Lines(string(after)))
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	a, b = a[start:], b[start:]
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > maxLines || len(b) > maxLines {
		return false
	}
	d.edits(a, b, start+1)
	return true
}

// edits lists the lines of a that are not in b and those of b that are not in a,
// along their longest common subsequence. The first line of both has the number first.
func (d *differences) edits(a, b []string, first int) {
	common := commonSuffixes(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i++
			j++
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			*d = append(*d, Difference{Where: InBody, Path: lineNumber(first + i), Kind: Removed, Old: a[i]})
			i++
		default:
			*d = append(*d, Difference{Where: InBody, Path: lineNumber(first + j), Kind: Added, New: b[j]})
			j++
		}
	}
}

// commonSuffixes holds at [i][j] the length of the longest common subsequence of
// a[i:] and b[j:].
func commonSuffixes(a, b []string) [][]int16 {
	table := slices.Repeat([][]int16{nil}, len(a)+1)
	for i := range table {
		table[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

func lineNumber(n int) string { return "line " + strconv.Itoa(n) }
