package store

import (
	"context"
	"fmt"
)

// A column of facets that has an index with seq behind it.
type column string

const (
	columnMethod column = "method"
	columnPath   column = "path"
	columnStatus column = "status"
	columnHead   column = "head"
	columnTail   column = "tail"
)

// facetOf returns a facet of which only the column c is known.
func (c column) facetOf(value any) *facet {
	f := &facet{}
	switch value := value.(type) {
	case int64:
		f.status = value
	case string:
		if c == columnMethod {
			f.method = value
		} else {
			f.path = value
		}
	}
	return f
}

// A valued term is one that an index can answer.
type valued interface {
	term
	column() column
	// values is a range that has all values that may match.
	values() valueRange
}

// A valueRange is a range of the values of a column. nil ends are open.
type valueRange struct {
	lo, hi any
	closed bool // hi is in it
}

func exactly(value any) valueRange { return valueRange{lo: value, hi: value, closed: true} }

func (s span) values() valueRange { return valueRange{lo: s.lo, hi: s.hi, closed: true} }

// beginningWith is the range of texts that begin with s.
func beginningWith(s string) valueRange {
	end := []byte(s)
	for len(end) > 0 && end[len(end)-1] == 0xff {
		end = end[:len(end)-1]
	}
	if len(end) == 0 {
		return valueRange{}
	}
	end[len(end)-1]++
	return valueRange{lo: s, hi: string(end)}
}

// condition returns r as a condition on an expression, with its arguments.
func (r valueRange) condition(what string) (text string, args []any) {
	text = "TRUE"
	if r.lo != nil {
		text += " AND " + what + " >= ?"
		args = append(args, r.lo)
	}
	switch {
	case r.hi != nil && r.closed:
		text += " AND " + what + " <= ?"
		args = append(args, r.hi)
	case r.hi != nil:
		text += " AND " + what + " < ?"
		args = append(args, r.hi)
	}
	return text, args
}

const (
	// maxValues is how many different values of a column are looked up one by one.
	maxValues = 256
	// maxRange is how many captures are taken from an index at once, to be put in order.
	maxRange = 2048
)

// valueSources returns sources that together have every capture in facets that t
// may match; false where these would be too many.
func valueSources(ctx context.Context, db querier, t valued) ([]source, bool, error) {
	values, all, err := distinct(ctx, db, t.column(), t.values())
	if err != nil {
		return nil, false, err
	}
	if !all {
		seqs, err := inRange(ctx, db, t.column(), t.values())
		return []source{seqs}, seqs != nil, err
	}
	text := fmt.Sprintf(`SELECT seq FROM facets WHERE %s = ? AND`, t.column())
	var sources []source
	for _, value := range values {
		if t.may(t.column().facetOf(value)) {
			sources = append(sources, statement{text, []any{value}})
		}
	}
	return sources, true, nil
}

// distinct returns the values that c has within r, or false where there are more
// than maxValues. It jumps from one to the next.
func distinct(ctx context.Context, db querier, c column, r valueRange) (values []any, all bool, err error) {
	if r.closed && r.lo == r.hi {
		return []any{r.lo}, true, nil
	}
	first, args := r.condition(string(c))
	next, more := valueRange{hi: r.hi, closed: r.closed}.condition(string(c))
	text := fmt.Sprintf(`WITH RECURSIVE found (value) AS (
			SELECT (SELECT %[1]s FROM facets WHERE %[2]s ORDER BY %[1]s LIMIT 1)
			UNION ALL
			SELECT (SELECT %[1]s FROM facets WHERE %[1]s > found.value AND %[3]s ORDER BY %[1]s LIMIT 1)
			FROM found WHERE found.value IS NOT NULL
		) SELECT value FROM found WHERE value IS NOT NULL LIMIT %[4]d`, c, first, next, maxValues+1)
	rows, err := db.QueryContext(ctx, text, append(args, more...)...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var value any
		if err := rows.Scan(&value); err != nil {
			return nil, false, err
		}
		values = append(values, value)
	}
	return values, len(values) <= maxValues, rows.Err()
}

// inRange returns the captures in facets whose column c is within r, or nil where
// they are more than maxRange.
func inRange(ctx context.Context, db querier, c column, r valueRange) (fixed, error) {
	condition, args := r.condition(string(c))
	text := fmt.Sprintf(`SELECT seq FROM facets WHERE %s LIMIT %d`, condition, maxRange+1)
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seqs := make(fixed, 0, maxRange)
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		if seqs = append(seqs, seq); len(seqs) > maxRange {
			return nil, rows.Close()
		}
	}
	return seqs, rows.Err()
}
