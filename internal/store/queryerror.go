package store

import (
	"fmt"
	"strings"
)

// A QueryError is a query that cannot be understood.
type QueryError struct {
	// Query is the whole text; the fault begins at its byte Pos, from 0.
	Query string
	Pos   int
	// What is wrong there.
	What string
	// Fields are the names there are, where one is unknown; Nearest is the one that
	// was probably meant, or "".
	Fields  []string
	Nearest string
}

func (e *QueryError) Error() string {
	text := fmt.Sprintf("query, column %d: %s", e.Pos+1, e.What)
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %s:?", e.Nearest)
	}
	if e.Fields != nil {
		text += "; there are " + strings.Join(e.Fields, ", ")
	}
	return text
}

// nearest returns the one of names that is at most two letters away from name, or "".
func nearest(name string, names []string) string {
	best, distance := "", 3
	for _, candidate := range names {
		if d := editDistance(name, candidate); d < distance && d < len(candidate) {
			best, distance = candidate, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, change or swap with the next
// that make a into b.
func editDistance(a, b string) int {
	var before []int // the row of two letters ago
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
