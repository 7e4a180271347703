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
