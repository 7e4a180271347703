package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// A source finds the seqs of captures that come into question, in some order.
type source interface {
	// after returns those beyond the place at, about limit of them, and a place up
	// to and with which there are no more: the order's end where it has no others.
	after(ctx context.Context, db querier, o order, at int64, limit int) (seqs []int64, reach int64, err error)
}

// merged returns what several sources have between at and the place that all of
// them reached, each seq once.
func merged(ctx context.Context, db querier, sources []source, o order, at int64, limit int) ([]int64, int64, error) {
	var all []int64
	reach := o.end()
	for _, s := range sources {
		seqs, reached, err := s.after(ctx, db, o, at, limit)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, seqs...)
		reach = o.nearer(reach, reached)
	}
	slices.SortFunc(all, o.compare)
	all = slices.Compact(all)
	if i := slices.IndexFunc(all, func(seq int64) bool { return o.beyond(seq, reach) }); i >= 0 {
		all = all[:i]
	}
	return all, reach, nil
}

// A statement is a source: a query for seqs whose last two arguments are the
// place and the limit.
type statement struct {
	text string // up to the condition on seq
	args []any
}

func (s statement) after(ctx context.Context, db querier, o order, at int64, limit int) ([]int64, int64, error) {
	// All in one row: to ask the database for each takes longer than to find them.
	text := `SELECT coalesce(group_concat(seq), '') FROM (` + s.text + o.sql() + `)`
	rows, err := db.QueryContext(ctx, text, append(slices.Clone(s.args), at, limit)...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var list string
	for rows.Next() {
		if err := rows.Scan(&list); err != nil {
			return nil, 0, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, 0, err
	}
	seqs, err := seqList(list)
	slices.SortFunc(seqs, o.compare)
	reach := o.end()
	if len(seqs) == limit {
		reach = seqs[len(seqs)-1]
	}
	return seqs, reach, err
}

// seqList reads seqs with commas between them.
func seqList(list string) ([]int64, error) {
	if list == "" {
		return nil, nil
	}
	seqs := make([]int64, 0, strings.Count(list, ",")+1)
	for text := range strings.SplitSeq(list, ",") {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, nil
}

// A fixed source is a list that was found at once.
type fixed []int64

func (f fixed) after(_ context.Context, _ querier, o order, at int64, limit int) ([]int64, int64, error) {
	var seqs []int64
	for _, seq := range f {
		if o.beyond(seq, at) {
			seqs = append(seqs, seq)
		}
	}
	slices.SortFunc(seqs, o.compare)
	if len(seqs) <= limit {
		return seqs, o.end(), nil
	}
	return seqs[:limit], seqs[limit-1], nil
}

// recent are the captures that are not in facets yet.
func recent(p progress) source {
	return statement{`SELECT seq FROM captures WHERE seq > ? AND`, []any{p.captures}}
}

// indexed are the captures that are.
func indexed() source { return statement{text: `SELECT seq FROM facets WHERE`} }

// answered are captures in facets whose reply came after they were put there.
func answered(p progress) source {
	return statement{`SELECT seq FROM (SELECT DISTINCT capture_seq AS seq FROM attempts
		WHERE seq > ? AND reply_from IS NOT NULL AND capture_seq <= ?) WHERE`, []any{p.attempts, p.captures}}
}
